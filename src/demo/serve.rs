//! Accepting connections until told to stop, or dead.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::connection::hold;
use super::http::routes::router;
use super::target::Target;
use super::{DemoSpec, Service, wyoming};

/// Serves on `listener` until `stop` resolves or `faults.die_after` strikes; open connections end with it.
///
/// # Errors
/// Where [`DemoSpec::check`] finds something, or the listener cannot be used.
pub async fn serve(
    spec: DemoSpec,
    listener: std::net::TcpListener,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    if let Some(first) = spec.check().into_iter().next() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, first));
    }
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let target = Arc::new(Target::new(spec));
    let router = router(&target)?;
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
                    let (router, target) = (router.clone(), Arc::clone(&target));
                    if target.spec.service == Service::Wyoming {
                        lines.spawn(wyoming::hold(socket, router, target));
                    } else {
                        lines.spawn(hold(socket, router, target));
                    }
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
