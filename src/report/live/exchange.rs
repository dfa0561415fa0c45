//! One exchange as a person wants to see it: the request, the reply, and when what happened.

use std::fmt::Write;

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::Value;

use super::dialogue::dialogue;
use super::shown::{SHOWN, size, time, without_secrets};
use crate::document::{CONFIDENTIAL_HEADERS, MASKED, Mask};
use crate::protocol::{Closing, ExchangeTrace, Payload, Reply, Timing};
use crate::report::text::clean;

/// The exchange in lines: `>` is sent, `<` is received, `*` is about both. Of a long conversation only the begin and the end are shown,
/// unless the `whole` is wanted. Secrets are masked.
pub(crate) fn exchange(heard: &ExchangeTrace<'_>, mask: &Mask, whole: bool) -> String {
    let request = heard.request;
    let secure = if request.origin.is_secure() { "s" } else { "" };
    let mut out = format!(
        "> {} {}{secure}://{}{}\n",
        request.method, heard.scheme, request.origin, request.target
    );
    let mut shown = request.headers.clone();
    if heard.scheme != "http" {
        // What a conversation says is no body, and the message of a call is not sent as the JSON that the plan has.
        shown.remove(CONTENT_LENGTH);
        shown.remove(CONTENT_TYPE);
    }
    headers(&mut out, '>', &shown);
    body(&mut out, '>', &request.headers, &sent(&request.payload));
    match heard.result {
        Ok(reply) => {
            let _ = writeln!(out, "< {}", status(reply));
            headers(&mut out, '<', &reply.headers);
            if heard.messages.is_empty() {
                body(&mut out, '<', &reply.headers, &reply.body);
            }
            messages(&mut out, heard, whole);
            let _ = writeln!(out, "* {}", times(&reply.timing));
        }
        Err(failed) => {
            messages(&mut out, heard, whole);
            let _ = writeln!(
                out,
                "* FAILED ({}): {}",
                failed.failure.class.name(),
                clean(&failed.failure.message)
            );
        }
    }
    confided(&request.headers).text(&mask.text(&out))
}

/// What the request confides to the target, which may repeat it: a captured token is in no list of secrets.
fn confided(headers: &HeaderMap) -> Mask {
    let confidential = CONFIDENTIAL_HEADERS
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok());
    Mask::new(confidential.flat_map(|text| {
        [
            text.to_owned(),
            text.split(' ').next_back().unwrap_or_default().to_owned(),
        ]
    }))
}

fn sent(payload: &Payload) -> Vec<u8> {
    payload.parts().concat()
}

fn headers(out: &mut String, mark: char, headers: &HeaderMap) {
    for (name, value) in headers {
        let value = if CONFIDENTIAL_HEADERS.contains(&name.as_str()) {
            MASKED.into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        let _ = writeln!(out, "{mark} {name}: {}", clean(&value));
    }
}

/// Text as it is, JSON without its secrets, and of everything else how much it is.
fn body(out: &mut String, mark: char, headers: &HeaderMap, body: &[u8]) {
    if body.is_empty() {
        return;
    }
    let _ = writeln!(out, "{mark}");
    let kind = headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("no type");
    let text = std::str::from_utf8(body)
        .ok()
        .filter(|_| !kind.starts_with("multipart/"));
    let text = text.map(|text| match serde_json::from_str::<Value>(text) {
        Ok(json) if json.is_object() || json.is_array() => without_secrets(json).to_string(),
        _ => text.to_owned(),
    });
    let shown = match text {
        Some(text) => match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}… ({} in all)", &text[..end], size(body.len())),
            None => text,
        },
        None => format!("[{} of {kind}]", size(body.len())),
    };
    for line in shown.lines() {
        let _ = writeln!(out, "{mark} {}", clean(line));
    }
}

fn messages(out: &mut String, heard: &ExchangeTrace<'_>, whole: bool) {
    let begin = match heard.result {
        Ok(reply) => reply.timing.started,
        Err(failed) => failed.timing.started,
    };
    dialogue(out, heard, begin, whole);
}

/// `101`, or the name of the status with what the target says of it.
fn status(reply: &Reply) -> String {
    match &reply.closing {
        Closing::Named { name, message, .. } if message.is_empty() => (*name).to_owned(),
        Closing::Named { name, message, .. } => format!("{name}: {}", clean(message)),
        _ => reply.status.to_string(),
    }
}

fn times(timing: &Timing) -> String {
    let parts = [
        ("dns", timing.dns),
        ("connect", timing.connect),
        ("tls", timing.tls),
        ("first byte", timing.first_byte),
        ("receive", timing.receive),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter_map(|(name, took)| Some(format!("{name} {}", time((*took)?))))
        .collect();
    format!(
        "took {} ({}), {} received",
        time(timing.total()),
        parts.join(", "),
        size(timing.bytes_in as usize)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn passwords_and_tokens_are_masked_by_their_names() {
        let login = json!({ "access_token": "abc", "token_type": "bearer", "user": { "password": "p", "name": "n" }, "max_tokens": 5, "tokens": ["a"] });
        let masked = json!({ "access_token": "***", "token_type": "bearer", "user": { "password": "***", "name": "n" }, "max_tokens": 5, "tokens": ["a"] });
        assert_eq!(without_secrets(login), masked);
    }

    #[test]
    fn a_body_is_text_or_a_size() {
        let show = |kind: &str, bytes: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", kind.parse().expect("a value"));
            let mut out = String::new();
            body(&mut out, '<', &headers, bytes);
            out
        };
        assert_eq!(show("application/json", br#"{"a": 1}"#), "<\n< {\"a\":1}\n");
        assert_eq!(show("text/plain", b"one\ntwo"), "<\n< one\n< two\n");
        assert_eq!(
            show("audio/wav", &[0xff; 3_000]),
            "<\n< [3 kB of audio/wav]\n"
        );
        assert_eq!(show("text/plain", b""), "");
        assert!(show("text/plain", &[b'x'; 5_000]).ends_with("… (5 kB in all)\n"));
    }
}
