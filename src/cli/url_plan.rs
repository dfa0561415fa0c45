//! `perfgate run URL`: a plan made of a URL and a few options.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use url::Url;

use super::arguments::{LoadOptions, RequestOptions};
use super::failure::CommandFailure;
use crate::protocol::is_secure;

/// Users, where nothing is said of the load: one tells how long a request takes, and loads neither side.
const USERS: u64 = 1;
/// How long, where nothing is said of it.
const SECONDS: &str = "10s";
/// Methods that a step has a key for.
const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];

/// Whether what was typed in the place of a plan is an address.
pub(crate) fn is_url(plan: &Path) -> bool {
    let text = plan.to_string_lossy();
    text.starts_with("http://") || text.starts_with("https://")
}

/// The text of a plan that sends one request again and again.
pub(crate) fn text(
    url: &str,
    request: &RequestOptions,
    load: &LoadOptions,
) -> Result<String, CommandFailure> {
    let parsed = Url::parse(url)
        .map_err(|error| CommandFailure::usage(format!("`{url}` is not a URL: {error}")))?;
    if is_secure(parsed.scheme()).is_none() || parsed.host_str().is_none() {
        return Err(CommandFailure::usage(format!("`{url}` has no host")));
    }
    let origin = &parsed[..url::Position::BeforePath];
    let path = &parsed[url::Position::BeforePath..];
    let body = body(request)?;
    let method = match (&request.method, &body) {
        (Some(method), _) => method.to_ascii_lowercase(),
        (None, Some(_)) => "post".to_owned(),
        (None, None) => "get".to_owned(),
    };
    if !METHODS.contains(&method.as_str()) {
        return Err(CommandFailure::usage(format!(
            "`-X {method}`: a step knows {}",
            METHODS.join(", ").to_uppercase()
        )));
    }
    let mut lines = vec![
        format!("# perfgate run {}", words(url, request, load)),
        format!("name   = {}", quoted(&name(&parsed))),
        format!("target = {}", quoted(origin)),
        String::new(),
        "[[flow.main]]               # what one user does".to_owned(),
        format!("http.{method} = {}", quoted(path)),
    ];
    let mut headers = headers(request)?;
    if let Some(body) = body {
        let has_type = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !has_type && serde_json::from_str::<serde_json::Value>(&body).is_ok() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        lines.push(format!("http.text = {}", quoted(&body)));
    }
    if !headers.is_empty() {
        let pairs = headers
            .iter()
            .map(|(name, value)| format!("{} = {}", quoted(name), quoted(value)));
        lines.push(format!(
            "http.headers = {{ {} }}",
            pairs.collect::<Vec<_>>().join(", ")
        ));
    }
    lines.push(String::new());
    lines.push("[load.main]                 # how much of it".to_owned());
    match (&load.rate, load.vus) {
        (Some(rate), _) => lines.push(format!("rate     = {}", quoted(rate))),
        (None, vus) => lines.push(format!("vus      = {}", vus.unwrap_or(USERS))),
    }
    let duration = load.duration.as_deref().unwrap_or(SECONDS);
    lines.push(format!("duration = {}", quoted(duration)));
    lines.push(String::new());
    lines.push("[threshold]                 # what must hold".to_owned());
    lines.push("error_rate = \"< 1%\"".to_owned());
    lines.push("# latency.p95 = \"< 500ms\"".to_owned());
    Ok(lines.join("\n") + "\n")
}

/// The command that was typed, for the first line.
fn words(url: &str, request: &RequestOptions, load: &LoadOptions) -> String {
    let mut words = vec![url.to_owned()];
    words.extend(request.method.iter().map(|method| format!("-X {method}")));
    words.extend(load.vus.iter().map(|vus| format!("--vus {vus}")));
    words.extend(load.rate.iter().map(|rate| format!("--rate {rate}")));
    words.extend(
        load.duration
            .iter()
            .map(|time| format!("--duration {time}")),
    );
    words.join(" ").replace('\n', " ")
}

