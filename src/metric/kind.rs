//! The const table of everything that can be measured: name, unit, direction, and what it means.

use serde::{Deserialize, Serialize};

use crate::units::Unit;

/// Which direction of a metric is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// Neither is: it describes the load, not the target.
    Neither,
}

/// What a metric belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A load's iterations.
    Load,
    /// One step of a flow with a single exchange.
    Exchange,
    /// A poll step.
    Poll,
    /// A step whose reply is a stream of messages.
    Stream,
}

impl Level {
    /// What has it, in a few words.
    #[must_use]
    pub const fn doc(self) -> &'static str {
        match self {
            Self::Load => "a load",
            Self::Exchange => "a step with a single exchange",
            Self::Poll => "a step that polls",
            Self::Stream => "a step that streams",
        }
    }
}

/// Whether a metric has one value a run or one a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value a sample, summed up by a statistic; kept with so many significant digits.
    Distribution {
        /// Significant digits of its histogram.
        digits: u8,
    },
    /// One value a run.
    Plain,
    /// One value a run: of things that were counted, the share that went one way.
    Share,
}

/// Which outcomes have a value of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// All that started, however they ended.
    Started,
    /// Ok ones with their value; those that timed out, ran out of polls or were interrupted rank beyond them.
    Finished,
    /// Ok ones alone.
    Ok,
}

/// One kind of metric.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The name in plans and documents.
    pub name: &'static str,
    /// What it belongs to.
    pub level: Level,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// One value a run or one a sample.
    pub shape: Shape,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

impl Kind {
    /// The kind of that name at that level.
    #[must_use]
    pub fn find(level: Level, name: &str) -> Option<&'static Self> {
        KINDS
            .iter()
            .find(|kind| kind.level == level && kind.name == name)
    }

    /// Whether it is summed up by a statistic.
    #[must_use]
    pub const fn is_distribution(&self) -> bool {
        matches!(self.shape, Shape::Distribution { .. })
    }

    /// Whether it is a share of things that were counted.
    #[must_use]
    pub const fn is_share(&self) -> bool {
        matches!(self.shape, Shape::Share)
    }

    /// Of which iterations, exchanges or jobs it holds a value; `None` where its meaning says it.
    #[must_use]
    pub fn covers(&self) -> Option<Covers> {
        match (self.shape, self.level, self.name) {
            (Shape::Plain | Shape::Share, ..) => None,
            (_, Level::Load, "lag") => Some(Covers::Started),
            (_, Level::Load, "rtfx") => Some(Covers::Finished),
            (
                _,
                _,
                "latency" | "duration" | "service" | "requests.latency" | "total" | "staleness",
            ) => Some(Covers::Finished),
            _ => Some(Covers::Ok),
        }
    }

    /// How many units of the histogram make one base unit: nanoseconds, thousandths of a factor, millionths of a share, or the number itself.
    #[must_use]
    pub const fn scale(&self) -> f64 {
        match self.unit {
            Unit::Seconds => 1e9,
            Unit::Factor => 1e3,
            Unit::Ratio => 1e6,
            _ => 1.0,
        }
    }
}

const fn times(name: &'static str, level: Level, digits: u8, doc: &'static str) -> Kind {
    Kind {
        name,
        level,
        unit: Unit::Seconds,
        better: Better::Lower,
        shape: Shape::Distribution { digits },
        doc,
    }
}

const fn plain(
    name: &'static str,
    level: Level,
    unit: Unit,
    better: Better,
    doc: &'static str,
) -> Kind {
    Kind {
        name,
        level,
        unit,
        better,
        shape: Shape::Plain,
        doc,
    }
}

const fn share(name: &'static str, level: Level, better: Better, doc: &'static str) -> Kind {
    Kind {
        shape: Shape::Share,
        ..plain(name, level, Unit::Ratio, better, doc)
    }
}

