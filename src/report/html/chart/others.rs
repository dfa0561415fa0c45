//! What is drawn thin beside the run that a chart over time is about.

use super::seconds::{Second, Seconds};
use crate::report::html::drawing::{Ink, Pen, Plot};

/// Runs of the same session, or the first run of another one.
#[derive(Default)]
pub(crate) struct Others {
    runs: Vec<Seconds>,
    session: bool,
}

impl Others {
    pub(crate) const fn runs(runs: Vec<Seconds>) -> Self {
        Self {
            runs,
            session: false,
        }
    }

    pub(crate) fn session(run: Seconds) -> Self {
        Self {
            runs: vec![run],
            session: true,
        }
    }

    /// The highest value among them, up to so many seconds.
    pub(crate) fn highest(&self, until: f64, value: impl Fn(&Second) -> Option<f64>) -> f64 {
        self.lines(until, value)
            .into_iter()
            .flatten()
            .map(|point| point.1)
            .fold(0.0, f64::max)
    }

    /// Draws one line for each of them, up to so many seconds.
    pub(crate) fn draw(
        &self,
        plot: &mut Plot,
        what: &str,
        until: f64,
        value: impl Fn(&Second) -> Option<f64>,
    ) {
        let lines = self.lines(until, value);
        if lines.iter().all(Vec::is_empty) {
            return;
        }
        if self.session {
            plot.line(
                &format!("{what} then"),
                &lines.concat(),
                Pen::dashed(Ink::Base, 1.5),
            );
        } else {
            plot.faint(&format!("{what}, other runs"), &lines);
        }
    }

    /// What these lines are, as a sentence behind others; empty where there are none.
    pub(crate) fn sentence(&self, what: &str) -> String {
        match (self.runs.is_empty(), self.session) {
            (true, _) => String::new(),
            (false, true) => format!(" Dashed: {what} of the other session."),
            (false, false) => format!(" Thin and grey: {what} of the other runs."),
        }
    }

    fn lines(&self, until: f64, value: impl Fn(&Second) -> Option<f64>) -> Vec<Vec<(f64, f64)>> {
        let line = |run: &Seconds| {
            run.points(&value)
                .into_iter()
                .filter(|(at, _)| *at <= until)
                .collect()
        };
        self.runs.iter().map(line).collect()
    }
}