/// `localhost-8000`: what the results folder is called.
fn name(url: &Url) -> String {
    let port = url
        .port()
        .map_or_else(String::new, |port| format!("-{port}"));
    let host = url.host_str().unwrap_or("service");
    let fits = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c
        } else {
            '-'
        }
    };
    format!("{}{port}", host.chars().map(fits).collect::<String>())
}

/// The body: a text, or that of a file behind `@`.
fn body(request: &RequestOptions) -> Result<Option<String>, CommandFailure> {
    let Some(data) = &request.data else {
        return Ok(None);
    };
    let Some(file) = data.strip_prefix('@') else {
        return Ok(Some(data.clone()));
    };
    let text = fs::read_to_string(file)
        .map_err(|error| CommandFailure::usage(format!("-d: cannot read `{file}`: {error}")))?;
    Ok(Some(text))
}

fn headers(request: &RequestOptions) -> Result<Vec<(String, String)>, CommandFailure> {
    let one = |header: &String| {
        let (name, value) = header.split_once(':').ok_or_else(|| {
            CommandFailure::usage(format!(
                "`-H {header}` is not a header\nwrite -H 'Name: value'"
            ))
        })?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    request.headers.iter().map(one).collect()
}

/// A text of a plan that says what it says: nothing in it is filled in.
fn quoted(text: &str) -> String {
    let plain = text.replace("${", "$${").replace("{{", "{{{{");
    toml::Value::String(plain).to_string()
}

/// Writes the plan where it was asked for; what is there already stays.
pub(crate) fn write(file: &Path, text: &str, force: bool) -> Result<(), CommandFailure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    if !force {
        options.create_new(true);
    }
    let mut opened = options.open(file).map_err(|error| {
        let why = if error.kind() == std::io::ErrorKind::AlreadyExists {
            "it is there already; --force replaces it".to_owned()
        } else {
            error.to_string()
        };
        CommandFailure::usage(format!("cannot write `{}`: {why}", file.display()))
    })?;
    opened
        .write_all(text.as_bytes())
        .map_err(CommandFailure::could_not_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(url: &str, request: &RequestOptions, load: &LoadOptions) -> String {
        text(url, request, load).unwrap_or_else(|_| panic!("{url}"))
    }

    #[test]
    fn a_url_is_a_plan() {
        let (request, load) = (RequestOptions::default(), LoadOptions::default());
        let made = plan("http://localhost:8000/users?page=1", &request, &load);
        for line in [
            "name   = \"localhost-8000\"",
            "target = \"http://localhost:8000\"",
            "http.get = \"/users?page=1\"",
            "vus      = 1",
            "duration = \"10s\"",
        ] {
            assert!(made.contains(line), "no {line} in {made}");
        }
        let request = RequestOptions {
            headers: vec!["X-Key: a{{b}}".to_owned()],
            data: Some("{\"a\": \"${x}\"}".to_owned()),
            ..RequestOptions::default()
        };
        let load = LoadOptions {
            rate: Some("5/s".to_owned()),
            duration: Some("1m".to_owned()),
            ..LoadOptions::default()
        };
        let made = plan("https://api.test/", &request, &load);
        for line in [
            "http.post = \"/\"",
            "http.text = '{\"a\": \"$${x}\"}'",
            "\"X-Key\" = \"a{{{{b}}\"",
            "\"content-type\" = \"application/json\"",
            "rate     = \"5/s\"",
        ] {
            assert!(made.contains(line), "no {line} in {made}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let load = LoadOptions::default();
        let with = |change: fn(&mut RequestOptions)| {
            let mut request = RequestOptions::default();
            change(&mut request);
            text("http://x/", &request, &load).is_err()
        };
        assert!(with(|request| request.method = Some("BREW".to_owned())));
        assert!(with(|request| request.headers.push("no colon".to_owned())));
        assert!(with(
            |request| request.data = Some("@/no/such/file".to_owned())
        ));
        assert!(text("http://", &RequestOptions::default(), &load).is_err());
    }
}
