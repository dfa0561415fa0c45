//! The report as one page of HTML: read without script, style sheet and network, better with the first two.

mod banner;
mod beside;
mod brief;
mod budget;
mod changed;
mod chart;
mod compose;
mod definitions;
mod elsewhere;
mod faults;
mod figure;
mod guide;
mod header;
mod judged;
mod load_section;
mod page;
mod past;
mod render;
mod reproduce;
mod sequence_page;
mod sheet_sections;
mod source;
mod step_table;
mod table;
mod talk_section;
mod versus_page;

pub use beside::Beside;
pub use render::{HtmlError, html, sequence_html, versus_html};
