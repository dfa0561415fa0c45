//! The integration suite: one binary, one module a subject.
