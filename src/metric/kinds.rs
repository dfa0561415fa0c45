//! The table of everything that can be measured.

use super::kind_base::{KindBase, count, counter, plain, share, spread, time};
use super::shape::Better::{Higher, Lower, Neither};
use super::shape::{Better, CoveredOutcomes, MetricLevel, MetricShape};
use crate::units::Unit::{self, Bytes, Count, Factor, PerSecond, Ratio};

/// One kind of metric.
#[derive(Debug, Clone, Copy)]
pub struct MetricKind {
    /// What is measured.
    pub metric: MetricName,
    /// The name in plans and documents.
    pub name: &'static str,
    /// What it belongs to.
    pub level: MetricLevel,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// One value a run or one a sample.
    pub shape: MetricShape,
    /// Of which iterations, exchanges or jobs a distribution holds a value; `None` where its meaning says it.
    pub covers: Option<CoveredOutcomes>,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

impl MetricKind {
    /// The kind of that name at that level.
    #[must_use]
    pub fn find(level: MetricLevel, name: &str) -> Option<&'static Self> {
        KINDS
            .iter()
            .find(|kind| kind.level == level && kind.name == name)
    }

    /// Whether it is summed up by a statistic.
    #[must_use]
    pub const fn is_distribution(&self) -> bool {
        matches!(self.shape, MetricShape::Distribution { .. })
    }

