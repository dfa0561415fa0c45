//! What happened: samples, the recorder of a virtual user, the stats of a worker, histograms and per-second slots.

mod batch_entry;
mod client;
mod counters;
mod counts;
mod distribution;
mod error_log;
mod load_result;
mod load_stats;
mod recorder;
mod remark;
mod sample;
mod slot;
mod split;
mod value;
mod vu;
mod waits;
mod whole;
mod window;
mod worker_health;

pub use client::{ClientRecord, ClientSample};
pub use counters::Counters;
pub use counts::{Counts, PartStats};
pub use distribution::{Distribution, Quantile};
pub use error_log::{ErrorGroup, ErrorLog, ErrorRecord, fold};
pub use load_result::LoadResult;
pub use load_stats::LoadStats;
pub use recorder::Recorder;
pub use remark::{Remark, RemarkKind, Remarks};
pub use sample::{Batch, Sample, SampleKind};
pub use slot::{SecondSlot, SlotBook};
pub use split::{Split, SplitPart};
pub use value::Measurement;
pub use vu::{Ticket, Vu};
pub use waits::StalenessSeries;
pub use window::{MeasuredWindow, WindowStats};
pub use worker_health::WorkerHealth;
