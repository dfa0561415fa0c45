//! Plans that perfgate writes: of a URL, of what other tools know of a service.

mod body_draft;
mod documents;
mod kinds;
mod literal;
mod load_draft;
mod one_request;
mod plan_draft;
mod secret_draft;
mod step_draft;
mod toml_text;

pub(crate) use documents::{PlanPlace, SourceDocument};
pub(crate) use kinds::{KINDS, ServiceKind, USUAL_URL};
pub(crate) use load_draft::{LoadDraft, LoadLevel};
pub(crate) use one_request::OneRequest;
pub(crate) use plan_draft::PlanDraft;
