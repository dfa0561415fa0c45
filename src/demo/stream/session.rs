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
    /// All that is said in a whole recording, segment by segment as a stream would have it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::StreamSpec;

    fn at(millis: u64) -> Tick {
        Tick::ZERO + ms(millis)
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn session(keys: &str, steps: Steps, ready: Tick) -> StreamSession {
        let spec: StreamSpec = toml::from_str(keys).expect(keys);
        StreamSession::new(
            &Arc::new(Script::new(&spec)),
            spec.result_every,
            spec.delay,
            steps,
            ready,
        )
    }

    /// Hears so many frames of 100 ms in real time, the first at 100 ms, and then the end.
    fn heard(session: &mut StreamSession, frames: u64) {
        (1..=frames).for_each(|n| session.hear(at(n * 100), ms(100)));
        session.finish(at(frames * 100));
    }

    fn all(session: &mut StreamSession) -> Vec<(u64, SessionStep)> {
        let due = |session: &StreamSession| session.next_due().map(|at| at.as_nanos() / 1_000_000);
        std::iter::from_fn(|| {
            due(session).map(|due| (due, session.pop(at(due)).expect("it is due")))
        })
        .collect()
    }

    fn texts(turns: &[(u64, SessionStep)]) -> Vec<String> {
        turns
            .iter()
            .flat_map(|(_, turn)| &turn.closed)
            .map(SpokenSegment::text)
            .collect()
    }

    #[test]
    fn a_result_is_due_so_long_after_the_frame_that_it_reaches() {
        let mut session = session("transcript = 'a b c d e'", Steps::Halves, at(0));
        heard(&mut session, 23);
        assert_eq!((session.heard(), session.pop(at(599))), (ms(2_300), None));
        let turns = all(&mut session);
        let seen: Vec<_> = turns
            .iter()
            .map(|(due, turn)| (*due, turn.covers, turn.last))
            .collect();
        let due = |millis: u64| (millis + 100, ms(millis), false);
        assert_eq!(
            seen,
            [
                due(500),
                due(1_000),
                due(1_500),
                due(2_000),
                (2_400, ms(2_300), true)
            ]
        );
        assert_eq!(
            texts(&turns),
            ["a b", "c d", ""],
            "the fifth word ends at 2.5 s"
        );
        let partial = |n: usize| {
            turns[n]
                .1
                .partial
                .as_ref()
                .map(|part| (part.start, part.end, part.text()))
        };
        assert_eq!(partial(2), Some((ms(1_000), ms(1_500), "c".to_owned())));
        assert_eq!(partial(3), None);
    }

    #[test]
    fn nothing_is_said_before_it_is_ready_nor_after_the_end() {
        let mut session = session("", Steps::Halves, at(1_000));
        heard(&mut session, 10);
        session.hear(at(1_100), ms(500));
        let due: Vec<_> = all(&mut session)
            .into_iter()
            .map(|(due, turn)| (due, turn.covers))
            .collect();
        assert_eq!(
            due,
            [(1_000, ms(500)), (1_100, ms(1_000)), (1_100, ms(1_000))]
        );
    }

    #[test]
    fn each_frame_has_its_result() {
        let mut session = session(
            "transcript = 'a b c'\nresult_every = '200ms'\nwords_per_second = 10",
            Steps::Frames,
            at(0),
        );
        heard(&mut session, 5);
        let turns = all(&mut session);
        assert_eq!(turns.len(), 6);
        let closed: Vec<_> = turns.iter().map(|(_, turn)| turn.closed.len()).collect();
        assert_eq!(
            (closed, texts(&turns)),
            (
                vec![0, 1, 0, 1, 0, 1],
                vec!["a b".into(), "c a".into(), "b".into()]
            )
        );
    }

    #[test]
    fn many_segments_in_one_frame_are_all_said() {
        let mut session = session("", Steps::Frames, at(0));
        session.hear(at(0), ms(3_500));
        session.finish(at(0));
        let turns = all(&mut session);
        assert_eq!((turns[0].1.closed.len(), turns[1].1.closed.len()), (3, 1));
        assert_eq!(turns[1].1.closed[0].start, ms(3_000));
    }

    #[test]
    fn a_flush_closes_the_segment_under_way() {
        let mut session = session(
            "transcript = 'a b'\nwords_per_second = 10",
            Steps::Halves,
            at(0),
        );
        session.hear(at(0), ms(300));
        let turn = session.flush();
        assert_eq!(
            (turn.closed.len(), turn.closed[0].text(), turn.covers),
            (1, "a b a".to_owned(), ms(300))
        );
        session.hear(at(0), ms(700));
        session.finish(at(0));
        let closed: Vec<_> = all(&mut session)
            .into_iter()
            .flat_map(|(_, turn)| turn.closed)
            .collect();
        assert_eq!(
            (closed.len(), closed[0].start, closed[0].end),
            (1, ms(300), ms(1_000))
        );
        assert_eq!(closed[0].words.len(), 7);
    }

    #[test]
    fn a_share_of_segments_is_lost_and_a_share_of_words_is_wrong() {
        let keys = "lost_share = '8%'\nwrong_words_share = '10%'\nwords_per_second = 1";
        let spec: StreamSpec = toml::from_str(keys).expect(keys);
        let script = Arc::new(Script::new(&spec));
        let (mut said, mut wrong) = (0, 0);
        // Streams so short that none of them alone could lose its 8 %.
        for _ in 0..100 {
            let mut session =
                StreamSession::new(&script, spec.result_every, spec.delay, Steps::Halves, at(0));
            heard(&mut session, 50);
            let words: Vec<_> = all(&mut session)
                .into_iter()
                .flat_map(|(_, turn)| turn.closed)
                .flat_map(|s| s.words)
                .collect();
            said += words.len();
            wrong += words.iter().filter(|word| word.text == "brzk").count();
        }
        assert_eq!((said, wrong), (460, 46));
    }

    #[test]
    fn a_whole_recording_says_the_same() {
        let spec = StreamSpec::default();
        let script = Arc::new(Script::new(&spec));
        let mut session =
            StreamSession::new(&script, spec.result_every, spec.delay, Steps::Halves, at(0));
        heard(&mut session, 23);
        let streamed: Vec<_> = all(&mut session)
            .into_iter()
            .flat_map(|(_, turn)| turn.closed)
            .collect();
        assert_eq!(script.whole(ms(2_300), spec.result_every), streamed);
    }
}
