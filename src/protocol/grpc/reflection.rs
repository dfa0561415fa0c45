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

use super::description::missing;
use super::{MethodName, name_of};
use crate::protocol::{
    Call, Closing, Event, Exchange, Frame, Manner, Opened, Payload, Request, Talk,
};
use crate::units::Duration;

const PATHS: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];
/// How long the target may take to describe itself.
const WITHIN: Duration = Duration::from_secs(10);

/// Why it is not known what a target's services are.
#[derive(Debug, PartialEq, Eq)]
pub enum Undescribed {
    /// The target cannot be asked.
    Unreachable(String),
    /// It does not say, or what it says does not fit the plan.
    Unfit(String),
}

impl From<String> for Undescribed {
    fn from(message: String) -> Self {
        Self::Unfit(message)
    }
}

/// Everything that a target says of a service. `request` is a call of it: its origin and metadata are used.
///
/// # Errors
/// Says why the target cannot be asked, or that it has no such service, with the nearest name.
pub async fn reflect<E: Exchange>(
    transport: &mut E,
    request: &Request,
    name: &MethodName,
) -> Result<DescriptorPool, Undescribed> {
    let mut why = String::new();
    for path in PATHS {
        let request = Request {
            method: Verb::POST,
            target: PathAndQuery::from_static(path),
            payload: Payload::default(),
            ..request.clone()
        };
        let call = Call {
            request,
            manner: Manner::Grpc {
                deadline: WITHIN,
                method: None,
            },
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
                return Err(missing("service", &name.service, &known).into());
            }
            Err(Refusal::Unimplemented) => {
                why = "the target does not describe its services (no server reflection): name their files with \
                       `proto`, or a set of descriptors"
                    .to_owned();
            }
            Err(Refusal::Broken(message)) => return Err(Undescribed::Unreachable(message)),
            Err(Refusal::Other(message)) => return Err(message.into()),
        }
    }
    Err(why.into())
}

async fn open<E: Exchange>(transport: &mut E, call: &Call) -> Result<E::Talk, Undescribed> {
    match transport.talk(call).await {
        Ok(Opened::Open(talk)) => Ok(talk),
        Ok(Opened::Refused(reply)) => {
            Err(format!("the target answers with status {}", reply.status).into())
        }
        Err(failed) => Err(Undescribed::Unreachable(failed.failure.message)),
    }
}

/// The names of the services that the target has.
async fn listed<T: Talk>(talk: &mut T) -> Vec<String> {
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
async fn describe<T: Talk>(talk: &mut T, name: &MethodName) -> Result<DescriptorPool, Refusal> {
    let (mut files, mut asked) = (Vec::new(), BTreeSet::new());
    match ask(
        talk,
        MessageRequest::FileContainingSymbol(name.service.clone()),
    )
    .await?
    {
        MessageResponse::FileDescriptorResponse(found) => {
            files.extend(decoded(found.file_descriptor_proto)?)
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
            if let MessageResponse::FileDescriptorResponse(found) =
                ask(talk, MessageRequest::FileByFilename(import)).await?
            {
                for file in decoded(found.file_descriptor_proto)? {
                    if !files.iter().any(|known| known.name() == file.name()) {
                        files.push(file);
                    }
                }
            }
        }
        at += 1;
    }
    // The well-known ones are there already, and some targets do not hand them out.
    let mut pool = DescriptorPool::global();
    files.retain(|file| pool.get_file_by_name(file.name()).is_none());
    pool.add_file_descriptor_protos(files)
        .map_err(|error| Refusal::Other(error.to_string()))?;
    Ok(pool)
}

fn decoded(files: Vec<Vec<u8>>) -> Result<Vec<FileDescriptorProto>, Refusal> {
    let decode = |file: Vec<u8>| FileDescriptorProto::decode(file.as_slice());
    files
        .into_iter()
        .map(decode)
        .collect::<Result<_, _>>()
        .map_err(|error| Refusal::Other(error.to_string()))
}

async fn ask<T: Talk>(talk: &mut T, what: MessageRequest) -> Result<MessageResponse, Refusal> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(what),
    };
    talk.send(Frame::Binary(Bytes::from(request.encode_to_vec())));
    loop {
        match talk.next().await {
            Ok(Event::Sent(_) | Event::Head) => {}
            Ok(Event::Message(_, message)) => {
                let response = ServerReflectionResponse::decode(message).map_err(|error| {
                    Refusal::Other(format!("the target's description cannot be read: {error}"))
                })?;
                return response
                    .message_response
                    .ok_or_else(|| Refusal::Other("the target describes nothing".into()));
            }
            Ok(Event::Ended(reply)) => {
                return Err(match reply.closing {
                    Closing::Grpc(name, _) if name == name_of(tonic::Code::Unimplemented) => {
                        Refusal::Unimplemented
                    }
                    Closing::Grpc(name, _) if name == name_of(tonic::Code::NotFound) => {
                        Refusal::NotFound
                    }
                    Closing::Grpc(name, message) => Refusal::Other(format!(
                        "the target does not describe its services: {name}: {message}"
                    )),
                    _ => Refusal::Other("the target does not describe its services".to_owned()),
                });
            }
            Err(failure) => return Err(Refusal::Broken(failure.message)),
        }
    }
}
