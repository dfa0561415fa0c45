//! A server for tests: HTTP/1.1 or HTTP/2, in the clear, over TLS or on a socket in the file system, answered by a closure.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::Future;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use ::http::{HeaderMap, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio_rustls::TlsAcceptor;

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `GET /path HTTP/1.1`; what was asked for in the form it was.
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

type Answering = dyn Fn(&Seen) -> Response<Full<Bytes>>;

/// A running server. It ends with its test.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) port: u16,
    pub(crate) accepted: Rc<Cell<usize>>,
    pub(crate) seen: Rc<RefCell<Vec<Seen>>>,
    answer: Rc<Answering>,
}

/// A reply with a header and a body.
pub(crate) fn reply(
    status: u16,
    header: (&str, &str),
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header(header.0, header.1)
        .body(Full::new(body.into()))
        .expect("a reply")
}

impl Site {
    /// Serves on a port of its own; with `tls` over TLS, with `h2` HTTP/2 where nothing is agreed on.
    pub(crate) async fn start(
        tls: Option<ServerConfig>,
        h2: bool,
        answer: impl Fn(&Seen) -> Response<Full<Bytes>> + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        let site = Self {
            port,
            accepted: Rc::default(),
            seen: Rc::default(),
            answer: Rc::new(answer),
        };
        let (serving, acceptor) = (
            site.clone(),
            tls.map(|tls| TlsAcceptor::from(Arc::new(tls))),
        );
        tokio::task::spawn_local(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("accept");
                let (site, acceptor) = (serving.clone(), acceptor.clone());
                site.accepted.set(site.accepted.get() + 1);
                tokio::task::spawn_local(async move {
                    let Some(acceptor) = acceptor else {
                        return site.serve(stream, h2).await;
                    };
                    // A client that does not go through with it is what some tests are about.
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                    site.serve(stream, h2).await;
                });
            }
        });
        site
    }

    /// Serves HTTP/1.1 on a socket in the file system.
    pub(crate) fn on_socket(
        path: &Path,
        answer: impl Fn(&Seen) -> Response<Full<Bytes>> + 'static,
    ) -> Self {
        let listener = UnixListener::bind(path).expect("bind");
        let site = Self {
            port: 0,
            accepted: Rc::default(),
            seen: Rc::default(),
            answer: Rc::new(answer),
        };
        let serving = site.clone();
        tokio::task::spawn_local(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("accept");
                let site = serving.clone();
                site.accepted.set(site.accepted.get() + 1);
                tokio::task::spawn_local(async move { site.serve(stream, false).await });
            }
        });
        site
    }

    /// Serves one connection to its end.
    pub(crate) async fn serve(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
        h2: bool,
    ) {
        let site = self.clone();
        let service = service_fn(move |request: ::http::Request<Incoming>| {
            let site = site.clone();
            async move {
                let (parts, body) = request.into_parts();
                let line = format!("{} {} {:?}", parts.method, parts.uri, parts.version);
                let body = body.collect().await.expect("a whole body").to_bytes();
                let seen = Seen {
                    line,
                    headers: parts.headers,
                    body,
                };
                let reply = (site.answer)(&seen);
                site.seen.borrow_mut().push(seen);
                Ok::<_, Infallible>(reply)
            }
        });
        // How a connection ends is the client's affair.
        let _ = if h2 {
            http2::Builder::new(Spawn)
                .serve_connection(TokioIo::new(stream), service)
                .await
        } else {
            http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await
        };
    }

    /// What the server was asked for, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen
            .borrow()
            .iter()
            .map(|seen| seen.line.clone())
            .collect()
    }
}

#[derive(Clone)]
struct Spawn;

impl<F: Future<Output = ()> + 'static> hyper::rt::Executor<F> for Spawn {
    fn execute(&self, work: F) {
        tokio::task::spawn_local(work);
    }
}

/// A certificate authority of a test.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).expect("an authority"),
        }
    }

    /// Its certificate.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Certificate and key of somebody with this name; `expired` long ago.
    pub(crate) fn certify(&self, name: &str, expired: bool) -> (String, String) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect(name);
        if expired {
            params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        (
            params.signed_by(&key, &self.issuer).expect(name).pem(),
            key.serialize_pem(),
        )
    }

    /// A server of this name that speaks these protocols; with `clients`, only to whom this authority has certified.
    pub(crate) fn server(
        &self,
        name: &str,
        expired: bool,
        alpn: &[&str],
        clients: bool,
    ) -> ServerConfig {
        let (cert, key) = self.certify(name, expired);
        let chain =
            vec![rustls::pki_types::CertificateDer::from_pem_slice(cert.as_bytes()).expect("PEM")];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = if clients {
            let mut roots = RootCertStore::empty();
            roots.add(self.issuer.der().clone()).expect("a root");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        let mut config = builder.with_single_cert(chain, key).expect("a server");
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }
}
