//! gRPC over HTTP/2: calls of every kind, to services that are described at run time.

mod channel;
mod codec;
mod codes;
mod description;
mod fit;
mod line;
mod method;
mod outbox;
mod reflection;
mod spec;

pub use channel::Channels;
pub use codes::{CODE_NAMES, name_of};
pub use description::{Described, Sends, TAKES_ONE};
pub use line::Line;
pub use method::{BytesField, Method};
pub use reflection::{Undescribed, reflect};
pub use spec::{GrpcSpec, MethodName};
