//! `target.demo.stream` of a plan: what services say while audio arrives, and when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::row::StreamRecordRow;
use crate::demo::Service;
use crate::units::{Count, Duration, Number, Ratio};

/// What is said over and over where the plan says nothing else.
const TRANSCRIPT: &str = "good morning and welcome to the daily report it will rain until noon and clear up in the \
    afternoon please call back when the train has arrived thank you and goodbye";

/// What a service that streams says while audio arrives, and when. Each service refuses the keys that it does not heed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StreamSpec {
    /// The part of all sessions that each worker gets, for example [8, 1, 1]: as many numbers as `workers`. Without it, each
    /// the same.
    #[serde(skip_serializing_if = "is_empty")]
    pub shares: StreamRecordRow<Count>,
    /// The audio that one segment of the transcript covers. Half-way there is an interim result, where the protocol has some.
    pub result_every: Duration,
    /// How long after the arrival of a frame the results are sent that cover the audio up to its end.
    pub delay: Duration,
    /// How long it takes to be ready: until the message that says so, or else until the handshake is answered.
    pub ready_time: Duration,
    /// What is said in all audio, spread evenly, from its start again when it is over.
    pub transcript: String,
    /// How many words of `transcript` are said in a second of audio.
    pub words_per_second: Number,
    /// The share of segments that are never sent: evenly spaced over the segments of all streams.
    pub lost_share: Ratio,
    /// The share of words that are replaced by a wrong one: evenly spaced over the words of all streams.
    pub wrong_words_share: Ratio,
    /// How long a session may last; then it is told to disconnect (whisperlive only). Zero is for ever.
    pub overtime: Duration,
    /// What the options of a session must name (whisperlive only).
    pub required: StreamRecordRow<String>,
    /// A warning that is sent once after the ready message (whisperlive only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// From the end of the client's audio to the final transcript (gateway only).
    pub asr: Duration,
    /// From the final transcript to the first chunk of the answer (gateway only).
    pub llm_first: Duration,
    /// From the final transcript to the last chunk of the answer (gateway only).
    pub llm: Duration,
    /// From the first chunk of the answer to the first audio (gateway only).
    pub tts: Duration,
}

impl Default for StreamSpec {
    fn default() -> Self {
        Self {
            shares: StreamRecordRow::default(),
            result_every: Duration::from_secs(1),
            delay: Duration::from_millis(100),
            ready_time: Duration::ZERO,
            transcript: TRANSCRIPT.to_owned(),
            words_per_second: Number(2.0),
            lost_share: Ratio(0.0),
            wrong_words_share: Ratio(0.0),
            overtime: Duration::from_secs(600),
            required: StreamRecordRow(vec!["uid".to_owned()]),
            warning: None,
            asr: Duration::from_millis(50),
            llm_first: Duration::from_millis(100),
            llm: Duration::from_millis(150),
            tts: Duration::from_millis(200),
        }
    }
}

fn is_empty(row: &StreamRecordRow<Count>) -> bool {
    row.0.is_empty()
}

/// A segment shorter than this would be more messages than speech.
const SHORTEST: Duration = Duration::from_millis(20);

impl StreamSpec {
    /// What cannot be, each with what to do about it.
    pub(crate) fn check(&self, service: Service, workers: u64) -> Vec<String> {
        let mut found = self.unheeded(service);
        if self.result_every < SHORTEST {
            found.push(format!("`stream.result_every` must be {SHORTEST} at least"));
        }
        if self.transcript.split_whitespace().next().is_none() {
            found.push("`stream.transcript` must have a word in it".to_owned());
        }
        if !(0.0..=1_000.0).contains(&self.words_per_second.0) {
            found.push("`stream.words_per_second` must be from 0 to 1000".to_owned());
        }
        for (name, share) in [
            ("lost_share", self.lost_share),
            ("wrong_words_share", self.wrong_words_share),
        ] {
            if !(0.0..=1.0).contains(&share.0) {
                found.push(format!("`stream.{name}` must be from 0% to 100%"));
            }
        }
        if self.llm < self.llm_first {
            found.push(
                "`stream.llm` must not be shorter than `stream.llm_first`: both begin at the transcript".to_owned(),
            );
        }
        let shares = &self.shares.0;
        if !shares.is_empty()
            && (shares.len() as u64 != workers || shares.iter().all(|share| share.0 == 0))
        {
            found.push(format!(
                "`stream.shares` must be as many numbers as `workers`, {workers}, and not all of them 0"
            ));
        }
        found
    }

