//! From the steps of a plan to a compiled flow, with everything that is wrong on the way.

mod catalog;
mod compiler;
mod error;
mod estimate;
mod poll;
mod request;
mod scope;
mod steps;
mod stream;
mod tags;

pub use compiler::CompileContext;
pub use error::{ErrorSubject, FlowError};
