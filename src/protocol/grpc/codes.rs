//! The status codes of gRPC by their names.

use tonic::Code;

use crate::protocol::StreamKind;
use crate::select::GRPC_STATUS_NAMES as STATUS_NAMES;

/// The streams of gRPC.
pub(crate) const KIND: StreamKind = StreamKind {
    key: "grpc",
    scheme: "grpc",
    open_status: 0,
    has_handshake: false,
};

/// The name of a code, as plans and reports have it.
#[must_use]
pub(super) fn name_of(code: Code) -> &'static str {
    STATUS_NAMES
        .get(code as i32 as usize)
        .copied()
        .unwrap_or("UNKNOWN")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_those_of_the_protocol() {
        for (number, name) in STATUS_NAMES.iter().enumerate() {
            let code = Code::from_i32(i32::try_from(number).expect("small"));
            assert_eq!(name_of(code), *name);
        }
        assert_eq!(name_of(Code::ResourceExhausted), "RESOURCE_EXHAUSTED");
    }
}
