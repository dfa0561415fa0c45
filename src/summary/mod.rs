//! The evidence: what a session did and measured, as documents that everything later is judged and drawn from.

mod build;
mod client_file;
mod clients;
mod conversations;
mod drift;
mod health;
mod heat;
mod histograms;
pub mod k6;
mod latencies;
mod load_run;
mod machine;
mod model;
mod origin;
mod remark;
mod samples;
mod series;
mod split;
mod threshold_line;
mod values;
mod yardstick;

pub use build::{RunEvidence, load_run};
pub use client_file::client_file;
pub use clients::{CLIENTS, ClientLine, HeardLine, Spread, read_clients};
pub use conversations::Conversations;
pub use health::{Health, judge};
pub use heat::Heat;
pub use histograms::HistogramFile;
pub use latencies::{HistogramsError, Latencies, LoadLatencies};
pub use load_run::{LoadRun, StrangeState};
pub use machine::{Machine, Pressure};
pub use model::{
    Aborted, ErrorLine, Interruption, LoadDescription, Metric, MetricValue, PhaseDescription,
    PhaseRun, PlanDescription, Run, SCHEMA, SplitDescription, Summary, VERSION,
};
pub use origin::Origin;
pub use remark::RemarkLine;
pub use samples::{SampleWriter, Watcher, Written};
pub use series::{Series, Staleness};
pub use split::SplitLine;
pub use threshold_line::{Demand, ThresholdLine, Told};
pub use yardstick::{ToleranceLine, WithoutBaseline, Yardstick};
