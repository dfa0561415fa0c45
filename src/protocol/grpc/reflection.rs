//! Asks a target what its services are: server reflection, v1 and its elder v1alpha, whose messages are the same.

use std::collections::BTreeSet;

use ::http::Method as Verb;
use ::http::uri::PathAndQuery;
use bytes::Bytes;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorProto;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

use super::MethodName;
use super::codes::{KIND, name_of};
use super::description::missing;
use super::pool::{pool_of, without_missing};
use crate::protocol::binding::DescribeError;
use crate::protocol::{
    Closing, DuplexStream, Frame, Opened, Payload, Request, StreamEvent, StreamRequest, Transport,
};
use crate::units::Duration;

const PATHS: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];
/// How long the target may take to describe itself.
const WITHIN: Duration = Duration::from_secs(10);

/// Everything that a target says of a service. `request` is a call of it: its origin and metadata are used.
///
/// # Errors
/// Says why the target cannot be asked, or that it has no such service, with the nearest name.
pub(super) async fn reflect<E: Transport>(
    transport: &mut E,
    request: &Request,
    name: &MethodName,
) -> Result<DescriptorPool, DescribeError> {
    let mut why = String::new();
    for path in PATHS {
        let request = Request {
            method: Verb::POST,
            target: PathAndQuery::from_static(path),
            payload: Payload::default(),
            ..request.clone()
        };
        let call = StreamRequest {
            request,
            kind: KIND,
            codec: None,
            deadline: WITHIN,
        };
        let mut talk = open(transport, &call).await?;
        let result = describe(&mut talk, name).await;
        talk.leave().await;
        match result {
            Ok(pool) => return Ok(pool),
            // Some answer so, others end the call: then what there is has to be asked in another.
            Err(Refusal::NotFound) => {
                let mut talk = open(transport, &call).await?;
                let known = listed(&mut talk).await;
                talk.leave().await;
                return Err(DescribeError::Unfit(missing(
                    "service",
                    &name.service,
                    &known,
                )));
            }
            Err(Refusal::Unimplemented) => {
                why = "the target does not describe its services (no server reflection): name their files with \
                       `proto`, or a set of descriptors"
                    .to_owned();
            }
            Err(Refusal::Broken(message)) => return Err(DescribeError::Unreachable(message)),
            Err(Refusal::Other(message)) => return Err(DescribeError::Unfit(message)),
        }
    }
    Err(DescribeError::Unfit(why))
}

async fn open<E: Transport>(
    transport: &mut E,
    call: &StreamRequest,
) -> Result<E::Stream, DescribeError> {
    match transport.open_stream(call).await {
        Ok(Opened::Open(talk)) => Ok(talk),
        Ok(Opened::Refused(reply)) => {
            let status = reply.status;
            Err(DescribeError::Unfit(format!(
                "the target answers with status {status}"
            )))
        }
        Err(failed) => Err(DescribeError::Unreachable(failed.failure.message)),
    }
}

/// The names of the services that the target has.
async fn listed<T: DuplexStream>(talk: &mut T) -> Vec<String> {
    match ask(talk, MessageRequest::ListServices(String::new())).await {
        Ok(MessageResponse::ListServicesResponse(list)) => {
            list.service.into_iter().map(|one| one.name).collect()
        }
        _ => Vec::new(),
    }
}

enum Refusal {
    Unimplemented,
    NotFound,
    Broken(String),
    Other(String),
}

/// The file of the service, and every file that it imports.
async fn describe<T: DuplexStream>(
    talk: &mut T,
    name: &MethodName,
) -> Result<DescriptorPool, Refusal> {
    let (mut files, mut asked) = (Vec::new(), BTreeSet::new());
    let mut missing_files = Vec::new();
    match ask(
        talk,
        MessageRequest::FileContainingSymbol(name.service.clone()),
    )
    .await?
    {
        MessageResponse::FileDescriptorResponse(found) => {
            files.extend(decoded(found.file_descriptor_proto)?);
        }
        _ => {
            let known = listed(talk).await;
            return Err(Refusal::Other(missing("service", &name.service, &known)));
        }
    }
    let mut at = 0;
    while at < files.len() {
        for import in files[at].dependency.clone() {
            let known = files
                .iter()
                .any(|file: &FileDescriptorProto| file.name() == import);
            if known || !asked.insert(import.clone()) {
                continue;
            }
            let question = MessageRequest::FileByFilename(import.clone());
            let MessageResponse::FileDescriptorResponse(found) = ask(talk, question).await? else {
                missing_files.push(import);
                continue;
            };
            for file in decoded(found.file_descriptor_proto)? {
                if !files.iter().any(|known| known.name() == file.name()) {
                    files.push(file);
                }
            }
        }
        at += 1;
    }
    let well_known = DescriptorPool::global();
    missing_files.retain(|name| well_known.get_file_by_name(name).is_none());
    // What options alone want is not missed.
    let is_there = |name: &str| !missing_files.iter().any(|missing| missing == name);
    let files = files.into_iter();
    pool_of(files.map(|file| without_missing(file, &is_there)).collect()).map_err(|error| {
        let missing = match missing_files.as_slice() {
            [] => String::new(),
            names => format!(", and does not hand out `{}`", names.join("` and `")),
        };
        Refusal::Other(format!(
            "what the target says of itself by reflection cannot be read ({error}){missing}: name the service's files with \
             `proto`, or a set of descriptors with `descriptors`"
        ))
    })
}

fn decoded(files: Vec<Vec<u8>>) -> Result<Vec<FileDescriptorProto>, Refusal> {
    let decode = |file: Vec<u8>| FileDescriptorProto::decode(file.as_slice());
    files
        .into_iter()
        .map(decode)
        .collect::<Result<_, _>>()
        .map_err(|error| Refusal::Other(error.to_string()))
}

async fn ask<T: DuplexStream>(
    talk: &mut T,
    what: MessageRequest,
) -> Result<MessageResponse, Refusal> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(what),
    };
    talk.send(Frame::Binary(Bytes::from(request.encode_to_vec())));
    loop {
        match talk.next().await {
            Ok(StreamEvent::Sent(_) | StreamEvent::Head) => {}
            Ok(StreamEvent::Message(_, message)) => {
                let response = ServerReflectionResponse::decode(message).map_err(|error| {
                    Refusal::Other(format!("the target's description cannot be read: {error}"))
                })?;
                return response
                    .message_response
                    .ok_or_else(|| Refusal::Other("the target describes nothing".into()));
            }
            Ok(StreamEvent::Ended(reply)) => {
                return Err(match reply.closing {
                    Closing::Named { name, .. } if name == name_of(tonic::Code::Unimplemented) => {
                        Refusal::Unimplemented
                    }
                    Closing::Named { name, .. } if name == name_of(tonic::Code::NotFound) => {
                        Refusal::NotFound
                    }
                    Closing::Named { name, message, .. } => Refusal::Other(format!(
                        "the target does not describe its services: {name}: {message}"
                    )),
                    _ => Refusal::Other("the target does not describe its services".to_owned()),
                });
            }
            Err(failure) => return Err(Refusal::Broken(failure.message)),
        }
    }
}
