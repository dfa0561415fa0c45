//! One connection: made, used for one exchange at a time, driven by whoever waits for the reply.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use ::http::response::Parts;
use ::http::{HeaderMap, Method, StatusCode, Version, header};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::super::{Failure, Origin, Payload, Timing};
use super::error::{Broken, no_connection, no_name};
use super::reading::Reading;
use super::wire::{Stamps, Wire};
use crate::clock::Clock;

type Driver = http1::Connection<TokioIo<Wire>, Payload>;

pub(super) struct Connection {
    sender: http1::SendRequest<Payload>,
    /// `None` once the connection is closed.
    driver: Option<Driver>,
    pub(super) stamps: Rc<Stamps>,
}

impl Connection {
    /// Resolves and connects, noting in `timing` what each took.
    pub(super) async fn open(origin: &Origin, clock: &Clock, timing: &mut Timing) -> Result<Self, Failure> {
        let addresses = resolve(origin, clock, timing).await?;
        let stream = connect(origin, &addresses, clock, timing).await?;
        let stamps = Rc::new(Stamps::default());
        let wire = Wire { stream, stamps: Rc::clone(&stamps), clock: clock.clone() };
        let made = http1::handshake(TokioIo::new(wire)).await;
        let (sender, driver) = made.map_err(|error| super::error::broken(&error.into(), &stamps))?;
        Ok(Self { sender, driver: Some(driver), stamps })
    }

    /// Whether it can be used once more: looks at it once and does not wait.
    pub(super) async fn is_open(&mut self) -> bool {
        self.stamps.idle.set(true);
        poll_fn(|cx| {
            drive(&mut self.driver, cx);
            Poll::Ready(())
        })
        .await;
        self.stamps.idle.set(false);
        self.driver.is_some() && !self.sender.is_closed()
    }

    /// Sends a request and waits for the head of its reply.
    pub(super) async fn ask(&mut self, request: ::http::Request<Payload>) -> Result<(Parts, Incoming), Broken> {
        let Self { sender, driver, stamps } = self;
        stamps.reset();
        driven(driver, |cx| sender.poll_ready(cx)).await?;
        let mut response = pin!(sender.send_request(request));
        Ok(driven(driver, |cx| response.as_mut().poll(cx)).await?.into_parts())
    }

    /// Reads a reply's body, each piece with the moment it was read from the socket, until its end or until `reading` has enough.
    pub(super) async fn read(&mut self, mut body: Incoming, reading: &mut Reading<'_>) -> Result<(), Broken> {
        let Self { driver, stamps, .. } = self;
        while let Some(frame) = driven(driver, |cx| Pin::new(&mut body).poll_frame(cx)).await {
            let Ok(data) = frame?.into_data() else { continue };
            if reading.take(data, stamps.last_read.get().unwrap_or_default())?.is_break() {
                return Ok(());
            }
        }
        reading.finish(stamps.last_read.get().unwrap_or_default())
    }
}

/// Moves the connection on, in the task that waits: a task of its own would put a wake-up between the socket and the clock.
fn drive(driver: &mut Option<Driver>, cx: &mut Context<'_>) {
    if driver.as_mut().is_some_and(|connection| Pin::new(connection).poll(cx).is_ready()) {
        *driver = None;
    }
}

async fn driven<T>(driver: &mut Option<Driver>, mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    poll_fn(|cx| match poll(cx) {
        Poll::Ready(done) => Poll::Ready(done),
        Poll::Pending => {
            drive(driver, cx);
            poll(cx)
        }
    })
    .await
}

async fn resolve(origin: &Origin, clock: &Clock, timing: &mut Timing) -> Result<Vec<SocketAddr>, Failure> {
    if let Some(address) = origin.address() {
        return Ok(vec![(address, origin.port()).into()]);
    }
    let from = clock.now();
    let found = tokio::net::lookup_host((origin.host(), origin.port())).await;
    timing.dns = Some(clock.now().since(from));
    let found: Vec<_> = found.map(Iterator::collect).unwrap_or_default();
    if found.is_empty() { Err(no_name(origin)) } else { Ok(found) }
}

async fn connect(
    origin: &Origin,
    addresses: &[SocketAddr],
    clock: &Clock,
    timing: &mut Timing,
) -> Result<TcpStream, Failure> {
    let from = clock.now();
    let mut failure = no_name(origin);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                timing.connect = Some(clock.now().since(from));
                // Without it small requests wait for the acknowledgement of earlier ones; the exchange works all the same.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => failure = no_connection(&error, origin),
        }
    }
    Err(failure)
}

/// Whether the target has said, by a header or by the form of its reply, that this is the connection's last.
pub(super) fn is_last(method: &Method, parts: &Parts) -> bool {
    let says = |word: &str| {
        let values = parts.headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|token| token.trim().eq_ignore_ascii_case(word))
    };
    let has_body = *method != Method::HEAD
        && !matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED | StatusCode::SWITCHING_PROTOCOLS);
    says("close")
        || (parts.version == Version::HTTP_10 && !says("keep-alive"))
        || (has_body && !is_sized(&parts.headers))
}

fn is_sized(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING)
}
