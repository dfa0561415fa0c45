//! From the `http` table to what a server has read: forms, files, slices, authorizations.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use url::Url;

use super::live_tests::live;
use super::site::{Site, reply};
use crate::clock::Clock;
use crate::protocol::SpecError;
use crate::protocol::http::{Auth, HttpClient, HttpSpec, HttpTemplate, RequestContext, TextMap};
use crate::protocol::{Attachment, Request};
use crate::template::{Slots, Values};

/// A step compiled in a folder, for a target with this authorization, and its names.
fn compile(plan: &str, auth: &str, folder: &Path) -> Result<(HttpTemplate, Slots), Vec<SpecError>> {
    let spec: HttpSpec = toml::from_str(plan).expect(plan);
    let auth: Option<Auth> = (!auth.is_empty()).then(|| toml::from_str(auth).expect(auth));
    let (base, headers, mut slots) = (
        Url::parse("http://asr:1/").expect("url"),
        TextMap::default(),
        Slots::default(),
    );
    let around = RequestContext {
        base: Some(&base),
        headers: &headers,
        auth: auth.as_ref(),
        folder,
    };
    Ok((spec.compile(&around, &mut slots)?, slots))
}

fn request(
    plan: &str,
    auth: &str,
    folder: &Path,
    names: &[(&str, Value)],
) -> Result<Request, String> {
    let (template, mut slots) = compile(plan, auth, folder).expect(plan);
    let mut values = Values::default();
    names
        .iter()
        .for_each(|(name, value)| values.set(slots.slot(name), value.clone()));
    let clip = Attachment {
        name: "clip.wav".to_owned(),
        content_type: "audio/wav".to_owned(),
        parts: vec![Bytes::from_static(b"RIFF"), Bytes::from_static(b"samples")],
    };
    template
        .request(&values, &|pool| (pool == "speech").then(|| clip.clone()))
        .map_err(|error| error.0)
}

fn body(request: &Request) -> String {
    String::from_utf8(request.payload.parts().concat()).expect("text")
}

#[test]
fn forms_are_written_as_web_pages_write_them() {
    let plan = "post = '/login'\nform = { user = 'a b', 'p&w' = '{{secret}}', n = 3, empty = '' }";
    let request =
        request(plan, "", Path::new("."), &[("secret", json!("ü=&+ x"))]).expect("a request");
    assert_eq!(
        body(&request),
        "user=a+b&p%26w=%C3%BC%3D%26%2B+x&n=3&empty="
    );
    assert_eq!(
        request.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
}

#[test]
fn a_file_is_a_body_of_the_type_that_its_ending_says() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content_type) in [
        ("a.wav", "audio/wav"),
        ("a.json", "application/json"),
        ("a.bin", "application/octet-stream"),
    ] {
        std::fs::write(folder.path().join(name), "content").expect("write");
        let request = request(
            &format!("put = '/x'\nfile = '{name}'"),
            "",
            folder.path(),
            &[],
        )
        .expect("a request");
        assert_eq!(
            (body(&request).as_str(), &request.headers["content-type"]),
            ("content", &content_type.parse().expect("a type"))
        );
    }
    let flaws = compile("put = '/x'\nfile = 'nope.bin'", "", folder.path()).expect_err("no file");
    assert!(
        flaws[0]
            .message
            .contains("nope.bin` cannot be read: No such file")
            && flaws[0].span.is_some(),
        "{flaws:?}"
    );
    let flaws = compile(
        "put = '/x'\nfile = 'a.bin'\nform = { a = 'b' }",
        "",
        folder.path(),
    )
    .expect_err("two bodies");
    assert!(
        flaws[0].message.contains("not `form` and `file`"),
        "{flaws:?}"
    );
}

#[test]
fn slices_joined_are_the_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.bin"), "0123456789ab").expect("write");
    for (source, whole, size) in [
        ("audio = 'speech'", "RIFFsamples", json!(3)),
        ("file = 'a.bin'", "0123456789ab", json!("5")),
        ("file = 'a.bin'", "0123456789ab", json!(4.0)),
        ("file = 'a.bin'", "0123456789ab", json!(100)),
    ] {
        let plan = format!(
            "post = '/x'\nmultipart = {{ part = {{ {source}, chunk = '{{{{n}}}}', chunk_bytes = '{{{{size}}}}' }} }}"
        );
        let slice = |n: u64| {
            let request = request(
                &plan,
                "",
                folder.path(),
                &[("n", json!(n)), ("size", size.clone())],
            )?;
            let text = body(&request);
            let from = text.find("\r\n\r\n").expect("a head") + 4;
            Ok::<_, String>(text[from..text.rfind("\r\n--").expect("an end")].to_owned())
        };
        let slices: Vec<String> = (0..).map_while(|n| slice(n).ok()).collect();
        assert_eq!(slices.concat(), whole, "{source} by {size}");
        let error = slice(slices.len() as u64).expect_err("behind the end");
        assert!(
            error.contains(&format!(
                "has {} bytes and so no slice {}",
                whole.len(),
                slices.len()
            )),
            "{error}"
        );
    }
    let fixed = "post = '/x'\nmultipart = { part = { file = 'a.bin', chunk = 1, chunk_bytes = 5, filename = 'p', type = 'x/y' } }";
    let fixed = body(&request(fixed, "", folder.path(), &[]).expect("a request"));
    assert!(
        fixed.contains("filename=\"p\"\r\nContent-Type: x/y\r\n\r\n56789\r\n--"),
        "{fixed}"
    );
}

