//! The evidence: what a session did and measured, as documents that everything later is judged and drawn from.

mod build;
mod clients;
mod comparison_policy;
mod conversations;
mod drift;
mod health;
mod heat;
mod histograms;
mod hook_run;
mod latencies;
mod load_run;
mod machine;
mod metric;
mod model;
mod monitor_line;
mod samples;
mod series;
mod split_line;
mod sweep;
mod threshold_line;
mod values;
mod window;

pub use build::{RunEvidence, load_run};
pub use clients::{CLIENTS, ClientLine, HeardLine, Spread, read_clients};
pub use comparison_policy::{ComparisonPolicy, ToleranceLine, WithoutBaseline};
pub use conversations::Conversations;
pub use health::{GeneratorEvidence, Health, MachineCounters, MachineShares, judge};
pub use heat::Heat;
pub use histograms::HistogramFile;
pub use hook_run::{HookRun, HookTime};
pub use latencies::{HistogramsError, Latencies, LoadLatencies};
pub use load_run::{LoadRun, RemarkLine, StrangeState};
pub use machine::Machine;
pub use metric::{Metric, MetricValue, SampleInterval};
pub use model::{
    Aborted, ErrorLine, ForeignTool, Interruption, LoadDescription, PhaseDescription, PhaseRun,
    PlanDescription, Run, SCHEMA, SplitDescription, Summary, VERSION,
};
pub use monitor_line::{GrowthLine, MonitorLine, monitor_metrics};
pub use samples::{SampleWriter, SamplesWritten, TRANSCRIPTS, Watcher};
pub use series::{Series, Staleness};
pub use split_line::SplitLine;
pub use sweep::{
    Degradation, FoundPoint, HELD_BACK, Inflection, LINEAR, PointDecision, PointFigures,
    SearchOutcome, SweepAnalysis, SweepDescription, loads_of, of_run, of_session, swept_metrics,
};
pub use threshold_line::{Demand, ThresholdLine, Told};
pub use values::{SAMPLES_BEYOND, are_few};