    /// The keys that are set and that this service does not heed.
    fn unheeded(&self, service: Service) -> Vec<String> {
        let Self {
            shares,
            result_every,
            delay,
            ready_time,
            transcript,
            words_per_second,
            ..
        } = self;
        let Self {
            lost_share,
            wrong_words_share,
            overtime,
            required,
            warning,
            asr,
            llm_first,
            llm,
            tts,
            ..
        } = self;
        let plain = Self::default();
        let streams = service.streams();
        let (whisperlive, gateway) = (service == Service::Whisperlive, service == Service::Gateway);
        let keys = [
            ("shares", *shares != plain.shares, streams),
            ("result_every", *result_every != plain.result_every, streams),
            ("delay", *delay != plain.delay, streams),
            ("ready_time", *ready_time != plain.ready_time, streams),
            ("transcript", *transcript != plain.transcript, streams),
            (
                "words_per_second",
                *words_per_second != plain.words_per_second,
                streams,
            ),
            ("lost_share", *lost_share != plain.lost_share, streams),
            (
                "wrong_words_share",
                *wrong_words_share != plain.wrong_words_share,
                streams,
            ),
            ("overtime", *overtime != plain.overtime, whisperlive),
            ("required", *required != plain.required, whisperlive),
            ("warning", *warning != plain.warning, whisperlive),
            ("asr", *asr != plain.asr, gateway),
            ("llm_first", *llm_first != plain.llm_first, gateway),
            ("llm", *llm != plain.llm, gateway),
            ("tts", *tts != plain.tts, gateway),
        ];
        let refused = keys.into_iter().filter(|(_, set, heeded)| *set && !heeded);
        refused
            .map(|(key, ..)| {
                format!(
                    "`stream.{key}` means nothing to `service = \"{}\"`",
                    service.name()
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_named() {
        for (service, keys, said) in [
            (
                Service::Vosk,
                "overtime = '1s'",
                "`stream.overtime` means nothing to `service = \"vosk\"`",
            ),
            (
                Service::Jobs,
                "delay = '1s'",
                "`stream.delay` means nothing",
            ),
            (Service::Riva, "asr = '1s'", "`stream.asr` means nothing"),
            (Service::Gateway, "llm = '50ms'", "`stream.llm_first`"),
            (Service::Vosk, "transcript = ' '", "must have a word"),
            (Service::Vosk, "result_every = '0s'", "20ms at least"),
            (Service::Vosk, "lost_share = '101%'", "from 0% to 100%"),
            (Service::Vosk, "words_per_second = -1", "from 0 to 1000"),
            (
                Service::Vosk,
                "shares = [1, 2]",
                "as many numbers as `workers`, 3",
            ),
            (Service::Vosk, "shares = '0, 0, 0'", "not all of them 0"),
            (
                Service::Vosk,
                "shares = '[1, 2]'",
                "as many numbers as `workers`, 3",
            ),
        ] {
            let spec: StreamSpec = toml::from_str(keys).expect(keys);
            let found = spec.check(service, 3);
            assert!(
                found.len() == 1 && found[0].contains(said),
                "{keys}: {found:?}"
            );
        }
        for service in Service::ALL {
            assert!(StreamSpec::default().check(service, 1).is_empty());
        }
    }
}
