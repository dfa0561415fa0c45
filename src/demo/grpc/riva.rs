//! NVIDIA Riva's speech recognition: live and of whole recordings.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use tonic::Status;

use super::dialect::{GrpcClientEvent, GrpcDialect, Later, sample_bytes};
use super::exchange::receive;
use super::method::unary;
use super::riva_messages::{
    AudioEncoding, ConfigRequest, ConfigResponse, ModelConfig, RecognitionConfig, RecognizeRequest,
    RecognizeResponse, SpeechRecognitionAlternative, SpeechRecognitionResult,
    StreamingRecognitionResult, StreamingRecognizeRequest, StreamingRecognizeResponse,
    StreamingRequest, WordInfo,
};
use crate::clock::Tick;
use crate::demo::http::call::Call;
use crate::demo::http::wav;
use crate::demo::stream::{SessionStep, SpokenSegment, StreamSession, Word};
use crate::demo::target::Target;
use crate::units::Duration;

const MODEL: &str = "perfgate-en-US-asr";

/// One client's side of it.
#[derive(Default)]
struct Riva {
    config: Option<RecognitionConfig>,
    interim: bool,
}

/// `/nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize`
pub(crate) async fn streaming_recognize(
    State(target): State<Arc<Target>>,
    request: Request,
) -> Response {
    receive(target, request, Riva::default()).await
}

/// `/nvidia.riva.asr.RivaSpeechRecognition/Recognize`
pub(crate) async fn recognize(State(target): State<Arc<Target>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let call = Call::new(&target, &parts);
    let clock = target.clock();
    unary(
        clock,
        Request::from_parts(parts, body),
        move |whole: RecognizeRequest| async move {
            let arrived = target.now();
            if let Some(fault) = call.fault {
                call.struck();
                return Err(Status::unavailable(format!("Injected fault: {fault:?}")));
            }
            let config = usable(whole.config)?;
            let header = whole.audio.starts_with(b"RIFF");
            let seconds = header.then(|| wav::seconds(&whole.audio));
            let audio = match seconds {
                Some(seconds) => Duration::from_secs_f64(seconds),
                None => sample_bytes(whole.audio.len(), config.sample_rate_hertz)?,
            };
            target
                .wait_until(arrived + target.stream_time(target.spec.stream.delay))
                .await;
            {
                let mut books = target.books();
                books.tally.audio_seconds += audio.as_secs_f64();
                books.tally.worked(target.now().since(arrived));
            }
            let result = |segment: &SpokenSegment| SpeechRecognitionResult {
                alternatives: vec![alternative(segment, config.enable_word_time_offsets)],
                channel_tag: 1,
                audio_processed: segment.end.as_secs_f64() as f32,
            };
            let every = target.spec.stream.result_every;
            Ok(RecognizeResponse {
                results: target
                    .script
                    .whole(audio, every)
                    .iter()
                    .map(result)
                    .collect(),
            })
        },
    )
    .await
}

/// `/nvidia.riva.asr.RivaSpeechRecognition/GetRivaSpeechRecognitionConfig`
pub(crate) async fn config(State(target): State<Arc<Target>>, request: Request) -> Response {
    unary(target.clock(), request, |_: ConfigRequest| async {
        let pairs = [
            ("language_code", "en-US"),
            ("sample_rate", "16000"),
            ("streaming", "True"),
            ("type", "online"),
        ];
        let parameters: HashMap<_, _> = pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        Ok(ConfigResponse {
            model_config: vec![ModelConfig {
                model_name: MODEL.to_owned(),
                parameters,
            }],
        })
    })
    .await
}

/// A configuration that can be worked with.
fn usable(config: Option<RecognitionConfig>) -> Result<RecognitionConfig, Status> {
    let config = config.ok_or_else(|| Status::invalid_argument("`config` is needed"))?;
    if config.encoding() != AudioEncoding::LinearPcm {
        return Err(Status::invalid_argument(format!(
            "only LINEAR_PCM is understood here, not {:?}",
            config.encoding()
        )));
    }
    if config.sample_rate_hertz <= 0 || config.audio_channel_count > 1 {
        return Err(Status::invalid_argument(
            "`sample_rate_hertz` is needed, and one channel",
        ));
    }
    Ok(config)
}

fn alternative(segment: &SpokenSegment, times: bool) -> SpeechRecognitionAlternative {
    let millis = |seconds: f64| (seconds * 1_000.0).round() as i32;
    let word = |Word { start, end, text }: &Word| WordInfo {
        start_time: millis(*start),
        end_time: millis(*end),
        word: text.clone(),
        confidence: 0.97,
    };
    let words = if times {
        segment.words.iter().map(word).collect()
    } else {
        Vec::new()
    };
    SpeechRecognitionAlternative {
        transcript: segment.text(),
        confidence: 0.97,
        words,
    }
}

impl GrpcDialect for Riva {
    type In = StreamingRecognizeRequest;
    type Out = StreamingRecognizeResponse;

    fn read(&mut self, message: StreamingRecognizeRequest) -> Result<GrpcClientEvent, Status> {
        match (message.streaming_request, &self.config) {
            (Some(StreamingRequest::StreamingConfig(streaming)), None) => {
                self.interim = streaming.interim_results;
                self.config = Some(usable(streaming.config)?);
                Ok(GrpcClientEvent::Nothing)
            }
            (Some(StreamingRequest::AudioContent(bytes)), Some(config)) => {
                sample_bytes(bytes.len(), config.sample_rate_hertz).map(GrpcClientEvent::Audio)
            }
            _ => Err(Status::invalid_argument(
                "`streaming_config` comes first and once, then `audio_content`",
            )),
        }
    }

    fn say(&mut self, turn: &SessionStep) -> Option<StreamingRecognizeResponse> {
        let times = self
            .config
            .as_ref()
            .is_some_and(|config| config.enable_word_time_offsets);
        let result = |segment: &SpokenSegment, is_final: bool| StreamingRecognitionResult {
            alternatives: vec![alternative(segment, times && is_final)],
            is_final,
            stability: if is_final { 1.0 } else { 0.1 },
            channel_tag: 1,
            audio_processed: turn.covers.as_secs_f64() as f32,
        };
        let partial = turn
            .partial
            .iter()
            .filter(|_| self.interim && turn.closed.is_empty());
        let closed = turn.closed.iter().map(|segment| result(segment, true));
        let results: Vec<_> = closed
            .chain(partial.map(|segment| result(segment, false)))
            .collect();
        (!results.is_empty()).then_some(StreamingRecognizeResponse { results })
    }

    fn finish(
        &mut self,
        now: Tick,
        session: &mut StreamSession,
        _fails: bool,
    ) -> Vec<Later<StreamingRecognizeResponse>> {
        session.finish(now);
        Vec::new()
    }
}
