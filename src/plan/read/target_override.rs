//! Another address in place of the plan's: what a comparison of two targets sends to.

use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Sources, Span, Spanned};
use crate::plan::tree;
use crate::plan::tree::as_table;

/// An address that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim<'a> {
    /// The option that it was typed behind.
    pub option: &'a str,
    /// The address.
    pub url: &'a str,
}

/// Lets everything go to the address. A plan that sends to several, or whose steps give them, has none that could be replaced.
pub(in crate::plan) fn apply(
    tree: &mut DeTable<'_>,
    aim: Aim<'_>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let start = sources.add(aim.option, aim.url.to_owned());
    let span = start..start + aim.url.len();
    for phase in tree::get(tree, "phase")
        .and_then(|node| node.get_ref().as_array())
        .into_iter()
        .flatten()
    {
        let own = phase
            .get_ref()
            .as_table()
            .and_then(|phase| tree::get(phase, "target"));
        let own = own.map(as_table).unwrap_or_default();
        if let Some((key, _)) = tree::entry(&own, "url").or_else(|| tree::entry(&own, "demo")) {
            let error = Diagnostic::error("this phase sends to an address of its own", key.span());
            diagnostics.push(error.help(
                "two targets can be compared where all phases send to the plan's own `target`",
            ));
        }
    }
    let target = tree.remove("target");
    let mut table = target.as_ref().map(as_table).unwrap_or_default();
    let (url, demo) = (table.remove("url"), table.remove("demo"));
    if url.is_none() && demo.is_none() {
        let error = Diagnostic::error(
            "the plan has no `target` that this address could take the place of",
            span,
        );
        diagnostics.push(
            error.help("its steps give full URLs; set them by variables, and run the plan twice"),
        );
        return;
    }
    for step in full_urls(tree) {
        let error = Diagnostic::error(
            "this step goes to an address of its own, which no other can take the place of",
            step,
        );
        diagnostics.push(error.help("write a path alone: what `target` says stands before it"));
    }
    table.insert(
        Spanned::new(span.clone(), "url".into()),
        Spanned::new(span.clone(), DeValue::String(aim.url.to_owned().into())),
    );
    tree.insert(
        Spanned::new(span.clone(), "target".into()),
        Spanned::new(span, DeValue::Table(table)),
    );
}

/// Where steps give full URLs.
fn full_urls(tree: &DeTable<'_>) -> Vec<Span> {
    const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];
    let flows = tree::table(tree, "flow").into_iter().flatten();
    let steps = flows
        .filter_map(|(_, steps)| steps.get_ref().as_array())
        .flatten();
    let http = steps.filter_map(|step| tree::table(step.get_ref().as_table()?, "http"));
    let urls = http.flat_map(|http| METHODS.iter().filter_map(|method| tree::get(http, method)));
    urls.filter(|url| {
        url.get_ref()
            .as_str()
            .is_some_and(|text| text.contains("://"))
    })
    .map(Spanned::span)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aimed(text: &str) -> Result<String, String> {
        let mut tree = DeTable::parse(text).unwrap().into_inner();
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        sources.add("plan.toml", text.to_owned());
        apply(
            &mut tree,
            Aim {
                option: "--head",
                url: "http://b",
            },
            &mut sources,
            &mut found,
        );
        match found.iter().next() {
            Some(wrong) => Err(wrong.render(&sources, false)),
            None => Ok(tree::to_json(&Spanned::new(0..0, DeValue::Table(tree))).to_string()),
        }
    }

    #[test]
    fn the_address_alone_is_another_one() {
        for (plan, expected) in [
            ("target = 'http://a'", r#"{"target":{"url":"http://b"}}"#),
            ("target.demo = 'jobs'", r#"{"target":{"url":"http://b"}}"#),
            (
                "target = { timeout = '5s', url = 'http://a' }",
                r#"{"target":{"timeout":"5s","url":"http://b"}}"#,
            ),
        ] {
            assert_eq!(aimed(plan).unwrap(), expected);
        }
    }

    #[test]
    fn what_has_no_address_or_several_is_refused() {
        assert!(aimed("name = 'x'").unwrap_err().contains("no `target`"));
        let several = "target = 'http://a'\n[[phase]]\nname = 'p'\ntarget = 'http://c'\n";
        assert!(
            aimed(several)
                .unwrap_err()
                .contains("an address of its own")
        );
        let full = "target = 'http://a'\n[[flow.x]]\nhttp.post = 'http://c/x'\n";
        assert!(
            aimed(full)
                .unwrap_err()
                .contains("this step goes to an address of its own")
        );
    }
}
