//! What kinds of service a plan can begin with.

use super::one_request::{DraftError, UrlParts};

/// A kind of service, and the plan that is written for it.
pub(crate) struct ServiceKind {
    pub(crate) name: &'static str,
    /// What it is, for the help.
    pub(crate) about: &'static str,
    template: &'static str,
    /// Where it is asked where the URL has no path.
    path: &'static str,
    /// The scheme of its URL in place of `http` and `https`.
    schemes: Option<(&'static str, &'static str)>,
}

/// Every kind.
pub(crate) const KINDS: &[ServiceKind] = &[
    ServiceKind {
        name: "http",
        about: "an API of requests and replies",
        template: include_str!("../../templates/kinds/http.toml"),
        path: "/",
        schemes: None,
    },
    ServiceKind {
        name: "job",
        about: "jobs that are submitted, and polled until they are done",
        template: include_str!("../../templates/kinds/job.toml"),
        path: "/jobs/",
        schemes: None,
    },
    ServiceKind {
        name: "sse",
        about: "replies that arrive as server-sent events, such as chat completions",
        template: include_str!("../../templates/kinds/sse.toml"),
        path: "/v1/chat/completions",
        schemes: None,
    },
    ServiceKind {
        name: "websocket",
        about: "audio over a WebSocket, at the pace of speech",
        template: include_str!("../../templates/kinds/websocket.toml"),
        path: "/",
        schemes: None,
    },
    ServiceKind {
        name: "grpc",
        about: "calls by gRPC, described by reflection",
        template: include_str!("../../templates/kinds/grpc.toml"),
        path: "/",
        schemes: Some(("grpc", "grpcs")),
    },
    ServiceKind {
        name: "speech",
        about: "recordings that are uploaded, and answered with their text",
        template: include_str!("../../templates/kinds/speech.toml"),
        path: "/v1/audio/transcriptions",
        schemes: None,
    },
];

/// The URL of a service that nothing is known of.
pub(crate) const USUAL_URL: &str = "http://localhost:8000";

impl ServiceKind {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The text of a plan, in `file`, for the service at `url`.
    pub(crate) fn plan(&self, url: &str, file: &str) -> Result<String, DraftError> {
        let parts = UrlParts::of(url)?;
        if parts.login.is_some() {
            return Err(DraftError::Login(parts.origin));
        }
        let path = if parts.path == "/" {
            self.path
        } else {
            &parts.path
        };
        let origin = match (self.schemes, parts.origin.split_once("://")) {
            (Some((plain, tls)), Some(("http" | "https", rest))) => {
                let scheme = if parts.origin.starts_with("https") {
                    tls
                } else {
                    plain
                };
                format!("{scheme}://{rest}")
            }
            _ => parts.origin,
        };
        Ok(self
            .template
            .replace("@URL@", &origin)
            .replace("@SOCKET@", &parts.socket)
            .replace("@PATH@", &path.replace('\\', "%5C").replace('"', "%22"))
            .replace("@FILE@", file))
    }
}
