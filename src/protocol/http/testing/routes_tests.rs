//! The ways to a target that are not straight: proxies, sockets in the file system, redirects; and cookies, compression, early replies.

use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use ::http::Method;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::live_tests::{get, live};
use super::site::{Authority, Site, reply};
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::Payload;
use crate::protocol::http::HttpClient;
use crate::protocol::{ConnectionOptions, HttpVersion, Proxy, Tls, TlsFiles};
use crate::select::Evidence;

fn client(wiring: ConnectionOptions) -> HttpClient {
    HttpClient::new(Clock::real(), Arc::new(wiring))
}

#[test]
fn a_proxy_is_asked_for_whole_urls() {
    live(async {
        let site = Site::start(None, false, |_| reply(200, ("x", "y"), "by proxy")).await;
        let proxy = Proxy::of(&format!("http://me:secret@127.0.0.1:{}", site.port)).ok();
        let mut client = client(ConnectionOptions {
            proxy,
            ..ConnectionOptions::default()
        });
        for _ in 0..2 {
            assert_eq!(
                client
                    .exchange(&get("http://nowhere.invalid/x"))
                    .await
                    .expect("a reply")
                    .body,
                "by proxy"
            );
        }
        assert_eq!(site.lines(), ["GET http://nowhere.invalid/x HTTP/1.1"; 2]);
        let seen = site.seen.borrow();
        assert_eq!(seen[0].headers["host"], "nowhere.invalid");
        assert_eq!(seen[0].headers["proxy-authorization"], "Basic bWU6c2VjcmV0");
        assert_eq!(site.accepted.get(), 1);
    });
}

/// A proxy of a few lines: gives every tunnel, or refuses them all with this line. Says what it was asked.
async fn tunnels(
    to: u16,
    refusal: Option<&'static str>,
) -> (u16, tokio::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let (tell, told) = tokio::sync::mpsc::channel(9);
    tokio::task::spawn_local(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("accept");
            let mut seen = Vec::new();
            while !seen.ends_with(b"\r\n\r\n") {
                stream.read_buf(&mut seen).await.expect("read");
            }
            tell.send(String::from_utf8(seen).expect("text"))
                .await
                .expect("heard");
            let line = refusal.unwrap_or("HTTP/1.1 200 Connection established");
            stream
                .write_all(format!("{line}\r\nx: y\r\n\r\n").as_bytes())
                .await
                .expect("write");
            if refusal.is_none() {
                let mut target = TcpStream::connect(("127.0.0.1", to))
                    .await
                    .expect("connect");
                tokio::task::spawn_local(async move {
                    tokio::io::copy_bidirectional(&mut stream, &mut target).await
                });
            }
        }
    });
    (port, told)
}

#[test]
fn a_proxy_gives_a_tunnel_for_tls_and_http2() {
    live(async {
        let authority = Authority::new("ours");
        let folder = tempfile::tempdir().expect("a folder");
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, authority.pem()).expect("write");
        let files = TlsFiles {
            ca: Some(ca),
            ..TlsFiles::default()
        };
        for (version, secure) in [
            (HttpVersion::One, true),
            (HttpVersion::Two, true),
            (HttpVersion::Two, false),
        ] {
            let server =
                secure.then(|| authority.server("asr.invalid", false, &["h2", "http/1.1"], false));
            let site = Site::start(server, true, |_| reply(200, ("x", "y"), "ok")).await;
            let (port, mut told) = tunnels(site.port, None).await;
            let proxy = Proxy::of(&format!("http://127.0.0.1:{port}")).ok();
            let tls = Tls::new(&files, version).expect("usable");
            let mut client = client(ConnectionOptions {
                proxy,
                tls,
                version,
                ..ConnectionOptions::default()
            });
            let scheme = if secure { "https" } else { "http" };
            let reply = client
                .exchange(&get(&format!("{scheme}://asr.invalid:9/x")))
                .await
                .expect("a reply");
            assert_eq!((reply.status, reply.timing.tls.is_some()), (200, secure));
            assert_eq!(
                told.recv().await.expect("asked"),
                "CONNECT asr.invalid:9 HTTP/1.1\r\nhost: asr.invalid:9\r\n\r\n"
            );
        }
    });
}

