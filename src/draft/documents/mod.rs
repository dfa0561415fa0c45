//! What other tools know of a service, as a plan to go on with: a curl command, a HAR file, an OpenAPI document.

mod correlate;
mod curl;
mod curl_options;
mod document;
mod error;
mod example_value;
mod har;
mod header_noise;
mod openapi;
mod operation;
mod plan_place;
mod step_name;

pub(crate) use document::SourceDocument;
pub(crate) use plan_place::PlanPlace;
