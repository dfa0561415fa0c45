//! One gRPC call under way.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use ::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, TE};
use ::http::{HeaderMap, Uri};
use bytes::Bytes;
use futures_util::Stream;
use tonic::client::Grpc;
use tonic::codec::{CompressionEncoding, Streaming};
use tonic::metadata::MetadataMap;
use tonic::{Code, Response, Status};

use super::channel::{Channel, ChannelSender, Channels};
use super::codec::AsIs;
use super::codes::name_of;
use super::reply_body::ReplyScan;
use super::request_queue::RequestQueue;
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::ConnectionOptions;
use crate::protocol::StreamRequest;
use crate::protocol::net::classify::broken_by;
use crate::protocol::{
    Closing, DuplexStream, ExchangeError, Failure, Frame, Reply, Request, StreamEvent, Timing,
};
use crate::units::Duration;

/// A message larger than this is an error.
const LARGEST: usize = 64 * 1024 * 1024;

type Open = Pin<Box<dyn Future<Output = (Timing, Result<Channel, Failure>)>>>;
type Begin = Pin<Box<dyn Future<Output = Result<Response<Streaming<Bytes>>, Status>>>>;

/// A call under way.
pub struct GrpcStream {
    request: Request,
    deadline: Duration,
    /// A new connection for the call, since the kept one was closed by the target before it had touched the call.
    reopening: Option<Open>,
    /// `None` once it has been given back.
    channel: Option<Channel>,
    /// The connection has had calls before.
    reused: bool,
    channels: Channels,
    options: Arc<ConnectionOptions>,
    clock: Clock,
    timing: Timing,
    headers: HeaderMap,
    outbox: RequestQueue,
    scan: ReplyScan,
    /// Something was sent whose leaving has not been told.
    unsent: bool,
    begin: Option<Begin>,
    stream: Option<Streaming<Bytes>>,
}

