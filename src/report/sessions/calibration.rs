//! What sessions of an unchanged target say about their tolerances, in words.

use crate::gate::baseline::Severity;
use crate::gate::calibrate::{Calibration, Nights, Noise};
use crate::report::text::{Tone, clean, plural};
use crate::units::{Unit, print};

/// Of sessions that are repetitions of one another fewer than one in so many is not like the others.
const UNLIKE: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CalibrationView {
    pub(crate) plan: String,
    /// `8 sessions`, `3 runs each`, whose tolerances.
    pub(crate) facts: Vec<String>,
    pub(crate) rows: Vec<CalibrationRow>,
    /// What would become of nights in which nothing changes; empty where nobody can say.
    pub(crate) nights: String,
    /// Sessions that the others would suspect, a sentence each.
    pub(crate) suspected: Vec<String>,
    pub(crate) advice: Vec<String>,
    /// What is no part of it, a sentence each.
    pub(crate) left_out: Vec<String>,
    /// The command that sets the tolerances that are recommended; `None` where none is.
    pub(crate) command: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CalibrationRow {
    pub(crate) metric: String,
    pub(crate) value: String,
    /// The spread between the runs of one session.
    pub(crate) within: String,
    pub(crate) between: String,
    /// The drift that noise alone reaches in one of twenty nights.
    pub(crate) noise: String,
    pub(crate) allowed: String,
    /// The change that is seen in eight of ten nights.
    pub(crate) seen: String,
    /// Red nights in 100 by this metric alone.
    pub(crate) red: String,
    pub(crate) tone: Tone,
    /// `fail`, `warn` or `info`.
    pub(crate) severity: &'static str,
}

impl CalibrationView {
    /// What a calibration of a plan says; `baseline` is the file whose tolerances were taken, `file` the plan's own.
    pub(crate) fn of(
        plan: &str,
        file: &str,
        baseline: Option<&str>,
        calibration: &Calibration,
    ) -> Self {
        let runs = match calibration.runs {
            1 => "1 run each".to_owned(),
            runs => format!("{runs} runs each"),
        };
        let tolerances = baseline.map_or("tolerances of the plan".to_owned(), |file| {
            format!("tolerances of {}", clean(file))
        });
        let red = calibration
            .nights
            .as_ref()
            .map(|nights| nights.red_by_metric.as_slice())
            .unwrap_or_default();
        let rows = calibration
            .metrics
            .iter()
            .enumerate()
            .map(|(at, noise)| row(noise, red.get(at).copied()));
        let recommended = calibration
            .recommendations
            .iter()
            .filter_map(|recommendation| {
                Some(format!(
                    " --tolerance '{}={}'",
                    clean(recommendation.metric.as_ref()?),
                    recommendation.tolerance.as_ref()?
                ))
            });
        // Where sessions are no repetitions of one another, their spread is no noise.
        let alike = calibration.suspected.len() * UNLIKE < calibration.sessions.len();
        let recommended: String = recommended.filter(|_| alike).collect();
        Self {
            plan: clean(plan),
            facts: vec![plural(calibration.sessions.len() as u64, "session"), runs, tolerances],
            rows: rows.collect(),
            nights: calibration
                .nights
                .as_ref()
                .map_or_else(String::new, |nights| nights_in_words(nights, calibration.runs)),
            suspected: calibration
                .suspected
                .iter()
                .map(|(session, why)| {
                    clean(&format!(
                        "session {session} is not like the others ({why}): leave it out if the target was not the same"
                    ))
                })
                .collect(),
            advice: calibration
                .recommendations
                .iter()
                .map(|recommendation| {
                    let metric = recommendation.metric.as_ref().map_or(String::new(), |metric| format!("`{metric}`: "));
                    clean(&(metric + &recommendation.sentence))
                })
                .collect(),
            left_out: calibration.left_out.iter().map(|sentence| clean(sentence)).collect(),
            command: (!recommended.is_empty()).then(|| {
                format!(
                    "perfgate update-baseline {}{recommended} --reason 'above the noise of {} sessions'",
                    clean(file),
                    calibration.sessions.len()
                )
            }),
        }
    }
}

fn row(noise: &Noise, red: Option<f64>) -> CalibrationRow {
    CalibrationRow {
        metric: clean(&noise.metric),
        value: print(noise.centre, noise.unit),
        within: noise
            .within
            .map_or("–".to_owned(), |within| noise.drift(within)),
        between: noise.drift(noise.between),
        noise: noise.drift(noise.noise),
        allowed: noise.drift(noise.allowed),
        seen: noise.seen.map_or("–".to_owned(), |seen| noise.drift(seen)),
        red: red.map_or("–".to_owned(), |red| print(red * 100.0, Unit::Count)),
        tone: if noise.is_beyond_tolerance() && noise.severity == Severity::Fail {
            Tone::Warn
        } else {
            Tone::Good
        },
        severity: noise.severity.word(),
    }
}

/// Of 100 nights in which nothing changes.
fn nights_in_words(nights: &Nights, runs: usize) -> String {
    let of_100 = |share: f64| print(share * 100.0, Unit::Count);
    format!(
        "of 100 nights in which nothing changes about {} fail, {} stay undecided and {} ask for two more sessions: {} runs a night on \
         average (4,000 nights simulated with the spread of these sessions)",
        of_100(nights.red),
        of_100(nights.undecided),
        of_100(nights.suspect),
        print(nights.sessions() * runs as f64, Unit::Count)
    )
}