#[test]
fn a_proxy_that_refuses_says_so() {
    live(async {
        for (line, says) in [
            (
                "HTTP/1.1 407 Proxy Authentication Required",
                "wants another user and password",
            ),
            (
                "HTTP/1.1 503 No",
                "gives no tunnel to asr.invalid:443: HTTP/1.1 503 No",
            ),
        ] {
            let (port, _told) = tunnels(0, Some(line)).await;
            let proxy = Proxy::of(&format!("http://127.0.0.1:{port}")).ok();
            let failed = client(ConnectionOptions {
                proxy,
                ..ConnectionOptions::default()
            })
            .exchange(&get("https://asr.invalid/"))
            .await;
            let failed = failed.expect_err(says);
            assert_eq!(failed.failure.class, ErrorClass::Connect);
            assert!(failed.failure.message.contains(says), "{failed}");
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("bind")
            .local_addr()
            .expect("address")
            .port();
        let proxy = Proxy::of(&format!("http://127.0.0.1:{port}")).ok();
        let failed = client(ConnectionOptions {
            proxy,
            ..ConnectionOptions::default()
        })
        .exchange(&get("http://asr/"))
        .await;
        let message = failed.expect_err("refused").failure.message;
        assert_eq!(
            message,
            format!("connection refused by the proxy 127.0.0.1:{port}")
        );
    });
}

#[test]
fn a_socket_in_the_file_system_is_localhost() {
    live(async {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("asr.sock");
        let request = get("http://localhost/x");
        let wiring = || ConnectionOptions {
            unix: Some(path.clone()),
            ..ConnectionOptions::default()
        };
        let failed = client(wiring())
            .exchange(&request)
            .await
            .expect_err("nothing there");
        assert_eq!(failed.failure.class, ErrorClass::Connect);
        assert!(
            failed.failure.message.contains("there is no socket at /"),
            "{failed}"
        );
        let site = Site::on_socket(&path, |_| reply(200, ("x", "y"), "ok"));
        let mut client = client(wiring());
        for _ in 0..3 {
            assert_eq!(client.exchange(&request).await.expect("a reply").body, "ok");
        }
        assert_eq!((site.accepted.get(), client.reconnects()), (1, 0));
        assert_eq!(
            (
                site.lines()[0].as_str(),
                &site.seen.borrow()[0].headers["host"]
            ),
            ("GET /x HTTP/1.1", &"localhost".parse().expect("a value"))
        );
    });
}

#[test]
fn redirects_are_followed_so_many_times() {
    live(async {
        let site = Site::start(None, false, |seen| {
            let path = seen.line.split(' ').nth(1).unwrap_or_default().to_owned();
            match path
                .strip_prefix("/x")
                .and_then(|left| left.parse::<u32>().ok())
            {
                Some(0) => reply(200, ("x", "y"), "there"),
                Some(left) => reply(302, ("location", &format!("x{}", left - 1)), "elsewhere"),
                None => reply(307, ("location", "x3"), ""),
            }
        })
        .await;
        for (follow, status, requests) in [(0, 307, 1), (3, 302, 4), (4, 200, 5), (9, 200, 5)] {
            site.seen.borrow_mut().clear();
            let mut request = get(&format!("http://127.0.0.1:{}/begin", site.port));
            request.method = Method::POST;
            request.payload = Payload::new(vec![Bytes::from_static(b"body")]);
            request.follow = follow;
            let mut client = client(ConnectionOptions::default());
            let reply = client.exchange(&request).await.expect("a reply");
            assert_eq!(
                (reply.status, site.seen.borrow().len()),
                (status, requests),
                "{follow}"
            );
            let timing = reply.timing;
            assert!(
                timing.sent >= Some(timing.started) && timing.written >= timing.sent,
                "{timing:?}"
            );
            // Every reply on the way counts, and each but the first had 9 bytes or 5.
            let bytes = (requests as u64 - 1) * 9 - if status == 200 { 4 } else { 0 };
            assert_eq!(timing.bytes_in, bytes, "{follow}");
            let bodies: Vec<bool> = site
                .seen
                .borrow()
                .iter()
                .map(|seen| !seen.body.is_empty())
                .collect();
            assert_eq!(
                bodies[..requests.min(2)],
                [true, true][..requests.min(2)],
                "307 sends it again"
            );
            assert!(
                bodies.iter().skip(2).all(|body| !body),
                "302 makes it a GET"
            );
        }
    });
}

#[test]
fn cookies_are_kept_by_their_rules_where_they_are_wanted() {
    live(async {
        let site = Site::start(None, false, |seen| {
            let sets = match seen.line.split(' ').nth(1).unwrap_or_default() {
                "/login" => "session=s1; Path=/; HttpOnly",
                "/logout" => "session=; Path=/; Max-Age=0",
                "/deep/set" => "deep=d; Path=/deep",
                _ => "",
            };
            if sets.is_empty() {
                reply(200, ("x", "y"), "")
            } else {
                reply(200, ("set-cookie", sets), "")
            }
        })
        .await;
        let mut client = client(ConnectionOptions::default());
        for (path, cookies, sent) in [
            ("login", true, None),
            ("a", true, Some("session=s1")),
            ("a", false, None),
            ("deep/set", true, Some("session=s1")),
            ("deep/b", true, Some("deep=d; session=s1")),
            ("a", true, Some("session=s1")),
            ("logout", true, Some("session=s1")),
            ("a", true, None),
        ] {
            client.begin_iteration();
            let mut request = get(&format!("http://127.0.0.1:{}/{path}", site.port));
            request.cookies = cookies;
            client.exchange(&request).await.expect("a reply");
            let seen = site.seen.borrow().last().cloned().expect("a request");
            let mut all: Vec<_> = seen
                .headers
                .get("cookie")
                .and_then(|value| value.to_str().ok())
                .into_iter()
                .flat_map(|text| text.split("; "))
                .collect();
            all.sort_unstable();
            assert_eq!(
                all,
                sent.into_iter()
                    .flat_map(|text| text.split("; "))
                    .collect::<Vec<_>>(),
                "{path}"
            );
        }
    });
}

#[test]
fn compressed_replies_are_read_and_counted_as_they_came() {
    live(async {
        let text = "data: {\"t\":\"é\"}\n\n".repeat(500);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).expect("gzip");
        let body = encoder.finish().expect("gzip");
        let (size, plain) = (body.len() as u64, text.clone());
        let site = Site::start(None, false, move |_| {
            let mut answer = reply(200, ("content-encoding", "gzip"), body.clone());
            answer
                .headers_mut()
                .insert("content-type", "text/event-stream".parse().expect("a type"));
            answer
        })
        .await;
        let mut client = client(ConnectionOptions::default());
        let mut request = get(&format!("http://127.0.0.1:{}/x", site.port));
        request.compression = true;
        let whole = client.exchange(&request).await.expect("a reply");
        assert_eq!((whole.body == plain, whole.timing.bytes_in), (true, size));
        let mut messages = 0;
        let mut each = |message: &crate::protocol::Message<'_>| {
            messages += usize::from(message.json().is_some_and(|json| json["t"] == "é"));
            ControlFlow::Continue(())
        };
        let streamed = client
            .stream(&request, None, &mut each)
            .await
            .expect("a reply");
        assert_eq!((messages, streamed.timing.bytes_in), (500, size));
        request.compression = false;
        assert_eq!(
            client.exchange(&request).await.expect("a reply").body.len() as u64,
            size
        );
    });
}

#[test]
fn a_reply_before_the_request_is_read_is_a_reply() {
    live(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        tokio::task::spawn_local(async move {
            for closes in [true, false, true] {
                let (mut stream, _) = listener.accept().await.expect("accept");
                stream
                    .read_buf(&mut Vec::with_capacity(100))
                    .await
                    .expect("read");
                let _ = stream
                    .write_all(b"HTTP/1.1 413 Too large\r\ncontent-length: 4\r\n\r\nfull")
                    .await;
                if !closes {
                    // It neither reads on nor closes: the connection cannot be used again.
                    tokio::task::spawn_local(async move {
                        let _open = stream;
                        std::future::pending::<()>().await;
                    });
                }
            }
        });
        let mut request = get(&format!("http://127.0.0.1:{port}/x"));
        request.method = Method::POST;
        request.payload = Payload::new(vec![Bytes::from(vec![b'x'; 20_000_000])]);
        let mut client = client(ConnectionOptions::default());
        for _ in 0..3 {
            let reply = client.exchange(&request).await.expect("a reply");
            assert_eq!((reply.status, &reply.body[..]), (413, &b"full"[..]));
        }
        assert_eq!(client.reconnects(), 0);
    });
}
