//! What is wrong with the steps of a flow.

use crate::diag::Span;

/// What is wrong with a step, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowError {
    /// The flow that the step stands in; `None` for the one that was compiled.
    pub flow: Option<String>,
    /// The step's place in its flow, from 0.
    pub step: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next; may be empty.
    pub help: String,
    /// The value that is wrong, where its place is known here.
    pub span: Option<Span>,
    /// What the value that is wrong has in it, where only the plan knows its place.
    pub about: Option<ErrorSubject>,
}

/// What a value of a step has in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorSubject {
    /// This key of its `http`, or of the target.
    Key(String),
    /// This name in `{{ }}`.
    Name(String),
    /// This text, at a key `audio`.
    Pool(String),
}

/// Where something is wrong within a step.
pub(crate) enum ErrorLocation {
    At(Span),
    About(ErrorSubject),
    Step,
}
