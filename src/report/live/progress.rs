//! What is said while a run goes on.

use crate::measure::{Sample, SampleKind};
use crate::metric::{Catalog, ErrorClass, Outcome};
use crate::report::text::{clean, clock, cut};
use crate::summary::Aborted;
use crate::units::{Duration, Unit, print};

/// Lag below this is not worth a word, in seconds.
const LAG: f64 = 0.01;
/// The bar is never wider than this.
const BAR: usize = 30;
/// Nor is it drawn narrower than this.
const BAR_LEAST: usize = 6;
/// Characters of an error that are shown.
const MESSAGE: usize = 160;
/// The last column of a bar in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Which part of the run this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunStage {
    /// The full level, not counted yet.
    WarmUp,
    /// What counts.
    Measured,
    /// Nothing starts any more; what is in flight may end.
    Drain,
}

impl RunStage {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::WarmUp => "warm-up",
            Self::Measured => "measured",
            Self::Drain => "drain",
        }
    }
}

/// The state of a run at one moment. Counts are since its begin, rates and times of the last interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Live {
    pub(crate) elapsed: Duration,
    /// How long the run is planned to last; `None` where a count ends it.
    pub(crate) total: Option<Duration>,
    pub(crate) stage: RunStage,
    pub(crate) started: u64,
    pub(crate) ok: u64,
    pub(crate) failed: u64,
    /// Iterations that the target refused as the plan expects.
    pub(crate) rejected: u64,
    pub(crate) dropped: u64,
    pub(crate) in_flight: u64,
    /// Iterations due each second; `None` in a closed load.
    pub(crate) planned_rate: Option<f64>,
    pub(crate) started_rate: f64,
    /// 95th percentile of the latency in seconds; `None` where nothing ended well.
    pub(crate) p95: Option<f64>,
    pub(crate) lag: Option<f64>,
}

impl Live {
    /// A line for a log that nobody watches: `perfgate 0:10 warm-up    started 18   done 14   failed 0   success 100 %   …`.
    pub(crate) fn plain_line(&self) -> String {
        let rate = match self.planned_rate {
            Some(planned) => format!("rate {:.1}/{planned:.1}/s", self.started_rate),
            None => format!("rate {:.1}/s", self.started_rate),
        };
        let mut line = format!(
            "perfgate {} {:<9}  started {}   done {}   failed {}   success {}   in-flight {}   {}   {rate}",
            clock(self.elapsed.as_secs_f64()),
            self.stage.word(),
            self.started,
            self.done(),
            self.failed,
            self.success_text(),
            self.in_flight,
            self.p95_text(),
        );
        for extra in [self.rejected_text(), self.dropped_text(), self.lag_text()]
            .into_iter()
            .flatten()
        {
            line.push_str("   ");
            line.push_str(&extra);
        }
        line
    }

    /// A line for a terminal that is `width` columns wide: a bar and what fits beside it.
    pub(crate) fn bar_line(&self, width: usize) -> String {
        let time = clock(self.elapsed.as_secs_f64());
        let time = match self.total {
            Some(total) => format!(" {time}/{}", clock(total.as_secs_f64())),
            None => format!(" {time}"),
        };
        // What is dropped and late stands before what is nice to know, which goes first when room is scarce.
        let mut parts: Vec<String> = (self.stage != RunStage::Measured)
            .then(|| self.stage.word().to_owned())
            .into_iter()
            .collect();
        parts.push(match self.planned_rate {
            Some(planned) => format!("{:.1}/s of {planned:.1}", self.started_rate),
            None => format!("{:.1}/s", self.started_rate),
        });
        parts.push(format!("in flight {}", self.in_flight));
        parts.push(format!("{} ✓ {} ✗", self.ok, self.failed));
        parts.extend(self.rejected_text());
        parts.extend(self.dropped_text());
        parts.extend(self.lag_text());
        parts.push(self.p95_text());
        let least = if self.total.is_some() {
            BAR_LEAST + 3
        } else {
            0
        };
        let chars = |parts: &[String]| {
            parts
                .iter()
                .map(|part| part.chars().count() + 2)
                .sum::<usize>()
        };
        while parts.len() > 1 && time.chars().count() + least + chars(&parts) > width {
            parts.pop();
        }
        let room = width.saturating_sub(time.chars().count() + 3 + chars(&parts));
        let bar = self
            .share()
            .filter(|_| room >= BAR_LEAST)
            .map_or(String::new(), |share| {
                format!(" ▕{}▏", bar(share, room.min(BAR)))
            });
        let line = format!("{time}{bar}  {}", parts.join("  "));
        line.chars().take(width).collect()
    }

    fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| !total.is_zero())?;
        Some((self.elapsed.as_secs_f64() / total.as_secs_f64()).clamp(0.0, 1.0))
    }

    fn success_text(&self) -> String {
        let done = self.done();
        if done == 0 {
            "–".to_owned()
        } else {
            print(self.ok as f64 / done as f64, Unit::Ratio)
        }
    }

    fn p95_text(&self) -> String {
        format!(
            "p95 {}",
            self.p95
                .map_or_else(|| "–".to_owned(), |p95| print(p95, Unit::Seconds))
        )
    }

    const fn done(&self) -> u64 {
        self.ok + self.failed + self.rejected
    }

    fn rejected_text(&self) -> Option<String> {
        (self.rejected > 0).then(|| format!("rejected {}", self.rejected))
    }

    fn dropped_text(&self) -> Option<String> {
        (self.dropped > 0).then(|| format!("dropped {}", self.dropped))
    }

    fn lag_text(&self) -> Option<String> {
        self.lag
            .filter(|lag| *lag >= LAG)
            .map(|lag| format!("lag {}", print(lag, Unit::Seconds)))
    }
}

fn bar(share: f64, width: usize) -> String {
    let eighths = (share * width as f64 * 8.0).floor() as usize;
    let drawn = format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]);
    format!("{drawn:<width$}")
}

/// The first error of a kind, said when it happens: `perfgate 1:12 first error in submit: HTTP 503: …`.
pub(crate) fn first_error_line(elapsed: Duration, step: Option<&str>, message: &str) -> String {
    let place = step.map_or(String::new(), |step| format!(" in {}", clean(step)));
    let shown = cut(&clean(message), MESSAGE);
    format!(
        "perfgate {} first error{place}: {shown}",
        clock(elapsed.as_secs_f64())
    )
}

/// A load that a rule has ended: `ended early after 25 s: asr.error_rate was 50.0 %, where < 50% must hold`.
pub(crate) fn ended_early_line(aborted: &Aborted) -> String {
    let value = print(aborted.value, aborted.unit);
    let (metric, bound) = (clean(&aborted.metric), clean(&aborted.bound));
    format!(
        "ended early after {:.0} s: {metric} was {value}, where {bound} must hold",
        aborted.at_s
    )
}

/// A sample as it went by: `[transcribe-3] ok in 200 ms`, with its step where it is not the whole iteration, and why it failed.
pub(crate) fn sample_line(catalog: &Catalog, sample: &Sample, reason: &str) -> String {
    let load = &catalog.load(sample.load).name;
    let (from, step) = match sample.kind {
        SampleKind::Iteration => (sample.due, String::new()),
        SampleKind::Exchange(step) | SampleKind::Step(step) => {
            (sample.start, format!("{} ", catalog.step(step).name))
        }
        SampleKind::Request(step) => (
            sample.start,
            format!("{} request ", catalog.step(step).name),
        ),
    };
    let took = print(sample.end.since(from).as_secs_f64(), Unit::Seconds);
    let n = sample.n;
    match sample.outcome {
        Outcome::Ok => format!("[{load}-{n}] {step}ok in {took}"),
        Outcome::Failed(class) => {
            // `HTTP 503: busy` begins with the status.
            let (status, body) = reason.split_once(": ").unwrap_or((reason, ""));
            let (what, why) = match class {
                ErrorClass::Status if !status.is_empty() => (clean(status), body),
                class => (class.name().to_owned(), reason),
            };
            format!(
                "[{load}-{n}] {step}FAILED ({what}) after {took}{}",
                because(why)
            )
        }
        outcome => format!(
            "[{load}-{n}] {step}{} after {took}{}",
            outcome.name().to_uppercase().replace('_', " "),
            because(reason)
        ),
    }
}

