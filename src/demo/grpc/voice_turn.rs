//! What a voice gateway answers when the client has spoken, and when.

use bytes::Bytes;

use super::gateway_messages::{EventType, FromServer, ServerEvent};
use crate::demo::StreamSpec;
use crate::demo::stream::StreamService;
use crate::units::Duration;

/// Two sentences, each of which is spoken by itself.
const ANSWER: &str = "It will rain until noon. After that the sun comes out.";
/// A quarter of a second of speech, at 16 kHz.
const SPOKEN: &[u8] = &[0x10; 8_000];

/// A message so long after the end of the client's audio.
pub(crate) type Timed = (Duration, FromServer, StreamService);

/// The whole turn, in the order of its messages: transcript, PROCESSING, the answer word by word, and beside it SPEAKING and
/// audio; LISTENING and END_OF_TURN at last.
pub(crate) fn turn(spec: &StreamSpec, transcript: String, fails: bool) -> Vec<Timed> {
    let heard = spec.asr;
    if fails {
        return vec![
            (
                heard,
                event(EventType::Error, "Injected fault"),
                StreamService::Error,
            ),
            (heard, event(EventType::EndOfTurn, ""), StreamService::End),
        ];
    }
    let mut all = vec![
        (
            heard,
            FromServer::TranscriptChunk(transcript),
            StreamService::Final,
        ),
        (
            heard,
            event(EventType::Processing, ""),
            StreamService::Processing,
        ),
    ];
    let words: Vec<&str> = ANSWER.split_inclusive(' ').collect();
    let spread = spec.llm.saturating_sub(spec.llm_first).as_nanos();
    let gaps = (words.len() as u64 - 1).max(1);
    for (n, word) in words.iter().enumerate() {
        let at = heard + spec.llm_first + Duration::from_nanos(spread * n as u64 / gaps);
        all.push((
            at,
            FromServer::LlmResponseChunk((*word).to_owned()),
            StreamService::Llm,
        ));
    }
    let first_audio = heard + spec.llm_first + spec.tts;
    let end = first_audio.max(heard + spec.llm);
    let audio = || FromServer::AudioChunk(Bytes::from_static(SPOKEN));
    all.push((
        first_audio,
        event(EventType::Speaking, ""),
        StreamService::Speaking,
    ));
    all.push((first_audio, audio(), StreamService::Audio));
    all.push((end, audio(), StreamService::Audio));
    all.push((
        end,
        event(EventType::Listening, ""),
        StreamService::Listening,
    ));
    all.push((end, event(EventType::EndOfTurn, ""), StreamService::End));
    // By time, and what comes at one moment as it stands here.
    all.sort_by_key(|(at, ..)| *at);
    all
}

pub(crate) fn event(kind: EventType, message: &str) -> FromServer {
    FromServer::Event(ServerEvent {
        kind: kind.into(),
        message: message.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(keys: &str) -> Vec<(u64, StreamService)> {
        let spec: StreamSpec = toml::from_str(keys).expect(keys);
        let all = turn(&spec, "hello".to_owned(), false);
        all.into_iter()
            .map(|(at, _, kind)| (at.as_nanos() / 1_000_000, kind))
            .collect()
    }

    #[test]
    fn each_stage_begins_where_the_one_before_it_is() {
        let all = moments("");
        let first =
            |kind: StreamService| all.iter().find(|(_, own)| *own == kind).map(|(at, _)| *at);
        let last = |kind: StreamService| {
            all.iter()
                .rev()
                .find(|(_, own)| *own == kind)
                .map(|(at, _)| *at)
        };
        assert_eq!(
            (
                first(StreamService::Final),
                first(StreamService::Llm),
                last(StreamService::Llm),
                first(StreamService::Audio)
            ),
            (Some(50), Some(150), Some(200), Some(350))
        );
        assert_eq!(
            all[all.len() - 2..],
            [(350, StreamService::Listening), (350, StreamService::End)]
        );
    }

    #[test]
    fn speech_may_begin_while_the_answer_is_still_written() {
        let all = moments("asr = '0s'\nllm_first = '10ms'\nllm = '1s'\ntts = '20ms'");
        let kinds: Vec<_> = all.iter().map(|(_, kind)| *kind).collect();
        let at = |kind: StreamService| kinds.iter().position(|own| *own == kind);
        assert!(
            at(StreamService::Speaking) < at(StreamService::Audio)
                && at(StreamService::Audio)
                    < kinds.iter().rposition(|kind| *kind == StreamService::Llm),
            "{kinds:?}"
        );
        assert_eq!(all.last(), Some(&(1_000, StreamService::End)));
    }

    #[test]
    fn a_turn_that_fails_ends_all_the_same() {
        let all = turn(&StreamSpec::default(), String::new(), true);
        assert_eq!(
            all.iter().map(|(_, _, kind)| *kind).collect::<Vec<_>>(),
            [StreamService::Error, StreamService::End]
        );
    }
}
