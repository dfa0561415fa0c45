//! The protocols, a line each. The folder of that name beside this file exports `Spec`, `Binding`, `Connector`,
//! `Connection` and `STATUS_NAMES`.

/// Hands the registry to a macro: for each protocol the key of a step with its documentation, the name of its variant, and
/// the schemes of its addresses, in the clear first, then over TLS where it knows that.
macro_rules! with_protocols {
    ($then:ident) => {
        $then! {
            /// An HTTP exchange.
            http => Http ["http", "https"],
            /// A gRPC call: "package.Service/Method", or a table.
            grpc => Grpc ["grpc", "grpcs"],
            /// A WebSocket: its path, or a table. It needs a `stream`.
            websocket => WebSocket ["ws", "wss"],
            /// Messages over a TCP connection: how they are framed, or a table. It needs a `stream`.
            tcp => Tcp ["tcp"],
        }
    };
}
pub(crate) use with_protocols;

/// A protocol, as far as everybody must know it.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    /// The key of a step.
    pub key: &'static str,
    /// The schemes of its addresses: in the clear, then over TLS.
    pub schemes: &'static [&'static str],
}

macro_rules! registry {
    ($($(#[$doc:meta])* $key:ident => $Name:ident $schemes:tt,)*) => {
        /// Every protocol.
        pub const PROTOCOLS: &[Protocol] = &[$(Protocol {
            key: stringify!($key),
            schemes: &$schemes,
        },)*];
    };
}
with_protocols!(registry);

/// Whether addresses of this scheme are spoken to over TLS; `None` where no protocol has it.
#[must_use]
pub fn is_secure(scheme: &str) -> Option<bool> {
    let place = |protocol: &Protocol| protocol.schemes.iter().position(|known| *known == scheme);
    PROTOCOLS.iter().find_map(place).map(|place| place > 0)
}
