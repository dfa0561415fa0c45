//! Conversations one by one, the worst first.

use super::clean::clean;
use super::tone::Tone;
use super::words::plural;
use crate::summary::{ClientLine, Conversations};
use crate::units::{Unit, print};

/// The columns of a conversation; those of numbers begin with `#`, which is not shown.
pub const CONVERSATION_COLUMNS: [&str; 10] =
    ["client", "clip", "outcome", "#ready", "#delay p95", "#tail", "#coverage", "#wer", "#messages", "error"];

/// What is shown of all conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationsView {
    /// `40 conversations: 36 ok, 4 failed`.
    pub line: String,
    /// How many there are.
    pub count: u64,
    /// The worst of them.
    pub rows: Vec<ConversationView>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationView {
    /// What stands in [`CONVERSATION_COLUMNS`].
    pub cells: [String; CONVERSATION_COLUMNS.len()],
    /// How its outcome is coloured.
    pub tone: Tone,
}

impl ConversationsView {
    pub(super) fn of(all: &Conversations) -> Self {
        let ways = ["ok", "failed", "timed_out", "rejected", "interrupted"];
        let known = ways.iter().filter_map(|name| Some((*name, *all.outcomes.get(*name)?)));
        let ways: Vec<String> = known.map(|(name, count)| format!("{count} {}", outcome(name))).collect();
        let runs = all.worst.iter().any(|line| line.run > 1);
        let loads = all.worst.iter().any(|line| line.load != all.worst[0].load);
        Self {
            line: format!("{}: {}", plural(all.count(), "conversation"), ways.join(", ")),
            count: all.count(),
            rows: all.worst.iter().map(|line| view(line, runs, loads)).collect(),
        }
    }

    /// How many of these rows are shown, where not all are; else empty.
    #[must_use]
    pub fn cut(&self, shown: usize) -> String {
        if (shown as u64) < self.count {
            format!("the worst {shown} of {}, clients.jsonl has all", self.count)
        } else {
            String::new()
        }
    }
}

/// `timed out`.
pub(super) fn outcome(name: &str) -> String {
    clean(name).replace('_', " ")
}

/// `user 3, #7`: the user, and which of its load's iterations.
pub(super) fn client(line: &ClientLine) -> String {
    format!("user {}, #{}", line.client, line.iteration)
}

fn view(line: &ClientLine, runs: bool, loads: bool) -> ConversationView {
    let time = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| print(value, Unit::Seconds));
    let share = |value: Option<f64>, none: &str| value.map_or_else(|| none.to_owned(), |v| print(v, Unit::Ratio));
    let lead = |is: bool, text: String| if is { text } else { String::new() };
    let (run, load) = (lead(runs, format!("run {}, ", line.run)), lead(loads, format!("{}, ", clean(&line.load))));
    ConversationView {
        cells: [
            format!("{run}{load}{}", client(line)),
            line.audio_file.as_deref().map_or_else(|| "–".to_owned(), clean),
            outcome(&line.outcome),
            time(line.ready_s),
            time(line.delay_s.map(|delay| delay.p95)),
            time(line.tail_s),
            share(line.coverage, "–"),
            share(line.wer, "n/a"),
            line.messages.to_string(),
            line.error.as_deref().map_or_else(|| "–".to_owned(), clean),
        ],
        tone: match line.outcome.as_str() {
            "ok" => Tone::Good,
            "rejected" | "interrupted" => Tone::Warn,
            _ => Tone::Bad,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_no_zero() {
        let line =
            ClientLine { run: 1, client: 3, iteration: 7, outcome: "timed_out".to_owned(), ..Default::default() };
        let all = ConversationsView::of(&Conversations::of([line]).expect("one"));
        assert_eq!(all.line, "1 conversation: 1 timed out");
        assert_eq!(all.rows[0].cells, ["user 3, #7", "–", "timed out", "–", "–", "–", "–", "n/a", "0", "–"]);
        assert_eq!((all.cut(1).as_str(), all.cut(0).is_empty()), ("", false));
    }
}
