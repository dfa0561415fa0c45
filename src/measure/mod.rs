//! What happened: samples, the recorder of a virtual user, the stats of a worker, histograms and per-second slots.

mod batch_entry;
mod correction;
mod counters;
mod counts;
mod distribution;
mod load_result;
mod load_stats;
mod record;
mod recorder;
mod sample;
mod slot;
mod split;
mod value;
mod vu;
mod waits;
mod whole;
mod window;
mod worker_health;

pub use counters::Counters;
pub use counts::{Counts, PartStats};
pub use distribution::{Distribution, Quantile};
pub use load_result::LoadResult;
pub use load_stats::LoadStats;
pub use record::{
    ClientRecord, ClientSample, ErrorGroup, ErrorLog, ErrorRecord, Remark, RemarkKind, Remarks,
    TranscriptRecord, TranscriptSample, UnknownStates, fold,
};
pub use recorder::Recorder;
pub use sample::{Batch, Sample, SampleKind};
pub use slot::{SecondSlot, SlotBook};
pub use split::{Split, SplitPart};
pub use value::Measurement;
pub use vu::{Ticket, Vu};
pub use waits::StalenessSeries;
pub use window::{MeasuredWindow, WindowStats};
pub use worker_health::WorkerHealth;
