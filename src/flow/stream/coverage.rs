//! How far into the audio the results of a conversation have reached, and how long that took.

use super::driver::StreamTimestamps;
use crate::clock::Tick;
use crate::flow::spec::covers::CoversSpec;
use crate::protocol::Message;
use crate::units::Duration;

/// Results may reach so many seconds beyond what was sent, since services pad the end of the audio; and so many seconds short of it, since
/// they leave the silence there out.
const PADDED: f64 = 2.0;

/// What the messages have said about the audio.
#[derive(Debug, Clone, Default)]
pub(crate) struct AudioCoverage {
    /// The seconds reached so far.
    pub(crate) second: f64,
    /// How long each message that reached further took after the audio at its end had been sent.
    pub(crate) delays: Vec<Duration>,
    /// How long each chunk of audio waited for the first message that reached it, in the order of the chunks.
    pub(crate) stale: Vec<Duration>,
    /// Whether any message has said how far it reaches.
    said: bool,
    /// A message has reached what cannot be: so many seconds, of so many sent.
    beyond: Option<(f64, f64)>,
}

impl AudioCoverage {
    /// Takes what a message says. `offset` is where the audio of this connection began.
    pub(crate) fn hear(
        &mut self,
        covers: &CoversSpec,
        message: &Message<'_>,
        offset: f64,
        moments: &StreamTimestamps,
    ) {
        let Some(second) = covers.seconds(message) else {
            return;
        };
        self.said = true;
        let second = second + offset;
        if self.is_beyond(second, moments.sent()) || second <= self.second + 1e-6 {
            return;
        }
        self.second = second;
        // What comes behind `finish` answers that: until then the plan has waited of its own.
        let asked = moments.finished.filter(|finished| *finished <= message.at);
        let since = |sent: Tick| {
            message
                .at
                .since(asked.map_or(sent, |asked| asked.max(sent)))
        };
        if let Some(sent) = moments.sent_at(second) {
            self.delays.push(since(sent));
        }
        let reached = moments.chunks_within(second).skip(self.stale.len());
        self.stale.extend(reached.map(since));
    }

    /// Seconds of audio at the end that nothing has reached, where it is more than the silence that services leave out; 0 where no
    /// message says how far it reaches.
    pub(crate) fn owed(&self, moments: &StreamTimestamps) -> f64 {
        let owed = moments.sent() - self.second;
        if self.said && self.beyond.is_none() && owed > PADDED {
            owed
        } else {
            0.0
        }
    }

    /// Takes the end of the last segment.
    pub(crate) fn hear_end(&mut self, second: f64, moments: &StreamTimestamps) {
        self.is_beyond(second, moments.sent());
    }

    /// Whether a result reaches audio that was never sent: then its numbers mean something else.
    fn is_beyond(&mut self, second: f64, sent: f64) -> bool {
        let beyond = second > sent + PADDED;
        if beyond {
            self.beyond.get_or_insert((second, sent));
        }
        beyond
    }

    /// Whether what it says can be believed.
    pub(crate) const fn is_possible(&self) -> bool {
        self.beyond.is_none()
    }

    /// Whether no message has said how far it reaches.
    pub(crate) const fn is_silent(&self) -> bool {
        !self.said
    }

    /// What is odd about it in a conversation that had messages.
    pub(crate) fn odd(&self, covers: &CoversSpec) -> Option<String> {
        let selector = covers.selector();
        if let Some((second, sent)) = self.beyond {
            let help = unit_of(second / sent).filter(|_| covers.unit() == 1.0).map_or_else(
                || "it counts in another unit".to_owned(),
                |(name, unit)| format!("if `{selector}` counts {name}, write `covers = \"{selector} in {unit}\"`"),
            );
            return Some(format!(
                "a result reaches {second:.1} s when {sent:.1} s of audio had been sent: {help}; such conversations have no coverage"
            ));
        }
        (!self.said).then(|| {
            format!(
                "no message of a conversation has `{selector}`, which `covers` looks for: it has no delay and no staleness"
            )
        })
    }
}

/// What counts so many times as far as there was audio: its name, and how a plan writes it.
fn unit_of(times: f64) -> Option<(&'static str, &'static str)> {
    match times {
        100.0..3_000.0 => Some(("milliseconds", "ms")),
        3_000.0..30_000.0 => Some(("samples of 16 kHz", "62500ns")),
        100_000.0..3_000_000.0 => Some(("microseconds", "us")),
        _ => None,
    }
}
