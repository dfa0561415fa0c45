//! What is noted of one stream.

use serde_json::{Value, json};

use super::kind::StreamService;
use super::pacing::Pacing;
use crate::clock::Tick;
use crate::units::Duration;

/// Frames and results beyond this many, or after 71 minutes, are counted, but their moments are not kept.
const KEPT: usize = 10_000;

/// How a stream came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is under way.
    Open,
    /// Its audio was heard to the end, and all of its results were sent.
    Well,
    /// The client went away before that, or a fault ended it.
    Broken,
}

/// One stream as the target saw it.
#[derive(Debug)]
pub(crate) struct Record {
    number: u64,
    worker: usize,
    begun: Tick,
    pub(crate) fate: Fate,
    ended: Option<Tick>,
    first: Tick,
    last: Tick,
    last_start: Duration,
    pub(crate) frames: u64,
    pub(crate) audio: Duration,
    pub(crate) results: u64,
    pub(crate) pacing: Pacing,
    /// Microseconds from the first frame, and of audio before it: half of what the moments themselves would take.
    arrivals: Vec<(u32, u32)>,
    /// Microseconds from the beginning, and of the audio that is covered.
    sent: Vec<(u32, u32, StreamService)>,
}

impl Record {
    pub(crate) fn new(number: u64, worker: usize, begun: Tick) -> Self {
        Self {
            number,
            worker,
            begun,
            fate: Fate::Open,
            ended: None,
            first: Tick::ZERO,
            last: Tick::ZERO,
            last_start: Duration::ZERO,
            frames: 0,
            audio: Duration::ZERO,
            results: 0,
            pacing: Pacing::default(),
            arrivals: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// A frame of so much audio has arrived.
    pub(crate) fn frame(&mut self, now: Tick, audio: Duration) {
        if self.frames == 0 {
            self.first = now;
        }
        let (since, start) = (micros(now.since(self.first)), micros(self.audio));
        self.pacing.note(since as i64 - start as i64);
        if let (Some(since), Some(start), true) =
            (narrow(since), narrow(start), self.arrivals.len() < KEPT)
        {
            self.arrivals.push((since, start));
        }
        self.frames += 1;
        self.last = now;
        self.last_start = self.audio;
        self.audio = self.audio + audio;
    }

    /// A result was sent that covers so much audio.
    pub(crate) fn sent(&mut self, now: Tick, covers: Duration, kind: StreamService) {
        self.results += 1;
        let moment = (
            narrow(micros(now.since(self.begun))),
            narrow(micros(covers)),
        );
        if let ((Some(since), Some(covers)), true) = (moment, self.sent.len() < KEPT) {
            self.sent.push((since, covers, kind));
        }
    }

    pub(crate) fn end(&mut self, now: Tick) {
        self.ended = Some(now);
        if self.fate == Fate::Open {
            self.fate = Fate::Broken;
        }
    }

    /// Seconds of audio that a second brought, from the first frame to the last: 1 is real time.
    pub(crate) fn pace(&self) -> Option<f64> {
        let wall = self.last.since(self.first);
        (self.frames > 1 && !wall.is_zero())
            .then(|| self.last_start.as_secs_f64() / wall.as_secs_f64())
    }

    pub(crate) fn report(&self) -> Value {
        let after = |first: Tick, micros: u32| {
            seconds(first + Duration::from_nanos(u64::from(micros) * 1_000))
        };
        let arrivals = self
            .arrivals
            .iter()
            .map(|(since, _)| after(self.first, *since));
        let starts = self
            .arrivals
            .iter()
            .map(|(_, start)| f64::from(*start) / 1e6);
        let results = self.sent.iter().map(
            |(since, covers, kind)| json!({ "at_s": after(self.begun, *since), "covers_s": f64::from(*covers) / 1e6, "kind": kind }),
        );
        json!({
            "number": self.number,
            "worker": worker_name(self.worker),
            "begun_s": seconds(self.begun),
            "ended_s": self.ended.map(seconds),
            "end": match self.fate { Fate::Open => "open", Fate::Well => "well", Fate::Broken => "broken" },
            "frames": self.frames,
            "audio_seconds": self.audio.as_secs_f64(),
            "pace": self.pace(),
            "frame_at_s": arrivals.collect::<Vec<_>>(),
            "frame_start_s": starts.collect::<Vec<_>>(),
            "results": results.collect::<Vec<_>>(),
        })
    }
}

/// Workers are counted from 1.
pub(crate) fn worker_name(worker: usize) -> String {
    format!("worker-{}", worker + 1)
}

fn micros(time: Duration) -> u64 {
    time.as_nanos() / 1_000
}

/// Nothing after 71 minutes.
fn narrow(micros: u64) -> Option<u32> {
    u32::try_from(micros).ok()
}

/// To the microsecond.
fn seconds(at: Tick) -> f64 {
    micros(at.since(Tick::ZERO)) as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_and_lateness_are_counted_from_the_first_frame() {
        let at = |millis: u64| Tick::ZERO + Duration::from_millis(millis);
        let mut record = Record::new(1, 0, at(0));
        // Real time but for the third frame, which comes 20 ms late.
        for millis in [1_000, 1_100, 1_220, 1_300] {
            record.frame(at(millis), Duration::from_millis(100));
        }
        record.sent(at(1_500), Duration::from_millis(400), StreamService::Final);
        assert_eq!(record.pace(), Some(1.0));
        record.end(at(1_600));
        let seen = record.report();
        assert_eq!(
            (&seen["frames"], &seen["audio_seconds"], &seen["end"]),
            (&4.into(), &0.4.into(), &"broken".into())
        );
        assert_eq!(seen["frame_at_s"], json!([1.0, 1.1, 1.22, 1.3]));
        assert_eq!(seen["frame_start_s"], json!([0.0, 0.1, 0.2, 0.3]));
        assert_eq!(
            seen["results"],
            json!([{ "at_s": 1.5, "covers_s": 0.4, "kind": "final" }])
        );
        assert_eq!(record.pacing.report()["max_s"], 0.02);
    }

    #[test]
    fn memory_is_bounded() {
        let mut record = Record::new(1, 0, Tick::ZERO);
        for n in 0..KEPT as u64 + 5 {
            record.frame(Tick::from_nanos(n * 1_000), Duration::from_nanos(1_000));
        }
        assert_eq!(
            (record.arrivals.len(), record.frames),
            (KEPT, KEPT as u64 + 5)
        );
    }
}
