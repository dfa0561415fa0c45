//! Where the description of a service comes from: its files, a set of descriptors, or the target itself.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use prost_reflect::DescriptorPool;
use serde_json::Value;

use super::method::GrpcMethod;
use super::pool::pool_of_set;
use super::proto_files::compile;
use super::spec::{GrpcSpec, MethodName};
use crate::diag::nearest;
use crate::protocol::RequestError;
use crate::protocol::SpecError;

/// The method of a step. Without a description in the plan it is known once the target has been asked.
#[derive(Debug, Clone)]
pub(super) struct MethodDescription {
    /// The name that the plan gives.
    pub name: MethodName,
    /// What the plan has for it, with `{{names}}`.
    messages: Arc<[Value]>,
    sends: Sends,
    method: Arc<OnceLock<Arc<GrpcMethod>>>,
}

/// How many messages a step sends in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sends {
    /// The request of a call.
    #[default]
    One,
    /// What a stream opens with, and audio.
    Several,
}

/// What is wrong where a stream calls a method of one message.
pub(super) const TAKES_ONE: &str =
    "takes one message, and the stream sends several: write it as `grpc.message`";

impl MethodDescription {
    /// Reads the files that the plan names, below `folder`.
    ///
    /// # Errors
    /// What is wrong, with the key that says it.
    pub(super) fn of(spec: &GrpcSpec, folder: &Path) -> Result<Self, SpecError> {
        let name: MethodName = spec
            .method
            .get_ref()
            .parse()
            .map_err(|error: RequestError| SpecError::of_key(error.0, "method"))?;
        let described = Self {
            name,
            messages: Arc::default(),
            sends: Sends::One,
            method: Arc::default(),
        };
        let pool = match (&spec.descriptors, spec.proto.0.as_slice()) {
            (Some(_), [_, ..]) => {
                return Err(SpecError::of_key(
                    "a service is described by `proto` or `descriptors`, not both",
                    "descriptors",
                ));
            }
            (None, []) => return Ok(described),
            (Some(path), []) => {
                read(&folder.join(path)).map_err(|why| SpecError::of_key(why, "descriptors"))?
            }
            (None, files) => {
                compile(files, folder).map_err(|why| SpecError::of_key(why, "proto"))?
            }
        };
        described
            .learn(&pool)
            .map_err(|why| SpecError::of_key(why, "method"))?;
        Ok(described)
    }

    /// With the messages that are sent, as the plan has them.
    #[must_use]
    pub(super) fn saying(self, messages: Vec<Value>, sends: Sends) -> Self {
        Self {
            messages: messages.into(),
            sends,
            ..self
        }
    }

    /// The method, where it is known.
    #[must_use]
    pub(super) fn method(&self) -> Option<&Arc<GrpcMethod>> {
        self.method.get()
    }

    /// What of the messages the method, where it is known, can never take.
    #[must_use]
    pub(super) fn misfit(&self) -> Option<String> {
        let method = self.method()?;
        if self.sends == Sends::Several && !method.takes_many() {
            return Some(format!("`{}` {TAKES_ONE}", self.name.method));
        }
        let misfit = self
            .messages
            .iter()
            .find_map(|message| method.misfits(message).into_iter().next())?;
        if self.sends == Sends::One && method.takes_many() {
            let streams = "takes a stream of messages: say the first in `stream.open`, and the others with `stream.audio`";
            return Some(format!("{misfit}; `{}` {streams}", self.name.method));
        }
        Some(misfit)
    }

    /// Finds the method in a pool.
    ///
    /// # Errors
    /// Says that it is not there, with the nearest name.
    pub(super) fn learn(&self, pool: &DescriptorPool) -> Result<(), String> {
        let MethodName { service, method } = &self.name;
        let Some(found) = pool.get_service_by_name(service) else {
            let known: Vec<String> = pool
                .services()
                .map(|service| service.full_name().to_owned())
                .collect();
            return Err(missing("service", service, &known));
        };
        let Some(found) = found.methods().find(|own| own.name() == method) else {
            let known: Vec<String> = found.methods().map(|own| own.name().to_owned()).collect();
            return Err(missing(&format!("method of {service}"), method, &known));
        };
        // Whoever was first has learnt the same.
        let _ = self.method.set(Arc::new(GrpcMethod::new(&found)));
        Ok(())
    }
}

/// What to say about a name that is not there.
pub(crate) fn missing(what: &str, name: &str, known: &[String]) -> String {
    let help = match nearest(name, known.iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{close}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("there are {}", known.join(", ")),
    };
    format!("there is no {what} `{name}`: {help}")
}

