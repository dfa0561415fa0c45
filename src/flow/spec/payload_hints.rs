//! Bodies that are sent letter by letter where something else was probably meant.

use crate::diag::Problem;
use crate::protocol::http::{FormPart, HttpSpec};

/// What a user of curl may have written, each at its key below `http`.
pub(crate) fn payload_hints(http: &HttpSpec) -> Vec<Problem> {
    let mut found = Vec::new();
    let text = http.json.as_ref().and_then(|json| json.get_ref().as_str());
    if text.is_some_and(reads_as_json) {
        found.push(
            Problem::warning(
                "http.json",
                "a text that reads as JSON is sent as a text, in quotes",
                "write the value itself: http.json = { NAME = \"value\" }; a body letter by letter is http.text",
            )
            .at_value(),
        );
    }
    let multipart = http.multipart.iter().flat_map(|parts| &parts.0);
    let parts = multipart.filter_map(|(name, part)| match part.get_ref() {
        FormPart::Text(text) => Some(("multipart", name, text)),
        FormPart::Attached(_) => None,
    });
    let form = http.form.iter().flat_map(|form| &form.0);
    let fields = form.map(|(name, text)| ("form", name, &text.get_ref().0));
    for (table, name, text) in parts.chain(fields) {
        let Some(path) = text.strip_prefix('@').filter(|path| !path.is_empty()) else {
            continue;
        };
        let message = format!("`@{path}` is sent as these letters, and not as a file");
        let help = format!("multipart = {{ {name} = {{ file = \"{path}\" }} }}");
        found.push(Problem::warning(format!("http.{table}.{name}"), message, help).at_value());
    }
    found
}

fn reads_as_json(text: &str) -> bool {
    let text = text.trim_start();
    (text.starts_with('{') || text.starts_with('['))
        && serde_json::from_str::<serde_json::Value>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_letter_by_letter_is_said() {
        for (spec, key) in [
            ("post = '/'\njson = '{\"a\": 1}'", Some("http.json")),
            ("post = '/'\njson = '{{body}}'", None),
            ("post = '/'\njson = { a = '[1]' }", None),
            ("post = '/'\nform = { f = '@a.wav' }", Some("http.form.f")),
            (
                "post = '/'\nmultipart = { f = '@a.wav', m = 'x@y' }",
                Some("http.multipart.f"),
            ),
            ("post = '/'\nmultipart = { f = { file = 'a.wav' } }", None),
        ] {
            let http: HttpSpec = toml::from_str(spec).expect(spec);
            let found = payload_hints(&http);
            assert_eq!(found.first().map(|one| one.key.as_str()), key, "{spec}");
            assert!(found.iter().all(|one| one.harmless));
        }
    }
}
