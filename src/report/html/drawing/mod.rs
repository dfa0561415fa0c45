//! What charts are drawn with: scales, lines, colours, and the SVG that comes of them.

mod ink;
mod plot;
mod scale;
mod svg;
mod thin;

pub(crate) use ink::{Ink, dark_rules};
pub(crate) use plot::{PageCell, Plot};
pub(crate) use scale::AxisScale;
pub(crate) use svg::{Anchor, Pen, Svg, WIDTH, place};
