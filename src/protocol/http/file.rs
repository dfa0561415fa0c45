//! Files that a plan sends.

use std::fs;
use std::path::Path;

use bytes::Bytes;

use super::super::{Attachment, RequestError};

/// The file at a path of the plan, with the media type that its ending says.
pub(crate) fn read(path: &str, folder: &Path) -> Result<Attachment, RequestError> {
    let path = folder.join(path);
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    match fs::read(&path) {
        Ok(data) => Ok(Attachment {
            name,
            content_type: media_type(&path).to_owned(),
            parts: vec![Bytes::from(data)],
        }),
        Err(error) => Err(RequestError(format!(
            "`{}` cannot be read: {error}\ncheck the path, which is relative to the plan",
            path.display()
        ))),
    }
}

/// The rest of a file part's head, from behind its name to the file's first byte.
pub(crate) fn file_head(filename: &str, content_type: &str) -> String {
    format!(
        "; filename=\"{}\"\r\nContent-Type: {content_type}\r\n\r\n",
        escaped(filename)
    )
}

/// As browsers do it; nothing else would be read back by every server.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("wav") => "audio/wav",
        Some("mp3") => "audio/mpeg",
        Some("ogg" | "opus") => "audio/ogg",
        Some("flac") => "audio/flac",
        Some("json") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
