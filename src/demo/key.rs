//! The key of services that stream, in the place where each of them looks for it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Service;
use super::http::upload::refuse;
use super::target::Target;

/// Lets a request through that has the key, where one is needed.
pub(crate) async fn unlock(
    State(target): State<Arc<Target>>,
    request: Request,
    next: Next,
) -> Response {
    let service = target.spec.service;
    match &target.spec.token {
        Some(token) if given(service, request.headers(), request.uri()) != Some(token.as_str()) => {
            if service.is_grpc() {
                return tonic::Status::unauthenticated("Not authenticated")
                    .into_http::<axum::body::Body>()
                    .into_response();
            }
            refuse(StatusCode::UNAUTHORIZED, "Not authenticated")
        }
        _ => next.run(request).await,
    }
}

fn given<'a>(service: Service, headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = text("authorization");
    if service == Service::Deepgram {
        return authorization?.strip_prefix("Token ");
    }
    let in_query = || {
        uri.query()?
            .split('&')
            .find_map(|pair| pair.strip_prefix("token="))
    };
    authorization
        .and_then(|text| text.strip_prefix("Bearer "))
        .or_else(|| text("x-api-key"))
        .or_else(in_query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_looks_in_its_own_place() {
        let uri: Uri = "/v1/listen?a=b&token=key".parse().expect("a URI");
        let headers = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", value.parse().expect("a value"));
            headers
        };
        assert_eq!(
            given(Service::Deepgram, &headers("Token key"), &uri),
            Some("key")
        );
        assert_eq!(given(Service::Deepgram, &headers("Bearer key"), &uri), None);
        assert_eq!(
            given(Service::Realtime, &headers("Bearer other"), &uri),
            Some("other")
        );
        assert_eq!(
            given(Service::Whisperlive, &HeaderMap::new(), &uri),
            Some("key")
        );
    }
}
