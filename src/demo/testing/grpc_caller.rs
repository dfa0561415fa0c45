//! A gRPC client for tests that knows messages by their description alone, and shares none with the target.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::Value;
use tokio::net::TcpStream;
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};

/// One connection.
#[derive(Clone)]
pub(crate) struct GrpcCaller(SendRequest<Body>, SocketAddr);

impl tonic::codegen::Service<http::Request<Body>> for GrpcCaller {
    type Response = http::Response<hyper::body::Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, hyper::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), hyper::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let path = request.uri().path_and_query().expect("a path").clone();
        *request.uri_mut() = format!("http://{}{path}", self.1).parse().expect("a URI");
        Box::pin(self.0.send_request(request))
    }
}

pub(crate) async fn connect(to: SocketAddr) -> GrpcCaller {
    let tcp = TcpStream::connect(to).await.expect("a connection");
    let (send, connection) = handshake(TokioExecutor::new(), TokioIo::new(tcp))
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    GrpcCaller(send, to)
}

struct Dynamic(MessageDescriptor, MessageDescriptor);

impl Codec for Dynamic {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }

    fn decoder(&mut self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }
}

impl Encoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, item: DynamicMessage, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        item.encode(into)
            .map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        let read = DynamicMessage::decode(self.1.clone(), from)
            .map_err(|error| Status::data_loss(error.to_string()))?;
        assert_eq!(read.unknown_fields().count(), 0, "{read:?}");
        Ok(Some(read))
    }
}

/// What came of one call.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) instance: Option<String>,
    pub(crate) replies: Vec<Value>,
    pub(crate) code: Code,
}

/// Calls a method with these messages, written as JSON, and reads all replies. `DeadlineExceeded` where they stop coming.
pub(crate) async fn call(
    to: &GrpcCaller,
    pool: &DescriptorPool,
    method: &str,
    messages: &[Value],
) -> Called {
    let (service, name) = method.split_once('/').expect("a service and a method");
    let service = pool.get_service_by_name(service).expect("a service");
    let found = service
        .methods()
        .find(|method| method.name() == name)
        .expect("a method");
    let codec = Dynamic(found.input(), found.output());
    let read =
        |json: &Value| DynamicMessage::deserialize(found.input(), json.clone()).expect("a message");
    let messages: Vec<_> = messages.iter().map(read).collect();
    let mut client = Grpc::new(to.clone());
    client
        .ready()
        .await
        .map_err(|error| error.to_string())
        .expect("ready");
    let path = format!("/{method}").parse().expect("a path");
    let mut called = Called {
        instance: None,
        replies: Vec::new(),
        code: Code::Ok,
    };
    let answer = client.streaming(
        Request::new(futures_util::stream::iter(messages)),
        path,
        codec,
    );
    let mut reply = match patiently(answer).await {
        Ok(reply) => reply,
        Err(code) => return Called { code, ..called },
    };
    called.instance = reply
        .metadata()
        .get("x-instance")
        .map(|name| name.to_str().expect("text").to_owned());
    loop {
        match patiently(reply.get_mut().message()).await {
            Err(code) => return Called { code, ..called },
            Ok(None) => return called,
            Ok(Some(message)) => {
                let options = SerializeOptions::new().use_proto_field_name(true);
                called.replies.push(
                    message
                        .serialize_with_options(serde_json::value::Serializer, &options)
                        .expect("JSON"),
                );
            }
        }
    }
}

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_millis(400);

/// A reply, or the code that stands for there being none.
async fn patiently<T>(reply: impl Future<Output = Result<T, Status>>) -> Result<T, Code> {
    let reply = tokio::time::timeout(PATIENCE, reply).await;
    reply.map_or(Err(Code::DeadlineExceeded), |reply| {
        reply.map_err(|status| status.code())
    })
}