#[test]
fn slices_that_cannot_be_are_refused() {
    let folder = Path::new(".");
    let part = |keys: &str| {
        format!("post = '/x'\nmultipart = {{ part = {{ audio = 'speech', {keys} }} }}")
    };
    for keys in ["chunk = 1", "chunk_bytes = 1"] {
        let flaws = compile(&part(keys), "", folder).expect_err(keys);
        assert!(flaws[0].message.contains("need each other"), "{flaws:?}");
    }
    for (size, says) in [
        (
            json!("many"),
            "`chunk_bytes` is not a whole number: \"many\"",
        ),
        (json!(1.5), "`chunk_bytes` is not a whole number: 1.5"),
        (json!(-1), "`chunk_bytes` is not a whole number: -1"),
        (json!(0), "no slice 0 of 0 bytes"),
    ] {
        let plan = part("chunk = 0, chunk_bytes = '{{size}}'");
        let error = request(&plan, "", folder, &[("size", size)]).expect_err(says);
        assert!(error.contains(says), "{error}");
    }
    let error = request(
        &part("chunk = 0, chunk_bytes = '{{size}}'"),
        "",
        folder,
        &[],
    )
    .expect_err("no size");
    assert_eq!(error, "`chunk_bytes`: `size` has no value yet");
}

#[test]
fn every_request_is_authorized_unless_it_says_otherwise() {
    let token = [("token", json!("t1"))];
    let empty = [("token", json!(""))];
    for (auth, step, names, expected) in [
        ("bearer = 'abc'", "", &[][..], Some("Bearer abc")),
        ("bearer = '{{token}}'", "", &token, Some("Bearer t1")),
        ("bearer = '{{token}}'", "", &[], None),
        ("bearer = '{{token}}'", "", &empty, None),
        ("bearer = ''", "", &[], None),
        ("basic = 'me:{{token}}'", "", &token, Some("Basic bWU6dDE=")),
        (
            "bearer = 'abc'",
            "headers = { Authorization = 'own' }",
            &[],
            Some("own"),
        ),
        (
            "bearer = '{{token}}'",
            "headers = { authorization = 'own' }",
            &token,
            Some("own"),
        ),
        (
            "bearer = '{{token}}'",
            "headers = { authorization = '' }",
            &token,
            None,
        ),
    ] {
        let request =
            request(&format!("get = '/x'\n{step}"), auth, Path::new("."), names).expect(auth);
        let sent = request
            .headers
            .get("authorization")
            .map(|value| value.to_str().expect("ASCII"));
        assert_eq!(sent, expected, "{auth} {step}");
    }
}

#[test]
fn the_options_of_a_step_reach_its_request() {
    let plan = "get = '/x'\nfollow = 3\ncookies = true\ncompression = 'true'";
    let request = request(plan, "", Path::new("."), &[]).expect("a request");
    assert_eq!(
        (request.follow, request.cookies, request.compression),
        (3, true, true)
    );
    assert_eq!(
        request.headers["accept-encoding"],
        "gzip, deflate, br, zstd"
    );
    let plain =
        crate::protocol::http::testing::body_tests::request("get = '/x'", "", Path::new("."), &[])
            .expect("a request");
    assert_eq!(
        (plain.follow, plain.cookies, plain.compression),
        (0, false, false)
    );
    assert!(!plain.headers.contains_key("accept-encoding"));
}

#[test]
fn bodies_do_not_keep_a_connection_from_being_used_again() {
    live(async {
        let site = Site::start(None, false, |_| reply(200, ("x", "y"), "ok")).await;
        let mut request =
            request("post = '/x'\naudio = 'speech'", "", Path::new("."), &[]).expect("a request");
        request.origin = Arc::new(
            crate::protocol::Origin::of(
                &Url::parse(&format!("http://127.0.0.1:{}", site.port)).expect("url"),
            )
            .expect("origin"),
        );
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        for _ in 0..20 {
            assert_eq!(
                client.exchange(&request).await.expect("a reply").status,
                200
            );
        }
        assert_eq!((site.accepted.get(), client.reconnects()), (1, 0));
        assert!(
            site.seen
                .borrow()
                .iter()
                .all(|seen| seen.body == "RIFFsamples")
        );
    });
}

#[test]
fn a_fragment_is_not_sent() {
    for (path, target) in [
        ("/doc#top", "/doc"),
        ("/doc?x=1#top", "/doc?x=1"),
        ("http://asr/doc#top", "/doc"),
        ("/{{id}}#{{id}}", "/a%23b"),
    ] {
        let names = [("id", json!("a#b"))];
        let request = request(&format!("get = '{path}'"), "", Path::new("."), &names);
        assert_eq!(request.expect(path).target.as_str(), target, "{path}");
    }
}

#[test]
fn who_a_url_names_is_who_asks() {
    let basic = "Basic bWU6cEBzcw==";
    let own = "headers = { authorization = 'Own' }";
    let none = "headers = { authorization = '' }";
    for (url, more, auth, authorization) in [
        ("http://me:p%40ss@asr/x", "", "", Some(basic)),
        ("{{scheme}}://me:p%40ss@asr/x", "", "", Some(basic)),
        (
            "{{scheme}}://me:p%40ss@asr/x",
            "",
            "bearer = 'b'",
            Some(basic),
        ),
        ("/x", "", "bearer = 'b'", Some("Bearer b")),
        ("http://me:p%40ss@asr/x", own, "", Some("Own")),
        ("{{scheme}}://me:p%40ss@asr/x", none, "", None),
    ] {
        let plan = format!("get = '{url}'\n{more}");
        let names = [("scheme", json!("http"))];
        let request = request(&plan, auth, Path::new("."), &names).expect(&plan);
        let sent = request.headers.get("authorization");
        assert_eq!(
            sent.and_then(|value| value.to_str().ok()),
            authorization,
            "{plan}"
        );
    }
}
