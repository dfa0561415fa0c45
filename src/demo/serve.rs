//! Accepting connections until told to stop, or dead.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::attend::attend;
use super::chat::complete;
use super::health::{health, not_found, truth};
use super::line::hold;
use super::login::login;
use super::pressure::{detailed, guard};
use super::sessions::{chunk, finalize, initialize};
use super::speech::speak;
use super::submit::{poll, submit};
use super::target::Target;
use super::transcribe::transcribe;
use super::{DemoSpec, Service};

const LARGEST_UPLOAD: usize = 256 << 20;

/// Serves on `listener` until `stop` resolves or `faults.die_after` strikes; open connections end with it.
///
/// # Errors
/// Where [`DemoSpec::check`] finds something, or the listener cannot be used.
pub async fn serve(spec: DemoSpec, listener: std::net::TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
    if let Some(first) = spec.check().into_iter().next() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, first));
    }
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let target = Arc::new(Target::new(spec));
    let router = router(&target);
    let mut lines = JoinSet::new();
    let (mut stop, mut death) = (pin!(stop), pin!(target.death()));
    loop {
        tokio::select! {
            biased;
            () = &mut stop => return Ok(()),
            () = &mut death => break,
            Some(_) = lines.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    // Without it the second piece of an answer waits for the client's delayed acknowledgement.
                    let _ = socket.set_nodelay(true);
                    target.books().tally.connections += 1;
                    lines.spawn(hold(socket, router.clone(), Arc::clone(&target)));
                }
                // Out of file descriptors, most likely: trying again at once would only burn the processor.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    drop(listener);
    while lines.join_next().await.is_some() {}
    Ok(())
}

fn router(target: &Arc<Target>) -> Router {
    let routes = match target.spec.service {
        Service::Transcription => Router::new().route("/v1/audio/transcriptions", post(transcribe)),
        Service::Speech => Router::new().route("/v1/audio/speech", post(speak)),
        Service::Chat => Router::new().route("/v1/chat/completions", post(complete)),
        Service::Voice => Router::new()
            .route("/v1/audio/transcriptions", post(transcribe))
            .route("/v1/audio/speech", post(speak))
            .route("/v1/chat/completions", post(complete)),
        Service::Jobs => Router::new()
            .route("/jobs/", post(submit))
            .route("/jobs/{id}", get(poll))
            .route("/auth/login", post(login))
            .route("/uploads/initialize", post(initialize))
            .route("/uploads/{session}/chunks/{n}", post(chunk))
            .route("/uploads/{session}/finalize", post(finalize)),
    };
    routes
        .layer(from_fn_with_state(Arc::clone(target), guard))
        .route("/healthz", get(health))
        .route("/healthcheck", get(health))
        .route("/health/detailed", get(detailed))
        .route("/health", get(health))
        .route("/truth", get(truth))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
        .layer(from_fn_with_state(Arc::clone(target), attend))
        .with_state(Arc::clone(target))
}
