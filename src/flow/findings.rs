//! What a step has found in what the target said, for somebody who tries a plan.

use serde_json::Value;

use super::answer::Answer;
use super::heard::{Heard, Unspanned};
use super::single::understood;
use super::step::{Step, Stream};
use super::user::FlowUser;
use crate::document::MASKED;
use crate::metric::Outcome;
use crate::protocol::{Exchange, Reply, Timing};
use crate::units::Duration;

/// What a step was to find.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The step.
    pub step: String,
    /// Each thing by its name, in the order of the plan.
    pub all: Vec<(String, Found)>,
}

/// One thing that a plan looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A value, and where in a message it stands.
    Value {
        /// The selector that has found it.
        from: String,
        /// What it is.
        value: Value,
    },
    /// A time.
    Time(Duration),
    /// Many times.
    Times(Vec<Duration>),
    /// A share.
    Share(f64),
    /// A number of things.
    Count(u64),
    /// Something in words.
    Words(String),
    /// It was looked for in vain, in words.
    Nothing(String),
}

/// What a step was to find, as it is put together.
#[derive(Default)]
struct List(Vec<(String, Found)>);

impl List {
    fn add(&mut self, name: impl Into<String>, found: Found) {
        self.0.push((name.into(), found));
    }

    fn time(&mut self, name: &str, time: Option<Duration>) {
        if let Some(time) = time {
            self.add(name, Found::Time(time));
        }
    }
}

impl<E: Exchange> FlowUser<E> {
    /// The same, remembering what its steps find.
    #[must_use]
    pub fn remembering(mut self) -> Self {
        self.findings = Some(Vec::new());
        self
    }

    /// What the steps so far have found, each as it ended last.
    #[must_use]
    pub fn findings(&self) -> &[Findings] {
        self.findings.as_deref().unwrap_or_default()
    }

    /// Remembers what a step has found, where somebody wants to know. What the user confides to the target is hidden.
    pub(super) fn remember(
        &mut self,
        step: &Step,
        reply: Option<&Reply>,
        (heard, timing): (Option<&Heard>, &Timing),
        outcome: Outcome,
    ) {
        if self.findings.is_none() {
            return;
        }
        let mut list = List::default();
        let transcript = understood(step, reply, heard);
        if step.transcript.is_some() {
            list.add(
                "transcript",
                match &transcript {
                    Some(text) => Found::Words(format!("\"{}\"", self.hide(text.clone()))),
                    None if heard.is_some() => Found::Nothing("is in no message".to_owned()),
                    None => Found::Nothing("is not in the reply".to_owned()),
                },
            );
        }
        if outcome == Outcome::Ok {
            let rate = self
                .words(step, transcript.as_deref())
                .and_then(|words| words.rate());
            rate.into_iter()
                .for_each(|rate| list.add("wer", Found::Share(rate)));
        }
        self.captures(step, reply, heard, &mut list);
        if let (Some(stream), Some(heard)) = (&step.stream, heard) {
            of_stream(stream, heard, timing, &mut list);
        }
        let Some(all) = &mut self.findings else {
            return;
        };
        all.retain(|before| before.step != step.name);
        if !list.0.is_empty() {
            all.push(Findings {
                step: step.name.clone(),
                all: list.0,
            });
        }
    }

    fn captures(&self, step: &Step, reply: Option<&Reply>, heard: Option<&Heard>, list: &mut List) {
        for (place, captured) in step.capture.iter().enumerate() {
            let value = match (heard, reply) {
                (heard, Some(reply)) => Answer::new(step, reply).with(heard, None).captured(place),
                (Some(heard), None) => heard.captured[place].clone(),
                (None, None) => None,
            };
            let found = match (value, &captured.default) {
                (Some(value), _) => Found::Value {
                    from: captured.from.to_string(),
                    value: self.hidden(value),
                },
                (None, default) => {
                    let place = if heard.is_some() {
                        "in no message"
                    } else {
                        "not in the reply"
                    };
                    let instead = default
                        .as_ref()
                        .map_or(String::new(), |value| format!(": {value} stands for it"));
                    Found::Nothing(format!("{} is {place}{instead}", captured.from))
                }
            };
            list.add(format!("capture {}", captured.name), found);
        }
    }

    /// A value without what the user confides to the target.
    fn hidden(&self, value: Value) -> Value {
        if let Value::String(text) = value {
            return self.hide(text).into();
        }
        // A number that was masked is JSON no more.
        serde_json::from_str(&self.hide(value.to_string())).unwrap_or_else(|_| MASKED.into())
    }
}

/// What the messages of a stream have brought.
fn of_stream(stream: &Stream, heard: &Heard, timing: &Timing, list: &mut List) {
    for (name, at) in heard.marked(stream) {
        let found = at.map_or_else(
            || Found::Nothing("no message has it".to_owned()),
            Found::Time,
        );
        list.add(format!("mark {name}"), found);
    }
    for span in &stream.spans {
        let found = match heard.span(span, timing) {
            Ok(time) => Found::Time(time),
            Err(Unspanned::NoBegin) => Found::Nothing("has not begun".to_owned()),
            Err(Unspanned::NoEnd) => Found::Nothing("has no end".to_owned()),
            Err(Unspanned::Backwards) => Found::Nothing("ended before it began".to_owned()),
        };
        list.add(format!("span {}", span.name), found);
    }
    list.time(
        "first_message",
        heard.first.map(|first| first.since(heard.start)),
    );
    let Some(covers) = stream.covers() else {
        return of_messages(heard, list);
    };
    if heard.reach.is_silent() {
        list.add(
            "covers",
            Found::Nothing(format!("{} is in no message", covers.selector())),
        );
    } else if let Some(odd) = heard.reach.odd(covers) {
        list.add("covers", Found::Nothing(odd));
    } else {
        list.add("delay", Found::Times(heard.reach.delays.clone()));
        list.add("staleness", Found::Times(heard.reach.stale.clone()));
        heard
            .coverage()
            .into_iter()
            .for_each(|share| list.add("coverage", Found::Share(share)));
    }
    of_messages(heard, list);
}

fn of_messages(heard: &Heard, list: &mut List) {
    list.time("tail", heard.tail());
    list.add("messages", Found::Count(heard.messages));
    if heard.no_json > 0 {
        list.add("no JSON", Found::Count(heard.no_json));
    }
    heard
        .warned
        .iter()
        .for_each(|word| list.add("warning", Found::Words(word.clone())));
}
