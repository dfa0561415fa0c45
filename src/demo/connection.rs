//! One connection, which a fault may end in ways that HTTP does not know.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::target::Target;
use super::wire::{ConnectionEnd, Cut, Wire};

/// A connection as the handler of a request sees it.
#[derive(Debug)]
pub(crate) struct TargetConnection {
    cut: Arc<Cut>,
    end: Mutex<Option<oneshot::Sender<()>>>,
}

impl TargetConnection {
    /// Ends the connection as soon as the caller waits, or lets go of it.
    pub(crate) fn end(&self, how: ConnectionEnd) {
        self.cut.set(how);
        if let Some(end) = self
            .end
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            let _ = end.send(());
        }
    }
}

/// Whoever holds this ends the connection by letting go of it, whatever it has become.
struct Grip(Arc<Cut>);

impl Drop for Grip {
    fn drop(&mut self) {
        self.0.set(ConnectionEnd::Reset);
    }
}

/// Serves one connection until one side ends it: HTTP/1.1, HTTP/2 by prior knowledge, or what it is upgraded to.
pub(crate) async fn hold(socket: TcpStream, router: Router, target: Arc<Target>) {
    let (end, ended) = oneshot::channel();
    let (wire, cut, gone) = Wire::new(socket);
    let grip = Grip(Arc::clone(&cut));
    let line = Arc::new(TargetConnection {
        cut,
        end: Mutex::new(Some(end)),
    });
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&line));
        routes.call(request)
    });
    let mut http = auto::Builder::new(TokioExecutor::new());
    // A client may have all of its streams in one connection.
    http.http2().max_concurrent_streams(None);
    let served = async move {
        let connection = http.serve_connection_with_upgrades(TokioIo::new(wire), service);
        tokio::select! {
            _ = connection => {}
            // Ends here; what an upgrade has made of the connection sees the cut by itself.
            Ok(()) = ended => {}
        }
        let _ = gone.await;
    };
    let death = async {
        target.death().await;
        // Before the wire is let go of, so that the client sees a reset.
        grip.0.set(ConnectionEnd::Reset);
    };
    tokio::select! {
        () = served => {}
        () = death => {}
    }
}
