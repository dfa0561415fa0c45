//! How targets are spoken to over TLS.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WantsClientCert};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::http_version::HttpVersion;
use super::tls_failure::{in_words as explained, of_tls};
use crate::protocol::Origin;

/// The files and the one switch of TLS; all optional.
#[derive(Debug, Clone, Default)]
pub struct TlsFiles {
    /// Certificates (PEM) that are trusted in place of the system's.
    pub ca: Option<PathBuf>,
    /// The client's own certificate chain (PEM).
    pub cert: Option<PathBuf>,
    /// The key of `cert` (PEM).
    pub key: Option<PathBuf>,
    /// Whether any certificate will do.
    pub insecure: bool,
}

/// Everything about TLS that connections share, compiled once.
#[derive(Debug, Default)]
pub struct Tls {
    version: HttpVersion,
    /// Where nothing is said the system's roots are read with the first use.
    config: OnceLock<Arc<ClientConfig>>,
    /// The same for the other version of HTTP.
    other: OnceLock<Arc<ClientConfig>>,
}

/// What is wrong with a file of TLS: its key, and why.
pub type TlsFlaw = (&'static str, String);

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// Every file that cannot be used, with the reason.
    pub fn new(files: &TlsFiles, version: HttpVersion) -> Result<Self, Vec<TlsFlaw>> {
        let mut flaws = Vec::new();
        let ca = files
            .ca
            .as_deref()
            .map(|path| authorities(path).map_err(|why| flaws.push(("ca", why))));
        let own = match (&files.cert, &files.key) {
            (Some(cert), Some(key)) => {
                let chain = certificates(cert).map_err(|why| flaws.push(("cert", why)));
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| {
                    let why = if is_encrypted(key) {
                        "is encrypted, and a key with a passphrase is not read\nopenssl pkey -in ENCRYPTED.key -out PLAIN.key".to_owned()
                    } else {
                        in_words(&error)
                    };
                    flaws.push(("key", format!("`{}` {why}", key.display())));
                });
                chain.ok().zip(key.ok())
            }
            (Some(_), None) => {
                flaws.push(("cert", "a client's certificate needs its `key`".to_owned()));
                None
            }
            (None, Some(_)) => {
                flaws.push((
                    "key",
                    "a client's key needs its certificate, `cert`\ntls = { cert = \"client.pem\", key = \"client.key\" }".to_owned(),
                ));
                None
            }
            (None, None) => None,
        };
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let tls = Self {
            version,
            config: OnceLock::new(),
            other: OnceLock::new(),
        };
        if ca.is_some() || own.is_some() || files.insecure {
            let roots = ca.and_then(Result::ok);
            let config = configure(version, roots, own, files.insecure)
                .map_err(|error| vec![("key", error)])?;
            let _ = tls.config.set(Arc::new(config));
        }
        Ok(tls)
    }

    /// Why a target and this side found no TLS, in words; `None` where the cause is another.
    #[must_use]
    pub fn explain(error: &(dyn std::error::Error + 'static), origin: &Origin) -> Option<String> {
        of_tls(error).map(|error| explained(error, origin))
    }

    /// What connections are made with on which `version` is spoken.
    #[must_use]
    pub fn config(&self, version: HttpVersion) -> Arc<ClientConfig> {
        let default =
            || configure(self.version, None, None, false).unwrap_or_else(|_| bare(self.version));
        let own = self.config.get_or_init(|| Arc::new(default()));
        if version == self.version {
            return Arc::clone(own);
        }
        Arc::clone(
            self.other
                .get_or_init(|| Arc::new(finished(ClientConfig::clone(own), version))),
        )
    }
}

impl Tls {
    /// What is used where nothing is spoken over TLS, and nobody is trusted.
    #[must_use]
    pub fn none() -> ClientConfig {
        bare(HttpVersion::One)
    }

    /// What is used where only the system's authorities are trusted.
    #[must_use]
    pub fn trusting_the_system() -> ClientConfig {
        configure(HttpVersion::One, None, None, false).unwrap_or_else(|_| bare(HttpVersion::One))
    }
}

type Own = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn configure(
    version: HttpVersion,
    roots: Option<RootCertStore>,
    own: Option<Own>,
    insecure: bool,
) -> Result<ClientConfig, String> {
    let builder = builder(if insecure {
        RootCertStore::empty()
    } else {
        roots.unwrap_or_else(system_roots)
    });
    let mut config = match own {
        Some((chain, key)) => builder
            .with_client_auth_cert(chain, key)
            .map_err(|error| format!("`key` and `cert` do not fit together: {error}"))?,
        None => builder.with_no_client_auth(),
    };
    if insecure {
        let anyone = Anyone(Arc::clone(config.crypto_provider()));
        config
            .dangerous()
            .set_certificate_verifier(Arc::new(anyone));
    }
    Ok(finished(config, version))
}

fn bare(version: HttpVersion) -> ClientConfig {
    finished(
        builder(RootCertStore::empty()).with_no_client_auth(),
        version,
    )
}

fn finished(mut config: ClientConfig, version: HttpVersion) -> ClientConfig {
    config.alpn_protocols = vec![version.alpn().to_vec()];
    // Every connection makes the whole handshake, so that they can be compared.
    config.resumption = Resumption::disabled();
    config
}

fn builder(roots: RootCertStore) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    // The provider has both versions; rustls asks since others may not.
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks every version of TLS that rustls does")
        .with_root_certificates(roots)
}

fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Whether a file holds a key that only a passphrase opens (PEM).
fn is_encrypted(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

fn authorities(path: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots
            .add(certificate)
            .map_err(|error| format!("`{}` has no usable certificate: {error}", path.display()))?;
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |error| format!("`{}` {}", path.display(), in_words(&error));
    let all = CertificateDer::pem_file_iter(path)
        .map_err(wrong)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    if all.is_empty() {
        Err(format!(
            "`{}` has no certificate in it (PEM)",
            path.display()
        ))
    } else {
        Ok(all)
    }
}

fn in_words(error: &rustls::pki_types::pem::Error) -> String {
    use rustls::pki_types::pem::Error;
    match error {
        Error::Io(error) => {
            format!("cannot be read: {error}\ncheck the path, which is relative to the plan")
        }
        Error::NoItemsFound => "has nothing of the kind in it (PEM)".to_owned(),
        other => format!("is not PEM: {other}"),
    }
}

/// Takes every certificate: `insecure = true`. That the other side has the key of it is still checked.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
