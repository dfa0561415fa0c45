//! The services beside transcription and jobs, and the limits of all of them.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::demo::{DemoSpec, serve};

/// A service on a free port.
fn start(service: &str, keys: &str) -> Client {
    Client::new(begin(&format!(
        "service = \"{service}\"\nservice_time = \"5ms\"\n{keys}"
    )))
}

/// A target with these keys.
pub(crate) fn begin(keys: &str) -> SocketAddr {
    let spec: DemoSpec = toml::from_str(keys).expect(keys);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let to = listener.local_addr().expect("an address");
    tokio::spawn(serve(spec, listener, std::future::pending()));
    to
}

pub(crate) struct Client {
    to: SocketAddr,
    http: reqwest::Client,
}

impl Client {
    pub(crate) fn new(to: SocketAddr) -> Self {
        // Whichever test comes first installs it for the process; nothing here speaks TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            to,
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
        }
    }

    async fn json(&self, path: &str, body: &Value, key: &str) -> (u16, Value) {
        let reply = self
            .http
            .post(self.url(path))
            .header("content-type", "application/json")
            .header("x-api-key", key);
        Self::answer(reply.body(body.to_string())).await
    }

    async fn form(&self, path: &str, field: &str, data: &[u8]) -> (u16, Value) {
        let mut body = format!(
            "--X\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\r\n--X--\r\n");
        let kind = "multipart/form-data; boundary=X";
        Self::answer(
            self.http
                .post(self.url(path))
                .header("content-type", kind)
                .body(body),
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        Self::answer(self.http.get(self.url(path))).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.to)
    }

    async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
        let reply = request.send().await.expect("a reply");
        let status = reply.status().as_u16();
        let retry = reply
            .headers()
            .get("retry-after")
            .map(|value| value.to_str().expect("text").to_owned());
        let body = reply.bytes().await.expect("a body");
        let mut json =
            serde_json::from_slice(&body).unwrap_or_else(|_| json!({ "raw": body.to_vec() }));
        if let (Some(retry), Value::Object(map)) = (retry, &mut json) {
            map.insert("retry_after".to_owned(), retry.into());
        }
        (status, json)
    }
}

#[tokio::test]
async fn an_upload_goes_through_login_chunks_and_a_job() {
    let client = start("jobs", "login = true\nchunk_size = \"4B\"");
    let opening = json!({ "filename": "a.wav", "file_size": 10, "model_name": "tiny" });
    assert_eq!(
        client.json("/uploads/initialize", &opening, "").await.0,
        401
    );
    assert_eq!(
        client
            .json("/auth/login", &json!({ "username": "a" }), "")
            .await
            .0,
        422
    );
    assert_eq!(
        client
            .json(
                "/auth/login",
                &json!({ "username": "a", "password": "" }),
                ""
            )
            .await
            .0,
        401
    );
    let (_, login) = client
        .json(
            "/auth/login",
            &json!({ "username": "a", "password": "b" }),
            "",
        )
        .await;
    let token = login["access_token"].as_str().expect("a token");
    let (status, session) = client.json("/uploads/initialize", &opening, token).await;
    assert_eq!(
        (status, &session["chunk_size"], &session["total_chunks"]),
        (200, &4.into(), &3.into())
    );
    let open = start("jobs", "chunk_size = \"4B\"");
    let (_, session) = open.json("/uploads/initialize", &opening, "").await;
    let path = |end: &str| {
        format!(
            "/uploads/{}/{end}",
            session["session_id"].as_str().expect("an id")
        )
    };
    assert_eq!(
        open.form(&path("chunks/0"), "chunk_data", b"abcd").await.0,
        200
    );
    assert_eq!(
        open.form(&path("chunks/1"), "chunk_data", b"ab").await.0,
        400,
        "it is too short"
    );
    assert_eq!(
        open.form(&path("chunks/7"), "chunk_data", b"abcd").await.0,
        400
    );
    let (_, early) = open.json(&path("finalize"), &json!({}), "").await;
    assert_eq!(
        (&early["status"], &early["missing_chunks"]),
        (&"incomplete".into(), &json!([1, 2]))
    );
    open.form(&path("chunks/1"), "chunk_data", b"efgh").await;
    open.form(&path("chunks/2"), "chunk_data", b"ij").await;
    let (_, done) = open.json(&path("finalize"), &json!({}), "").await;
    assert_eq!(done["status"], "completed");
    let (status, job) = open
        .get(&format!(
            "/jobs/{}",
            done["job_id"].as_str().expect("a job")
        ))
        .await;
    assert_eq!(
        (status, &job["original_filename"], &job["model_name"]),
        (200, &"a.wav".into(), &"tiny".into())
    );
    assert_eq!(
        open.json(&path("finalize"), &json!({}), "").await.0,
        404,
        "it is closed"
    );
    assert_eq!(
        open.get("/truth").await.1["uploads"],
        json!({ "opened": 1, "chunks": 3 })
    );
}

