//! The `target` and `ready` sections of a plan.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use url::Url;

use crate::demo::DemoSpec;
use crate::diag::{Problem, Spanned};
use crate::protocol::http::{Auth, TextMap};
use crate::protocol::{ConnectionLifetime, HttpVersion, has_userinfo};
use crate::select::Subject;
use crate::select::{Conditions, Selector};
use crate::units::{Count, Duration, Flag, List, or_text, text_or_table};

/// Where the load goes: a URL, or a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct TargetSpec {
    /// The address of the service, such as `http://HOST:PORT` or, of a Unix socket, `unix:///run/NAME.sock`; may be left out if all steps give full URLs. A `user:password@` in any URL is sent as basic authentication.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// The embedded target in place of a URL.
    #[serde(default)]
    pub demo: Option<DemoSpec>,
    /// Probed before the load; all must answer.
    #[serde(default)]
    pub ready: Option<List<ReadySpec>>,
    /// Sent with every request; one whose value is empty, or not captured yet, is left out.
    #[serde(default)]
    pub headers: TextMap,
    /// Sent with every request as its authorization; left out like a header.
    #[serde(default)]
    pub auth: Option<Auth>,
    /// How long one exchange may take.
    #[serde(default = "a_minute")]
    pub timeout: Duration,
    /// How long a connection is kept.
    #[serde(default)]
    pub connections: ConnectionLifetime,
    /// Which HTTP is spoken.
    #[serde(default)]
    pub http_version: HttpVersion,
    /// How TLS is spoken where the URL asks for it.
    #[serde(default)]
    pub tls: TlsSpec,
    /// `http://host:port`, with `user:password@` where it wants them. The environment's proxies are ignored.
    #[serde(default)]
    pub proxy: Option<String>,
}

/// Whom TLS trusts, and who it says that this side is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSpec {
    /// Certificates (PEM) that are trusted in place of the system's.
    pub ca: Option<String>,
    /// The client's own certificate (PEM).
    pub cert: Option<String>,
    /// Its key (PEM).
    pub key: Option<String>,
    /// Whether any certificate will do.
    pub insecure: Flag,
}

/// How the target says that it is ready: a path, or a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct ReadySpec {
    /// A path, a URL, or `tcp://host:port`, which is ready when it accepts.
    pub path: String,
    /// How long to wait for it.
    #[serde(default = "a_minute")]
    pub within: Duration,
    /// How long to wait between two probes.
    #[serde(default = "a_second")]
    pub every: Duration,
    /// What the answer must be; a 2xx status, unless one is named.
    #[serde(default)]
    pub expect: Option<Conditions>,
    /// Where a reply says who answered: ready when `count` different ones have, instances behind a balancer.
    #[serde(default)]
    pub distinct: Option<Selector>,
    /// How many different values of `distinct` have to answer.
    #[serde(default = "one")]
    pub count: Count,
    /// What to start; printed when it never answers.
    #[serde(default)]
    pub hint: Option<String>,
}

const fn a_minute() -> Duration {
    Duration::from_secs(60)
}

const fn a_second() -> Duration {
    Duration::from_secs(1)
}

const fn one() -> Count {
    Count(1)
}

impl Default for TargetSpec {
    fn default() -> Self {
        Self {
            url: None,
            demo: None,
            ready: None,
            headers: TextMap::default(),
            auth: None,
            timeout: a_minute(),
            connections: ConnectionLifetime::default(),
            http_version: HttpVersion::default(),
            tls: TlsSpec::default(),
            proxy: None,
        }
    }
}

impl TargetSpec {
    /// What is wrong with the section.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if let (Some(_), Some(_)) = (&self.url, &self.demo) {
            found.push(Problem::error(
                "demo",
                "a target has a `url` or is a `demo`, not both",
                "leave one of them out",
            ));
        }
        if let Some(demo) = &self.demo {
            found.extend(
                demo.check()
                    .into_iter()
                    .map(|message| Problem::error("demo", message, "").at_value()),
            );
        }
        if let Some(message) = self.auth.as_ref().and_then(Auth::check) {
            found.push(Problem::error("auth", message, ""));
        }
        let url = self.url.as_ref().map(Spanned::get_ref);
        let url = url.and_then(|text| Url::parse(text).ok());
        if self.auth.is_some() && url.is_some_and(|url| has_userinfo(&url)) {
            found.push(Problem::error(
                "auth",
                "the address names a user already, who is sent as basic authentication",
                "leave out `auth`, or what stands before the `@` of `url`",
            ));
        }
        if self.timeout.is_zero() {
            found.push(
                Problem::error(
                    "timeout",
                    "with a `timeout` of zero nothing could ever answer",
                    "leave it out for the target's own, or write for example \"30s\"",
                )
                .at_value(),
            );
        }
        for ready in self.ready.iter().flat_map(|list| &list.0) {
            for subject in ready.expect.iter().flat_map(Conditions::subjects) {
                if !matches!(subject, Subject::Status | Subject::Selector(_)) {
                    let message = format!("`{subject}` cannot be asked of an answer");
                    let help = "subjects are `status`, `$.PATH`, `header NAME`, `body`, `bytes` and `regex PATTERN`";
                    found.push(Problem::error("ready.expect", message, help));
                }
            }
            if ready.count.0 == 0 || (ready.count.0 > 1 && ready.distinct.is_none()) {
                let message =
                    "`count` of `ready` counts the different values of `distinct`, at least one";
                found.push(Problem::error(
                    "ready",
                    message,
                    "distinct = \"$.instance\"",
                ));
            }
            if ready.distinct.is_some() && ready.path.starts_with("tcp://") {
                found.push(Problem::error(
                    "ready",
                    "a connection says nothing: `distinct` needs a reply",
                    "",
                ));
            }
            if ready.every.is_zero() {
                found.push(Problem::error(
                    "ready",
                    "`every` of `ready` is zero",
                    "every = \"1s\"",
                ));
            }
        }
        found
    }
}

text_or_table!(TargetSpec, "a URL or a table", |text| {
    // The span is lost on this way; the plan knows where `target` stands.
    let url = Spanned::new(0..0, text.to_owned());
    Ok(TargetSpec {
        url: Some(url),
        ..TargetSpec::default()
    })
});

text_or_table!(ReadySpec, "a path or a table", |text| {
    let path = String::deserialize(StrDeserializer::new(text))?;
    Ok(ReadySpec {
        path,
        within: a_minute(),
        every: a_second(),
        expect: None,
        distinct: None,
        count: one(),
        hint: None,
    })
});
