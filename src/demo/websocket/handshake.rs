//! The handshake: who is let in, and what refuses the others.

use std::future::pending;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::conversation::{WebSocketSession, hang_up};
use super::dialect::WebSocketDialect;
use crate::demo::faults::Fault;
use crate::demo::http::call::Call;
use crate::demo::http::upload::refuse;
use crate::demo::stream::{StreamSlot, worker_name};

/// What the extractor of a handshake says.
pub(crate) type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

/// Connections are many and frames are small: the default would be 128 KiB for each of them.
const READ_BUFFER: usize = 16 << 10;

/// Lets a caller in where its worker has room, and answers with `full` otherwise.
pub(crate) async fn receive<D: WebSocketDialect>(
    call: Call,
    upgrade: Upgrade,
    full: StatusCode,
    dialect: D,
) -> Response {
    let upgrade = match handshake(&call, upgrade) {
        Ok(upgrade) => upgrade,
        Err(refusal) => return *refusal,
    };
    let arrived = call.target.now();
    if call.fault == Some(Fault::Close) {
        return close_at_once(call, upgrade);
    }
    if call.fault == Some(Fault::NeverReady) && !D::GREETS {
        call.struck();
        return pending().await;
    }
    let Ok(seat) = StreamSlot::enter(&call.target.roll, call.worker, arrived) else {
        return named(refuse(full, "Too many concurrent sessions"), call.worker);
    };
    let ready = call.target.ready_at(arrived);
    if !D::GREETS {
        call.target.wait_until(ready).await;
    }
    answer(call, upgrade, move |socket, call| {
        WebSocketSession::new(call, seat, dialect, ready).hold(socket)
    })
}

/// The upgrade that a caller asks for; everything else is refused.
pub(crate) fn handshake(call: &Call, upgrade: Upgrade) -> Result<WebSocketUpgrade, Box<Response>> {
    match upgrade {
        Ok(upgrade) => Ok(upgrade.read_buffer_size(READ_BUFFER)),
        Err(_) if !["/", "/v1/listen", "/v1/realtime"].contains(&call.uri.path()) => {
            Err(Box::new(refuse(StatusCode::NOT_FOUND, "Not Found")))
        }
        Err(rejection) => Err(Box::new(rejection.into_response())),
    }
}

/// Accepts the handshake, names the worker in it, and goes on with the socket.
pub(crate) fn answer<F, G>(call: Call, upgrade: WebSocketUpgrade, then: F) -> Response
where
    F: FnOnce(WebSocket, Call) -> G + Send + 'static,
    G: Future<Output = ()> + Send + 'static,
{
    let worker = call.worker;
    named(upgrade.on_upgrade(move |socket| then(socket, call)), worker)
}

/// The reply with the worker's name in it.
fn named(mut reply: Response, worker: usize) -> Response {
    if let Ok(worker) = HeaderValue::from_str(&worker_name(worker)) {
        reply.headers_mut().insert("x-instance", worker);
    }
    reply
}

pub(crate) fn close_at_once(call: Call, upgrade: WebSocketUpgrade) -> Response {
    call.struck();
    answer(call, upgrade, |socket, _| hang_up(socket, 1011))
}
