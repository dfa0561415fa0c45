//! Errors in groups: changing numbers folded, the first message kept, memory bounded.

use std::collections::BTreeMap;

use crate::clock::Tick;
use crate::metric::{ErrorClass, LoadId, StepId};

/// What went wrong, for the list of errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRecord {
    /// The step it happened in.
    pub step: Option<StepId>,
    /// What it was.
    pub class: ErrorClass,
    /// A short sentence, for example `HTTP 503: Resource threshold exceeded`.
    pub message: String,
    /// When.
    pub at: Tick,
}

/// Groups kept at most; errors beyond are counted together.
const GROUPS: usize = 100;

/// Errors that are one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorGroup {
    /// How many.
    pub count: u64,
    /// The first message, as it was.
    pub example: String,
    /// When the first one happened.
    pub first: Tick,
    /// When the last one happened.
    pub last: Tick,
}

/// All errors of a worker or a run.
#[derive(Debug, Clone, Default)]
pub struct ErrorLog {
    groups: BTreeMap<(LoadId, Option<StepId>, ErrorClass, String), ErrorGroup>,
    beyond: u64,
}

impl ErrorLog {
    /// Counts an error in its group; `true` where it is the first of its group.
    pub fn add(&mut self, load: LoadId, note: &ErrorRecord) -> bool {
        let key = (load, note.step, note.class, fold(&note.message));
        let full = self.groups.len() >= GROUPS;
        match self.groups.get_mut(&key) {
            Some(group) => {
                group.count += 1;
                group.last = group.last.max(note.at);
            }
            None if full => self.beyond += 1,
            None => {
                let group = ErrorGroup {
                    count: 1,
                    example: note.message.clone(),
                    first: note.at,
                    last: note.at,
                };
                self.groups.insert(key, group);
                return true;
            }
        }
        false
    }

    /// Adds another worker's errors.
    pub fn merge(&mut self, other: Self) {
        self.beyond += other.beyond;
        for (key, group) in other.groups {
            match self.groups.get_mut(&key) {
                None => {
                    self.groups.insert(key, group);
                }
                Some(own) => {
                    if group.first < own.first {
                        own.first = group.first;
                        own.example = group.example;
                    }
                    own.count += group.count;
                    own.last = own.last.max(group.last);
                }
            }
        }
    }

    /// Every group, most frequent first.
    #[must_use]
    pub fn groups(&self) -> Vec<(LoadId, Option<StepId>, ErrorClass, &ErrorGroup)> {
        let mut all: Vec<_> = self
            .groups
            .iter()
            .map(|((load, step, class, _), group)| (*load, *step, *class, group))
            .collect();
        all.sort_by(|a, b| b.3.count.cmp(&a.3.count).then(a.3.first.cmp(&b.3.first)));
        all
    }

    /// Errors that found no group free.
    #[must_use]
    pub const fn beyond(&self) -> u64 {
        self.beyond
    }
}

/// The message with every number and every identifier folded, so that `memory: 92%` and `memory: 93.5%` are one cause, and so are the
/// errors of two sessions that each say their own uuid.
#[must_use]
pub fn fold(message: &str) -> String {
    let mut folded = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let word = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .unwrap_or(rest.len());
        if is_identifier(&rest[..word]) {
            folded.push('#');
            rest = &rest[word..];
        } else if word == 0 {
            folded.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            fold_numbers(&rest[..word], &mut folded);
            rest = &rest[word..];
        }
    }
    folded
}

/// Digits of a word; those behind a decimal point belong to the number before it.
fn fold_numbers(word: &str, folded: &mut String) {
    for c in word.chars() {
        match c {
            '0'..='9' if folded.ends_with("#.") => drop(folded.pop()),
            '0'..='9' if folded.ends_with('#') => {}
            '0'..='9' => folded.push('#'),
            other => folded.push(other),
        }
    }
}

/// Whether a word was made up by a machine: long, of letters and digits mixed.
fn is_identifier(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.len() >= 8 && digits >= 2 && letters >= 1 && digits * 5 >= letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(message: &str, at: u64) -> ErrorRecord {
        ErrorRecord {
            step: None,
            class: ErrorClass::Status,
            message: message.to_owned(),
            at: Tick::from_nanos(at),
        }
    }

    #[test]
    fn changing_numbers_are_one_cause_and_the_first_message_is_kept() {
        let mut one = ErrorLog::default();
        one.add(
            LoadId(0),
            &note("HTTP 503: Resource threshold exceeded (memory: 93%)", 5),
        );
        let mut two = ErrorLog::default();
        two.add(
            LoadId(0),
            &note("HTTP 503: Resource threshold exceeded (memory: 92%)", 2),
        );
        two.add(LoadId(0), &note("HTTP 500: oops", 3));
        one.merge(two);
        let groups = one.groups();
        assert_eq!(groups.len(), 2);
        assert_eq!(
            (groups[0].3.count, groups[0].3.example.as_str()),
            (2, "HTTP 503: Resource threshold exceeded (memory: 92%)")
        );
    }

    #[test]
    fn what_every_session_says_in_its_own_way_is_folded() {
        for (message, folded) in [
            ("memory: 92%", "memory: #%"),
            ("memory: 93.25%, 4 of 10", "memory: #%, # of #"),
            ("wait 3.5 minutes", "wait # minutes"),
            ("wait 4 minutes", "wait # minutes"),
            (
                "session 5f0c2a1e-9d1b-4c60-8f7e-0a1b2c3d4e5f is over",
                "session # is over",
            ),
            ("job 01hf3k9q2x: lost", "job #: lost"),
            ("worker-1 is full", "worker-# is full"),
            (
                "HTTP 503: no place in eu-central-1",
                "HTTP #: no place in eu-central-#",
            ),
            ("version 1.2.3.", "version #."),
            ("größer als 5", "größer als #"),
        ] {
            assert_eq!(fold(message), folded, "{message}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut log = ErrorLog::default();
        for n in 0..10_000u32 {
            let letters: String = n
                .to_string()
                .chars()
                .map(|c| char::from(b'a' + (c as u8 - b'0')))
                .collect();
            log.add(LoadId(0), &note(&letters, 1));
        }
        assert_eq!(log.groups().len(), GROUPS);
        assert_eq!(log.beyond(), 10_000 - GROUPS as u64);
    }
}
