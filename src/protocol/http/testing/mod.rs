//! Tests of HTTP against a server of their own.

mod body_tests;
mod http2_tests;
pub(crate) mod live_tests;
mod reply_tests;
mod routes_tests;
mod site;
mod stream_tests;
mod tls_tests;
