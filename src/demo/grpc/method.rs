//! One method of a service, as the library wants to call it.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use prost::Message;
use tokio::sync::mpsc::Receiver;
use tonic::codec::Streaming;
use tonic::server::{Grpc, StreamingService, UnaryService};
use tonic::{Code, Status};

use super::codec::{Arrived, Sent, Timed};
use crate::clock::RealClock;

/// Replies as they are made. Dropped by the library when the client goes away.
pub(crate) struct Replies<M>(pub(crate) Receiver<Result<Sent<M>, Status>>);

impl<M> Stream for Replies<M> {
    type Item = Result<Sent<M>, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}

/// What a streaming method answers with.
pub(crate) type Streamed<M> = Result<tonic::Response<Replies<M>>, Status>;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

struct Method<F>(Option<F>);

impl<F> Method<F> {
    fn take(&mut self) -> Result<F, Status> {
        self.0
            .take()
            .ok_or_else(|| Status::new(Code::Internal, "called twice"))
    }
}

impl<F, I, O, G> StreamingService<Arrived<I>> for Method<F>
where
    F: FnOnce(Streaming<Arrived<I>>) -> G,
    G: Future<Output = Streamed<O>> + Send + 'static,
{
    type Response = Sent<O>;
    type ResponseStream = Replies<O>;
    type Future = Boxed<Streamed<O>>;

    fn call(&mut self, request: tonic::Request<Streaming<Arrived<I>>>) -> Self::Future {
        match self.take() {
            Ok(method) => Box::pin(method(request.into_inner())),
            Err(status) => Box::pin(async { Err(status) }),
        }
    }
}

impl<F, I, O, G> UnaryService<Arrived<I>> for Method<F>
where
    F: FnOnce(I) -> G,
    G: Future<Output = Result<O, Status>> + Send + 'static,
    O: 'static,
{
    type Response = Sent<O>;
    type Future = Boxed<Result<tonic::Response<Sent<O>>, Status>>;

    fn call(&mut self, request: tonic::Request<Arrived<I>>) -> Self::Future {
        let reply = self
            .take()
            .map(|method| method(request.into_inner().message));
        Box::pin(async { Ok(tonic::Response::new(Sent::Message(reply?.await?))) })
    }
}

/// Serves a stream of messages by a stream of replies.
pub(crate) async fn streaming<I, O, F, G>(clock: RealClock, request: Request, method: F) -> Response
where
    I: Message + Default + 'static,
    O: Message + 'static,
    F: FnOnce(Streaming<Arrived<I>>) -> G + Send,
    G: Future<Output = Streamed<O>> + Send + 'static,
{
    if let Some(refusal) = not_grpc(&request) {
        return refusal;
    }
    Grpc::new(Timed::new(clock))
        .streaming(Method(Some(method)), request)
        .await
        .map(Body::new)
}

/// Serves one message by one reply.
pub(crate) async fn unary<I, O, F, G>(clock: RealClock, request: Request, method: F) -> Response
where
    I: Message + Default + 'static,
    O: Message + 'static,
    F: FnOnce(I) -> G + Send,
    G: Future<Output = Result<O, Status>> + Send + 'static,
{
    if let Some(refusal) = not_grpc(&request) {
        return refusal;
    }
    Grpc::new(Timed::new(clock))
        .max_decoding_message_size(LARGEST)
        .unary(Method(Some(method)), request)
        .await
        .map(Body::new)
}

/// A recording of an hour has room.
const LARGEST: usize = 128 << 20;

fn not_grpc(request: &Request) -> Option<Response> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let is_grpc = kind.is_some_and(|kind| {
        kind == "application/grpc" || kind.starts_with("application/grpc+proto")
    });
    (!is_grpc).then(|| {
        (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "this is a gRPC method\n",
        )
            .into_response()
    })
}
