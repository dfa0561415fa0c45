//! The conversations of a session without their words: as much of `clients.jsonl` as a report shows, however long the file is.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::{CLIENTS, ClientLine};

/// So many of the worst are kept.
const WORST: usize = 500;
/// So many of the first run are kept.
const FIRST: usize = 60;

/// What became of every conversation, and some of them one by one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversations {
    /// How many ended in which way.
    pub outcomes: BTreeMap<String, u64>,
    /// Those that ended worst, then those with the largest delay; at most 500.
    pub worst: Vec<ClientLine>,
    /// Those of the first run in the order of their begin; at most 60.
    pub first: Vec<ClientLine>,
    /// How many the first run has.
    pub first_run: u64,
}

impl Conversations {
    /// Of these; `None` without any.
    #[must_use]
    pub fn of(lines: impl IntoIterator<Item = ClientLine>) -> Option<Self> {
        let mut all = Self::default();
        for line in lines {
            all.add(ClientLine {
                heard: Vec::new(),
                transcript: None,
                ..line
            });
        }
        keep(&mut all.worst, WORST, worse);
        keep(&mut all.first, FIRST, earlier);
        (!all.outcomes.is_empty()).then_some(all)
    }

    /// Those of a session's folder; `None` where nothing was streamed. Lines that were cut off are left out.
    ///
    /// # Errors
    /// When the file is there and cannot be opened.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(folder.join(CLIENTS)) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let lines = file.split(b'\n').map_while(Result::ok);
        Ok(Self::of(
            lines.filter_map(|line| serde_json::from_slice(&line).ok()),
        ))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.outcomes.values().sum()
    }

    fn add(&mut self, line: ClientLine) {
        *self.outcomes.entry(line.outcome.clone()).or_default() += 1;
        if line.run <= 1 {
            self.first_run += 1;
            self.first.push(line.clone());
        }
        self.worst.push(line);
        // Sorted now and then, not once for each line.
        if self.first.len() >= 20 * FIRST {
            keep(&mut self.first, FIRST, earlier);
        }
        if self.worst.len() >= 4 * WORST {
            keep(&mut self.worst, WORST, worse);
        }
    }
}

fn keep(lines: &mut Vec<ClientLine>, most: usize, order: fn(&ClientLine, &ClientLine) -> Ordering) {
    lines.sort_by(order);
    lines.truncate(most);
}

fn earlier(a: &ClientLine, b: &ClientLine) -> Ordering {
    a.start_s.total_cmp(&b.start_s)
}

fn worse(a: &ClientLine, b: &ClientLine) -> Ordering {
    let rank = |line: &ClientLine| match line.outcome.as_str() {
        "failed" => 0,
        "timed_out" => 1,
        "rejected" => 2,
        "interrupted" => 3,
        _ => 4,
    };
    let delay = |line: &ClientLine| line.delay_s.map_or(-1.0, |delay| delay.p95);
    let run = a.run.cmp(&b.run).then_with(|| earlier(a, b));
    rank(a)
        .cmp(&rank(b))
        .then_with(|| delay(b).total_cmp(&delay(a)))
        .then(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::{HeardLine, Spread};

    fn line(run: u64, start_s: f64, outcome: &str, delay: Option<f64>) -> ClientLine {
        let heard = vec![HeardLine {
            at_s: 1.0,
            text: "long".to_owned(),
        }];
        let delay_s = delay.and_then(|delay| Spread::of(vec![delay]));
        ClientLine {
            run,
            start_s,
            outcome: outcome.to_owned(),
            delay_s,
            heard,
            ..ClientLine::default()
        }
    }

    #[test]
    fn the_worst_stand_first_and_memory_is_bounded() {
        let few = [
            line(1, 2.0, "ok", None),
            line(1, 3.0, "ok", Some(0.5)),
            line(1, 1.0, "ok", Some(2.0)),
            line(2, 0.0, "rejected", None),
            line(1, 4.0, "failed", Some(0.1)),
        ];
        let own = Conversations::of(few).expect("some");
        let worst: Vec<(&str, f64)> = own
            .worst
            .iter()
            .map(|line| (line.outcome.as_str(), line.start_s))
            .collect();
        assert_eq!(
            worst,
            [
                ("failed", 4.0),
                ("rejected", 0.0),
                ("ok", 1.0),
                ("ok", 3.0),
                ("ok", 2.0)
            ]
        );
        assert_eq!(
            own.first
                .iter()
                .map(|line| line.start_s)
                .collect::<Vec<_>>(),
            [1.0, 2.0, 3.0, 4.0]
        );
        assert!(own.worst.iter().all(|line| line.heard.is_empty()));

        let many = (0..10_000).map(|at| {
            line(
                1,
                f64::from(10_000 - at),
                if at == 7 { "failed" } else { "ok" },
                None,
            )
        });
        let own = Conversations::of(many).expect("some");
        assert_eq!(
            (own.count(), own.first_run, own.worst.len(), own.first.len()),
            (10_000, 10_000, WORST, FIRST)
        );
        assert_eq!((own.worst[0].start_s, own.first[0].start_s), (9_993.0, 1.0));
        assert_eq!(Conversations::of(Vec::new()), None);
    }
}