impl GrpcStream {
    /// Begins a call on a connection that is kept, or on a new one.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    pub async fn open(
        opening: &StreamRequest,
        channels: &Channels,
        options: &Arc<ConnectionOptions>,
        clock: &Clock,
    ) -> Result<Self, Box<ExchangeError>> {
        let request = &opening.request;
        let mut timing = Timing {
            started: clock.now(),
            ..Timing::default()
        };
        let kept = channels.take(&request.origin).await;
        let reused = kept.is_some();
        let channel = match kept {
            Some(channel) => channel,
            None => match Channel::open(&request.origin, options, clock, &mut timing).await {
                Ok(channel) => channel,
                Err(failure) => {
                    timing.ended = clock.now();
                    return Err(Box::new(ExchangeError { failure, timing }));
                }
            },
        };
        channel.stamps.reset();
        let outbox = if reused {
            RequestQueue::repeatable()
        } else {
            RequestQueue::default()
        };
        let scan = ReplyScan::default();
        let call = (request, opening.deadline);
        let begin = begin(call, &channel, outbox.clone(), &scan);
        Ok(Self {
            request: request.clone(),
            deadline: opening.deadline,
            reopening: None,
            channel: Some(channel),
            reused,
            channels: channels.clone(),
            options: Arc::clone(options),
            clock: clock.clone(),
            timing,
            headers: HeaderMap::new(),
            outbox,
            scan,
            unsent: false,
            begin: Some(begin),
            stream: None,
        })
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<StreamEvent, Failure>> {
        loop {
            if let Some(reopening) = &mut self.reopening {
                let (timing, opened) = ready!(reopening.as_mut().poll(cx));
                (self.reopening, self.timing) = (None, timing);
                let channel = opened?;
                self.scan = ReplyScan::default();
                let (call, outbox) = ((&self.request, self.deadline), self.outbox.clone());
                self.begin = Some(begin(call, &channel, outbox, &self.scan));
                self.channel = Some(channel);
            }
            match ready!(self.poll_call(cx)) {
                Err(failure) if failure.retryable && self.reused && self.outbox.rewind() => {
                    self.reopen();
                }
                event => return Poll::Ready(event),
            }
        }
    }

    /// Makes a new connection for the same call.
    fn reopen(&mut self) {
        self.reused = false;
        self.channels.count_reconnect();
        let (options, clock) = (Arc::clone(&self.options), self.clock.clone());
        let (origin, mut timing) = (Arc::clone(&self.request.origin), self.timing);
        self.reopening = Some(Box::pin(async move {
            let opened = Channel::open(&origin, &options, &clock, &mut timing).await;
            (timing, opened)
        }));
    }

    fn poll_call(&mut self, cx: &mut Context<'_>) -> Poll<Result<StreamEvent, Failure>> {
        // What was sent leaves, then what came is looked at, and what looking has asked for leaves as well.
        self.drive(cx);
        if let Poll::Ready(event) = self.poll_event(cx) {
            return Poll::Ready(event);
        }
        self.drive(cx);
        self.poll_event(cx)
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(channel) = &mut self.channel {
            channel.drive(cx);
        }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Result<StreamEvent, Failure>> {
        if let Some(begin) = &mut self.begin
            && let Poll::Ready(begun) = begin.as_mut().poll(cx)
        {
            self.begin = None;
            return Poll::Ready(match begun {
                Ok(response) => {
                    let (metadata, stream, _) = response.into_parts();
                    self.headers = metadata.into_headers();
                    self.outbox.settle();
                    self.stream = Some(stream);
                    Ok(StreamEvent::Head)
                }
                Err(status) => self.ended(&status),
            });
        }
        if self.unsent && self.outbox.is_empty() {
            self.unsent = false;
            return Poll::Ready(Ok(StreamEvent::Sent(self.clock.now())));
        }
        let Some(stream) = &mut self.stream else {
            return Poll::Pending;
        };
        let Poll::Ready(next) = Pin::new(stream).poll_next(cx) else {
            return Poll::Pending;
        };
        Poll::Ready(match next {
            Some(Ok(message)) => {
                self.timing.bytes_in += message.len() as u64;
                let at = self
                    .channel
                    .as_ref()
                    .and_then(|channel| channel.stamps.last_read.get());
                Ok(StreamEvent::Message(
                    at.unwrap_or_else(|| self.clock.now()),
                    message,
                ))
            }
            Some(Err(status)) => self.ended(&status),
            None => self.ended(&Status::ok("")),
        })
    }

    /// The end of the call: the target's own status, or a failure of the connection below.
    fn ended(&mut self, status: &Status) -> Result<StreamEvent, Failure> {
        self.begin = None;
        self.stream = None;
        let below = std::iter::successors(status.source(), |&error: &&(dyn Error + 'static)| {
            error.source()
        })
        .find_map(|error| error.downcast_ref::<hyper::Error>());
        if let (Some(error), Some(channel)) = (below, &self.channel) {
            let failure = broken_by(error, &channel.stamps, &self.request.origin);
            self.channel = None;
            return Err(failure);
        }
        // Whatever its status: what was cut off is no reply, and an end that the target has not said is none of its statuses.
        if let Some(flaw) = self.scan.flaw(status.code() == Code::Ok, status.message()) {
            return Err(Failure::new(ErrorClass::Protocol, flaw.to_string()));
        }
        let mut headers = self.headers.clone();
        headers.extend(status.metadata().clone().into_headers());
        let code = status.code();
        let closing = named(code, status.message());
        let timing = self.reply().timing;
        Ok(StreamEvent::Ended(Box::new(
            Reply::new(code as i32 as u16, headers, Bytes::new(), timing).closed(closing),
        )))
    }
}

fn named(code: Code, message: &str) -> Closing {
    Closing::Named {
        protocol: "gRPC",
        name: name_of(code),
        message: message.to_owned(),
    }
}

/// The call up to the head of its reply.
fn begin(
    (request, deadline): (&Request, Duration),
    channel: &Channel,
    outgoing: RequestQueue,
    scan: &ReplyScan,
) -> Begin {
    let scheme = if request.origin.is_secure() {
        "https"
    } else {
        "http"
    };
    let authority = request.origin.authority().to_str().unwrap_or_default();
    let origin: Uri = format!("{scheme}://{authority}")
        .parse()
        .unwrap_or_default();
    let sender = ChannelSender {
        sender: channel.sender.clone(),
        scan: scan.clone(),
    };
    let mut grpc = Grpc::with_origin(sender, origin)
        .accept_compressed(CompressionEncoding::Gzip)
        .accept_compressed(CompressionEncoding::Deflate)
        .max_decoding_message_size(LARGEST);
    let path = request.target.clone();
    let mut call = tonic::Request::new(outgoing);
    let mut metadata = request.headers.clone();
    // The length and the type of a body of HTTP are none of a call's.
    for name in [HOST, CONTENT_LENGTH, CONTENT_TYPE, TE] {
        metadata.remove(name);
    }
    *call.metadata_mut() = MetadataMap::from_headers(metadata);
    call.set_timeout(deadline.into());
    Box::pin(async move {
        grpc.ready()
            .await
            .map_err(|error| Status::from_error(Box::new(error)))?;
        grpc.streaming(call, path, AsIs).await
    })
}

impl DuplexStream for GrpcStream {
    fn send(&mut self, frame: Frame) {
        match frame {
            Frame::Text(message) | Frame::Binary(message) => {
                self.outbox.put(message);
                self.unsent = true;
            }
            Frame::Finish => self.outbox.close(),
        }
    }

    async fn next(&mut self) -> Result<StreamEvent, Failure> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn head(&self) -> (u16, &HeaderMap) {
        (0, &self.headers)
    }

    fn reply(&self) -> Reply {
        let mut timing = Timing {
            ended: self.clock.now(),
            ..self.timing
        };
        if let Some(channel) = &self.channel {
            timing = channel.stamps.of_stream(timing);
        }
        let closing = named(Code::Ok, "");
        Reply::new(0, self.headers.clone(), Bytes::new(), timing).closed(closing)
    }

    async fn leave(mut self) {
        self.outbox.close();
        (self.begin, self.stream) = (None, None);
        // The target is told that nobody listens any more.
        poll_fn(|cx| {
            self.drive(cx);
            Poll::Ready(())
        })
        .await;
    }
}

impl Drop for GrpcStream {
    fn drop(&mut self) {
        self.outbox.close();
        (self.begin, self.stream) = (None, None);
        if let Some(channel) = self.channel.take() {
            self.channels
                .keep(Arc::clone(&self.request.origin), channel);
        }
    }
}

impl fmt::Debug for GrpcStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcStream")
            .field("unsent", &self.unsent)
            .field("timing", &self.timing)
            .finish_non_exhaustive()
    }
}
