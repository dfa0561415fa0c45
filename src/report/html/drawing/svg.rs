//! Drawings made of lines, areas and words. Every attribute is decided here: a template only writes it down.

use serde::Serialize;

use super::ink::Ink;

/// The width of every drawing in its own units.
pub(crate) const WIDTH: f64 = 920.0;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Svg {
    height: String,
    /// What it shows, for those who cannot see it.
    desc: String,
    shapes: Vec<SvgShape>,
    texts: Vec<SvgText>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct SvgShape {
    d: String,
    class: String,
    fill: &'static str,
    stroke: &'static str,
    width: String,
    dash: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct SvgText {
    x: String,
    y: String,
    class: String,
    fill: &'static str,
    anchor: &'static str,
    bold: bool,
    text: String,
}

/// Where a text stands beside its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pen {
    pub(crate) ink: Ink,
    pub(crate) width: f64,
    pub(crate) dashed: bool,
}

impl Pen {
    pub(crate) const fn solid(ink: Ink, width: f64) -> Self {
        Self {
            ink,
            width,
            dashed: false,
        }
    }

    pub(crate) const fn dashed(ink: Ink, width: f64) -> Self {
        Self {
            ink,
            width,
            dashed: true,
        }
    }
}

impl Svg {
    pub(crate) fn new(height: f64, desc: String) -> Self {
        Self {
            height: place(height),
            desc,
            shapes: Vec::new(),
            texts: Vec::new(),
        }
    }

    pub(crate) fn area(&mut self, path: String, ink: Ink) {
        let (class, fill) = (ink.fill_class(), ink.light());
        self.shapes.push(SvgShape {
            d: path,
            class,
            fill,
            stroke: "",
            width: String::new(),
            dash: "",
        });
    }

    /// A rectangle from one corner to the other.
    pub(crate) fn rectangle(&mut self, (x, y): (f64, f64), (right, bottom): (f64, f64), ink: Ink) {
        let (right, bottom) = (place(right), place(bottom));
        self.area(
            format!("M{} {}H{right}V{bottom}H{}Z", place(x), place(y), place(x)),
            ink,
        );
    }

    pub(crate) fn stroke(&mut self, path: String, pen: Pen) {
        let (class, stroke) = (pen.ink.stroke_class(), pen.ink.light());
        let dash = if pen.dashed { "6 5" } else { "" };
        self.shapes.push(SvgShape {
            d: path,
            class,
            fill: "none",
            stroke,
            width: place(pen.width),
            dash,
        });
    }

    pub(crate) fn line(&mut self, points: &[(f64, f64)], pen: Pen) {
        let mut path = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            path.push(if at == 0 { 'M' } else { 'L' });
            path.push_str(&format!("{} {}", place(*x), place(*y)));
        }
        self.stroke(path, pen);
    }

    /// A dot at each point: lines of no length with round ends.
    pub(crate) fn dots(&mut self, points: &[(f64, f64)], pen: Pen) {
        let path = points
            .iter()
            .map(|(x, y)| format!("M{} {}h0", place(*x), place(*y)))
            .collect();
        self.stroke(path, pen);
    }

    pub(crate) fn text(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        ink: Ink,
        text: impl Into<String>,
    ) {
        self.write((x, y), anchor, ink, false, text.into());
    }

    pub(crate) fn bold(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        ink: Ink,
        text: impl Into<String>,
    ) {
        self.write((x, y), anchor, ink, true, text.into());
    }

    fn write(&mut self, (x, y): (f64, f64), anchor: Anchor, ink: Ink, bold: bool, text: String) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (class, fill) = (ink.fill_class(), ink.light());
        self.texts.push(SvgText {
            x: place(x),
            y: place(y),
            class,
            fill,
            anchor,
            bold,
            text,
        });
    }
}

/// A number in a drawing: one digit behind the point is a tenth of a pixel.
pub(crate) fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}
