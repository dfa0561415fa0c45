//! A call that is not a stream: one message there, one back.

use std::sync::Arc;

use bytes::Bytes;

use super::codes::KIND;
use super::method::GrpcMethod;
use crate::clock::Tick;
use crate::metric::ErrorClass;
use crate::protocol::exchange::codec::Codec;
use crate::protocol::{
    DuplexStream, ExchangeError, Failure, Frame, Opened, Payload, Reply, Request, RequestError,
    StreamEvent, StreamRequest, Timing, Transport,
};
use crate::units::Duration;

/// Calls a method with the request's JSON. The body of the reply is JSON.
///
/// # Errors
/// What went wrong and how far it got.
pub(crate) async fn call<T: Transport>(
    transport: &mut T,
    method: &Arc<GrpcMethod>,
    request: &Request,
    now: Tick,
    timeout: Duration,
) -> Result<Reply, Box<ExchangeError>> {
    let message = method
        .encode(&request.payload.parts().concat())
        .map_err(|error| unsendable(error, now))?;
    let request = StreamRequest {
        request: Request {
            payload: Payload::default(),
            ..request.clone()
        },
        kind: KIND,
        codec: Some(Arc::clone(method) as Arc<dyn Codec>),
        deadline: timeout,
    };
    let reply = send(transport, &request, message).await?;
    if !reply.is_good() {
        return Ok(reply.with_body(Bytes::new()));
    }
    match method.decode(&reply.body) {
        Some(json) => {
            let message = reply.body.clone();
            let codec = Arc::clone(method) as Arc<dyn Codec>;
            let reply = reply.with_body(json.to_string().into());
            Ok(reply.with_message(codec, message))
        }
        None => Err(failed(
            ErrorClass::Protocol,
            "the reply is not the message that the method answers with".to_owned(),
            reply.timing,
        )),
    }
}

/// Of several messages the first is the reply's body.
async fn send<T: Transport>(
    transport: &mut T,
    request: &StreamRequest,
    message: Bytes,
) -> Result<Reply, Box<ExchangeError>> {
    let mut stream = match transport.open_stream(request).await? {
        Opened::Open(stream) => stream,
        Opened::Refused(reply) => return Ok(*reply),
    };
    stream.send(Frame::Binary(message));
    stream.send(Frame::Finish);
    let mut body = None;
    loop {
        match stream.next().await {
            Ok(StreamEvent::Sent(_) | StreamEvent::Head) => {}
            Ok(StreamEvent::Message(_, message)) => drop(body.get_or_insert(message)),
            Ok(StreamEvent::Ended(reply)) => {
                let lacks_message = body.is_none() && reply.is_good();
                let codec = request.codec.as_ref();
                if lacks_message && codec.is_some_and(|codec| codec.replies_once()) {
                    let message = "the reply has no message".to_owned();
                    return Err(failed(ErrorClass::Protocol, message, reply.timing));
                }
                return Ok(reply.with_body(body.unwrap_or_default()));
            }
            Err(failure) => {
                let timing = stream.reply().timing;
                return Err(Box::new(ExchangeError { failure, timing }));
            }
        }
    }
}

/// A message that could not be made.
pub(crate) fn unsendable(error: RequestError, now: Tick) -> Box<ExchangeError> {
    let timing = Timing {
        started: now,
        ended: now,
        ..Timing::default()
    };
    failed(ErrorClass::Check, error.0, timing)
}

fn failed(class: ErrorClass, message: String, timing: Timing) -> Box<ExchangeError> {
    Box::new(ExchangeError {
        failure: Failure::new(class, message),
        timing,
    })
}
