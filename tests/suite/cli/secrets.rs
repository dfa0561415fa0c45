//! Secrets: a server that repeats everything it is told, and every output searched for what must not be in it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use crate::support::perfgate::Perfgate;

const KEY: &str = "sk-0123456789abcdef";
const PASSWORD: &str = "pass word/\"quoted\"";
const BASIC: &str = "user:hunter2hunter2";
const TOKEN: &str = "captured-token-4711-xyz";

/// Answers every request with what it was told, in headers, body and status line; `/login` with a token; every second one
/// fails.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            std::thread::spawn(move || serve(socket));
        }
    });
    url
}

fn serve(socket: TcpStream) {
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    let mut socket = socket;
    for number in 0.. {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let told = format!("{head}{}", String::from_utf8_lossy(&body));
        let login = head.starts_with("POST /login");
        let status = if login || number % 2 == 1 {
            "200 OK"
        } else {
            "500 Internal Server Error"
        };
        let answer = if login {
            format!("{{\"access_token\":\"{TOKEN}\"}}")
        } else {
            serde_json::json!({ "detail": format!("you said: {told}") }).to_string()
        };
        let echoed = head
            .lines()
            .find_map(|line| line.strip_prefix("authorization: "))
            .unwrap_or("nothing");
        let reply = format!(
            "HTTP/1.1 {status}\r\nx-echo: {echoed}\r\nx-key: {KEY}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}",
            answer.len()
        );
        if socket.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

fn plan(url: &str) -> String {
    format!(
        r#"description = "with {{{{key}}}}"
target = {{ url = "{url}", auth = {{ bearer = "{{{{token}}}}" }}, headers = {{ x-api-key = "{{{{key}}}}" }} }}
[secrets]
key = "${{API_KEY}}"
password = "${{PASSWORD}}"
[labels]
slip = "{{{{key}}}}"
[tags]
slip = "{{{{key}}}}"
[[flow.a]]
name = "login"
once = "per-vu"
http.post = "/login"
http.json = {{ user = "ada", password = "{{{{password}}}}" }}
capture = {{ token = "$.access_token" }}
[[flow.a]]
name = "ask"
http.post = "/ask?key={{{{key}}}}"
http.json = {{ password = "{{{{password}}}}" }}
expect = {{ "$.detail" = "is {{{{key}}}}" }}
[[flow.b]]
http.get = "/b/{{{{key}}}}"
http.headers = {{ authorization = "Basic {basic}" }}
[load.a]
vus = 2
iterations = 40
[load.b]
vus = 1
iterations = 20
"#,
        basic = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, BASIC)
    )
}

/// Every file below a folder, unpacked where it is packed.
fn everything(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            everything(&path, all);
            continue;
        }
        let mut bytes = std::fs::read(&path).unwrap();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice())
                .read_to_end(&mut unpacked)
                .unwrap();
            bytes = unpacked;
        }
        all.push((
            path.display().to_string(),
            String::from_utf8_lossy(&bytes).into_owned(),
        ));
    }
}

#[test]
fn what_is_secret_stands_in_no_output() {
    let url = echo();
    let scene = Perfgate::new()
        .plan(&plan(&url))
        .env("API_KEY", KEY)
        .env("PASSWORD", PASSWORD);
    let mut all = Vec::new();
    for arguments in [
        "run plan.toml -vv --progress plain",
        "run plan.toml --once",
        "run plan.toml --dry-run",
        "validate plan.toml",
        "validate plan.toml --explain",
        "check results/plan/latest -v",
        "run plan.toml --set load.a.vus=x",
    ] {
        let done = scene.run(arguments);
        assert!(
            done.code.is_some() && !done.all().contains("has 1 error")
                || arguments.contains("vus=x"),
            "{}",
            done.all()
        );
        all.push((format!("stdout of `{arguments}`"), done.stdout));
        all.push((format!("stderr of `{arguments}`"), done.stderr));
    }
    everything(&scene.at("results"), &mut all);
    assert!(all.len() > 14, "{} outputs", all.len());
    let seen = all.iter().any(|(_, text)| text.contains("you said"));
    assert!(
        seen,
        "the server was heard: what it repeats stands in some output"
    );
    let url_form: String = url::form_urlencoded::byte_serialize(PASSWORD.as_bytes()).collect();
    let json = serde_json::Value::from(PASSWORD).to_string();
    let basic = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, BASIC);
    for secret in [
        KEY,
        PASSWORD,
        TOKEN,
        &url_form,
        json.trim_matches('"'),
        &basic,
    ] {
        for (name, text) in &all {
            let at = text
                .find(secret)
                .map(|at| text[at.saturating_sub(80)..(at + 80).min(text.len())].to_owned());
            assert_eq!(at, None, "`{secret}` stands in {name}");
        }
    }
}

#[test]
fn a_password_in_a_url_is_sent_as_basic_authentication_and_stands_in_no_output() {
    let (raw, plain) = ("pa%40ss4711", "pa@ss4711");
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("ada:{plain}"),
    );
    let named = echo().replace("://", &format!("://ada:{raw}@"));
    let plan = |target: &str| {
        format!(
            "target = {target}\n[[flow.a]]\nname = \"first\"\nhttp.get = \"/a\"\nexpect = {{ status = [200, 500] }}\n\
             [[flow.a]]\nname = \"second\"\nhttp.get = \"{named}/b\"\nexpect = {{ status = [200, 500], \"header x-echo\" = \"is Basic {basic}\" }}\n\
             [load.a]\nvus = 1\niterations = 4\n"
        )
    };
    let scene = Perfgate::new().plan(&plan(&format!("\"{named}\"")));
    let mut all = Vec::new();
    for arguments in [
        "run plan.toml -vv --progress plain",
        "run plan.toml --once",
        "run plan.toml --dry-run",
        "validate plan.toml --explain",
        "run plan.toml --set load.a.vus=x",
    ] {
        let done = scene.run(arguments);
        all.push((arguments, done.all()));
    }
    // It is sent: where it is not, the reply that is asked for does not come.
    let one = &all
        .iter()
        .find(|(name, _)| name.ends_with("--once"))
        .expect("one")
        .1;
    assert!(
        one.contains("x-echo: Basic ***") && !one.contains("expected header"),
        "{one}"
    );
    let mut files = Vec::new();
    everything(&scene.at("results"), &mut files);
    assert!(files.iter().any(|(_, text)| text.contains("***@127.0.0.1")));
    for target in [
        format!("{{ url = \"{named}\", timeout = \"x\" }}"),
        format!("{{ url = \"{named}\", auth = {{ basic = \"a:b\" }} }}"),
        format!("\"{}\"", named.replace("http:", "ftp:")),
    ] {
        let done = Perfgate::new()
            .plan(&plan(&target))
            .run("validate plan.toml");
        assert_eq!(done.code, Some(2), "{}", done.all());
        all.push(("validate", done.all()));
    }
    let said = all.iter().map(|(name, text)| (*name, text.as_str()));
    let written = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    for (name, text) in said.chain(written) {
        for secret in [raw, plain, &basic] {
            assert!(
                !text.contains(secret),
                "`{secret}` stands in {name}: {text}"
            );
        }
    }
}
