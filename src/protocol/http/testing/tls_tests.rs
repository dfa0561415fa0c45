//! TLS, with certificates made for each test.

use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::live_tests::{get, live};
use super::site::{Authority, Site, reply};
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::http::HttpClient;
use crate::protocol::{ConnectionOptions, HttpVersion, Tls, TlsFiles};
use crate::protocol::{ExchangeError, Reply};

struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn write(&self, name: &str, text: &str) -> Option<PathBuf> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("write");
        Some(path)
    }
}

fn client(files: &TlsFiles, version: HttpVersion) -> HttpClient {
    let tls = Tls::new(files, version).expect("usable files");
    HttpClient::new(
        Clock::real(),
        Arc::new(ConnectionOptions {
            tls,
            version,
            ..ConnectionOptions::default()
        }),
    )
}

async fn ask(
    files: &TlsFiles,
    version: HttpVersion,
    host: &str,
    port: u16,
) -> Result<Reply, Box<ExchangeError>> {
    client(files, version)
        .exchange(&get(&format!("https://{host}:{port}/x")))
        .await
}

fn ok(
    _: &crate::protocol::http::testing::site::Seen,
) -> ::http::Response<http_body_util::Full<bytes::Bytes>> {
    reply(200, ("x", "y"), "ok")
}

#[test]
fn a_handshake_has_its_own_time_and_is_made_once() {
    live(async {
        let (authority, files) = (Authority::new("ours"), Files::new());
        let trusted = TlsFiles {
            ca: files.write("ca.pem", &authority.pem()),
            ..TlsFiles::default()
        };
        for (version, alpn, line) in [
            (HttpVersion::One, &["h2", "http/1.1"][..], "GET /x HTTP/1.1"),
            (HttpVersion::One, &[], "GET /x HTTP/1.1"),
            (HttpVersion::Two, &["http/1.1", "h2"], "HTTP/2.0"),
        ] {
            let site = Site::start(
                Some(authority.server("localhost", false, alpn, false)),
                false,
                ok,
            )
            .await;
            let mut client = client(&trusted, version);
            let request = get(&format!("https://localhost:{}/x", site.port));
            let first = client.exchange(&request).await.expect("a reply").timing;
            assert!(
                first.tls.is_some() && first.connect.is_some() && first.dns.is_some(),
                "{first:?}"
            );
            let (sent, written) = (first.sent.expect("sent"), first.written.expect("written"));
            assert!(first.started <= sent && sent <= written && written <= first.ended);
            for _ in 0..3 {
                let again = client.exchange(&request).await.expect("again").timing;
                assert!(
                    again.tls.is_none()
                        && again.connect.is_none()
                        && again.sent > Some(first.ended)
                );
            }
            assert_eq!((site.accepted.get(), client.reconnects()), (1, 0));
            assert!(
                site.lines().iter().all(|seen| seen.contains(line)),
                "{:?}",
                site.lines()
            );
        }
    });
}

#[test]
fn what_is_wrong_with_a_certificate_is_said() {
    live(async {
        let (authority, files) = (Authority::new("ours"), Files::new());
        let trusted = || TlsFiles {
            ca: files.write("ca.pem", &authority.pem()),
            ..TlsFiles::default()
        };
        let strangers = TlsFiles {
            ca: files.write("other.pem", &Authority::new("theirs").pem()),
            ..TlsFiles::default()
        };
        let namesake = TlsFiles {
            ca: files.write("same.pem", &Authority::new("ours").pem()),
            ..TlsFiles::default()
        };
        let anyone = TlsFiles {
            insecure: true,
            ..TlsFiles::default()
        };
        for (name, expired, with, says) in [
            ("localhost", false, trusted(), ""),
            (
                "localhost",
                false,
                strangers,
                "is signed by none whom this machine trusts: name its authority with `tls.ca`",
            ),
            (
                "localhost",
                false,
                namesake,
                "is signed by another authority of the same name",
            ),
            ("other.example", false, trusted(), "is for another name: "),
            ("localhost", true, trusted(), "has expired"),
            ("other.example", true, anyone, ""),
        ] {
            let site = Site::start(
                Some(authority.server(name, expired, &["http/1.1"], false)),
                false,
                ok,
            )
            .await;
            let result = ask(&with, HttpVersion::One, "localhost", site.port).await;
            match result {
                Ok(reply) => assert_eq!((reply.status, says), (200, ""), "{name}"),
                Err(failed) => {
                    assert_eq!(failed.failure.class, ErrorClass::Tls, "{failed}");
                    assert!(
                        !says.is_empty() && failed.failure.message.contains(says),
                        "{failed}"
                    );
                    assert!(
                        failed.timing.tls.is_some() && failed.timing.sent.is_none(),
                        "{:?}",
                        failed.timing
                    );
                }
            }
        }
    });
}

