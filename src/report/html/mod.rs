//! The report as one page of HTML: read without script, style sheet and network, better with the first two.

mod brief;
mod budget;
mod chart;
mod diff_page;
mod drawing;
mod figure;
mod page;
mod render;
mod sections;
mod series_page;
mod session_page;
mod source;
mod table;

pub use render::{HtmlError, diff_html, html, series_html};
