//! Conversations one by one, the worst first.

use super::clean::clean;
use super::tone::Tone;
use super::words::plural;
use crate::summary::{ClientLine, Conversations};
use crate::units::{Unit, print};

/// The columns of a conversation; those of numbers begin with `#`, which is not shown. What went wrong stands where no page is too
/// narrow for it, the longest names at the end.
const COLUMNS: [&str; 12] = [
    "client",
    SPLIT,
    "outcome",
    ERROR,
    "#ready",
    "#delay p95",
    "#stale p95",
    "#tail",
    "#coverage",
    "#wer",
    "#messages",
    "clip",
];
/// The column of the value that the load is split by, under the name of that.
const SPLIT: &str = "split";
const ERROR: &str = "error";

/// What is shown of all conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationsView {
    /// `40 conversations: 36 ok, 4 failed`.
    pub line: String,
    /// How many there are.
    pub count: u64,
    /// The names of the columns; those of numbers begin with `#`, which is not shown.
    pub columns: Vec<String>,
    /// The column of the outcome.
    pub outcome: usize,
    /// The column of the error.
    pub error: usize,
    /// The worst of them.
    pub rows: Vec<ConversationView>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationView {
    /// One text a column.
    pub cells: Vec<String>,
    /// How its outcome is coloured.
    pub tone: Tone,
}

impl ConversationsView {
    /// `split_by` is what their load is split by; without a value of it in any of them it has no column.
    pub(super) fn of(all: &Conversations, split_by: Option<&str>) -> Self {
        let split = all.worst.iter().any(|line| line.split.is_some());
        let kept = |name: &&str| split || *name != SPLIT;
        let columns: Vec<&str> = COLUMNS.into_iter().filter(kept).collect();
        let at = |name: &str| columns.iter().position(|own| *own == name).unwrap_or_default();
        let ways = ["ok", "failed", "timed_out", "rejected", "interrupted"];
        let known = ways.iter().filter_map(|name| Some((*name, *all.outcomes.get(*name)?)));
        let ways: Vec<String> = known.map(|(name, count)| format!("{count} {}", outcome(name))).collect();
        let runs = all.worst.iter().any(|line| line.run > 1);
        let loads = all.worst.iter().any(|line| line.load != all.worst[0].load);
        Self {
            line: format!("{}: {}", plural(all.count(), "conversation"), ways.join(", ")),
            count: all.count(),
            outcome: at("outcome"),
            error: at(ERROR),
            columns: columns
                .iter()
                .map(|name| {
                    if *name == SPLIT {
                        clean(split_by.unwrap_or(SPLIT)).trim_start_matches('#').to_owned()
                    } else {
                        (*name).to_owned()
                    }
                })
                .collect(),
            rows: all.worst.iter().map(|line| view(line, runs, loads, split)).collect(),
        }
    }

    /// Whether a column holds numbers.
    #[must_use]
    pub fn is_number(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|name| name.starts_with('#'))
    }

    /// The names of the columns as they are shown.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|name| name.strip_prefix('#').unwrap_or(name))
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

fn view(line: &ClientLine, runs: bool, loads: bool, split: bool) -> ConversationView {
    let time = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| print(value, Unit::Seconds));
    let share = |value: Option<f64>, none: &str| value.map_or_else(|| none.to_owned(), |v| print(v, Unit::Ratio));
    let lead = |is: bool, text: String| if is { text } else { String::new() };
    let (run, load) = (lead(runs, format!("run {}, ", line.run)), lead(loads, format!("{}, ", clean(&line.load))));
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "–".to_owned(), clean);
    let mut cells = vec![format!("{run}{load}{}", client(line))];
    cells.extend(split.then(|| text(&line.split)));
    cells.extend([
        outcome(&line.outcome),
        text(&line.error),
        time(line.ready_s),
        time(line.delay_s.map(|delay| delay.p95)),
        time(line.staleness_s.map(|stale| stale.p95)),
        time(line.tail_s),
        share(line.coverage, "–"),
        share(line.wer, "n/a"),
        line.messages.to_string(),
        text(&line.audio_file),
    ]);
    ConversationView {
        cells,
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
        let all = ConversationsView::of(&Conversations::of([line.clone()]).expect("one"), Some("instance"));
        assert_eq!(all.line, "1 conversation: 1 timed out");
        assert_eq!(all.rows[0].cells, ["user 3, #7", "timed out", "–", "–", "–", "–", "–", "–", "n/a", "0", "–"]);
        assert_eq!((all.cut(1).as_str(), all.cut(0).is_empty()), ("", false));
        let line = ClientLine { split: Some("worker-1".to_owned()), ..line };
        let all = ConversationsView::of(&Conversations::of([line]).expect("one"), Some("instance"));
        assert_eq!(
            (&all.columns[1..4], &all.rows[0].cells[1..3]),
            (
                &["instance", "outcome", "error"].map(str::to_owned)[..],
                &["worker-1", "timed out"].map(str::to_owned)[..]
            )
        );
        assert_eq!((all.outcome, all.error), (2, 3));
    }
}
