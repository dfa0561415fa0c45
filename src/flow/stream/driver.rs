//! When this side of a conversation says what: by the clock alone.

use crate::clock::Tick;
use crate::flow::program::script::{OutgoingMessages, StreamScript};
use crate::protocol::{DuplexStream, Frame};
use crate::units::Duration;

/// One conversation from its opening messages to its last.
#[derive(Debug)]
pub(crate) struct StreamDriver<'a> {
    script: &'a StreamScript,
    messages: OutgoingMessages,
    timeout: Duration,
    phase: DriverPhase,
    /// The chunk that is sent next.
    next: usize,
    /// When the first chunk was due, on a clock that stands still while there is no connection.
    base: Tick,
    /// Since when something has waited to be taken by the socket.
    waiting: Option<Tick>,
    /// The end of the audio, or the last message since.
    last_received: Tick,
}

/// A target that rounds to milliseconds does not mean the chunk after.
const ROUNDED: f64 = 1e-3;

/// What happened when, on this side.
#[derive(Debug, Clone, Default)]
pub(crate) struct StreamTimestamps {
    pub(crate) connected: Option<Tick>,
    pub(crate) ready: Option<Tick>,
    pub(crate) finished: Option<Tick>,
    /// When each chunk had been handed to the socket.
    pub(crate) chunks: Vec<Tick>,
    /// Seconds of audio up to the end of each of them.
    pub(crate) reached: Vec<f64>,
    /// How late each chunk was, where there is a clock to keep to.
    pub(crate) lags: Vec<Duration>,
    /// Chunks that the socket has not taken yet.
    untaken: usize,
    /// When the connection was lost, while there is no other.
    lost: Option<Tick>,
    /// Whether `quiet` has ended the listening, and not its own time.
    pub(crate) cut_by_quiet: bool,
    /// How long there was none, each time that it was lost.
    pub(crate) gaps: Vec<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DriverPhase {
    /// For the message that says ready, until then.
    Waiting(Tick),
    /// The audio is being sent.
    Playing,
    /// Everything is sent but the end, which follows then.
    Lingering(Tick),
    /// Nothing is left to be said; the end must come by then.
    Over(Tick),
}

/// What a session waits for in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overdue {
    /// The message that says ready.
    Ready,
    /// The target takes nothing of what is sent.
    Taken,
    /// The end.
    End,
}

impl<'a> StreamDriver<'a> {
    pub(crate) fn new(
        script: &'a StreamScript,
        messages: OutgoingMessages,
        timeout: Duration,
    ) -> Self {
        Self {
            script,
            messages,
            timeout,
            phase: DriverPhase::Waiting(Tick::ZERO),
            next: 0,
            base: Tick::ZERO,
            waiting: None,
            last_received: Tick::ZERO,
        }
    }

    /// A connection is open: says what is said first. `deadline` is the end of the wait for ready.
    pub(crate) fn open(
        &mut self,
        now: Tick,
        deadline: Tick,
        socket: &mut impl DuplexStream,
        moments: &mut StreamTimestamps,
    ) {
        moments.connected.get_or_insert(now);
        for frame in &self.messages.open {
            socket.send(frame.clone());
            self.waiting.get_or_insert(now);
        }
        self.phase = DriverPhase::Waiting(deadline);
        if self.script.ready.is_none() {
            self.start(now, moments);
        }
    }

    /// Whether the message that says ready has not come yet.
    pub(crate) const fn is_waiting(&self) -> bool {
        matches!(self.phase, DriverPhase::Waiting(_))
    }

    /// The target is ready. After a lost connection the audio goes on where it stood.
    pub(crate) fn start(&mut self, now: Tick, moments: &mut StreamTimestamps) {
        if self.script.ready.is_some() {
            moments.ready.get_or_insert(now);
        }
        self.base = match moments.lost.take() {
            Some(lost) => {
                let gap = now.since(lost);
                moments.gaps.push(gap);
                if self.next > 0 { self.base + gap } else { now }
            }
            None => now,
        };
        self.phase = match &self.messages.audio {
            Some(audio) if self.next < audio.count() => DriverPhase::Playing,
            Some(_) | None => self.linger(now),
        };
    }

    /// Everything is said but the end.
    fn linger(&mut self, now: Tick) -> DriverPhase {
        self.last_received = now;
        DriverPhase::Lingering(now + self.script.linger)
    }

    /// A message has come: the quiet that ends the lingering begins anew.
    pub(crate) fn received(&mut self, at: Tick) {
        self.last_received = self.last_received.max(at);
    }

    /// When the lingering that may last until `until` is over, unless a message comes.
    fn lingered(&self, until: Tick) -> Tick {
        self.script
            .quiet
            .map_or(until, |quiet| until.min(self.last_received + quiet))
    }

    /// The connection is lost. `false` where all was said: then there is nothing to be taken up again.
    pub(crate) fn lose(&mut self, now: Tick, moments: &mut StreamTimestamps) -> bool {
        self.waiting = None;
        moments.lost.get_or_insert(now);
        !matches!(self.phase, DriverPhase::Over(_))
    }

