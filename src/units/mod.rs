//! Quantities a plan is written in: durations, rates, bytes, ratios, and how all of them are read and printed.

mod bytes;
mod duration;
mod list;
mod named_list;
mod parse;
mod print;
mod quantity;
mod range;
mod rate;
mod ratio;
mod scalar;
mod text_or_table;

pub use bytes::Bytes;
pub use duration::Duration;
pub use list::List;
pub use named_list::{entries, named_list};
pub use parse::{FILLED_LATER, UnitError, or_filled_later};
pub use print::{print, print_apart};
pub use quantity::{Quantity, Unit};
pub use range::DurationRange;
pub use rate::Rate;
pub use ratio::Ratio;
pub use scalar::{Count, Flag, Number};
pub(crate) use text_or_table::{or_text, text_or_table};
