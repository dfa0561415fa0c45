//! From the `target` section to how its connections are made.

use std::path::{Path, PathBuf};

use url::Url;

use super::TargetSpec;
use crate::diag::Problem;
use crate::document::Mask;
use crate::protocol::{ConnectionOptions, Proxy, Tls, TlsFiles, is_secure};

impl TargetSpec {
    /// The URL that paths are joined to, where there is one. A socket in the file system is `http://localhost`.
    ///
    /// # Errors
    /// What is wrong with the address, and what to write.
    pub fn base(&self) -> Result<Option<Url>, Problem> {
        let Some(text) = &self.url else {
            return Ok(None);
        };
        let text = text.get_ref();
        let wrong = |message: String, help: &str| Err(Problem::error("url", message, help));
        match Url::parse(text) {
            Ok(url) if url.scheme() == "unix" => match socket(&url) {
                Some(_) => Ok(Url::parse("http://localhost").ok()),
                None => wrong(
                    format!("`{text}` names no socket"),
                    "unix:///path/to/the.sock, with three slashes",
                ),
            },
            Ok(url) if is_secure(url.scheme()).is_some() && url.has_host() => Ok(Some(url)),
            _ if !text.is_empty()
                && !text.contains("://")
                && Url::parse(&format!("http://{text}")).is_ok() =>
            {
                wrong(
                    format!("`{text}` is not an address"),
                    &format!("write \"http://{text}\""),
                )
            }
            _ => wrong(
                format!("`{text}` is not an address"),
                "write for example \"http://localhost:8001\"",
            ),
        }
    }

    /// How connections are made. Paths start from `folder`; the plan's `secrets` stay with their origin.
    ///
    /// # Errors
    /// Every file that cannot be used, and what does not fit together.
    pub fn wiring(&self, folder: &Path, secrets: &Mask) -> Result<ConnectionOptions, Vec<Problem>> {
        let mut found = Vec::new();
        let path = |name: &Option<String>| name.as_ref().map(|name| folder.join(name));
        let spec = &self.tls;
        let files = TlsFiles {
            ca: path(&spec.ca),
            cert: path(&spec.cert),
            key: path(&spec.key),
            insecure: spec.insecure.0,
        };
        let tls = Tls::new(&files, self.http_version).unwrap_or_else(|flaws| {
            found.extend(
                flaws
                    .into_iter()
                    .map(|(key, why)| Problem::error(format!("tls.{key}"), why, "").at_value()),
            );
            Tls::default()
        });
        let proxy = self
            .proxy
            .as_deref()
            .filter(|text| !text.is_empty())
            .and_then(|text| {
                Proxy::of(text)
                    .map_err(|why| {
                        found.push(
                            Problem::error("proxy", why, "proxy = \"http://squid:3128\"")
                                .at_value(),
                        );
                    })
                    .ok()
            });
        let unix = self
            .url
            .as_ref()
            .and_then(|url| socket(&Url::parse(url.get_ref()).ok()?));
        if unix.is_some() && proxy.is_some() {
            found.push(Problem::error(
                "proxy",
                "no proxy leads to a socket of this machine",
                "",
            ));
        }
        if !found.is_empty() {
            return Err(found);
        }
        Ok(ConnectionOptions {
            connections: self.connections,
            version: self.http_version,
            tls,
            proxy,
            unix,
            secrets: secrets.clone(),
        })
    }
}

/// The path of a `unix://` address, which is written like that of a file.
fn socket(url: &Url) -> Option<PathBuf> {
    if url.scheme() != "unix" || url.path().len() < 2 {
        return None;
    }
    Url::parse(&format!(
        "file://{}{}",
        url.host_str().unwrap_or_default(),
        url.path()
    ))
    .ok()?
    .to_file_path()
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(plan: &str) -> TargetSpec {
        #[derive(serde::Deserialize)]
        struct Doc {
            target: TargetSpec,
        }
        toml::from_str::<Doc>(plan).expect(plan).target
    }

    #[test]
    fn addresses() {
        for (url, base, unix) in [
            ("http://asr:8001/api", Ok("http://asr:8001/api"), None),
            ("https://asr", Ok("https://asr/"), None),
            (
                "unix:///run/asr%20one.sock",
                Ok("http://localhost/"),
                Some("/run/asr one.sock"),
            ),
            ("unix://run/asr.sock", Err("names no socket"), None),
            ("unix:///", Err("names no socket"), None),
            ("ftp://asr", Err("is not an address"), None),
            ("asr:8001", Err("is not an address"), None),
            ("nonsense", Err("is not an address"), None),
        ] {
            let target = target(&format!("target = '{url}'"));
            match (target.base(), base) {
                (Ok(found), Ok(base)) => assert_eq!(found.expect(url).as_str(), base),
                (Err(found), Err(says)) => {
                    assert!(found.message.contains(says), "{url}: {}", found.message);
                }
                (found, _) => panic!("{url}: {found:?}"),
            }
            assert_eq!(
                target
                    .wiring(Path::new("."), &Mask::default())
                    .expect(url)
                    .unix,
                unix.map(PathBuf::from),
                "{url}"
            );
        }
    }

    #[test]
    fn every_flaw_is_said_at_its_key() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("text.pem"), "hello").expect("write");
        let encrypted =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
        std::fs::write(folder.path().join("locked.pem"), encrypted).expect("write");
        for (keys, says) in [
            (
                "tls = { ca = 'nope.pem' }",
                vec![("tls.ca", "nope.pem` cannot be read: No such file")],
            ),
            (
                "tls = { ca = 'text.pem' }",
                vec![("tls.ca", "has no certificate in it")],
            ),
            (
                "tls = { cert = 'text.pem' }",
                vec![("tls.cert", "needs its `key`")],
            ),
            (
                "tls = { key = 'text.pem' }",
                vec![("tls.key", "needs its certificate")],
            ),
            (
                "tls = { cert = 'text.pem', key = 'text.pem' }",
                vec![
                    ("tls.cert", "no certificate"),
                    ("tls.key", "nothing of the kind in it"),
                ],
            ),
            (
                "tls = { cert = 'text.pem', key = 'locked.pem' }",
                vec![
                    ("tls.cert", "no certificate"),
                    ("tls.key", "locked.pem` is encrypted"),
                ],
            ),
            ("proxy = 'squid:3128'", vec![("proxy", "an address like")]),
            ("proxy = ''", vec![]),
            (
                "url = 'unix:///x'\nproxy = 'http://squid'",
                vec![("proxy", "socket of this machine")],
            ),
        ] {
            let found = target(&format!("[target]\n{keys}\n"))
                .wiring(folder.path(), &Mask::default())
                .err()
                .unwrap_or_default();
            let seen: Vec<_> = found
                .iter()
                .map(|problem| (problem.key.as_str(), problem.message.as_str()))
                .collect();
            assert_eq!(seen.len(), says.len(), "{keys}: {seen:?}");
            for ((key, message), (at, says)) in seen.iter().zip(&says) {
                assert!(
                    key == at && message.contains(says),
                    "{keys}: {key}: {message}"
                );
            }
        }
    }
}