    /// Says everything that is due.
    pub(crate) fn advance(
        &mut self,
        now: Tick,
        socket: &mut impl DuplexStream,
        moments: &mut StreamTimestamps,
    ) {
        if self.phase == DriverPhase::Playing {
            self.play(now, socket, moments);
        }
        if let DriverPhase::Lingering(until) = self.phase
            && now >= self.lingered(until)
        {
            if let Some(finish) = &self.messages.finish {
                socket.send(finish.clone());
                self.waiting.get_or_insert(now);
            }
            if self.script.hangs_up {
                socket.send(Frame::Finish);
            }
            moments.finished = Some(now);
            moments.cut_by_quiet = now < until;
            self.phase = DriverPhase::Over(now + self.timeout);
        }
    }

    fn play(&mut self, now: Tick, socket: &mut impl DuplexStream, moments: &mut StreamTimestamps) {
        let Some(audio) = &self.messages.audio else {
            return;
        };
        while self.next < audio.count() {
            let due = self.base + self.offset(self.next);
            // What keeps to no clock waits for the target to take it.
            if now < due || (!self.is_paced() && self.waiting.is_some()) {
                return;
            }
            socket.send(audio.frame(self.next));
            self.waiting.get_or_insert(now);
            self.next += 1;
            moments.chunks.push(now);
            moments.reached.push(audio.cut.chunks.seconds_of(self.next));
            moments.untaken += 1;
            if self.is_paced() {
                moments.lags.push(now.since(due));
            }
        }
        self.phase = self.linger(now);
    }

    /// Everything that was said has been handed to the socket.
    pub(crate) fn sent(&mut self, at: Tick, moments: &mut StreamTimestamps) {
        self.waiting = None;
        let first = moments.chunks.len() - std::mem::take(&mut moments.untaken);
        moments.chunks[first..].fill(at);
    }

    /// When there is something to say or to give up.
    pub(crate) fn wake(&self) -> Tick {
        let stuck = self
            .waiting
            .map_or(Tick::NEVER, |since| since + self.timeout);
        let own = match self.phase {
            DriverPhase::Waiting(until) | DriverPhase::Over(until) => until,
            DriverPhase::Lingering(until) => self.lingered(until),
            DriverPhase::Playing if !self.is_paced() && self.waiting.is_some() => Tick::NEVER,
            DriverPhase::Playing => self.base + self.offset(self.next),
        };
        own.min(stuck)
    }

    /// What has been waited for too long.
    pub(crate) fn overdue(&self, now: Tick) -> Option<Overdue> {
        match self.phase {
            DriverPhase::Waiting(until) if now >= until => Some(Overdue::Ready),
            DriverPhase::Over(until) if now >= until => Some(Overdue::End),
            _ => self
                .waiting
                .is_some_and(|since| now >= since + self.timeout)
                .then_some(Overdue::Taken),
        }
    }

    /// Seconds of audio that there are to send.
    pub(crate) fn audio(&self) -> f64 {
        self.messages
            .audio
            .as_ref()
            .map_or(0.0, |audio| audio.cut.chunks.seconds_of(audio.count()))
    }

    fn is_paced(&self) -> bool {
        self.script
            .feed
            .as_ref()
            .is_some_and(|feed| feed.pace > 0.0)
    }

    /// When a chunk is due after the first.
    fn offset(&self, chunk: usize) -> Duration {
        match (&self.messages.audio, &self.script.feed) {
            (Some(audio), Some(feed)) if feed.pace > 0.0 => {
                audio.cut.chunks.offset(chunk, feed.pace)
            }
            _ => Duration::ZERO,
        }
    }
}

impl StreamTimestamps {
    /// Seconds of audio that were sent.
    pub(crate) fn sent(&self) -> f64 {
        self.reached.last().copied().unwrap_or(0.0)
    }

    /// When the audio up to that second had been sent; the last moment for what lies behind it.
    pub(crate) fn sent_at(&self, second: f64) -> Option<Tick> {
        let place = self
            .reached
            .partition_point(|reached| *reached + ROUNDED < second);
        self.chunks.get(place).or(self.chunks.last()).copied()
    }

    /// When each chunk had been sent that ends at that second or before it.
    pub(crate) fn chunks_within(&self, second: f64) -> impl Iterator<Item = Tick> {
        let count = self
            .reached
            .partition_point(|reached| *reached <= second + ROUNDED);
        self.chunks[..count].iter().copied()
    }

    /// Seconds of audio a second from the first chunk to the last; `None` where there are not two.
    pub(crate) fn pace(&self) -> Option<f64> {
        let (first, last) = (self.chunks.first()?, self.chunks.last()?);
        let wall = last.since(*first).as_secs_f64();
        let lost: f64 = self.gaps.iter().map(|gap| gap.as_secs_f64()).sum();
        let before = self.reached.get(self.reached.len().checked_sub(2)?)?;
        (wall > lost).then(|| before / (wall - lost))
    }
}
