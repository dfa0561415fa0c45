//! One connection, which a fault may end in ways that HTTP does not know.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::target::Target;

const GARBAGE: &[u8] = b"\x00\xff\x15\x03 this is not HTTP \x00\r\n\r\n";

/// How a fault ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Reset,
    Garbage,
}

/// A connection as the handler of a request sees it.
#[derive(Debug)]
pub(super) struct Line {
    end: Mutex<Option<oneshot::Sender<End>>>,
}

impl Line {
    /// Ends the connection as soon as the caller waits.
    pub(super) fn end(&self, how: End) {
        if let Some(end) = self.end.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = end.send(how);
        }
    }
}

/// Serves one connection until one side ends it.
pub(super) async fn hold(socket: TcpStream, router: Router, target: Arc<Target>) {
    let (end, ended) = oneshot::channel();
    let line = Arc::new(Line { end: Mutex::new(Some(end)) });
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&line));
        routes.call(request)
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
    let how = tokio::select! {
        _ = &mut connection => return,
        Ok(how) = ended => how,
        () = target.death() => End::Reset,
    };
    let mut socket = connection.into_parts().io.into_inner();
    match how {
        End::Reset => {
            let _ = socket.set_zero_linger();
        }
        End::Garbage => {
            let _ = socket.write_all(GARBAGE).await;
            let _ = socket.shutdown().await;
        }
    }
}
