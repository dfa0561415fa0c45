//! Payloads that a service may know already, and tags that tell nothing together.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::plan::{Phase, Plan, PreparedLoad};
use crate::template::Template;

/// More combinations of tags than this are hard to look at, and `split_by` folds what is beyond 64.
const MANY_TAGS: usize = 64;
/// Names with a new value in every iteration.
const ENDLESS: [&str; 3] = ["iteration", "uuid", "now"];

/// Warns of a pool whose clips are sent again and again, byte for byte.
pub(in crate::plan) fn payloads(
    plan: &Plan,
    phase: &Phase,
    load: &PreparedLoad,
    span: &Span,
    diagnostics: &mut Diagnostics,
) {
    // The embedded target says itself whether it caches.
    if phase.target.demo.as_ref().is_some_and(|demo| !demo.cache.0) {
        return;
    }
    let planned = load.load.schedule(0).profile(1).total();
    for name in load.flow.pools() {
        let Some(pool) = plan.pools.get(name).filter(|pool| pool.repeats_payloads()) else {
            continue;
        };
        if planned.is_none_or(|planned| planned > pool.len() as u64) {
            let clips = if pool.len() == 1 {
                "the one clip".to_owned()
            } else {
                format!("the {} clips", pool.len())
            };
            let message = format!(
                "`{}` sends {clips} of `{name}` again and again: a service that caches answers from memory",
                load.name
            );
            diagnostics.push(Diagnostic::warning(message, span.clone()).help(format!(
                "[audio.{name}] unique = true makes every payload another one"
            )));
        }
    }
}

/// Warns of a pool in which there is nothing to hear: it is recognised faster than any speech.
pub(in crate::plan) fn silence(
    plan: &Plan,
    load: &PreparedLoad,
    span: &Span,
    diagnostics: &mut Diagnostics,
) {
    for name in load.flow.pools() {
        if plan
            .pools
            .get(name)
            .is_some_and(|pool| pool.clips.iter().all(|clip| clip.is_silent()))
        {
            diagnostics.push(
                Diagnostic::warning(
                    format!(
                        "`{}` sends nothing but silence: there is no sound in `{name}`",
                        load.name
                    ),
                    span.clone(),
                )
                .help(format!(
                    "record some speech, or [audio.{name}] synthesize = {{ seconds = 5 }}"
                )),
            );
        }
    }
}

/// Warns of texts that are compared word by word and have no borders of words.
pub(in crate::plan) fn texts(
    plan: &Plan,
    load: &PreparedLoad,
    span: &Span,
    diagnostics: &mut Diagnostics,
) {
    for name in load.flow.pools() {
        let Some(text) = plan
            .pools
            .get(name)
            .and_then(|pool| pool.text_without_blanks())
        else {
            continue;
        };
        let begin: String = text.chars().take(12).collect();
        let message = format!(
            "the texts of `{name}` have no blanks between words (`{begin}`): one wrong character makes a whole sentence wrong"
        );
        let help = format!("[audio.{name}] compare = \"characters\" gives a character error rate");
        diagnostics.push(Diagnostic::warning(message, span.clone()).help(help));
    }
}

/// Warns of tags whose combinations are too many to be put together.
pub(in crate::plan) fn tags(plan: &Plan, phase: &Phase, diagnostics: &mut Diagnostics) {
    let mut names = BTreeSet::new();
    for (_, text) in &phase.tags.0 {
        let Ok(template) = Template::parse(&text.get_ref().0) else {
            continue;
        };
        if let Some(endless) = template.names().find(|name| ENDLESS.contains(name)) {
            let message = format!("a tag of `{{{{{endless}}}}}` is another one in every iteration");
            diagnostics.push(
                Diagnostic::warning(message, text.span())
                    .help("tags are for what many iterations share"),
            );
        }
        names.extend(template.names().map(str::to_owned));
    }
    let of = |source: &str| {
        let clips = plan.pools.get(source).map(|pool| pool.len());
        clips.or_else(|| plan.data.get(source).map(|table| table.rows()))
    };
    let sources: BTreeSet<&str> = names
        .iter()
        .filter_map(|name| Some(name.split_once('.')?.0))
        .collect();
    let combinations: usize = sources.into_iter().filter_map(of).product();
    if let Some((_, text)) = phase.tags.0.first().filter(|_| combinations > MANY_TAGS) {
        let message = format!("the tags can have {combinations} combinations");
        diagnostics.push(
            Diagnostic::warning(message, text.span())
                .help("a report is read more easily with fewer"),
        );
    }
}
