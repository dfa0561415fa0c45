//! HTTP/2 connections that are kept for the next call.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http::{HeaderValue, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper_util::rt::TokioIo;
use tonic::body::Body;

use super::super::http::connection::{CONNECTION_WINDOW, STREAM_WINDOW, settle};
use super::super::{Failure, Origin, Timing};
use super::reply_body::{ReplyBody, ReplyScan};
use crate::clock::Clock;
use crate::protocol::ConnectionOptions;
use crate::protocol::HttpVersion;
use crate::protocol::net::classify::broken;
use crate::protocol::net::dial::dial;
use crate::protocol::net::local::Local;
use crate::protocol::net::timed_stream::{IoTimestamps, TimedStream};

/// An open connection.
pub(crate) struct Channel {
    pub(crate) sender: http2::SendRequest<Body>,
    /// `None` once the target takes no more calls.
    driver: Option<Box<http2::Connection<TokioIo<TimedStream>, Body, Local>>>,
    local: Local,
    pub(crate) stamps: Rc<IoTimestamps>,
}

/// The open connections of one VU, at most one for an origin. Clones share them.
#[derive(Clone, Default)]
pub struct Channels {
    kept: Rc<RefCell<Kept>>,
    /// How often a kept one turned out to be closed by the target.
    reconnects: Rc<Cell<u64>>,
}

/// Open connections, each with where it leads.
type Kept = Vec<(Arc<Origin>, Channel)>;

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channels")
            .field("kept", &self.kept.borrow().len())
            .finish_non_exhaustive()
    }
}

impl Channel {
    pub(crate) async fn open(
        origin: &Origin,
        wiring: &ConnectionOptions,
        clock: &Clock,
        timing: &mut Timing,
    ) -> Result<Self, Failure> {
        let stream = dial(origin, wiring, (HttpVersion::Two, true), clock, timing).await?;
        let stamps = Rc::new(IoTimestamps::default());
        let local = Local::default();
        let io = TokioIo::new(TimedStream::new(
            stream,
            Rc::clone(&stamps),
            clock.clone(),
            true,
        ));
        let made = http2::Builder::new(local.clone())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .handshake(io)
            .await;
        let (sender, driver) = made.map_err(|error| broken(&error.into(), &stamps, origin))?;
        Ok(Self {
            sender,
            driver: Some(Box::new(driver)),
            local,
            stamps,
        })
    }

    /// Moves the connection on, in the task that waits.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver
            && Pin::new(driver.as_mut()).poll(cx).is_ready()
        {
            self.driver = None;
        }
        // A target that takes no more calls still answers those before.
        self.local.drive(cx);
    }

    /// Whether it can be used once more.
    async fn is_open(&mut self) -> bool {
        let stamps = Rc::clone(&self.stamps);
        settle(&stamps, |cx| {
            self.drive(cx);
            self.driver.is_some()
        })
        .await;
        self.driver.is_some() && !self.sender.is_closed()
    }
}

impl Channels {
    /// The open connection to an origin, taken out.
    pub(crate) async fn take(&self, origin: &Origin) -> Option<Channel> {
        let at = self
            .kept
            .borrow()
            .iter()
            .position(|(known, _)| **known == *origin)?;
        let (_, mut channel) = self.kept.borrow_mut().swap_remove(at);
        if channel.is_open().await {
            return Some(channel);
        }
        self.count_reconnect();
        None
    }

    /// A call goes over a new connection since the kept one was closed by the target.
    pub(crate) fn count_reconnect(&self) {
        self.reconnects.set(self.reconnects.get() + 1);
    }

    /// How often a kept connection turned out to be closed by the target.
    pub(crate) fn reconnects(&self) -> u64 {
        self.reconnects.get()
    }

    pub(crate) fn keep(&self, origin: Arc<Origin>, channel: Channel) {
        self.kept.borrow_mut().push((origin, channel));
    }

    /// Closes them all.
    pub fn clear(&self) {
        self.kept.borrow_mut().clear();
    }
}

/// The sender of a connection as tonic wants a service, with what watches the reply.
#[derive(Clone)]
pub(crate) struct ChannelSender {
    pub(crate) sender: http2::SendRequest<Body>,
    pub(crate) scan: ReplyScan,
}

impl tonic::client::GrpcService<Body> for ChannelSender {
    type ResponseBody = ReplyBody;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<::http::Response<ReplyBody>, hyper::Error>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), hyper::Error>> {
        self.sender.poll_ready(cx)
    }

    fn call(&mut self, request: ::http::Request<Body>) -> Self::Future {
        let reply = self.sender.send_request(request);
        let scan = self.scan.clone();
        Box::pin(async move {
            let reply = as_call(reply.await?);
            scan.head(reply.headers());
            Ok(reply.map(|body| ReplyBody::new(body, scan)))
        })
    }
}

/// A reply of HTTP alone, as a proxy gives it, with the status that stands for it in gRPC ("HTTP to gRPC Status Code Mapping" of the
/// protocol's documents).
fn as_call(mut reply: ::http::Response<Incoming>) -> ::http::Response<Incoming> {
    if reply.status() == StatusCode::OK || reply.headers().contains_key("grpc-status") {
        return reply;
    }
    let code = match reply.status().as_u16() {
        400 => "13",
        401 => "16",
        403 => "7",
        404 => "12",
        429 | 502..=504 => "14",
        _ => "2",
    };
    let message = format!("the target answered with HTTP {}", reply.status().as_u16());
    reply
        .headers_mut()
        .insert("grpc-status", HeaderValue::from_static(code));
    if let Ok(message) = HeaderValue::from_str(&message) {
        reply.headers_mut().insert("grpc-message", message);
    }
    reply
}
