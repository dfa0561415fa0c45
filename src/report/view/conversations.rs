//! Conversations one by one, the worst first.

use crate::report::text::{Tone, clean, head, is_number, plural};
use crate::summary::{ClientLine, Conversations};
use crate::units::{Unit, print};

/// The columns of a conversation; those of numbers begin with `#`, which is not shown. What went wrong stands where no page is too
/// narrow for it, the longest names at the end.
const COLUMNS: [&str; 13] = [
    "client",
    SPLIT,
    OUTCOME,
    ERROR,
    "#ready",
    FIRST,
    DELAY,
    "#stale p95",
    "#tail",
    "#coverage",
    "#wer",
    "#messages",
    "clip",
];
/// The column of the value that the load is split by, under the name of that.
const SPLIT: &str = "split";
const OUTCOME: &str = "outcome";
const ERROR: &str = "error";
/// Stands for the delay where there is none.
const FIRST: &str = "#first message";
const DELAY: &str = "#delay p95";

/// What stands where a conversation has no value.
const NOTHING: [&str; 2] = ["–", "n/a"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConversationsView {
    /// `40 conversations: 36 ok, 4 failed`.
    pub(crate) line: String,
    pub(crate) count: u64,
    /// The names of the columns; those of numbers begin with `#`, which is not shown.
    pub(crate) columns: Vec<String>,
    pub(crate) outcome: usize,
    /// The column of the error, where anything went wrong.
    pub(crate) error: Option<usize>,
    pub(crate) rows: Vec<ConversationView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConversationView {
    pub(crate) cells: Vec<String>,
    pub(crate) tone: Tone,
}

impl ConversationsView {
    /// `split_by` is what their load is split by. Columns without a value in any row are left out.
    pub(crate) fn of(all: &Conversations, split_by: Option<&str>) -> Self {
        let ways = ["ok", "failed", "timed_out", "rejected", "interrupted"];
        let known = ways
            .iter()
            .filter_map(|name| Some((*name, *all.outcomes.get(*name)?)));
        let ways: Vec<String> = known
            .map(|(name, count)| format!("{count} {}", outcome(name)))
            .collect();
        let runs = all.worst.iter().any(|line| line.run > 1);
        let loads = all.worst.iter().any(|line| line.load != all.worst[0].load);
        let mut rows: Vec<ConversationView> = all
            .worst
            .iter()
            .map(|line| view(line, runs, loads))
            .collect();
        let is_known = |at: usize| {
            rows.iter()
                .any(|row| !NOTHING.contains(&row.cells[at].as_str()))
        };
        let has_delay = COLUMNS
            .iter()
            .position(|name| *name == DELAY)
            .is_some_and(is_known);
        let kept: Vec<bool> = COLUMNS
            .iter()
            .enumerate()
            .map(|(at, name)| *name == OUTCOME || (is_known(at) && !(*name == FIRST && has_delay)))
            .collect();
        for row in &mut rows {
            let mut kept = kept.iter();
            row.cells.retain(|_| kept.next().is_some_and(|kept| *kept));
        }
        let columns: Vec<&str> = COLUMNS
            .into_iter()
            .zip(kept)
            .filter(|(_, kept)| *kept)
            .map(|(name, _)| name)
            .collect();
        let at = |name: &str| columns.iter().position(|column| *column == name);
        let head = |name: &&str| match *name {
            SPLIT => clean(split_by.unwrap_or(SPLIT))
                .trim_start_matches('#')
                .to_owned(),
            name => name.to_owned(),
        };
        Self {
            line: format!(
                "{}: {}",
                plural(all.count(), "conversation"),
                ways.join(", ")
            ),
            count: all.count(),
            outcome: at(OUTCOME).unwrap_or_default(),
            error: at(ERROR),
            columns: columns.iter().map(head).collect(),
            rows,
        }
    }

    pub(crate) fn is_number(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|name| is_number(name))
    }

    /// The names of the columns as they are shown.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|name| head(name))
    }

    /// How many of these rows are shown, where not all are; else empty.
    pub(crate) fn cut(&self, shown: usize) -> String {
        if (shown as u64) < self.count {
            format!("the worst {shown} of {}, clients.jsonl has all", self.count)
        } else {
            String::new()
        }
    }
}

/// `timed out`.
pub(crate) fn outcome(name: &str) -> String {
    clean(name).replace('_', " ")
}

/// `user 3, #7`: the user, and which of its load's iterations.
pub(crate) fn client(line: &ClientLine) -> String {
    format!("user {}, #{}", line.client, line.iteration)
}

fn view(line: &ClientLine, runs: bool, loads: bool) -> ConversationView {
    let time = |value: Option<f64>| {
        value.map_or_else(|| "–".to_owned(), |value| print(value, Unit::Seconds))
    };
    let share = |value: Option<f64>, none: &str| {
        value.map_or_else(|| none.to_owned(), |v| print(v, Unit::Ratio))
    };
    let lead = |is: bool, text: String| if is { text } else { String::new() };
    let (run, load) = (
        lead(runs, format!("run {}, ", line.run)),
        lead(loads, format!("{}, ", clean(&line.load))),
    );
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "–".to_owned(), clean);
    let cells = vec![
        format!("{run}{load}{}", client(line)),
        text(&line.split),
        outcome(&line.outcome),
        text(&line.error),
        time(line.ready_s),
        time(line.first_message_s),
        time(line.delay_s.map(|delay| delay.p95)),
        time(line.staleness_s.map(|stale| stale.p95)),
        time(line.tail_s),
        share(line.coverage, "–"),
        share(line.wer, "n/a"),
        line.messages.to_string(),
        text(&line.audio_file),
    ];
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
    use crate::summary::Spread;

    fn of(lines: impl IntoIterator<Item = ClientLine>) -> ConversationsView {
        ConversationsView::of(&Conversations::of(lines).expect("one"), Some("instance"))
    }

    #[test]
    fn what_is_not_known_is_no_zero_and_what_none_has_is_no_column() {
        let line = ClientLine {
            run: 1,
            client: 3,
            iteration: 7,
            outcome: "timed_out".to_owned(),
            ..Default::default()
        };
        let all = of([line.clone()]);
        assert_eq!(all.line, "1 conversation: 1 timed out");
        assert_eq!(all.columns, ["client", "outcome", "#messages"]);
        assert_eq!(all.rows[0].cells, ["user 3, #7", "timed out", "0"]);
        assert_eq!((all.cut(1).as_str(), all.cut(0).is_empty()), ("", false));
        assert_eq!((all.outcome, all.error), (1, None));

        let split = ClientLine {
            split: Some("worker-1".to_owned()),
            error: Some("gone".to_owned()),
            wer: Some(0.5),
            first_message_s: Some(1.0),
            ..line.clone()
        };
        let all = of([split.clone(), line]);
        assert_eq!(
            all.columns,
            [
                "client",
                "instance",
                "outcome",
                "error",
                "#first message",
                "#wer",
                "#messages"
            ]
        );
        assert_eq!(
            all.rows[0].cells,
            [
                "user 3, #7",
                "worker-1",
                "timed out",
                "gone",
                "1 s",
                "50 %",
                "0"
            ]
        );
        assert_eq!(
            all.rows[1].cells,
            ["user 3, #7", "–", "timed out", "–", "–", "n/a", "0"]
        );
        assert_eq!((all.outcome, all.error), (2, Some(3)));

        let late = ClientLine {
            delay_s: Spread::of(vec![0.25]),
            ..split
        };
        assert_eq!(of([late]).columns[4..], ["#delay p95", "#wer", "#messages"]);
    }
}