#[test]
fn a_client_may_have_to_say_who_it_is() {
    live(async {
        let (authority, files) = (Authority::new("ours"), Files::new());
        let ca = files.write("ca.pem", &authority.pem());
        let site = Site::start(
            Some(authority.server("localhost", false, &["http/1.1"], true)),
            false,
            ok,
        )
        .await;
        let nobody = TlsFiles {
            ca: ca.clone(),
            ..TlsFiles::default()
        };
        let failed = ask(&nobody, HttpVersion::One, "localhost", site.port)
            .await
            .expect_err("no certificate");
        assert_eq!(failed.failure.class, ErrorClass::Tls, "{failed}");
        assert!(
            failed
                .failure
                .message
                .contains("wants a client's certificate"),
            "{failed}"
        );
        let (cert, key) = authority.certify("perfgate", false);
        let (cert, key) = (files.write("cert.pem", &cert), files.write("key.pem", &key));
        let somebody = TlsFiles {
            ca: ca.clone(),
            cert: cert.clone(),
            key,
            insecure: false,
        };
        assert_eq!(
            ask(&somebody, HttpVersion::One, "localhost", site.port)
                .await
                .expect("a reply")
                .status,
            200
        );
        let (_, other) = authority.certify("perfgate", false);
        let mixed = TlsFiles {
            ca,
            cert,
            key: files.write("other.pem", &other),
            insecure: false,
        };
        let flaws = Tls::new(&mixed, HttpVersion::One).expect_err("the key of another");
        assert!(
            flaws[0].0 == "key" && flaws[0].1.contains("do not fit together"),
            "{flaws:?}"
        );
    });
}

#[test]
fn what_does_not_speak_tls_or_this_http_is_found_out() {
    live(async {
        let (authority, files) = (Authority::new("ours"), Files::new());
        let trusted = TlsFiles {
            ca: files.write("ca.pem", &authority.pem()),
            ..TlsFiles::default()
        };
        let plain = Site::start(None, false, ok).await;
        let failed = ask(&trusted, HttpVersion::One, "localhost", plain.port)
            .await
            .expect_err("no TLS");
        assert_eq!(failed.failure.class, ErrorClass::Tls);
        assert!(
            failed.failure.message.contains("does not speak TLS"),
            "{failed}"
        );
        let old = Site::start(
            Some(authority.server("localhost", false, &[], false)),
            false,
            ok,
        )
        .await;
        let failed = ask(&trusted, HttpVersion::Two, "localhost", old.port)
            .await
            .expect_err("no HTTP/2");
        assert_eq!(failed.failure.class, ErrorClass::Protocol);
        assert!(
            failed.failure.message.contains("does not speak HTTP/2"),
            "{failed}"
        );
        let one = Site::start(
            Some(authority.server("localhost", false, &["http/1.1"], false)),
            false,
            ok,
        )
        .await;
        let failed = ask(&trusted, HttpVersion::Two, "localhost", one.port)
            .await
            .expect_err("no HTTP/2");
        assert!(
            failed
                .failure
                .message
                .contains("does not speak this version of HTTP"),
            "{failed}"
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        tokio::task::spawn_local(async move {
            let (mut stream, _) = listener.accept().await.expect("accept");
            stream.shutdown().await.expect("shutdown");
        });
        let failed = ask(&trusted, HttpVersion::One, "localhost", port)
            .await
            .expect_err("closed");
        assert_eq!(failed.failure.class, ErrorClass::Tls);
        assert!(
            failed
                .failure
                .message
                .contains("in the middle of the handshake"),
            "{failed}"
        );
    });
}