#[tokio::test]
async fn a_text_is_answered_with_its_recording() {
    let client = start("speech", "");
    let (status, reply) = client
        .json(
            "/v1/audio/speech",
            &json!({ "model": "tts-1", "input": "Hello there." }),
            "",
        )
        .await;
    let wav: Vec<u8> = serde_json::from_value(reply["raw"].clone()).expect("bytes");
    assert_eq!((status, &wav[..4]), (200, &b"RIFF"[..]));
    assert!((crate::demo::http::wav::seconds(&wav) - 12.0 * 0.06).abs() < 0.01);
    assert_eq!(
        client
            .json("/v1/audio/speech", &json!({ "input": "" }), "")
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn answers_come_in_pieces_when_they_are_asked_for() {
    let client = start("voice", "");
    let ask =
        json!({ "stream": true, "messages": [{ "role": "user", "content": "What time is it?" }] });
    let reply = client
        .http
        .post(client.url("/v1/chat/completions"))
        .header("content-type", "application/json");
    let reply = reply.body(ask.to_string()).send().await.expect("a reply");
    assert_eq!(reply.headers()["content-type"], "text/event-stream");
    let text = String::from_utf8(reply.bytes().await.expect("a body").to_vec()).expect("text");
    assert_eq!(text.matches("data: {").count(), 12, "{text}");
    assert!(
        text.ends_with("data: [DONE]\n\n") && text.contains(r#""role":"assistant""#),
        "{text}"
    );
    let whole = client
        .json("/v1/chat/completions", &json!({ "messages": [{}] }), "")
        .await
        .1;
    assert!(
        whole["choices"][0]["message"]["content"]
            .as_str()
            .is_some_and(|text| text.contains("Lisbon"))
    );
}

#[tokio::test]
async fn limits_refuse_in_the_words_of_their_services() {
    let full = start(
        "transcription",
        "slots = 1\nqueue = 0\nbusy_status = 429\nslowdown = 60",
    );
    let (one, two) = tokio::join!(
        full.form("/v1/audio/transcriptions", "file", b"a"),
        full.form("/v1/audio/transcriptions", "file", b"b")
    );
    let refused = if one.0 == 429 { one } else { two };
    assert_eq!(
        refused.1,
        json!({ "detail": "Server is processing maximum concurrent requests", "retry_after": "10" })
    );
    let tight = start("transcription", "memory = \"91%\"\nmemory_each = \"1%\"");
    let (status, body) = tight.form("/v1/audio/transcriptions", "file", b"a").await;
    assert_eq!(
        (status, &body["detail"], &body["retry_after"]),
        (
            503,
            &"Resource threshold exceeded (memory: 92%)".into(),
            &"60".into()
        )
    );
    let (_, seen) = tight.get("/health/detailed").await;
    assert_eq!(
        (
            &seen["memory"]["threshold_percent"],
            &seen["concurrency"]["max_concurrent"]
        ),
        (&90.0.into(), &4.into())
    );
    let small = start("transcription", "max_upload = \"100B\"");
    assert_eq!(
        small
            .form("/v1/audio/transcriptions", "file", &[0; 200])
            .await
            .0,
        413
    );
    let locked = start("speech", "token = \"secret-key\"");
    assert_eq!(
        locked
            .json("/v1/audio/speech", &json!({ "input": "a" }), "wrong")
            .await
            .0,
        401
    );
    assert_eq!(
        locked
            .json("/v1/audio/speech", &json!({ "input": "a" }), "secret-key")
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn workers_cache_and_sleep_are_seen_from_outside() {
    let client = start(
        "transcription",
        "workers = 3\nslots = 2\ncache = true\nidle_after = \"1ms\"\ncold_start = \"1ms\"",
    );
    let mut named = Vec::new();
    for _ in 0..4 {
        named.push(
            client.get("/health").await.1["worker_id"]
                .as_str()
                .expect("a name")
                .to_owned(),
        );
    }
    assert_eq!(named, ["worker-1", "worker-2", "worker-3", "worker-1"]);
    assert_eq!(
        client.get("/health/detailed").await.1["concurrency"]["max_concurrent"],
        6
    );
    for content in [b"a", b"a", b"b"] {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert_eq!(
            client
                .form("/v1/audio/transcriptions", "file", content)
                .await
                .0,
            200
        );
    }
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let truth = client.get("/truth").await.1;
    assert_eq!(
        (&truth["cache_hits"], &truth["cold_starts"]),
        (&1.into(), &2.into()),
        "{truth}"
    );
    assert_eq!(
        client.get("/health/detailed").await.1["model"]["loaded"],
        false
    );
}

#[tokio::test]
async fn every_route_that_help_names_is_there() {
    use crate::demo::Service;
    let [one, two, three] =
        [Service::Transcription, Service::Speech, Service::Chat].map(Service::routes);
    assert_eq!([one, two, three].concat(), Service::Voice.routes());
    for service in crate::demo::Service::ALL {
        let client = Client::new(begin(&format!("service = \"{}\"", service.name())));
        for (route, about) in service.routes().iter().chain(&crate::demo::ROUTES_OF_ALL) {
            let (method, path) = route.split_once(' ').expect("a method and a path");
            let path = path.replace(['{', '}'], "");
            let request = client
                .http
                .request(method.parse().expect("a method"), client.url(&path));
            let (status, answer) = Client::answer(request).await;
            // What it takes is missing here, which is refused in the service's own words.
            assert!(
                status != 405 && answer["detail"] != "Not Found",
                "{} {route}: {status} {answer}",
                service.name()
            );
            assert!(!about.is_empty());
        }
        let (status, answer) = client.get("/nothing").await;
        assert_eq!((status, &answer["detail"]), (404, &"Not Found".into()));
    }
}
