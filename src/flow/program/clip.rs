//! The clip that an iteration sends, and the bytes of it that make its payload another than every other.

use std::sync::Arc;

use crate::audio::{Clip, Pool, Variant};
use crate::protocol::{Attachment, RequestError};

/// What an iteration takes from a pool.
#[derive(Debug, Clone)]
pub(crate) struct PickedClip {
    pub(crate) clip: Arc<Clip>,
    variant: Option<Variant>,
}

impl PickedClip {
    /// The clip of iteration `n`; `None` where a list is used up. `mark` differs between all iterations.
    pub(crate) fn pick(pool: &Pool, n: u64, mark: u64) -> Option<Self> {
        let clip = Arc::clone(pool.pick(n)?);
        let variant = pool.is_unique().then(|| clip.variant(mark));
        Some(Self { clip, variant })
    }

    /// The file as it is sent.
    pub(crate) fn attachment(&self) -> Attachment {
        let parts = match &self.variant {
            Some(variant) => variant.parts.clone(),
            None => vec![self.clip.wav.clone()],
        };
        Attachment {
            name: self.clip.name.clone(),
            content_type: "audio/wav".to_owned(),
            parts,
        }
    }

    /// The clip whose samples are sent, where it is another than that of the pool.
    pub(crate) fn varied(&self) -> Result<Option<Clip>, RequestError> {
        let Some(variant) = &self.variant else {
            return Ok(None);
        };
        Clip::new(self.clip.name.clone(), variant.parts.concat())
            .map(Some)
            .map_err(|error| RequestError(error.to_string()))
    }

    /// The file in base64.
    pub(crate) fn base64(&self) -> String {
        match &self.variant {
            Some(variant) => self.clip.variant_base64(variant),
            None => String::from_utf8_lossy(&self.clip.base64()).into_owned(),
        }
    }
}
