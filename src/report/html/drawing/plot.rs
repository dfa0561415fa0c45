//! The frame of a chart with two axes.

use super::ink::Ink;
use super::scale::AxisScale;
use super::svg::{Anchor, Pen, Svg, WIDTH};
use super::thin::thinned;
use crate::report::text::clock;

/// The edges of the area of the data.
pub(crate) const LEFT: f64 = 76.0;
pub(crate) const RIGHT: f64 = WIDTH - 84.0;
pub(crate) const TOP: f64 = 34.0;
pub(crate) const BOTTOM: f64 = 222.0;
const HEIGHT: f64 = 262.0;
/// About so wide is a letter of a legend.
const LETTER: f64 = 7.2;
/// Up to so many points of a line are marked one by one.
const MARKED: usize = 120;

/// An area from left to right and from low to high, in values.
pub(crate) type PageCell = ((f64, f64), (f64, f64));

pub(crate) struct Plot {
    pub(crate) svg: Svg,
    x: AxisScale,
    y: AxisScale,
    /// Where the next entry of the legend stands.
    legend: f64,
    most: usize,
}

impl Plot {
    /// A chart over seconds, the highest value of which is `high`; lines have at most so many points.
    pub(crate) fn over_time(desc: String, until: f64, high: f64, most: usize) -> Self {
        let x = AxisScale::linear((0.0, until.max(1.0)), (LEFT, RIGHT));
        Self::new(
            desc,
            x,
            AxisScale::linear((0.0, high * 1.08), (BOTTOM, TOP)),
            most,
        )
    }

    pub(crate) fn new(desc: String, x: AxisScale, y: AxisScale, most: usize) -> Self {
        Self {
            svg: Svg::new(HEIGHT, desc),
            x,
            y,
            legend: LEFT,
            most,
        }
    }

    /// The scales of the area of the data, from left to right and from bottom to top.
    pub(crate) const fn across() -> (f64, f64) {
        (LEFT, RIGHT)
    }

    pub(crate) const fn upwards() -> (f64, f64) {
        (BOTTOM, TOP)
    }

    /// A stretch of time that is not measured.
    pub(crate) fn shade(&mut self, from: f64, until: f64) {
        self.svg.rectangle(
            (self.x.at(from), TOP),
            (self.x.at(until), BOTTOM),
            Ink::Band,
        );
    }

    /// The lines of the vertical axis with their values.
    pub(crate) fn values(&mut self, print: &dyn Fn(f64) -> String) {
        self.levels(&self.y.ticks(5), print);
    }

    /// The same for what is counted: there is no half of an iteration.
    pub(crate) fn counts(&mut self, print: &dyn Fn(f64) -> String) {
        let whole: Vec<f64> = self
            .y
            .ticks(5)
            .into_iter()
            .filter(|value| value.fract().abs() < 1e-9)
            .collect();
        self.levels(&whole, print);
    }

    fn levels(&mut self, values: &[f64], print: &dyn Fn(f64) -> String) {
        for value in values {
            let y = self.y.at(*value);
            self.svg
                .line(&[(LEFT, y), (RIGHT, y)], Pen::solid(Ink::Grid, 1.0));
            self.svg
                .text((LEFT - 6.0, y + 4.0), Anchor::End, Ink::Text, print(*value));
        }
    }

    pub(crate) fn clock(&mut self) {
        let moments: Vec<(f64, String)> = self
            .x
            .clock_ticks(9)
            .into_iter()
            .map(|at| (at, clock(at)))
            .collect();
        self.below(&moments, "minutes and seconds since the load began");
    }

    pub(crate) fn amounts(&mut self, print: &dyn Fn(f64) -> String, name: &str) {
        let amounts: Vec<(f64, String)> = self
            .x
            .ticks(8)
            .into_iter()
            .map(|at| (at, print(at)))
            .collect();
        self.below(&amounts, name);
    }

    /// The values that were taken below the horizontal axis, as far as their words have room.
    pub(crate) fn taken(&mut self, values: &[(f64, String)], name: &str) {
        let mut free = f64::NEG_INFINITY;
        let mut shown: Vec<(f64, String)> = Vec::new();
        for (value, words) in values {
            let (x, half) = (
                self.x.at(*value),
                LETTER * words.chars().count() as f64 / 2.0,
            );
            if x - half >= free {
                shown.push((*value, words.clone()));
                free = x + half + LETTER;
            }
        }
        self.below(&shown, name);
    }

    /// Texts below the horizontal axis, and what it is.
    pub(crate) fn below(&mut self, marks: &[(f64, String)], name: &str) {
        for (value, text) in marks {
            let x = self.x.at(*value);
            self.svg.line(
                &[(x, BOTTOM), (x, BOTTOM + 4.0)],
                Pen::solid(Ink::Text, 1.0),
            );
            // What is centred at the edge would be cut off.
            let anchor = if x > RIGHT - 20.0 {
                Anchor::End
            } else {
                Anchor::Middle
            };
            self.svg
                .text((x, BOTTOM + 18.0), anchor, Ink::Text, text.clone());
        }
        self.svg.text(
            (f64::midpoint(LEFT, RIGHT), BOTTOM + 36.0),
            Anchor::Middle,
            Ink::Text,
            name,
        );
    }

