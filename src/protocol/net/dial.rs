//! Making a stream to a target: its name, its socket, a proxy's tunnel, TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

use super::classify::{no_connection, no_name, not_http2};
use super::http_version::HttpVersion;
use super::options::ConnectionOptions;
use super::socket::Socket;
use super::tls_failure::no_tls;
use crate::clock::Clock;
use crate::protocol::{Failure, Origin, Timing};

/// A stream to the origin on which `version` will be spoken, noting in `timing` what each part took. Where `tunnel` says so a proxy is asked
/// for one, which is a part of the connection.
pub(crate) async fn dial(
    origin: &Origin,
    wiring: &ConnectionOptions,
    (version, tunnel): (HttpVersion, bool),
    clock: &Clock,
    timing: &mut Timing,
) -> Result<Socket, Failure> {
    if let Some(path) = wiring.socket_of(origin) {
        let from = clock.now();
        let stream = UnixStream::connect(path).await;
        timing.connect = Some(clock.now().since(from));
        return stream
            .map(Socket::Unix)
            .map_err(|error| no_connection(&error, path.display()));
    }
    let next = wiring.proxy.as_ref().map_or(origin, |proxy| &proxy.origin);
    let addresses = resolve(next, clock, timing).await?;
    let from = clock.now();
    let mut stream = connect(&addresses)
        .await
        .map_err(|error| match &wiring.proxy {
            Some(_) => no_connection(&error, format_args!("the proxy {next}")),
            None => no_connection(&error, next),
        })?;
    // Without it small requests wait for the acknowledgement of earlier ones; the exchange works all the same.
    let _ = stream.set_nodelay(true);
    if let Some(proxy) = wiring.proxy.as_ref().filter(|_| tunnel) {
        proxy.tunnel(&mut stream, origin).await?;
    }
    timing.connect = Some(clock.now().since(from));
    if !origin.is_secure() {
        return Ok(Socket::Tcp(stream));
    }
    secure(
        stream,
        origin,
        (&wiring.tls.config(version), version),
        clock,
        timing,
    )
    .await
}

async fn resolve(
    origin: &Origin,
    clock: &Clock,
    timing: &mut Timing,
) -> Result<Vec<SocketAddr>, Failure> {
    if let Some(address) = origin.address() {
        return Ok(vec![(address, origin.port()).into()]);
    }
    let from = clock.now();
    let found = tokio::net::lookup_host((origin.host(), origin.port())).await;
    timing.dns = Some(clock.now().since(from));
    let found: Vec<_> = found.map(Iterator::collect).unwrap_or_default();
    if found.is_empty() {
        Err(no_name(origin))
    } else {
        Ok(found)
    }
}

/// The first of the addresses that accepts; there is at least one.
async fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut failure = io::ErrorKind::AddrNotAvailable.into();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

async fn secure(
    stream: TcpStream,
    origin: &Origin,
    (config, version): (&Arc<ClientConfig>, HttpVersion),
    clock: &Clock,
    timing: &mut Timing,
) -> Result<Socket, Failure> {
    let host = origin.host().trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned()).map_err(|_| no_name(origin))?;
    let from = clock.now();
    let made = TlsConnector::from(Arc::clone(config))
        .connect(name, stream)
        .await;
    timing.tls = Some(clock.now().since(from));
    let stream = made.map_err(|error| no_tls(&error, origin))?;
    let agreed = stream.get_ref().1.alpn_protocol();
    if version == HttpVersion::Two && agreed != Some(HttpVersion::Two.alpn()) {
        return Err(not_http2(origin));
    }
    Ok(Socket::Tls(Box::new(stream)))
}