fn read(path: &Path) -> Result<DescriptorPool, String> {
    let bytes = std::fs::read(path).map_err(|error| {
        format!(
            "`{}` cannot be read: {error}\ncheck the path, which is relative to the plan",
            path.display()
        )
    })?;
    pool_of_set(&bytes).map_err(|error| {
        let help = "write it with `protoc --descriptor_set_out=FILE --include_imports`";
        format!(
            "`{}` is not a set of descriptors ({error}): {help}",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::exchange::codec::Codec;
    use serde_json::json;

    fn spec(text: &str) -> GrpcSpec {
        #[derive(serde::Deserialize)]
        struct Step {
            grpc: GrpcSpec,
        }
        toml::from_str::<Step>(text).expect(text).grpc
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(
            folder.path().join("kind.proto"),
            "syntax = \"proto3\"; package k; enum Kind { NONE = 0; END = 3; }",
        )
        .expect("write");
        let echo = "syntax = \"proto3\"; package e; import \"kind.proto\";\n\
                    message Ask { oneof say { string text = 1; bytes audio_chunk = 2; } int64 big = 7; }\n\
                    message Answer { k.Kind type = 1; string text = 2; bool is_final = 3; bytes tone = 4; int64 big = 5; }\n\
                    service Echo { rpc Talk(stream Ask) returns (stream Answer); rpc Once(Ask) returns (Answer); }\n";
        std::fs::write(folder.path().join("echo.proto"), echo).expect("write");
        std::fs::write(
            folder.path().join("bad.proto"),
            "syntax = \"proto3\";\nmessage A {\n  strin text = 1\n}\n",
        )
        .expect("write");
        folder
    }

    #[test]
    fn messages_go_from_json_and_come_as_json() {
        let folder = folder();
        let described = MethodDescription::of(
            &spec("grpc = { method = 'e.Echo/Talk', proto = 'echo.proto' }"),
            folder.path(),
        );
        let described = described.expect("described");
        let method = described.method().expect("known");
        assert!(method.takes_many());
        let bytes = method
            .encode(br#"{"text": "hi", "big": "9007199254740993"}"#)
            .expect("encoded");
        assert_eq!(&bytes[..4], b"\x0a\x02hi");
        let field = method.field("audio_chunk").expect("bytes");
        assert_eq!(&field.message(b"abc")[..], b"\x12\x03abc");
        assert_eq!(
            method.field("audio").expect_err("no field").0,
            "e.Ask has no field `audio`: did you mean `audio_chunk`?"
        );
        assert!(
            method
                .field("text")
                .expect_err("text")
                .0
                .contains("takes no bytes")
        );
        let answer = b"\x08\x03\x12\x02ok\x22\x03abc\x28\x05";
        let expected = json!({ "type": "END", "text": "ok", "tone": "YWJj", "big": 5 });
        assert_eq!(method.decode(answer), Some(expected));
        assert_eq!(method.decode(b"\xff\xff"), None);
        let answer = b"\x12\x02ok";
        assert_eq!(
            method.decode_spelled_out(answer, false),
            Some(json!({ "text": "ok" }))
        );
        let expected = json!({
            "type": "NONE", "text": "ok", "is_final": false, "isFinal": false, "tone": "", "big": 0
        });
        assert_eq!(method.decode_spelled_out(answer, true), Some(expected));
        let wrong = method.encode(br#"{"txt": "hi"}"#).expect_err("unknown");
        assert!(
            wrong
                .0
                .contains("no field `txt` in e.Ask: did you mean `text`?"),
            "{wrong}"
        );
    }

    #[test]
    fn what_is_not_described_is_said_with_the_nearest_name() {
        let folder = folder();
        for (plan, key, says) in [
            (
                "grpc = { method = 'e.Echo/Tlak', proto = 'echo.proto' }",
                "method",
                "did you mean `Talk`?",
            ),
            (
                "grpc = { method = 'e.Ecko/Talk', proto = 'echo.proto' }",
                "method",
                "did you mean `e.Echo`?",
            ),
            (
                "grpc = { method = 'Talk', proto = 'echo.proto' }",
                "method",
                "package.Service/Method",
            ),
            (
                "grpc = { method = 'e.Echo/Talk', proto = 'bad.proto' }",
                "proto",
                "bad.proto:4:",
            ),
            (
                "grpc = { method = 'e.Echo/Talk', proto = 'none.proto' }",
                "proto",
                "none.proto",
            ),
            (
                "grpc = { method = 'e.Echo/Talk', descriptors = 'echo.proto' }",
                "descriptors",
                "is not a set of descriptors",
            ),
            (
                "grpc = { method = 'e.Echo/Talk', descriptors = 'a', proto = 'b' }",
                "descriptors",
                "not both",
            ),
        ] {
            let error = MethodDescription::of(&spec(plan), folder.path()).expect_err(plan);
            assert!(
                error.key.as_deref() == Some(key) && error.message.contains(says),
                "{plan}: {error:?}"
            );
        }
        let asked = MethodDescription::of(&spec("grpc = 'e.Echo/Talk'"), folder.path())
            .expect("to be asked");
        assert!(asked.method().is_none());
    }
}
