//! One line about a reply that was not what the plan wants.

use crate::protocol::{Closing, Reply};
use crate::select::Evidence;

/// A body is kept up to so many characters.
const KEPT: usize = 200;

/// `HTTP 503: Resource threshold exceeded`: what the reply says of itself, or the begin of its body.
pub(crate) fn of_status(reply: &Reply) -> String {
    let said = ["detail", "message", "error", "error_message"]
        .iter()
        .find_map(|key| {
            let value = reply.json()?.get(key)?;
            value
                .as_str()
                .or_else(|| value.get("message")?.as_str())
                .map(str::to_owned)
        });
    let text = said.unwrap_or_else(|| reply.text().into_owned());
    let text = shorten(&text);
    match &reply.closing {
        Closing::Named {
            protocol,
            name,
            message,
        } => {
            let message = shorten(message);
            let separator = if message.is_empty() { "" } else { ": " };
            return format!("{protocol} {name}{separator}{message}");
        }
        Closing::HandshakeRefused if text.is_empty() => {
            return format!("handshake refused with HTTP {}", reply.status);
        }
        Closing::HandshakeRefused => {
            return format!("handshake refused with HTTP {}: {text}", reply.status);
        }
        Closing::Status | Closing::Code(_) | Closing::End => {}
    }
    if text.is_empty() {
        format!("HTTP {}", reply.status)
    } else {
        format!("HTTP {}: {text}", reply.status)
    }
}

/// `the stream reported: out of memory`: what an error among the messages says of itself.
pub(crate) fn of_stream(message: &dyn Evidence) -> String {
    format!("the stream reported: {}", said(message))
}

/// `the stream warned: slow`: what a warning among the messages says.
pub(crate) fn warning(message: &dyn Evidence) -> String {
    format!("the stream warned: {}", said(message))
}

fn said(message: &dyn Evidence) -> String {
    let said = ["detail", "message", "error", "error_message"]
        .iter()
        .find_map(|key| {
            let value = message.json()?.get(key)?;
            value
                .as_str()
                .or_else(|| value.get("message")?.as_str())
                .map(str::to_owned)
        });
    shorten(&said.unwrap_or_else(|| String::from_utf8_lossy(message.body()).into_owned()))
}

/// The text on one line, and its begin where it is long.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, KEPT)
}

/// The text on one line, and its first so many characters where it is longer.
pub(crate) fn shorten_to(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Timing;

    fn reply(body: &str) -> Reply {
        Reply::new(
            503,
            http::HeaderMap::new(),
            body.to_owned().into(),
            Timing::default(),
        )
    }

    #[test]
    fn the_reply_speaks_for_itself() {
        for (body, line) in [
            (
                r#"{"detail":"Resource threshold exceeded (memory: 92%)"}"#,
                "HTTP 503: Resource threshold exceeded (memory: 92%)",
            ),
            (r#"{"error":{"message":"busy","code":5}}"#, "HTTP 503: busy"),
            (
                "<html>\n  <b>Bad</b>\n</html>",
                "HTTP 503: <html> <b>Bad</b> </html>",
            ),
            ("", "HTTP 503"),
        ] {
            assert_eq!(of_status(&reply(body)), line);
        }
        assert_eq!(
            of_status(&reply(&"x".repeat(500))).chars().count(),
            "HTTP 503: ".len() + 201
        );
    }
}
