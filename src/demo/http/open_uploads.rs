//! Uploads in chunks that are under way.

use std::collections::HashMap;

use bytes::Bytes;

/// Sessions that were never closed are forgotten beyond this many.
pub(crate) const KEPT: usize = 10_000;

/// All uploads under way.
#[derive(Debug, Default)]
pub(crate) struct OpenUploads {
    pub(crate) open: HashMap<String, OpenUpload>,
    pub(crate) opened: u64,
    pub(crate) chunks: u64,
}

#[derive(Debug)]
pub(crate) struct OpenUpload {
    pub(crate) filename: String,
    pub(crate) model: Option<String>,
    pub(crate) size: u64,
    pub(crate) chunks: Vec<Option<Bytes>>,
}
