//! A transcript in segments: a target that streams sends its newest ones again with every message.

use std::collections::BTreeMap;

use serde_json::Value;

use super::covers::seconds;

/// One segment of a transcript.
#[derive(Debug, Clone, PartialEq)]
struct TranscriptSegment {
    /// Where it begins and ends in the audio, in seconds.
    start: f64,
    end: f64,
    text: String,
}

/// How the target counts the audio of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeScale {
    /// What one of its numbers is, in seconds.
    pub(crate) unit: f64,
    /// Where the audio of the connection began, in seconds.
    pub(crate) offset: f64,
}

impl Default for TimeScale {
    fn default() -> Self {
        Self {
            unit: 1.0,
            offset: 0.0,
        }
    }
}

/// The segments so far: each that is complete once, by its begin, and what the last message has beyond them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segments {
    /// By their begin in milliseconds.
    complete: BTreeMap<i64, TranscriptSegment>,
    partial: Vec<TranscriptSegment>,
}

impl Segments {
    /// Takes the list of one message. Where `completed` is said it counts; else the last one may still grow. `false` where these are no
    /// segments with a begin, an end and a text.
    pub(crate) fn take(&mut self, list: &[&Value], scale: TimeScale) -> bool {
        let read: Option<Vec<TranscriptSegment>> =
            list.iter().map(|value| segment(value, scale)).collect();
        let Some(read) = read.filter(|read| !read.is_empty()) else {
            return false;
        };
        let says = list.iter().any(|value| value.get("completed").is_some());
        let last = read.len() - 1;
        self.partial.clear();
        for (at, (segment, value)) in read.into_iter().zip(list).enumerate() {
            let complete = if says {
                value.get("completed").and_then(Value::as_bool) == Some(true)
            } else {
                at < last
            };
            if complete {
                self.complete
                    .insert((segment.start * 1e3).round() as i64, segment);
            } else {
                self.partial.push(segment);
            }
        }
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.complete.is_empty() && self.partial.is_empty()
    }

    /// The texts in the order of the audio. What is partial counts where no complete segment has taken its place.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.all().map(|segment| segment.text.clone()).collect()
    }

    /// Seconds of the first `sent` seconds of audio that lie in a segment.
    pub(crate) fn covered(&self, sent: f64) -> f64 {
        let mut spans: Vec<(f64, f64)> = self
            .all()
            .map(|segment| (segment.start.clamp(0.0, sent), segment.end.clamp(0.0, sent)))
            .collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut covered, mut reached) = (0.0, 0.0_f64);
        for (start, end) in spans {
            covered += (end - start.max(reached)).max(0.0);
            reached = reached.max(end);
        }
        covered
    }

    /// Where the last one ends.
    pub(crate) fn end(&self) -> Option<f64> {
        self.complete
            .values()
            .chain(&self.partial)
            .map(|segment| segment.end)
            .reduce(f64::max)
    }

    fn all(&self) -> impl Iterator<Item = &TranscriptSegment> {
        let reached = self
            .complete
            .values()
            .map(|segment| segment.end)
            .fold(f64::NEG_INFINITY, f64::max);
        self.complete.values().chain(
            self.partial
                .iter()
                .filter(move |segment| segment.end > reached),
        )
    }
}

fn segment(value: &Value, scale: TimeScale) -> Option<TranscriptSegment> {
    let text = value.get("text")?.as_str()?.to_owned();
    let time = |key: &str| Some(seconds(value.get(key)?, scale.unit)? + scale.offset);
    Some(TranscriptSegment {
        start: time("start")?,
        end: time("end")?,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn heard(messages: &[Value]) -> Segments {
        let mut segments = Segments::default();
        for message in messages {
            let list: Vec<&Value> = message.as_array().expect("a list").iter().collect();
            assert!(segments.take(&list, TimeScale::default()), "{message}");
        }
        segments
    }

    #[test]
    fn each_segment_is_kept_once_and_the_last_partial_counts() {
        let of = |start: &str, end: &str, text: &str, completed: Option<bool>| {
            let mut segment = json!({ "start": start, "end": end, "text": text });
            if let Some(completed) = completed {
                segment["completed"] = completed.into();
            }
            segment
        };
        for said in [true, false] {
            let completed = |done: bool| said.then_some(done);
            let segments = heard(&[
                json!([of("0.000", "0.700", " one", completed(false))]),
                json!([
                    of("0.000", "1.000", " one", completed(true)),
                    of("1.000", "1.400", " tw", completed(false))
                ]),
                json!([
                    of("0.000", "1.000", " one", completed(true)),
                    of("1.000", "2.000", " two", completed(false))
                ]),
            ]);
            assert_eq!(segments.texts(), [" one", " two"], "{said}");
            assert_eq!((segments.covered(4.0), segments.covered(1.5)), (2.0, 1.5));
        }
        let in_ms = [&json!({ "start": 500, "end": 1500, "text": "a" })];
        let mut segments = Segments::default();
        assert!(segments.take(
            &in_ms,
            TimeScale {
                unit: 1e-3,
                offset: 10.0
            }
        ));
        assert_eq!((segments.end(), segments.covered(20.0)), (Some(11.5), 1.0));
        // Only the newest are sent again: what is not sent any more stays.
        let segments = heard(&[
            json!([of("0", "1", "a", Some(true)), of("1", "2", "b", Some(true))]),
            json!([of("1", "2", "b", Some(true)), of("3", "4", "d", Some(true))]),
        ]);
        assert_eq!(
            (segments.texts().join(""), segments.covered(4.0)),
            ("abd".to_owned(), 3.0)
        );
    }

    #[test]
    fn what_is_no_segment_is_left_to_others() {
        let mut segments = Segments::default();
        assert!(!segments.take(&[&json!("text")], TimeScale::default()));
        assert!(!segments.take(&[&json!({ "text": "a", "start": 0 })], TimeScale::default()));
        assert!(!segments.take(&[], TimeScale::default()) && segments.is_empty());
    }
}