    /// One line with its name in the legend.
    pub(crate) fn line(&mut self, name: &str, points: &[(f64, f64)], pen: Pen) {
        let places: Vec<(f64, f64)> = thinned(points, self.most)
            .iter()
            .map(|(x, y)| (self.x.at(*x), self.y.at(*y)))
            .collect();
        self.svg.line(&places, pen);
        if places.len() <= MARKED && !pen.dashed {
            self.svg.dots(&places, Pen::solid(pen.ink, pen.width + 3.0));
        }
        self.name(name, pen);
    }

    /// Thin lines that stand back, with one name in the legend.
    pub(crate) fn faint(&mut self, name: &str, lines: &[Vec<(f64, f64)>]) {
        let pen = Pen::solid(Ink::Faint, 1.0);
        for points in lines.iter().filter(|points| !points.is_empty()) {
            let places: Vec<(f64, f64)> = thinned(points, self.most)
                .iter()
                .map(|(x, y)| (self.x.at(*x), self.y.at(*y)))
                .collect();
            self.svg.line(&places, pen);
        }
        self.name(name, pen);
    }

    /// Points that no line joins; of those at one place one is drawn.
    pub(crate) fn dots(&mut self, points: &[(f64, f64)], ink: Ink) {
        let mut places: Vec<(f64, f64)> = points
            .iter()
            .map(|(x, y)| (self.x.at(*x).round(), self.y.at(*y).round()))
            .collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        places.dedup();
        self.svg
            .dots(&thinned(&places, self.most), Pen::solid(ink, 6.0));
    }

    /// A bar for each of these, all of one colour.
    pub(crate) fn bars(&mut self, bars: &[PageCell], ink: Ink) {
        let bar = |((from, until), (low, high)): &PageCell| {
            let left = self.x.at(*from);
            let right = self.x.at(*until).max(left + 1.0);
            let [left, right, low, high] = [left, right, self.y.at(*low), self.y.at(*high)]
                .map(crate::report::html::drawing::svg::place);
            format!("M{left} {low}V{high}H{right}V{low}Z")
        };
        self.svg.area(bars.iter().map(bar).collect(), ink);
    }

    /// One bar from the bottom left to the top right of these values.
    pub(crate) fn bar(&mut self, (left, right): (f64, f64), (low, high): (f64, f64), ink: Ink) {
        if high > low {
            // A gap parts two neighbours.
            let (from, to) = (self.x.at(left), self.x.at(right));
            let corner = ((to - 1.0).max(from + 0.5), self.y.at(low));
            self.svg.rectangle((from, self.y.at(high)), corner, ink);
        }
    }

    /// Cells of one shade: each from left to right and from low to high. Neighbours become one.
    pub(crate) fn cells(&mut self, cells: &[PageCell], ink: Ink) {
        let mut sorted = cells.to_vec();
        sorted.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.0.total_cmp(&b.0.0)));
        let mut path = String::new();
        for row in sorted.chunk_by(|a, b| a.1.0 == b.1.0 && a.0.1 == b.0.0) {
            let ((left, _), (low, high)) = row[0];
            let right = row[row.len() - 1].0.1;
            let [left, right] = [left, right]
                .map(|value| crate::report::html::drawing::svg::place(self.x.at(value)));
            let [low, high] =
                [low, high].map(|value| crate::report::html::drawing::svg::place(self.y.at(value)));
            path.push_str(&format!("M{left} {low}V{high}H{right}V{low}Z"));
        }
        if !path.is_empty() {
            self.svg.area(path, ink);
        }
    }

    /// A square with its words in the legend; nothing without words.
    pub(crate) fn square(&mut self, words: &str, ink: Ink) {
        if words.is_empty() {
            return;
        }
        self.svg
            .rectangle((self.legend, 8.0), (self.legend + 14.0, 20.0), ink);
        self.svg
            .text((self.legend + 20.0, 18.0), Anchor::Start, Ink::Text, words);
        self.legend += 40.0 + LETTER * words.chars().count() as f64;
    }

    /// A dashed line upwards at a value, with its words at its top.
    pub(crate) fn mark(&mut self, value: f64, words: &str) {
        let x = self.x.at(value);
        self.svg
            .line(&[(x, TOP), (x, BOTTOM)], Pen::dashed(Ink::Text, 1.0));
        // No words upon those before.
        let free = self.legend.max(x);
        let anchor = if free > x {
            Anchor::Start
        } else {
            Anchor::Middle
        };
        self.svg.text((free, 28.0), anchor, Ink::Text, words);
        self.legend = free + 14.0 + LETTER * words.chars().count() as f64;
    }

    /// Bounds as lines from side to side, each with its words behind its end.
    pub(crate) fn bounds(&mut self, bounds: &[(f64, &str)]) {
        let mut sorted = bounds.to_vec();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = f64::INFINITY;
        for (value, words) in sorted {
            let y = self.y.at(value);
            self.svg
                .line(&[(LEFT, y), (RIGHT, y)], Pen::solid(Ink::Bad, 1.5));
            // From bottom to top, no words upon others.
            let beside = (y + 4.0).min(free);
            self.svg
                .text((RIGHT + 5.0, beside), Anchor::Start, Ink::Bad, words);
            free = beside - 14.0;
        }
    }

    fn name(&mut self, name: &str, pen: Pen) {
        self.svg
            .line(&[(self.legend, 14.0), (self.legend + 26.0, 14.0)], pen);
        self.svg
            .text((self.legend + 32.0, 18.0), Anchor::Start, Ink::Text, name);
        self.legend += 52.0 + LETTER * name.chars().count() as f64;
    }
}
