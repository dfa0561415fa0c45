//! What stands before the `@` of a URL: a user and a password.

use std::ops::Range;

/// What ends the authority of a URL, wherever the URL stands.
const BEHIND: [char; 8] = ['/', '?', '#', '"', '<', '>', '\\', '`'];

/// The passwords in a text's URLs; a user without a password, which is a token, is one.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let begins = text
        .match_indices("://")
        .map(|(at, colon)| at + colon.len());
    begins
        .filter_map(|begin| {
            let rest = &text[begin..];
            let end = rest
                .find(|c: char| BEHIND.contains(&c) || c.is_whitespace())
                .unwrap_or(rest.len());
            let userinfo = &rest[..rest[..end].rfind('@')?];
            let password = userinfo.find(':').map_or(0, |colon| colon + 1);
            let place = begin + password..begin + userinfo.len();
            let said = &text[place.clone()];
            // What is filled in later says nothing yet.
            let is_open = ["${", "{{"].iter().any(|begin| said.contains(begin));
            (!is_open && said.bytes().any(|byte| byte != b'*')).then_some(place)
        })
        .collect()
}

/// The secrets in a text's URLs as they are written: passwords, and users together with theirs.
pub fn secrets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for place in places(text) {
        let begin = text[..place.start].rfind("://").map_or(0, |at| at + 3);
        found.push(text[place.clone()].to_owned());
        found.push(text[begin..place.end].to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_urls_are_found_and_nothing_else() {
        for (text, found) in [
            ("http://me:pa%40ss@asr:1/x", vec!["pa%40ss", "me:pa%40ss"]),
            (
                "see \"wss://me:a:b@c@asr\", or not",
                vec!["a:b@c", "me:a:b@c"],
            ),
            ("https://token@asr", vec!["token", "token"]),
            ("http://asr/me:pw@x http://asr?a=b:c@d", vec![]),
            ("http://me:***@asr", vec![]),
            ("http://me:$a'b@asr", vec!["$a'b", "me:$a'b"]),
            ("http://me:${PW}@asr http://me:{{pw}}@asr", vec![]),
            ("a@b http://a me@b", vec![]),
            ("http://me:@asr", vec![]),
        ] {
            assert_eq!(secrets(text), found, "{text}");
        }
    }
}
