//! Charts over time: latency, rates, errors, iterations in flight.

use super::others::Others;
use super::seconds::{Second, Seconds};
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Ink, Pen, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::source::Behind;
use crate::units::{Unit, print};

/// With fewer points a table says more than a drawing.
pub(crate) const FEWEST: usize = 3;
/// A bound so many times above the data is named in words, so that the data keeps its room.
const FAR: f64 = 3.0;

/// A bound on a percentile that is drawn over time.
pub(crate) struct TimeBound {
    pub(crate) seconds: f64,
    /// `p95 2 s`.
    pub(crate) words: String,
}

fn seconds_text(value: f64) -> String {
    print(value, Unit::Seconds)
}

pub(crate) fn shaded(plot: &mut Plot, seconds: &Seconds) {
    let (from, until) = seconds.window;
    if from > 0.0 {
        plot.shade(0.0, from);
    }
    if until > from && until < seconds.length() {
        plot.shade(until, seconds.length());
    }
}

fn highest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

fn has_warm_up(seconds: &Seconds) -> &'static str {
    if seconds.window.0 > 0.0 {
        " Shaded: not measured, because it is warm-up or what ran on at the end."
    } else {
        ""
    }
}

/// What is drawn by its percentiles, second by second.
struct Percentiles {
    title: &'static str,
    /// The caption of its data.
    caption: &'static str,
    /// What a percentile of one second is over.
    sentence: &'static str,
    of: [fn(&Second) -> Option<f64>; 3],
}

/// Latency second by second, with the median of a recorded session and the bounds that must hold.
pub(crate) fn latency(
    seconds: &Seconds,
    then: Option<Behind<'_>>,
    others: &Others,
    bounds: &[TimeBound],
    budget: &PageBudget,
) -> Option<Figure> {
    let what = Percentiles {
        title: "Latency over time",
        caption: "Latency of the iterations that ended well",
        sentence: "When it was slow: for each second, the median, the 95th and the 99th percentile of the iterations that ended well in it.",
        of: [
            |second| second.p50,
            |second| second.p95,
            |second| second.p99,
        ],
    };
    // The other session has its seconds, which say more than its curve.
    let curve = then
        .filter(|then| then.word == "recorded")
        .map(|then| then.curve);
    let old: Vec<(f64, f64)> = curve.map_or_else(Vec::new, |curve| {
        let points = curve.at_s.iter().copied().zip(curve.p50_s.iter().copied());
        points.filter(|(at, _)| *at <= seconds.length()).collect()
    });
    percentiles(&what, seconds, &old, others, bounds, budget)
}

/// How far results were behind the audio, by when it was sent, with the bounds that must hold.
pub(crate) fn staleness(
    seconds: &Seconds,
    others: &Others,
    bounds: &[TimeBound],
    budget: &PageBudget,
) -> Option<Figure> {
    let what = Percentiles {
        title: "Staleness over time",
        caption: "How long audio waited for the first result that reaches it",
        sentence: "How far results were behind the audio: for each second, the median, the 95th and the 99th percentile of how long the audio that was sent in it waited for the first result that reaches it. A target that stands still is a slope that falls from the time it stood still.",
        of: [
            |second| second.stale.map(|[p50, _, _]| p50),
            |second| second.stale.map(|[_, p95, _]| p95),
            |second| second.stale.map(|[_, _, p99]| p99),
        ],
    };
    percentiles(&what, seconds, &[], others, bounds, budget)
}

fn percentiles(
    what: &Percentiles,
    seconds: &Seconds,
    old: &[(f64, f64)],
    others: &Others,
    bounds: &[TimeBound],
    budget: &PageBudget,
) -> Option<Figure> {
    let [p50, p95, p99] = what.of.map(|of| seconds.points(of));
    if p50.is_empty() {
        return None;
    }
    let data = seconds.table(
        (what.caption, "the highest value of each"),
        &["#p50", "#p95", "#p99"],
        budget,
        |stretch| {
            let highest = |of: fn(&Second) -> Option<f64>| {
                stretch
                    .iter()
                    .filter_map(of)
                    .reduce(f64::max)
                    .map_or_else(|| "–".to_owned(), seconds_text)
            };
            what.of.map(highest).to_vec()
        },
    );
    let (until, of_p95) = (seconds.length(), what.of[1]);
    let now =
        highest(p99.iter().chain(old).map(|point| point.1)).max(others.highest(until, of_p95));
    let (near, far): (Vec<&TimeBound>, Vec<&TimeBound>) =
        bounds.iter().partition(|bound| bound.seconds <= now * FAR);
    let high = now.max(highest(near.iter().map(|bound| bound.seconds)));
    let mut sentence = format!("{}{}{}", seconds.which, what.sentence, has_warm_up(seconds));
    if !near.is_empty() {
        sentence.push_str(" Red lines: what must hold over the whole window.");
    }
    for bound in far {
        sentence.push_str(&format!(
            " The bound {} lies above this chart.",
            bound.words
        ));
    }
    if !old.is_empty() {
        sentence.push_str(" Dashed: the median of the recorded session.");
    }
    sentence.push_str(&others.sentence("the 95th percentile"));
    let drawn = p50.len() >= FEWEST;
    let svg = drawn.then(|| {
        let desc = format!(
            "Lines over time. The median lies between {} and {}; the highest 99th percentile of a second is {}.",
            seconds_text(p50.iter().map(|point| point.1).fold(f64::INFINITY, f64::min)),
            seconds_text(highest(p50.iter().map(|point| point.1))),
            seconds_text(highest(p99.iter().map(|point| point.1)))
        );
        let mut plot = Plot::over_time(desc, seconds.length(), high, budget.points);
        shaded(&mut plot, seconds);
        plot.values(&seconds_text);
        plot.clock();
        others.draw(&mut plot, "p95", until, of_p95);
        plot.line("p50", &p50, Pen::solid(Ink::Second, 1.5));
        plot.line("p95", &p95, Pen::solid(Ink::Now, 2.5));
        plot.line("p99", &p99, Pen::solid(Ink::Third, 1.0));
        if !old.is_empty() {
            plot.line("recorded p50", old, Pen::dashed(Ink::Base, 2.0));
        }
        plot.bounds(&near.iter().map(|bound| (bound.seconds, bound.words.as_str())).collect::<Vec<_>>());
        plot.svg
    });
    Some(Figure::new(what.title, sentence, svg, data))
}

