//! One connection: made, used for one exchange at a time, driven by whoever waits for the reply.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use ::http::response::Parts;
use ::http::{HeaderMap, Method, StatusCode, Version, header};
use futures_util::future::Either;
use hyper::body::{Body, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;

use super::super::{Failure, Origin, Payload, Timing};
use super::reading::Reading;
use crate::clock::Clock;
use crate::protocol::net::classify::{Broken, MOST_HEADERS, broken};
use crate::protocol::net::dial::dial;
use crate::protocol::net::http_version::HttpVersion;
use crate::protocol::net::local::Local;
use crate::protocol::net::options::ConnectionOptions;
use crate::protocol::net::timed_stream::{IoTimestamps, TimedStream};

/// What a reply may bring before the sender has to be told to go on: no window of HTTP/2 is what is measured.
pub(crate) const STREAM_WINDOW: u32 = 8 * 1024 * 1024;
pub(crate) const CONNECTION_WINDOW: u32 = 16 * 1024 * 1024;
/// How often an idle connection that has housekeeping to read is moved on before it is used.
const TURNS: usize = 8;

enum RequestSender {
    One(http1::SendRequest<Payload>),
    Two(http2::SendRequest<Payload>),
}

enum Driver {
    One(Box<http1::Connection<TokioIo<TimedStream>, Payload>>),
    Two {
        /// `None` once the target takes no more requests.
        requests: Option<Box<http2::Connection<TokioIo<TimedStream>, Payload, Local>>>,
        local: Local,
    },
}

impl Driver {
    const fn takes_requests(&self) -> bool {
        match self {
            Self::One(_) => true,
            Self::Two { requests, .. } => requests.is_some(),
        }
    }
}

pub(crate) struct HttpConnection {
    sender: RequestSender,
    /// `None` once the connection is closed.
    driver: Option<Driver>,
    pub(crate) stamps: Rc<IoTimestamps>,
}

impl HttpConnection {
    /// Connects, noting in `timing` what each part took.
    pub(crate) async fn open(
        origin: &Origin,
        wiring: &ConnectionOptions,
        clock: &Clock,
        timing: &mut Timing,
    ) -> Result<Self, Failure> {
        let how = (wiring.version, wiring.tunnels(origin));
        let stream = dial(origin, wiring, how, clock, timing).await?;
        let stamps = Rc::new(IoTimestamps::default());
        let is_h2 = wiring.version == HttpVersion::Two;
        let io = TokioIo::new(TimedStream::new(
            stream,
            Rc::clone(&stamps),
            clock.clone(),
            is_h2,
        ));
        let made = if is_h2 {
            let local = Local::default();
            let made = http2::Builder::new(local.clone())
                .initial_stream_window_size(STREAM_WINDOW)
                .initial_connection_window_size(CONNECTION_WINDOW)
                .handshake(io)
                .await;
            made.map(|(sender, driver)| {
                (
                    RequestSender::Two(sender),
                    Driver::Two {
                        requests: Some(Box::new(driver)),
                        local,
                    },
                )
            })
        } else {
            http1::Builder::new()
                .max_headers(MOST_HEADERS)
                .handshake(io)
                .await
                .map(|(sender, driver)| (RequestSender::One(sender), Driver::One(Box::new(driver))))
        };
        let (sender, driver) = made.map_err(|error| broken(&error.into(), &stamps, origin))?;
        Ok(Self {
            sender,
            driver: Some(driver),
            stamps,
        })
    }

    pub(crate) const fn is_h2(&self) -> bool {
        matches!(self.sender, RequestSender::Two(_))
    }

    /// Whether it can be used once more: looks at it, and waits for nothing.
    pub(crate) async fn is_open(&mut self) -> bool {
        let Self { driver, stamps, .. } = self;
        settle(stamps, |cx| {
            drive(driver, cx);
            driver.as_ref().is_some_and(Driver::takes_requests)
        })
        .await;
        self.driver.as_ref().is_some_and(Driver::takes_requests) && !self.is_closed()
    }

    /// Whether the whole request has been taken: a reply may come before. Looked at once, when the reply is complete.
    pub(crate) async fn has_sent_all(&mut self) -> bool {
        if self.stamps.refused.get().is_some() {
            return false;
        }
        self.turn().await;
        match (&self.sender, &self.driver) {
            (RequestSender::One(sender), _) => sender.is_ready(),
            (RequestSender::Two(_), Some(Driver::Two { local, .. })) => local.is_quiet(),
            (RequestSender::Two(_), _) => false,
        }
    }

    fn is_closed(&self) -> bool {
        match &self.sender {
            RequestSender::One(sender) => sender.is_closed(),
            RequestSender::Two(sender) => sender.is_closed(),
        }
    }

    async fn turn(&mut self) {
        poll_fn(|cx| {
            drive(&mut self.driver, cx);
            Poll::Ready(())
        })
        .await;
    }

    /// Sends a request and waits for the head of its reply.
    pub(crate) async fn ask(
        &mut self,
        request: ::http::Request<Payload>,
    ) -> Result<(Parts, Incoming), Broken> {
        let Self {
            sender,
            driver,
            stamps,
        } = self;
        stamps.reset();
        driven(driver, |cx| match sender {
            RequestSender::One(sender) => sender.poll_ready(cx),
            RequestSender::Two(sender) => sender.poll_ready(cx),
        })
        .await?;
        let mut response = pin!(match sender {
            RequestSender::One(sender) => Either::Left(sender.send_request(request)),
            RequestSender::Two(sender) => Either::Right(sender.send_request(request)),
        });
        Ok(driven(driver, |cx| response.as_mut().poll(cx))
            .await?
            .into_parts())
    }

    /// Reads a reply's body, each piece with the moment it was read from the socket, until its end or until `reading` has enough.
    pub(crate) async fn read(
        &mut self,
        mut body: Incoming,
        reading: &mut Reading<'_>,
    ) -> Result<(), Broken> {
        let Self { driver, stamps, .. } = self;
        while let Some(frame) = driven(driver, |cx| Pin::new(&mut body).poll_frame(cx)).await {
            let Ok(data) = frame?.into_data() else {
                continue;
            };
            if reading
                .take(data, stamps.last_read.get().unwrap_or_default())?
                .is_break()
            {
                return Ok(());
            }
        }
        reading.finish(stamps.last_read.get().unwrap_or_default())
    }
}

/// Moves an idle connection on as long as there is housekeeping to be read; `drive` does it once, and says whether it is still there.
pub(crate) async fn settle(stamps: &IoTimestamps, mut drive: impl FnMut(&mut Context<'_>) -> bool) {
    stamps.idle.set(true);
    for _ in 0..TURNS {
        stamps.readable.set(false);
        let is_there = poll_fn(|cx| Poll::Ready(drive(cx))).await;
        if !stamps.readable.get() || !is_there {
            break;
        }
        // The kernel has something that the runtime has not heard of: it looks again before this task goes on.
        tokio::task::yield_now().await;
    }
    stamps.idle.set(false);
}

/// Moves the connection on, in the task that waits: a task of its own would put a wake-up between the socket and the clock.
fn drive(driver: &mut Option<Driver>, cx: &mut Context<'_>) {
    let over = match driver {
        None => return,
        Some(Driver::One(connection)) => Pin::new(connection).poll(cx).is_ready(),
        Some(Driver::Two { requests, local }) => {
            if let Some(connection) = requests
                && Pin::new(connection).poll(cx).is_ready()
            {
                *requests = None;
            }
            // What the first hands to the second leaves at once. A target that takes no more requests still answers those before.
            local.drive(cx);
            false
        }
    };
    if over {
        *driver = None;
    }
}

async fn driven<T>(
    driver: &mut Option<Driver>,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> T {
    poll_fn(|cx| match poll(cx) {
        Poll::Ready(done) => Poll::Ready(done),
        Poll::Pending => {
            drive(driver, cx);
            poll(cx)
        }
    })
    .await
}

/// Whether the target has said, by a header or by the form of its reply, that this is the connection's last.
pub(crate) fn is_last(method: &Method, parts: &Parts) -> bool {
    if parts.version == Version::HTTP_2 {
        return false;
    }
    let says = |word: &str| {
        let values = parts
            .headers
            .get_all(header::CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|token| token.trim().eq_ignore_ascii_case(word))
    };
    let has_body = *method != Method::HEAD
        && !matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED | StatusCode::SWITCHING_PROTOCOLS
        );
    says("close")
        || (parts.version == Version::HTTP_10 && !says("keep-alive"))
        || (has_body && !is_sized(&parts.headers))
}

fn is_sized(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING)
}
