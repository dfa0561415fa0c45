//! The sessions of other tools: a new one is its file in this folder and its entry here.

use serde_json::Value;

use super::client_file::client_file;
use super::k6;
use crate::summary::Summary;

/// Reads a document as a session; `None` where it is nothing of the kind. The text is the file as it was named.
type ReadSession = fn(&Value, &str) -> Option<Summary>;

/// Every tool with its reader, in the order in which they are tried.
const READERS: [(&str, ReadSession); 2] = [("k6", k6::import), ("streaming clients", client_file)];

/// The session that a document of another tool is.
pub(crate) fn foreign_session(document: &Value, file: &str) -> Option<Summary> {
    READERS.iter().find_map(|(_, read)| read(document, file))
}

/// The output of k6 that wrote a file of single measurements.
pub(crate) fn single_measurements(text: &str) -> Option<&'static str> {
    k6::points(text).map(k6::Points::output)
}