/// What was due, what started and what ended well, each second.
pub(crate) fn rates(
    seconds: &Seconds,
    open: bool,
    others: &Others,
    budget: &PageBudget,
) -> Option<Figure> {
    let started = seconds.points(|second| Some(second.started as f64));
    if started.len() < FEWEST || highest(started.iter().map(|point| point.1)) < 1.0 {
        return None;
    }
    let planned = seconds.points(|second| Some(second.planned as f64));
    let ok = seconds.points(|second| Some(second.ok as f64));
    let columns: &[&str] = if open {
        &[
            "#offered",
            "#started",
            "#completed",
            "#completed per minute",
        ]
    } else {
        &["#started", "#completed", "#completed per minute"]
    };
    let data = seconds.table(("Iterations", "their sum"), columns, budget, |stretch| {
        let sum = |of: fn(&Second) -> u64| stretch.iter().map(of).sum::<u64>().to_string();
        let ended = stretch.iter().map(|second| second.ok).sum::<u64>() as f64;
        let minute = print(ended * 60.0 / stretch.len().max(1) as f64, Unit::Count);
        let mut cells = vec![
            sum(|second| second.started),
            sum(|second| second.ok),
            minute,
        ];
        if open {
            cells.insert(0, sum(|second| second.planned));
        }
        cells
    });
    let until = seconds.length();
    let completed = |second: &Second| Some(second.ok as f64);
    let high = highest(
        planned
            .iter()
            .chain(&started)
            .chain(&ok)
            .map(|point| point.1),
    )
    .max(others.highest(until, completed));
    let sentence = format!(
        "{}Throughput: iterations that were {}started and that ended well, per second (times 60: per minute). A gap between the lines is work that waits or is lost.{}{}",
        seconds.which,
        if open { "offered by the plan, " } else { "" },
        has_warm_up(seconds),
        others.sentence("what was completed")
    );
    let desc = format!("Lines over time. At most {high} iterations in one second.");
    let mut plot = Plot::over_time(desc, seconds.length(), high, budget.points);
    shaded(&mut plot, seconds);
    plot.counts(&|value| print(value, Unit::PerSecond));
    plot.clock();
    others.draw(&mut plot, "completed", until, completed);
    if open {
        plot.line("offered", &planned, Pen::dashed(Ink::Text, 1.5));
    }
    plot.line("started", &started, Pen::solid(Ink::Second, 1.5));
    plot.line("completed", &ok, Pen::solid(Ink::Now, 2.0));
    Some(Figure::new(
        "Offered, started and completed",
        sentence,
        Some(plot.svg),
        data,
    ))
}

/// Iterations that had started and not ended, at the end of each second.
pub(crate) fn in_flight(seconds: &Seconds, others: &Others, budget: &PageBudget) -> Option<Figure> {
    let open = seconds.points(|second| Some(second.in_flight as f64));
    let high = highest(open.iter().map(|point| point.1));
    if !seconds.adds_up() || open.len() < FEWEST || high < 1.0 {
        return None;
    }
    let data = seconds.table(
        (
            "Iterations in flight at the end of a second",
            "the highest of them",
        ),
        &["#in flight"],
        budget,
        |stretch| {
            vec![
                stretch
                    .iter()
                    .map(|second| second.in_flight)
                    .max()
                    .unwrap_or(0)
                    .to_string(),
            ]
        },
    );
    let sentence = format!(
        "{}Concurrent users: iterations that had started and not yet ended, at the end of each second. A line that keeps rising is a queue that grows.{}{}",
        seconds.which,
        has_warm_up(seconds),
        others.sentence("those")
    );
    let until = seconds.length();
    let in_flight = |second: &Second| Some(second.in_flight.max(0) as f64);
    let desc = format!(
        "A line over time. At most {high} iterations were in flight at the end of a second."
    );
    let high = high.max(others.highest(until, in_flight));
    let mut plot = Plot::over_time(desc, seconds.length(), high, budget.points);
    shaded(&mut plot, seconds);
    plot.counts(&|value| print(value, Unit::Count));
    plot.clock();
    others.draw(&mut plot, "in flight", until, in_flight);
    plot.line("in flight", &open, Pen::solid(Ink::Now, 2.0));
    Some(Figure::new(
        "Users in flight over time",
        sentence,
        Some(plot.svg),
        data,
    ))
}
