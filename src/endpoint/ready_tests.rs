//! Tests of the file beside this.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers the nth connection with the nth of these bodies, again and again; says what it was asked.
async fn serve(bodies: &'static [&'static str]) -> (u16, tokio::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let (tell, told) = tokio::sync::mpsc::channel(100);
    tokio::spawn(async move {
        for body in bodies.iter().cycle() {
            let (mut stream, _) = listener.accept().await.expect("accept");
            let mut seen = Vec::new();
            while !seen.ends_with(b"\r\n\r\n") {
                stream.read_buf(&mut seen).await.expect("read");
            }
            tell.send(String::from_utf8_lossy(&seen).into_owned())
                .await
                .expect("heard");
            let reply = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(reply.as_bytes()).await.expect("write");
        }
    });
    (port, told)
}

async fn wait(plan: &str) -> Result<(), NotReady> {
    #[derive(serde::Deserialize)]
    struct Doc {
        target: TargetSpec,
    }
    let target = toml::from_str::<Doc>(plan).expect(plan).target;
    let (base, wiring) = (
        target.base().expect(plan),
        target
            .wiring(std::path::Path::new("."), &crate::document::Mask::default())
            .expect(plan),
    );
    let probed = Probed {
        target: &target,
        base: base.as_ref(),
        wiring: &wiring,
    };
    target
        .ready
        .iter()
        .flat_map(|list| &list.0)
        .next()
        .expect(plan)
        .wait(&probed, &Clock::real())
        .await
}

fn live<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime")
        .block_on(test)
}

#[test]
fn so_many_instances_have_to_answer() {
    live(async {
        const BODIES: &[&str] = &[r#"{"id":"a"}"#, r#"{"id":"b"}"#, r#"{"id":7}"#];
        let plan = |port: u16, count: u64| {
            format!(
                "[target]\nurl = 'http://127.0.0.1:{port}'\nauth = {{ bearer = 'abc' }}\nheaders = {{ x-a = 'b', x-late = '{{{{t}}}}' }}\n\
                 ready = {{ path = '/health', within = '40ms', every = '5ms', distinct = '$.id', count = {count} }}"
            )
        };
        let (port, mut told) = serve(BODIES).await;
        wait(&plan(port, 3)).await.expect("three instances");
        let asked = told.recv().await.expect("asked");
        assert!(
            asked.contains("authorization: Bearer abc\r\n") && asked.contains("x-a: b\r\n"),
            "{asked}"
        );
        assert!(!asked.contains("x-late"), "{asked}");
        let (port, _told) = serve(BODIES).await;
        let last = wait(&plan(port, 4)).await.expect_err("only three").last;
        assert_eq!(last, "3 of 4 different answers: 7, a, b");
        let (port, _told) = serve(&["{}"]).await;
        let last = wait(&plan(port, 2)).await.expect_err("no names").last;
        assert_eq!(last, "its reply has nothing at $.id");
    });
}

#[test]
fn a_proxy_is_asked_and_a_refusal_has_an_address() {
    live(async {
        let (port, mut told) = serve(&["{}"]).await;
        wait(&format!(
            "[target]\nurl = 'http://asr.invalid'\nproxy = 'http://127.0.0.1:{port}'\nready = '/health'"
        ))
        .await
        .expect("by proxy");
        assert!(
            told.recv()
                .await
                .expect("asked")
                .starts_with("GET http://asr.invalid/health HTTP/1.1\r\n")
        );
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("bind")
            .local_addr()
            .expect("address")
            .port();
        let ready = "within = '10ms', every = '5ms', hint = 'start it'";
        let refused = |url: String| {
            format!("[target]\nurl = '{url}'\nready = {{ path = '/health', {ready} }}")
        };
        let failed = wait(&refused(format!("http://127.0.0.1:{port}")))
            .await
            .expect_err("refused");
        let url = format!("http://127.0.0.1:{port}/health");
        assert_eq!(
            failed.to_string(),
            format!("{url} was not ready within 10ms: connection refused by 127.0.0.1:{port}")
        );
        assert_eq!(failed.hint.as_deref(), Some("start it"));
        let failed = wait(&refused("unix:///nowhere/asr.sock".to_owned()))
            .await
            .expect_err("no socket");
        assert!(
            failed.last.starts_with("no answer at /nowhere/asr.sock: "),
            "{failed}"
        );
    });
}