    /// Whether it is a share of things that were counted.
    #[must_use]
    pub const fn is_share(&self) -> bool {
        matches!(self.shape, MetricShape::Share)
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

macro_rules! covers {
    () => {
        None
    };
    ($covers:ident) => {
        Some(CoveredOutcomes::$covers)
    };
}

macro_rules! kinds {
    ($($metric:ident $name:literal = $base:expr => {
        $($level:ident: $($covers:ident)? $doc:literal,)+
    })*) => {
        /// What is measured, of whatever it is measured.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum MetricName {
            $(#[doc = $name] $metric,)*
        }

        impl MetricName {
            /// How many there are.
            pub const COUNT: usize = [$($name),*].len();
        }

        /// Everything that can be measured, by the level that has it.
        pub const KINDS: &[MetricKind] = &[$(
            $(kind(MetricName::$metric, $name, $base, MetricLevel::$level, covers!($($covers)?), $doc),)+
        )*];
    };
}

const fn kind(
    metric: MetricName,
    name: &'static str,
    base: KindBase,
    level: MetricLevel,
    covers: Option<CoveredOutcomes>,
    doc: &'static str,
) -> MetricKind {
    let KindBase {
        unit,
        better,
        shape,
    } = base;
    MetricKind {
        metric,
        name,
        level,
        unit,
        better,
        shape,
        covers,
        doc,
    }
}

// A quantity, its name, and what it is; then for each level that has it the outcomes that have a value, and what it means.
// A new metric is a line here and the place that records it: a step's value by `MetricIds::push`, a counter by
// `Recorder::count`.
kinds! {
    Latency "latency" = time(3) => {
        Load: Finished "The whole iteration without its pauses: in an open load from its due time, in a closed one from its start.",
        Exchange: Finished "The exchange from its start to the last byte of its reply.",
        Poll: Finished "The poll step from its first poll to its last reply.",
        Stream: Finished "The step from its start to the end of the stream.",
    }
    Duration "duration" = time(3) => {
        Load: Finished "The whole iteration with its pauses.",
    }
    Service "service" = time(3) => {
        Load: Finished "The iteration without its pauses, from the moment it really started.",
    }
    Lag "lag" = time(3).neither() => {
        Load: Started "How late an iteration started after it was due: the generator's own delay.",
    }
    Dns "dns" = time(2) => {
        Exchange: Ok "Resolving the host name; only where a connection was made.",
        Stream: Ok "Resolving the host name; only where a connection was made.",
    }
    Connect "connect" = time(2) => {
        Exchange: Ok "The TCP handshake alone; only where a connection was made.",
        Stream: Ok "The TCP handshake alone; only where a connection was made.",
    }
    Tls "tls" = time(2) => {
        Exchange: Ok "The TLS handshake; only where a connection was made.",
        Stream: Ok "The TLS handshake; only where a connection was made.",
    }
    FirstByte "first_byte" = time(2) => {
        Exchange: Ok "From the last byte of the request to the first of the reply.",
        Stream: Ok "From the last byte of the request to the first of the reply.",
    }
    Receive "receive" = time(2) => {
        Exchange: Ok "From the first byte of the reply to its last.",
        Stream: Ok "From the first byte of the reply to the end of the stream.",
    }
    Bytes "bytes" = spread(Bytes, Neither) => {
        Exchange: Ok "The size of the reply's body.",
        Stream: Ok "The size of what was streamed.",
    }
    Rtfx "rtfx" = spread(Factor, Higher) => {
        Load: Finished "Seconds of audio per second of latency, of a whole iteration; what a conversation lingers after its last word is left out.",
        Exchange: Ok "Seconds of audio per second of the step that sends it.",
        Stream: Ok "Seconds of audio per second of the step that sends it; what it lingers after the last word is left out.",
    }
    FirstMessage "first_message" = time(3) => {
        Stream: Ok "From the step's start to its first message, where the plan waits for `ready` to the first behind it; to the first that carries `content`, where the plan says which do. Marks and spans are measured alike.",
    }
    Gap "gap" = time(3) => {
        Stream: Ok "Between two messages, one value for each gap; where the plan says which messages carry `content`, between those.",
    }
    MessageRate "message_rate" = spread(Factor, Higher) => {
        Stream: Ok "Messages a second from the first to the last: tokens a second, where each message is one and `content` says which.",
    }
    Handshake "handshake" = time(3) => {
        Stream: Ok "From the open connection to the reply that makes it a WebSocket.",
    }
    Ready "ready" = time(3) => {
        Stream: Ok "From the step's start to the message that the plan calls ready.",
    }
    Delay "delay" = time(3) => {
        Stream: Finished "From the moment a piece of audio was sent to the first message that reaches its end, one value for each message that reaches further, and one beyond all where more than 2 s of audio at the end were never answered. What answers `finish` counts from there.",
    }
    Staleness "staleness" = time(3) => {
        Stream: Finished "From the moment a chunk of audio was sent to the first message that reaches it, one value for each chunk: the delay and how seldom results come, so a service that stands still is in it for as long as it does.",
    }
    Tail "tail" = time(3) => {
        Stream: Ok "From the end of the audio to the last message that said anything new: where the plan names a `transcript`, what is only said again does not count, and what the plan waited before `finish` neither.",
    }
    Pace "pace" = spread(Factor, Neither) => {
        Stream: Ok "Seconds of audio sent per second.",
    }
    SendLag "send_lag" = time(3).neither() => {
        Stream: Ok "How late a chunk of audio was sent after it was due: the generator's own delay.",
    }
    Coverage "coverage" = spread(Ratio, Higher) => {
        Stream: Ok "Of the seconds of audio sent, those that results cover.",
    }
    Messages "messages" = spread(Count, Neither) => {
        Stream: Ok "Messages of a stream.",
    }
    Total "total" = time(3) => {
        Poll: Finished "The whole job: from the start of the step it waits for until its terminal reply.",
    }
    Accept "accept" = time(3) => {
        Poll: Ok "From the start of the step it waits for until that step's reply.",
    }
    Queue "queue" = time(3) => {
        Poll: Finished "From the accepting reply until a poll first saw the job running.",
    }
    Processing "processing" = time(3) => {
        Poll: Finished "From then until the last poll that found it still running.",
    }
    Wait "wait" = time(3) => {
        Poll: Finished "Queue and processing together, where the plan names no running states.",
    }
    Slack "slack" = time(3) => {
        Poll: Ok "What the polling interval itself adds: from the last poll that found the job unfinished to the start of the poll that found it done.",
    }
    Polls "polls" = spread(Count, Neither) => {
        Poll: Ok "Polls a job took.",
    }
    RequestsLatency "requests.latency" = time(3) => {
        Load: Finished "Each single exchange of the flow, polls included.",
    }
    Throughput "throughput" = plain(PerSecond, Higher) => {
        Load: "Iterations that ended well in the measured window, per second.",
    }
    AudioThroughput "audio_throughput" = plain(Factor, Higher) => {
        Load: "Seconds of audio that were worked through per second of wall time.",
    }
    SuccessRate "success_rate" = share(Higher) => {
        Load: "Of the iterations started, those that ended well.",
    }
    ErrorRate "error_rate" = share(Lower) => {
        Load: "Of the iterations started, those that failed, timed out or were interrupted.",
        Exchange: "Of the step's runs, those that failed, timed out or were interrupted.",
        Stream: "Of the step's runs, those that failed, timed out or were interrupted.",
        Poll: "Of the jobs polled, those that failed, timed out or were interrupted.",
    }
    RejectionRate "rejection_rate" = share(Lower) => {
        Load: "Of the iterations started, those that the target refused as the plan expects.",
        Exchange: "Of the step's runs, those that the target refused as the plan expects.",
        Stream: "Of the step's runs, those that the target refused as the plan expects.",
        Poll: "Of the jobs polled, those that the target refused as the plan expects.",
    }
    DropRate "drop_rate" = share(Lower) => {
        Load: "Of the iterations planned, those that never started.",
    }
    RequestsThroughput "requests.throughput" = plain(PerSecond, Higher) => {
        Load: "Single exchanges that ended well in the measured window, per second.",
    }
    RequestsErrorRate "requests.error_rate" = share(Lower) => {
        Load: "Of the single exchanges, those that failed or timed out.",
    }
    Planned "planned" = count(Neither) => {
        Load: "Iterations that were due.",
    }
    Started "started" = count(Neither) => {
        Load: "Iterations that were started.",
    }
    Dropped "dropped" = count(Lower) => {
        Load: "Iterations that were due and never started.",
    }
    Ok "ok" = count(Higher) => {
        Load: "Iterations that ended well.",
    }
    Failed "failed" = count(Lower) => {
        Load: "Iterations that failed.",
    }
    Rejected "rejected" = count(Neither) => {
        Load: "Iterations that the target refused as the plan expects.",
    }
    TimedOut "timed_out" = count(Lower) => {
        Load: "Iterations that were not done in time.",
    }
    Interrupted "interrupted" = count(Lower) => {
        Load: "Iterations cut off at the end of the load.",
    }
    Reconnects "reconnects" = counter(Lower) => {
        Load: "Connections that were made again: for a request whose reused connection had been closed, and for a stream that was lost and taken up again (`reconnect`).",
    }
    Retries "retries" = counter(Lower) => {
        Load: "Exchanges that the plan's `retry` has tried again.",
    }
    Wer "wer" = plain(Ratio, Lower) => {
        Load: "Word error rate: wrong, missing and added words of all transcripts for each word of their references.",
        Exchange: "Word error rate of the step's transcripts.",
        Poll: "Word error rate of the step's transcripts.",
        Stream: "Word error rate of the step's transcripts.",
    }
    Imbalance "imbalance" = plain(Factor, Lower) => {
        Load: "Of a load with `split_by`: iterations of the most loaded value for each one of the least loaded.",
    }
    ErrorsStatus "errors.status" = count(Lower) => {
        Load: "Iterations that ended with an unexpected status.",
    }
    ErrorsTimeout "errors.timeout" = count(Lower) => {
        Load: "Iterations that ended with a timeout.",
    }
    ErrorsConnect "errors.connect" = count(Lower) => {
        Load: "Iterations that could not connect.",
    }
    ErrorsDns "errors.dns" = count(Lower) => {
        Load: "Iterations whose host name did not resolve.",
    }
    ErrorsTls "errors.tls" = count(Lower) => {
        Load: "Iterations whose TLS handshake failed.",
    }
    ErrorsReset "errors.reset" = count(Lower) => {
        Load: "Iterations whose connection broke.",
    }
    ErrorsProtocol "errors.protocol" = count(Lower) => {
        Load: "Iterations whose reply was not the protocol.",
    }
    ErrorsCheck "errors.check" = count(Lower) => {
        Load: "Iterations whose reply the plan's `expect` or `capture` refused.",
    }
    ErrorsServer "errors.server" = count(Lower) => {
        Load: "Iterations in which the server reported an error.",
    }
    ErrorsPoll "errors.poll" = count(Lower) => {
        Load: "Jobs that were not done within their polls.",
    }
    ErrorsGenerator "errors.generator" = count(Neither) => {
        Load: "Iterations for which this machine had no file handle, port or memory left: no errors of the target.",
    }
    Efficiency "efficiency" = plain(Ratio, Higher) => {
        Sweep: "At a point: its throughput for each unit of the value, against that of the smallest value. 100 % is linear growth.",
    }
    Speedup "speedup" = plain(Factor, Higher) => {
        Sweep: "At a point: its throughput against that of one unit, taken from the smallest value.",
    }
    Optimum "optimum" = count(Neither) => {
        Sweep: "The smallest accepted value whose throughput cannot be told from the best.",
    }
    Capacity "capacity" = count(Higher) => {
        Sweep: "The largest value such that it and every smaller one is accepted; in a search the largest accepted value.",
    }
    Knee "knee" = count(Neither) => {
        Sweep: "The value at which throughput stops to grow in proportion: where the line through the first point meets the highest throughput.",
    }
    ErrorsAborted "errors.aborted" = count(Lower) => {
        Load: "Iterations that perfgate itself ended.",
    }
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod tests;
