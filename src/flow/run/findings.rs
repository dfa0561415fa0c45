//! Remembers what steps have found, for somebody who tries a plan.

use serde_json::Value;

use super::context::StepContext;
use super::exchange_result::ExchangeResult;
use super::found::{Findings, Found};
use super::reply::{StepReply, transcript_of};
use crate::document::MASKED;
use crate::flow::program::step::{CompiledStep, CompiledStream};
use crate::flow::spec::covers::CoversSpec;
use crate::flow::stream::measured::SpanError;
use crate::flow::stream::state::StreamState;
use crate::metric::Outcome;
use crate::protocol::{Reply, Timing};
use crate::units::Duration;

/// What a step was to find, as it is put together.
#[derive(Default)]
struct FindingList(Vec<(String, Found)>);

impl FindingList {
    fn add(&mut self, name: impl Into<String>, found: Found) {
        self.0.push((name.into(), found));
    }

    fn time(&mut self, name: &str, time: Option<Duration>) {
        if let Some(time) = time {
            self.add(name, Found::Time(time));
        }
    }
}

/// Remembers what a step has found, where somebody wants to know. What the user confides to the target is hidden.
pub(crate) fn remember<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    exchanged: &ExchangeResult,
    outcome: Outcome,
) {
    if context.state.findings.is_none() {
        return;
    }
    let (reply, stream) = (exchanged.reply(), exchanged.stream.as_ref());
    let mut list = FindingList::default();
    let transcript = transcript_of(step, reply, stream);
    if step.transcript.is_some() {
        let found = match &transcript {
            Some(text) => Found::Words(format!("\"{}\"", context.state.hide(context.flow, text))),
            None if stream.is_some() => Found::Nothing("is in no message".to_owned()),
            None => Found::Nothing("is not in the reply".to_owned()),
        };
        list.add("transcript", found);
    }
    if outcome == Outcome::Ok
        && let Some(words) = context.word_errors(step, transcript.as_deref())
        && let Some(rate) = words.rate()
    {
        list.add("wer", Found::Share(rate));
    }
    add_captures(context, step, reply, stream, &mut list);
    if let (Some(compiled), Some(stream)) = (&step.stream, stream) {
        of_stream(compiled, stream, &exchanged.timing, &mut list);
    }
    let Some(all) = &mut context.state.findings else {
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

fn add_captures<T>(
    context: &StepContext<'_, T>,
    step: &CompiledStep,
    reply: Option<&Reply>,
    stream: Option<&StreamState>,
    list: &mut FindingList,
) {
    for (place, captured) in step.capture.iter().enumerate() {
        let value = match (stream, reply) {
            (stream, Some(reply)) => StepReply::new(step, reply)
                .with(stream, None)
                .captured(place),
            (Some(stream), None) => stream.captured[place].clone(),
            (None, None) => None,
        };
        let found = match (value, &captured.default) {
            (Some(value), _) => Found::Value {
                from: captured.from.to_string(),
                value: hidden(context, value),
            },
            (None, default) => {
                let place = match stream {
                    Some(_) => "in no message",
                    None => "not in the reply",
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
fn hidden<T>(context: &StepContext<'_, T>, value: Value) -> Value {
    if let Value::String(text) = value {
        return context.state.hide(context.flow, &text).into();
    }
    // A number that was masked is JSON no more.
    let masked = context.state.hide(context.flow, &value.to_string());
    serde_json::from_str(&masked).unwrap_or_else(|_| MASKED.into())
}

/// What the messages of a stream have brought.
fn of_stream(
    stream: &CompiledStream,
    state: &StreamState,
    timing: &Timing,
    list: &mut FindingList,
) {
    for (name, at) in state.marked(stream) {
        let found = at.map_or_else(
            || Found::Nothing("no message has it".to_owned()),
            Found::Time,
        );
        list.add(format!("mark {name}"), found);
    }
    for span in &stream.spans {
        let found = match state.span(span, timing) {
            Ok(time) => Found::Time(time),
            Err(SpanError::NoBegin) => Found::Nothing("has not begun".to_owned()),
            Err(SpanError::NoEnd) => Found::Nothing("has no end".to_owned()),
            Err(SpanError::Backwards) => Found::Nothing("ended before it began".to_owned()),
        };
        list.add(format!("span {}", span.name), found);
    }
    list.time(
        "first_message",
        state.first.map(|first| first.since(state.start)),
    );
    if let Some(covers) = stream.covers() {
        of_coverage(covers, state, list);
    }
    list.time("tail", state.tail());
    list.add("messages", Found::Count(state.messages));
    if state.no_json > 0 {
        list.add("no JSON", Found::Count(state.no_json));
    }
    state
        .warned
        .iter()
        .for_each(|word| list.add("warning", Found::Words(word.clone())));
}

/// How far into the audio the messages have reached.
fn of_coverage(covers: &CoversSpec, state: &StreamState, list: &mut FindingList) {
    if state.reach.is_silent() {
        list.add(
            "covers",
            Found::Nothing(format!("{} is in no message", covers.selector())),
        );
    } else if let Some(odd) = state.reach.odd(covers) {
        list.add("covers", Found::Nothing(odd));
    } else {
        list.add("delay", Found::Times(state.reach.delays.clone()));
        list.add("staleness", Found::Times(state.reach.stale.clone()));
        state
            .coverage()
            .into_iter()
            .for_each(|share| list.add("coverage", Found::Share(share)));
    }
}