const fn spread(
    name: &'static str,
    level: Level,
    unit: Unit,
    better: Better,
    doc: &'static str,
) -> Kind {
    Kind {
        name,
        level,
        unit,
        better,
        shape: Shape::Distribution { digits: 3 },
        doc,
    }
}

use Better::{Higher, Lower, Neither};
use Level::{Exchange, Load, Poll, Stream};

/// Everything that can be measured. A new metric is one line here and one place that records it.
pub const KINDS: &[Kind] = &[
    times(
        "latency",
        Load,
        3,
        "The whole iteration without its pauses: in an open load from its due time, in a closed one from its start.",
    ),
    times("duration", Load, 3, "The whole iteration with its pauses."),
    times(
        "service",
        Load,
        3,
        "The iteration without its pauses, from the moment it really started.",
    ),
    Kind {
        better: Neither,
        ..times(
            "lag",
            Load,
            3,
            "How late an iteration started after it was due: the generator's own delay.",
        )
    },
    spread(
        "rtfx",
        Load,
        Unit::Factor,
        Higher,
        "Seconds of audio per second of latency, of a whole iteration; what a conversation lingers after its last word is left out.",
    ),
    times(
        "requests.latency",
        Load,
        3,
        "Each single exchange of the flow, polls included.",
    ),
    plain(
        "throughput",
        Load,
        Unit::PerSecond,
        Higher,
        "Iterations that ended well in the measured window, per second.",
    ),
    plain(
        "audio_throughput",
        Load,
        Unit::Factor,
        Higher,
        "Seconds of audio that were worked through per second of wall time.",
    ),
    share(
        "success_rate",
        Load,
        Higher,
        "Of the iterations started, those that ended well.",
    ),
    share(
        "error_rate",
        Load,
        Lower,
        "Of the iterations started, those that failed, timed out or were interrupted.",
    ),
    share(
        "rejection_rate",
        Load,
        Lower,
        "Of the iterations started, those that the target refused as the plan expects.",
    ),
    share(
        "drop_rate",
        Load,
        Lower,
        "Of the iterations planned, those that never started.",
    ),
    plain(
        "requests.throughput",
        Load,
        Unit::PerSecond,
        Higher,
        "Single exchanges that ended well in the measured window, per second.",
    ),
    share(
        "requests.error_rate",
        Load,
        Lower,
        "Of the single exchanges, those that failed or timed out.",
    ),
    plain(
        "planned",
        Load,
        Unit::Count,
        Neither,
        "Iterations that were due.",
    ),
    plain(
        "started",
        Load,
        Unit::Count,
        Neither,
        "Iterations that were started.",
    ),
    plain(
        "dropped",
        Load,
        Unit::Count,
        Lower,
        "Iterations that were due and never started.",
    ),
    plain(
        "ok",
        Load,
        Unit::Count,
        Higher,
        "Iterations that ended well.",
    ),
    plain(
        "failed",
        Load,
        Unit::Count,
        Lower,
        "Iterations that failed.",
    ),
    plain(
        "rejected",
        Load,
        Unit::Count,
        Neither,
        "Iterations that the target refused as the plan expects.",
    ),
    plain(
        "timed_out",
        Load,
        Unit::Count,
        Lower,
        "Iterations that were not done in time.",
    ),
    plain(
        "interrupted",
        Load,
        Unit::Count,
        Lower,
        "Iterations cut off at the end of the load.",
    ),
    plain(
        "reconnects",
        Load,
        Unit::Count,
        Lower,
        "Requests sent again on a new connection because a reused one had been closed.",
    ),
    plain(
        "retries",
        Load,
        Unit::Count,
        Lower,
        "Exchanges that the plan's `retry` has tried again.",
    ),
    plain(
        "wer",
        Load,
        Unit::Ratio,
        Lower,
        "Word error rate: wrong, missing and added words of all transcripts for each word of their references.",
    ),
    plain(
        "imbalance",
        Load,
        Unit::Factor,
        Lower,
        "Of a load with `split_by`: iterations of the most loaded value for each one of the least loaded.",
    ),
    plain(
        "errors.status",
        Load,
        Unit::Count,
        Lower,
        "Iterations that ended with an unexpected status.",
    ),
    plain(
        "errors.timeout",
        Load,
        Unit::Count,
        Lower,
        "Iterations that ended with a timeout.",
    ),
    plain(
        "errors.connect",
        Load,
        Unit::Count,
        Lower,
        "Iterations that could not connect.",
    ),
    plain(
        "errors.dns",
        Load,
        Unit::Count,
        Lower,
        "Iterations whose host name did not resolve.",
    ),
    plain(
        "errors.tls",
        Load,
        Unit::Count,
        Lower,
        "Iterations whose TLS handshake failed.",
    ),
    plain(
        "errors.reset",
        Load,
        Unit::Count,
        Lower,
        "Iterations whose connection broke.",
    ),
    plain(
        "errors.protocol",
        Load,
        Unit::Count,
        Lower,
        "Iterations whose reply was not the protocol.",
    ),
    plain(
        "errors.check",
        Load,
        Unit::Count,
        Lower,
        "Iterations whose reply the plan's `expect` or `capture` refused.",
    ),
    plain(
        "errors.server",
        Load,
        Unit::Count,
        Lower,
        "Iterations in which the server reported an error.",
    ),
    plain(
        "errors.poll",
        Load,
        Unit::Count,
        Lower,
        "Jobs that were not done within their polls.",
    ),
    plain(
        "errors.aborted",
        Load,
        Unit::Count,
        Lower,
        "Iterations that perfgate itself ended.",
    ),
    times(
        "latency",
        Exchange,
        3,
        "The exchange from its start to the last byte of its reply.",
    ),
    times(
        "dns",
        Exchange,
        2,
        "Resolving the host name; only where a connection was made.",
    ),
    times(
        "connect",
        Exchange,
        2,
        "The TCP handshake alone; only where a connection was made.",
    ),
    times(
        "tls",
        Exchange,
        2,
        "The TLS handshake; only where a connection was made.",
    ),
    times(
        "first_byte",
        Exchange,
        2,
        "From the last byte of the request to the first of the reply.",
    ),
    times(
        "receive",
        Exchange,
        2,
        "From the first byte of the reply to its last.",
    ),
    Kind {
        better: Neither,
        ..spread(
            "bytes",
            Exchange,
            Unit::Bytes,
            Neither,
            "The size of the reply's body.",
        )
    },
    spread(
        "rtfx",
        Exchange,
        Unit::Factor,
        Higher,
        "Seconds of audio per second of the step that sends it.",
    ),
    share(
        "error_rate",
        Exchange,
        Lower,
        "Of the step's runs, those that failed, timed out or were interrupted.",
    ),
    share(
        "rejection_rate",
        Exchange,
        Lower,
        "Of the step's runs, those that the target refused as the plan expects.",
    ),
    plain(
        "wer",
        Exchange,
        Unit::Ratio,
        Lower,
        "Word error rate of the step's transcripts.",
    ),
    times(
        "latency",
        Poll,
        3,
        "The poll step from its first poll to its last reply.",
    ),
    times(
        "total",
        Poll,
        3,
        "The whole job: from the start of the step it waits for until its terminal reply.",
    ),
    times(
        "accept",
        Poll,
        3,
        "From the start of the step it waits for until that step's reply.",
    ),
    times(
        "queue",
        Poll,
        3,
        "From the accepting reply until a poll first saw the job running.",
    ),
    times(
        "processing",
        Poll,
        3,
        "From then until the last poll that found it still running.",
    ),
    times(
        "wait",
        Poll,
        3,
        "Queue and processing together, where the plan names no running states.",
    ),
    times(
        "slack",
        Poll,
        3,
        "What the polling interval itself adds: from the last poll that found the job unfinished to the start of the poll that found it done.",
    ),
    spread("polls", Poll, Unit::Count, Neither, "Polls a job took."),
    share(
        "error_rate",
        Poll,
        Lower,
        "Of the jobs polled, those that failed, timed out or were interrupted.",
    ),
    share(
        "rejection_rate",
        Poll,
        Lower,
        "Of the jobs polled, those that the target refused as the plan expects.",
    ),
    plain(
        "wer",
        Poll,
        Unit::Ratio,
        Lower,
        "Word error rate of the step's transcripts.",
    ),
    times(
        "latency",
        Stream,
        3,
        "The step from its start to the end of the stream.",
    ),
    times(
        "dns",
        Stream,
        2,
        "Resolving the host name; only where a connection was made.",
    ),
    times(
        "connect",
        Stream,
        2,
        "The TCP handshake alone; only where a connection was made.",
    ),
    times(
        "tls",
        Stream,
        2,
        "The TLS handshake; only where a connection was made.",
    ),
    times(
        "first_byte",
        Stream,
        2,
        "From the last byte of the request to the first of the reply.",
    ),
    times(
        "receive",
        Stream,
        2,
        "From the first byte of the reply to the end of the stream.",
    ),
    Kind {
        better: Neither,
        ..spread(
            "bytes",
            Stream,
            Unit::Bytes,
            Neither,
            "The size of what was streamed.",
        )
    },
    spread(
        "rtfx",
        Stream,
        Unit::Factor,
        Higher,
        "Seconds of audio per second of the step that sends it; what it lingers after the last word is left out.",
    ),
    times(
        "first_message",
        Stream,
        3,
        "From the step's start to its first message, where the plan waits for `ready` to the first behind it. Marks and spans are measured alike.",
    ),
    times(
        "gap",
        Stream,
        3,
        "Between two messages, one value for each gap.",
    ),
    times(
        "handshake",
        Stream,
        3,
        "From the open connection to the reply that makes it a WebSocket.",
    ),
    times(
        "ready",
        Stream,
        3,
        "From the step's start to the message that the plan calls ready.",
    ),
    times(
        "delay",
        Stream,
        3,
        "From the moment a piece of audio was sent to the first message that reaches its end, one value for each message that reaches further.",
    ),
    times(
        "staleness",
        Stream,
        3,
        "From the moment a chunk of audio was sent to the first message that reaches it, one value for each chunk: the delay and how seldom results come, so a service that stands still is in it for as long as it does.",
    ),
    times(
        "tail",
        Stream,
        3,
        "From the end of the audio to the last message that said anything new: where the plan names a `transcript`, what is only said again does not count.",
    ),
    Kind {
        better: Neither,
        ..spread(
            "pace",
            Stream,
            Unit::Factor,
            Neither,
            "Seconds of audio sent per second.",
        )
    },
    Kind {
        better: Neither,
        ..times(
            "send_lag",
            Stream,
            3,
            "How late a chunk of audio was sent after it was due: the generator's own delay.",
        )
    },
    spread(
        "coverage",
        Stream,
        Unit::Ratio,
        Higher,
        "Of the seconds of audio sent, those that results cover.",
    ),
    spread(
        "messages",
        Stream,
        Unit::Count,
        Neither,
        "Messages of a stream.",
    ),
    share(
        "error_rate",
        Stream,
        Lower,
        "Of the step's runs, those that failed, timed out or were interrupted.",
    ),
    share(
        "rejection_rate",
        Stream,
        Lower,
        "Of the step's runs, those that the target refused as the plan expects.",
    ),
    plain(
        "wer",
        Stream,
        Unit::Ratio,
        Lower,
        "Word error rate of the step's transcripts.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_of_a_level_share_a_name_and_each_says_what_it_is() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert!(
                !KINDS[..at]
                    .iter()
                    .any(|other| other.level == kind.level && other.name == kind.name),
                "{}",
                kind.name
            );
            assert!(kind.doc.ends_with('.'), "{}", kind.name);
        }
        for class in super::super::ErrorClass::ALL {
            assert!(
                Kind::find(Load, &format!("errors.{}", class.name())).is_some(),
                "{}",
                class.name()
            );
        }
    }
}
