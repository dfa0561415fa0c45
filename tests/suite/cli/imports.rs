//! `perfgate init --from`: plans of curl commands, HAR files and OpenAPI documents.

use std::fs;

use crate::support::demo_target::DemoTarget;
use crate::support::perfgate::Perfgate;

fn fixture(name: &str) -> String {
    let path = format!(
        "{}/tests/fixtures/imports/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    fs::read_to_string(path).unwrap()
}

/// A document, what its plan has, and what it must not have.
const DOCUMENTS: [(&str, &[&str], &[&str]); 9] = [
    (
        "chrome.curl",
        &[
            "http.post        = \"/jobs/search?page=2\"",
            "authorization = \"{{authorization}}\"",
            "cookie = \"{{cookie}}\"",
            "content-type = \"application/json\"",
            "it's {{{{here}}",
            "{{password}}",
            "http.compression = true",
            "tls   = { insecure = true }",
        ],
        &["eyJ", "0f1e", "hunter22", "sec-ch", "origin", "Mozilla"],
    ),
    (
        "openai.curl",
        &[
            "url     = \"https://api.example.com\"",
            "tcp://api.example.com:443",
            "timeout = \"90s\"",
            "[flow.main.http.json]\nmodel = \"gpt-4o-mini\"\nstream = true\n",
            "temperature = 0.7",
        ],
        &["OPENAI_API_KEY", "content-type"],
    ),
    (
        "upload.curl",
        &[
            "http.multipart = { file = { file = \"../clip.wav\", type = \"audio/wav\" }, model = \"whisper-1\" }",
            "auth  = { basic = \"{{basic_auth}}\" }",
            "http.follow    = 10",
            "# Not taken over from the curl command:\n#   --cacert ca.pem\n#   --resolve x:1:2\n",
        ],
        &["pa$$", "out.json"],
    ),
    (
        "chrome.har",
        &[
            "name         = \"post_auth_login\"",
            "password = \"{{password}}\"",
            "capture      = { access_token = \"$.access_token\" }",
            "Authorization = \"Bearer {{access_token}}\"",
            "/health?session={{session_id}}",
            "# Left out: 2 requests of pages, styles, scripts and images.",
            "POST https://telemetry.example.com/collect: it goes to another service",
        ],
        &[
            "correct horse",
            "5f3a9b7c",
            "upload-7",
            "sec-ch",
            ":authority",
        ],
    ),
    (
        "firefox.har",
        &[
            "http.form    = { user = \"ada\", password = \"{{password}}\" }",
            "Cookie = \"{{cookie}}\"",
            "expect       = { status = 302 }",
            "capture      = { id = \"$.cart.id\" }",
            "/api/carts/{{id}}/items",
            "{{{{name}} $${x}",
        ],
        &["s&cret", "0123456789abcdef", "cart-9001", "logo.svg"],
    ),
    (
        "proxy.har",
        &[
            "x_api_key = \"${X_API_KEY:-}\"",
            "capture      = { id = \"$.job.id\" }",
            "http.get     = \"/v2/jobs/{{id}}\"",
            "of = \"{{id}}\"",
            "/v2/results/{{result}}",
            "name         = \"get_v2_jobs_2\"",
            "content-type = \"application/merge-patch+json\"",
        ],
        &["810023", "k-123456789", "OPTIONS"],
    ),
    (
        "petstore.yaml",
        &[
            "# Pets, from its OpenAPI document",
            "http.get = \"/v1/pets?limit=1\"",
            "http.json = { name = \"Rex\" }",
            "expect    = { status = 201 }",
            "# capture = { id = \"$.id\" }",
            "pet_id = \"text\"",
            "/v1/pets/{{pet_id}}",
            "auth  = { bearer = \"{{token}}\" }",
            "# Left out: DELETE /v1/pets/{petId}",
            "# Left out: GET /v1/pets/search: it is deprecated.",
        ],
        &["tag"],
    ),
    (
        "fastapi.json",
        &[
            "url   = \"http://localhost:8000\"",
            "http.form = { username = \"text\", password = \"{{password}}\" }",
            "# capture = { access_token = \"$.access_token\" }",
            "http.multipart = { file = { audio = \"speech\" }, model = \"tiny\" }",
            "[audio.speech]",
            "http.get = \"/jobs/{{job_id}}\"",
            "expect         = { status = 202 }",
        ],
        &["verbose", "language"],
    ),
    (
        "swagger2.json",
        &[
            "url     = \"https://orders.example.com\"",
            "http.get     = \"/api/orders?state=open\"",
            "http.headers = { X-Tenant = \"main\" }",
            "http.json = { item = \"text\", count = 2 }",
            "order_id = \"7\"",
            "http.form = { text = \"text\" }",
            "headers = { X-API-Key = \"{{x_api_key}}\" }",
            "expect    = { status = \"200 .. 299\" }",
        ],
        &["orderId\" = 1"],
    ),
];

#[test]
fn every_document_becomes_a_plan_that_is_valid() {
    for (name, has, lacks) in DOCUMENTS {
        let scene = Perfgate::new()
            .file(name, &fixture(name))
            .file("clip.wav", "RIFF");
        let begun = scene.run(&format!("init --ci none --from {name} --name made"));
        begun
            .exits(0)
            .says("wrote plans/made.toml")
            .says("next: perfgate run plans/made.toml --once");
        let text = fs::read_to_string(scene.at("plans/made.toml")).unwrap();
        for part in has {
            assert!(text.contains(part), "{name}: no {part} in\n{text}");
        }
        for part in lacks {
            assert!(!text.contains(part), "{name}: {part} in\n{text}");
        }
        scene
            .run("validate plans/made.toml")
            .exits(0)
            .says("plans/made.toml is valid");
    }
}

#[test]
fn a_recording_is_played_again_with_values_of_now() {
    let target = DemoTarget::start("jobs", "");
    let scene = Perfgate::new()
        .file("login.har", &fixture("chrome.har"))
        .env("PASSWORD", "correct horse");
    let begun = scene.run(&format!(
        "init --ci none --from login.har --url {} --name made",
        target.url
    ));
    begun
        .exits(0)
        .says("the plan takes PASSWORD from the environment");
    scene
        .run("run plans/made.toml --once")
        .exits(0)
        .says("✓ ok in")
        .says("capture session_id")
        .never_says("correct horse");
}

#[test]
fn a_command_may_be_typed_and_what_is_no_document_is_said() {
    let target = DemoTarget::start("jobs", "");
    let scene = Perfgate::new()
        .file("notes.txt", "hello")
        .file(
            "pages.har",
            r#"{"log":{"entries":[{"request":{"method":"GET","url":"http://x/a.css"},"response":{"status":200}}]}}"#,
        )
        .file("empty.json", r#"{"openapi":"3.0.0","paths":{}}"#)
        .file("broken.har", r#"{"log":{"entries":[{"request":7}]}}"#);
    let typed = format!(
        "\"$0\" init --ci none --from curl \"curl {}/health\" --name typed",
        target.url
    );
    scene.shell(&typed).exits(0);
    scene
        .run("run plans/typed.toml --once")
        .exits(0)
        .says("GET http://127.0.0.1");
    for (line, says) in [
        (
            "\"$0\" init --from notes.txt",
            "neither a curl command, nor a HAR file",
        ),
        ("\"$0\" init --from gone.har", "cannot read `gone.har`"),
        ("\"$0\" init --from pages.har", "no request of an API"),
        ("\"$0\" init --from empty.json", "no operation"),
        ("\"$0\" init --from broken.har", "not as HTTP archives are"),
        (
            "\"$0\" init --from curl 'curl -X'",
            "`-X` of the curl command needs a value",
        ),
        ("\"$0\" init --from curl 'curl -s'", "has no URL"),
        (
            "\"$0\" init --from curl \"curl 'http://x\"",
            "quote of the curl command is not closed",
        ),
        (
            "\"$0\" init --from notes.txt folder",
            "write the folder `folder` before it",
        ),
        (
            "\"$0\" init --from curl 'curl x' --kind job",
            "cannot be used with",
        ),
    ] {
        scene.shell(line).exits(2).says(says);
    }
    assert!(!scene.at("plans/service.toml").exists());
}
