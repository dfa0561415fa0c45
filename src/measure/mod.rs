//! What happened: samples, the recorder of a virtual user, the ledger of a worker, histograms and per-second slots.

mod client;
mod counts;
mod distribution;
mod error_log;
mod ledger;
mod load_result;
mod recorder;
mod remark;
mod sample;
mod slot;
mod split;
mod vu;
mod waits;
mod window;

pub use client::{Client, ClientNote};
pub use counts::Counts;
pub use distribution::{Distribution, Quantile};
pub use error_log::{ErrorGroup, ErrorLog, fold};
pub use ledger::{Ledger, PartLedger};
pub use load_result::LoadResult;
pub use recorder::{ErrorNote, Recorder, Value};
pub use remark::{Remark, RemarkKind, Remarks};
pub use sample::{Batch, Sample, SampleKind};
pub use slot::{Slot, SlotBook};
pub use split::{Split, SplitPart};
pub use vu::{Ticket, Vu};
pub use waits::Waits;
pub use window::MeasuredWindow;
