//! TLS in front of a target that speaks in the clear, with a certificate made for it.

use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// Listens at `localhost` on a port of its own until the test ends.
pub struct TlsFront {
    pub port: u16,
    /// The certificate of the authority that vouches for it.
    pub authority: String,
}

impl TlsFront {
    /// Passes on what it deciphers to `target`, an address.
    pub fn start(target: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        let chain = vec![CertificateDer::from_pem_slice(own.pem().as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
        let builder =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let builder = builder
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth();
        let mut config = builder.with_single_cert(chain, key).unwrap();
        config.alpn_protocols = ["h2", "http/1.1"]
            .map(|name| name.as_bytes().to_vec())
            .to_vec();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let (port, target) = (listener.local_addr().unwrap().port(), target.to_owned());
        std::thread::spawn(move || serve(listener, &TlsAcceptor::from(Arc::new(config)), &target));
        Self {
            port,
            authority: issuer.pem(),
        }
    }
}

fn serve(listener: TcpListener, acceptor: &TlsAcceptor, target: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, target) = (acceptor.clone(), target.to_owned());
            tokio::spawn(async move {
                // A client that only looks whether somebody listens says nothing.
                let Ok(mut inside) = acceptor.accept(socket).await else {
                    return;
                };
                let mut outside = TcpStream::connect(target).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut inside, &mut outside).await;
            });
        }
    });
}
