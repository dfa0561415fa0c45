//! The schedule of one stream: which result is due when, and what it says. It is computed from moments, so it is exact whatever
//! timers do.

use std::collections::VecDeque;
use std::sync::Arc;

use super::kind::StreamService;
use super::script::{Script, Word};
use crate::clock::Tick;
use crate::units::Duration;

/// When results are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Steps {
    /// At the middle of each segment, and at its end.
    Halves,
    /// With each frame: one result for one frame.
    Frames,
}

/// One stream, from its first frame to its last result.
#[derive(Debug)]
pub(crate) struct StreamSession {
    script: Arc<Script>,
    every: Duration,
    delay: Duration,
    steps: Steps,
    ready: Tick,
    heard: Duration,
    last_frame: Tick,
    /// How many half segments have their result among `due`, or had it.
    planned: u64,
    due: VecDeque<Due>,
    finished: bool,
    open: Option<SpokenSegment>,
    /// Where the segment under way begins.
    begin: Duration,
    closed: u64,
    words: u64,
}

#[derive(Debug, Clone, Copy)]
struct Due {
    at: Tick,
    covers: Duration,
    last: bool,
}

/// A part of the transcript.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SpokenSegment {
    pub(crate) start: Duration,
    pub(crate) end: Duration,
    pub(crate) words: Vec<Word>,
    lost: bool,
}

impl SpokenSegment {
    /// An empty one, where an answer is owed and nothing was said.
    pub(crate) fn nothing(at: Duration) -> Self {
        Self {
            start: at,
            end: at,
            words: Vec::new(),
            lost: false,
        }
    }

    pub(crate) fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }
}

/// One result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SessionStep {
    /// How far into the audio it reaches.
    pub(crate) covers: Duration,
    /// The segments that are complete since the result before; lost ones are not among them.
    pub(crate) closed: Vec<SpokenSegment>,
    /// The segment that has begun, as far as it is known.
    pub(crate) partial: Option<SpokenSegment>,
    /// Nothing comes after it: all audio was heard to its end.
    pub(crate) last: bool,
}

impl SessionStep {
    /// What it is.
    pub(crate) fn kind(&self) -> StreamService {
        match self {
            Self { last: true, .. } => StreamService::Final,
            Self { closed, .. } if closed.is_empty() => StreamService::Interim,
            _ => StreamService::Segment,
        }
    }
}

impl StreamSession {
    /// A stream whose results are not sent before `ready`.
    pub(crate) fn new(
        script: &Arc<Script>,
        every: Duration,
        delay: Duration,
        steps: Steps,
        ready: Tick,
    ) -> Self {
        Self {
            script: Arc::clone(script),
            every,
            delay,
            steps,
            ready,
            heard: Duration::ZERO,
            last_frame: Tick::ZERO,
            planned: 0,
            due: VecDeque::new(),
            finished: false,
            open: None,
            begin: Duration::ZERO,
            closed: 0,
            words: 0,
        }
    }

    /// How much audio has arrived.
    pub(crate) fn heard(&self) -> Duration {
        self.heard
    }

    /// A frame of so much audio has arrived. Audio after its end is not listened to.
    pub(crate) fn hear(&mut self, now: Tick, audio: Duration) {
        if self.finished {
            return;
        }
        self.heard = self.heard + audio;
        self.last_frame = now;
        let at = (now + self.delay).max(self.ready);
        match self.steps {
            Steps::Frames => self.due.push_back(Due {
                at,
                covers: self.heard,
                last: false,
            }),
            Steps::Halves => {
                while self.half(self.planned + 1) <= self.heard {
                    self.planned += 1;
                    self.due.push_back(Due {
                        at,
                        covers: self.half(self.planned),
                        last: false,
                    });
                }
            }
        }
    }

    /// No more audio will arrive. What is left has its result when its last frame is due, at once where that has passed.
    pub(crate) fn finish(&mut self, now: Tick) {
        if !self.finished {
            self.finished = true;
            let at = (self.last_frame + self.delay).max(now).max(self.ready);
            self.due.push_back(Due {
                at,
                covers: self.heard,
                last: true,
            });
        }
    }

    /// Closes the segment under way as if it ended here; the stream goes on.
    pub(crate) fn flush(&mut self) -> SessionStep {
        self.advance(self.heard);
        let closed = self.close(self.heard).into_iter().collect();
        SessionStep {
            covers: self.heard,
            closed,
            partial: None,
            last: false,
        }
    }

    /// When the next result is due.
    pub(crate) fn next_due(&self) -> Option<Tick> {
        self.due.front().map(|due| due.at)
    }

    /// The next result, where it is due.
    pub(crate) fn pop(&mut self, now: Tick) -> Option<SessionStep> {
        let due = *self.due.front().filter(|due| due.at <= now)?;
        self.due.pop_front();
        let mut closed = self.advance(due.covers);
        if due.last {
            closed.extend(self.close(due.covers));
        }
        let partial = self.open.clone().filter(|segment| !segment.lost);
        Some(SessionStep {
            covers: due.covers,
            closed,
            partial,
            last: due.last,
        })
    }

    fn half(&self, n: u64) -> Duration {
        Duration::from_nanos(self.every.as_nanos().saturating_mul(n) / 2)
    }

    /// Says what was heard up to here; the segments that end on the way.
    fn advance(&mut self, covers: Duration) -> Vec<SpokenSegment> {
        let mut closed = Vec::new();
        loop {
            let end = self.half(2 * (self.closed + 1));
            if end > covers {
                break;
            }
            self.say(end);
            closed.extend(self.close(end));
        }
        self.say(covers);
        closed
    }

    /// Ends the segment under way; nothing where it is lost, or has not begun.
    fn close(&mut self, end: Duration) -> Option<SpokenSegment> {
        self.begin = self.begin.max(end);
        let segment = self.open.take()?;
        if end >= self.half(2 * (self.closed + 1)) {
            self.closed += 1;
        }
        (!segment.lost).then_some(segment)
    }

    /// The segment under way reaches up to here.
    fn say(&mut self, end: Duration) {
        let start = self.begin;
        if end <= start {
            return;
        }
        let odds = self.script.odds();
        let segment = self.open.get_or_insert_with(|| SpokenSegment {
            start,
            end: start,
            words: Vec::new(),
            lost: odds.loses_segment(),
        });
        segment.end = end;
        let said = self.script.said_by(end);
        if segment.lost {
            self.words = self.words.max(said);
        }
        while self.words < said {
            segment.words.push(self.script.heard(self.words));
            self.words += 1;
        }
    }
}

impl Script {
    /// The transcript of a whole recording, in the segments that a stream would send.
    pub(crate) fn whole(self: &Arc<Self>, audio: Duration, every: Duration) -> Vec<SpokenSegment> {
        let mut session =
            StreamSession::new(self, every, Duration::ZERO, Steps::Halves, Tick::ZERO);
        session.hear(Tick::ZERO, audio);
        session.finish(Tick::ZERO);
        std::iter::from_fn(|| session.pop(Tick::NEVER))
            .flat_map(|turn| turn.closed)
            .collect()
    }
}

/// So many samples in time.
pub(crate) fn samples(count: usize, rate: u64) -> Duration {
    Duration::from_nanos((count as u64).saturating_mul(1_000_000_000) / rate.max(1))
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