/// `: WHY`, cut where a line of a log gets too long.
fn because(why: &str) -> String {
    const LONGEST: usize = 200;
    if why.is_empty() {
        return String::new();
    }
    let why = clean(why);
    match why.char_indices().nth(LONGEST) {
        Some((at, _)) => format!(": {}…", &why[..at]),
        None => format!(": {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Live {
        Live {
            elapsed: Duration::from_secs(72),
            total: Some(Duration::from_secs(120)),
            stage: RunStage::Measured,
            started: 220,
            ok: 214,
            failed: 1,
            rejected: 0,
            dropped: 0,
            in_flight: 5,
            planned_rate: Some(3.0),
            started_rate: 3.0,
            p95: Some(1.71),
            lag: Some(0.001),
        }
    }

    #[test]
    fn a_log_line_says_everything() {
        assert_eq!(
            live().plain_line(),
            "perfgate 1:12 measured   started 220   done 215   failed 1   success 99.5 %   in-flight 5   p95 1.71 s   rate 3.0/3.0/s"
        );
        let late = Live {
            dropped: 3,
            rejected: 5,
            lag: Some(0.25),
            planned_rate: None,
            ..live()
        };
        assert!(
            late.plain_line()
                .ends_with("rate 3.0/s   rejected 5   dropped 3   lag 250 ms"),
            "{}",
            late.plain_line()
        );
    }

    #[test]
    fn a_bar_fills_the_width_and_gives_way() {
        assert_eq!(
            live().bar_line(80),
            " 1:12/2:00 ▕██████████▏      ▏  3.0/s of 3.0  in flight 5  214 ✓ 1 ✗  p95 1.71 s"
        );
        for width in 0..200 {
            let line = live().bar_line(width);
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
        assert_eq!(
            live().bar_line(40),
            " 1:12/2:00 ▕███████▊     ▏  3.0/s of 3.0"
        );
        let over = Live {
            elapsed: Duration::from_secs(500),
            ..live()
        };
        assert!(over.bar_line(80).contains("██▏"), "{}", over.bar_line(80));
        let by_count = Live {
            total: None,
            ..live()
        };
        assert_eq!(
            by_count.bar_line(80),
            " 1:12  3.0/s of 3.0  in flight 5  214 ✓ 1 ✗  p95 1.71 s"
        );
    }

    #[test]
    fn nothing_yet_is_no_error() {
        let none = Live {
            elapsed: Duration::ZERO,
            total: Some(Duration::ZERO),
            stage: RunStage::WarmUp,
            started: 0,
            ok: 0,
            failed: 0,
            rejected: 0,
            in_flight: 0,
            planned_rate: Some(0.0),
            started_rate: 0.0,
            p95: None,
            lag: None,
            dropped: 0,
        };
        assert_eq!(
            none.plain_line(),
            "perfgate 0:00 warm-up    started 0   done 0   failed 0   success –   in-flight 0   p95 –   rate 0.0/0.0/s"
        );
        assert!(none.bar_line(80).contains("p95 –"));
    }

    #[test]
    fn the_first_error_is_harmless_and_short() {
        let line = first_error_line(
            Duration::from_secs(72),
            Some("submit"),
            "HTTP 503:\u{1b}[2J\nbusy",
        );
        assert_eq!(
            line,
            "perfgate 1:12 first error in submit: HTTP 503:\u{FFFD}[2J busy"
        );
        assert!(first_error_line(Duration::ZERO, None, &"ä".repeat(500)).ends_with("ä…"));
    }
}
