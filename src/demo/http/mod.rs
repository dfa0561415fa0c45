//! What the target answers over HTTP.

pub(crate) mod call;
pub(crate) mod chat;
pub(crate) mod jobs;
pub(crate) mod login;
pub(crate) mod logins;
pub(crate) mod middleware;
pub(crate) mod open_uploads;
pub(crate) mod request_guard;
pub(crate) mod routes;
pub(crate) mod sessions;
pub(crate) mod speech;
pub(crate) mod sse;
pub(crate) mod submit;
pub(crate) mod transcribe;
pub(crate) mod trickle;
pub(crate) mod unread_body;
pub(crate) mod upload;
pub(crate) mod wav;
