//! One load and what became of it.

use super::balance::{Balance, balance};
use super::counts::CountsView;
use super::splits::SplitView;
use super::steps::StepView;
use crate::report::text::clean;
use crate::report::text::ratio;
use crate::report::text::spread;
use crate::report::text::{Times, cell, over, rows};
use crate::report::text::{plural, wall};
use crate::summary::{LoadDescription, LoadRun, Summary};
use crate::units::{Unit, print, print_apart};

/// One load.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadView {
    /// What stands above the first load of a phase.
    pub heading: Option<String>,
    /// Its name.
    pub name: String,
    /// k6's name of its executor.
    pub executor: String,
    /// What it planned, in words.
    pub plan: String,
    /// Of an open load: `3/s planned, 2.97/s started (99 %)`.
    pub arrivals: Option<String>,
    /// What became of every iteration.
    pub counts: CountsView,
    /// Throughput and the like.
    pub facts: Vec<Fact>,
    /// What its iterations are told apart by.
    pub split_by: Option<String>,
    /// Of steps that stream, how far results are behind the audio: what they are judged by, because their latency is as long as the
    /// clip.
    pub streams: Vec<Times>,
    /// Latency, of an open load service and lag too.
    pub times: Vec<Times>,
    /// What the times are times of.
    pub times_note: String,
    /// What must not be taken for latency or wall time, and stands apart.
    pub apart: Vec<Fact>,
    /// Its steps.
    pub steps: Vec<StepView>,
    /// Apart by what `split_by` names.
    pub splits: Vec<SplitView>,
    /// What is to be said beside the judgement.
    pub warning: Option<String>,
    /// Refusals that the plan expects, and oddities.
    pub remarks: Vec<String>,
    /// States of a polled job that the plan does not know.
    pub states: Vec<String>,
    /// Every quantity with data by its statistics.
    pub quantities: Vec<Times>,
    /// Every metric with one value a run.
    pub plain: Vec<Fact>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value with its unit and what it is to be read with.
    pub value: String,
}

impl Fact {
    fn new(label: &str, value: String) -> Self {
        Self {
            label: label.to_owned(),
            value,
        }
    }
}

/// One load of a session with its runs.
struct Source<'a> {
    summary: &'a Summary,
    about: &'a LoadDescription,
    runs: Vec<(u64, &'a LoadRun)>,
}

impl LoadView {
    pub(crate) fn of(summary: &Summary, about: &LoadDescription) -> Self {
        let own = |run: &'_ crate::summary::Run| run.number;
        let runs = summary
            .runs
            .iter()
            .flat_map(|run| run.loads.iter().map(move |load| (own(run), load)))
            .filter(|(_, load)| load.load == about.name && load.phase == about.phase)
            .collect();
        let source = Source {
            summary,
            about,
            runs,
        };
        let counts = CountsView::of(&source.runs);
        let timed = |quantity: &str| {
            rows(
                summary,
                &format!("{}.{quantity}", about.address()),
                quantity,
            )
        };
        let balance = balance(about, &source.runs);
        let shown: &[&str] = if about.open {
            &["latency", "service", "lag"]
        } else {
            &["latency"]
        };
        Self {
            heading: None,
            name: clean(&about.name),
            executor: clean(&about.executor),
            plan: clean(&about.plan),
            arrivals: source.arrivals(&counts),
            facts: source.facts(balance.as_ref()),
            split_by: about.split.as_ref().map(|split| clean(&split.by)),
            streams: source.streams(),
            times: shown
                .iter()
                .filter(|_| counts.started() > 0)
                .flat_map(|quantity| timed(quantity))
                .collect(),
            times_note: source.times_note(&counts),
            apart: source.apart(&counts),
            steps: StepView::all(summary, &about.address(), &source.runs),
            splits: crate::report::view::splits::all(&source.runs),
            warning: balance.and_then(|balance| balance.warning),
            remarks: crate::report::view::remarks::all(&source.runs),
            states: source.states(),
            quantities: source
                .distributions()
                .iter()
                .flat_map(|quantity| timed(quantity))
                .collect(),
            plain: source.plain(),
            counts,
        }
    }
}

impl Source<'_> {
    fn metric(&self, name: &str) -> Option<String> {
        self.summary
            .metrics
            .get(&format!("{}.{name}", self.about.address()))
            .and_then(spread)
    }

    fn arrivals(&self, counts: &CountsView) -> Option<String> {
        let [planned, started, ..] = counts.total;
        let share = ratio(started, planned).filter(|_| self.about.open)?;
        let seconds: f64 = self
            .runs
            .iter()
            .map(|(_, load)| load.window_s.1 - load.window_s.0)
            .sum();
        // A window that a count ends lasts until the last answer: a rate over it is not the planned one.
        if self.runs.iter().any(|(_, load)| load.by_count) || seconds <= 0.0 {
            return Some(format!("{started} of {planned} planned started ({share})"));
        }
        let (wanted, got) = (planned as f64 / seconds, started as f64 / seconds);
        let (wanted, got) = print_apart(wanted, got, Unit::PerSecond);
        Some(format!("{wanted} planned, {got} started ({share})"))
    }

    fn facts(&self, balance: Option<&Balance>) -> Vec<Fact> {
        let mut facts = Vec::new();
        facts.extend(self.coverage());
        facts.extend(
            self.metric("throughput")
                .map(|value| Fact::new("throughput", value)),
        );
        facts.extend(self.metric("audio_throughput").map(|value| {
            Fact::new(
                "audio throughput",
                format!("{value}, seconds of audio per second of the measured window"),
            )
        }));
        let retries = self.metric("retries").filter(|count| count != "0");
        facts.extend(retries.map(|count| {
            Fact::new(
                "retries",
                format!("{count}, every try in the latency of its step"),
            )
        }));
        let which = over(self.summary.runs.len());
        let shown = |name: &str| {
            let address = format!("{}.{name}", self.about.address());
            self.metric(name)
                .map(|_| cell(self.summary, &address, which))
        };
        let rtfx: Vec<String> = ["mean", "p50", "min"]
            .iter()
            .filter_map(|stat| Some(format!("{stat} {}", shown(&format!("rtfx.{stat}"))?)))
            .collect();
        if !rtfx.is_empty() {
            // Audio that is sent by the clock takes at least its own time.
            let most = if self.streaming().is_empty() {
                ""
            } else {
                "; at real time 1x is the most"
            };
            let value = format!(
                "{}, seconds of audio per second of latency{most}",
                rtfx.join(", ")
            );
            facts.push(Fact::new("rtfx", value));
        }
        // Metrics of this name are there only where transcripts are; without a text to hold them against nothing was wrong or right.
        if self
            .summary
            .metrics
            .contains_key(&format!("{}.wer", self.about.address()))
        {
            let none =
                || "n/a: nothing that ended well has both a transcript and a reference".to_owned();
            let metric = self
                .summary
                .metrics
                .get(&format!("{}.wer", self.about.address()));
            let texts = metric.map_or(0, |metric| {
                metric.runs.iter().map(|value| value.samples).sum()
            });
            let over = |wer: String| format!("{wer}, over {}", plural(texts, "transcript"));
            facts.push(Fact::new("wer", self.metric("wer").map_or_else(none, over)));
        }
        facts.extend(balance.map(|balance| Fact::new("spread", balance.verdict.clone())));
        facts
    }

    /// The names of the steps that measure how far results are behind the audio.
    fn streaming(&self) -> Vec<&str> {
        let steps = self
            .runs
            .first()
            .map(|(_, load)| load.steps.as_slice())
            .unwrap_or_default();
        let metric = |step: &str| format!("{}.{step}.delay.p50", self.about.address());
        let known = |step: &str| {
            self.summary
                .metrics
                .get(&metric(step))
                .and_then(spread)
                .is_some()
        };
        steps
            .iter()
            .map(|(step, _)| step.as_str())
            .filter(|step| known(step))
            .collect()
    }

    fn streams(&self) -> Vec<Times> {
        let steps = self.streaming();
        let row = |step: &&str, quantity: &str| {
            let label = if steps.len() > 1 {
                format!("{quantity} of {}", clean(step))
            } else {
                quantity.to_owned()
            };
            rows(
                self.summary,
                &format!("{}.{step}.{quantity}", self.about.address()),
                &label,
            )
        };
        steps
            .iter()
            .flat_map(|step| {
                ["delay", "staleness"]
                    .into_iter()
                    .flat_map(move |own| row(step, own))
            })
            .collect()
    }

    /// How much of the audio results cover.
    fn coverage(&self) -> Option<Fact> {
        let which = over(self.summary.runs.len());
        let shown = |step: &str, stat: &str| {
            let address = format!("{}.{step}.coverage.{stat}", self.about.address());
            self.metric(&format!("{step}.coverage.{stat}"))
                .map(|_| cell(self.summary, &address, which))
        };
        let steps = self.streaming();
        let one = |step: &&str| {
            let name = if steps.len() > 1 {
                format!("{}: ", clean(step))
            } else {
                String::new()
            };
            Some(format!(
                "{name}mean {}, min {}",
                shown(step, "mean")?,
                shown(step, "min")?
            ))
        };
        let all: Vec<String> = steps.iter().filter_map(one).collect();
        (!all.is_empty())
            .then(|| Fact::new("coverage", format!("{} of the audio sent", all.join("; "))))
    }

    fn times_note(&self, counts: &CountsView) -> String {
        let [.., ok, _, _, timed_out, interrupted] = counts.total;
        if counts.started() == 0 {
            return "no iteration was started, so there are no times".to_owned();
        }
        if ok == 0 {
            return "no iteration ended well, so there are no times".to_owned();
        }
        let from = if self.about.open {
            "from their due time"
        } else {
            "from their start"
        };
        let mut note = format!("latency: of ok iterations, {from}");
        if self.summary.runs.len() > 1 {
            note.push_str(&format!("; medians of {} runs", self.summary.runs.len()));
        }
        if !self.streaming().is_empty() {
            note.push_str("; of a conversation its audio is a part: judge it by its delay");
        }
        if timed_out + interrupted > 0 {
            note.push_str("; percentiles rank what timed out or was interrupted as slowest");
        }
        note
    }

    fn apart(&self, counts: &CountsView) -> Vec<Fact> {
        let [.., failed, rejected, _, _] = counts.total;
        let mut apart = Vec::new();
        let mut mean_of = |label: &str, count: u64, mean: &dyn Fn(&LoadRun) -> Option<f64>| {
            let means: Vec<f64> = self
                .runs
                .iter()
                .filter_map(|(_, load)| mean(load))
                .collect();
            if let (Some(shown), true) = (range(&means), count > 0) {
                apart.push(Fact::new(
                    label,
                    format!(
                        "mean {shown} ({}, in no latency above)",
                        plural(count, "iteration")
                    ),
                ));
            }
        };
        mean_of("failed took", failed, &|load| load.failed_mean_s);
        mean_of("rejected took", rejected, &|load| load.rejected_mean_s);
        let sum: f64 = self.runs.iter().map(|(_, load)| load.ok_sum_s).sum();
        let walls: f64 = self.summary.runs.iter().map(|run| self.wall_of(run)).sum();
        if sum > 0.0 {
            apart.push(Fact::new(
                "sum of request time",
                format!("{} of all ok iterations, many at once", wall(sum)),
            ));
        }
        apart.push(Fact::new("wall time", wall(walls)));
        apart.extend(self.set_up());
        apart.extend(self.warm_up());
        apart
    }

    /// The wall time of the load's phase in one run; of the run where the plan has no phases.
    fn wall_of(&self, run: &crate::summary::Run) -> f64 {
        let own = run
            .phases
            .iter()
            .find(|phase| Some(&phase.name) == self.about.phase.as_ref());
        own.map_or(run.wall_s, |phase| phase.wall_s)
    }

    /// What users did once before their first iteration.
    fn set_up(&self) -> Option<Fact> {
        let users: u64 = self.runs.iter().map(|(_, load)| load.setups.started).sum();
        let means: Vec<f64> = self
            .runs
            .iter()
            .filter_map(|(_, load)| load.setup_mean_s)
            .collect();
        let mean = range(&means).filter(|_| users > 0)?;
        Some(Fact::new(
            "set-up",
            format!("{}, mean {mean}; in no other number", plural(users, "user")),
        ))
    }

    fn warm_up(&self) -> Option<Fact> {
        let before = |load: &LoadRun| -> u64 {
            ["ramp_up", "warm_up"]
                .iter()
                .filter_map(|part| load.counts.get(*part))
                .map(|counts| counts.started)
                .sum()
        };
        let count: u64 = self.runs.iter().map(|(_, load)| before(load)).sum();
        let means: Vec<f64> = self
            .runs
            .iter()
            .filter_map(|(_, load)| load.warm_up_mean_s)
            .collect();
        let mean = range(&means).map_or(String::new(), |mean| format!(", mean latency {mean}"));
        (count > 0).then(|| {
            Fact::new(
                "warm-up",
                format!("{}{mean}; in no other number", plural(count, "iteration")),
            )
        })
    }

    fn states(&self) -> Vec<String> {
        let mut seen: Vec<(&str, &str, u64)> = Vec::new();
        for state in self.runs.iter().flat_map(|(_, load)| &load.strange_states) {
            match seen
                .iter_mut()
                .find(|(step, name, _)| *step == state.step && *name == state.state)
            {
                Some((_, _, count)) => *count += state.count,
                None => seen.push((&state.step, &state.state, state.count)),
            }
        }
        let line = |(step, state, count): (&str, &str, u64)| {
            format!(
                "step {}: the plan does not know the state `{}`, seen in {}",
                clean(step),
                clean(state),
                plural(count, "poll")
            )
        };
        seen.into_iter().map(line).collect()
    }

    /// The quantities that have statistics and data, the iteration's own first.
    fn distributions(&self) -> Vec<String> {
        let before = format!("{}.", self.about.address());
        let mut found: Vec<String> = self
            .summary
            .metrics
            .iter()
            .filter(|(_, metric)| {
                metric
                    .runs
                    .iter()
                    .any(|run| run.value.is_some_and(|count| count > 0.0))
            })
            .filter_map(|(address, _)| {
                Some(
                    address
                        .strip_prefix(&before)?
                        .strip_suffix(".count")?
                        .to_owned(),
                )
            })
            .collect();
        found.sort_by_key(|quantity| self.step_of(quantity));
        found
    }

    fn plain(&self) -> Vec<Fact> {
        let before = format!("{}.", self.about.address());
        let statistic = |name: &str| {
            name.rsplit_once('.').is_some_and(|(front, stat)| {
                crate::metric::Stat::named(stat).is_some()
                    && self
                        .summary
                        .metrics
                        .contains_key(&format!("{before}{front}.count"))
            })
        };
        let names = self
            .summary
            .metrics
            .keys()
            .filter_map(|address| address.strip_prefix(&before));
        let mut found: Vec<Fact> = names
            .filter(|name| !statistic(name))
            .map(|name| Fact::new(name, self.metric(name).unwrap_or_else(|| "–".to_owned())))
            .collect();
        found.sort_by_key(|fact| self.step_of(&fact.label));
        found
    }

    /// The place of the step that a quantity belongs to; 0 for the iteration.
    fn step_of(&self, quantity: &str) -> usize {
        let steps = self
            .runs
            .first()
            .map(|(_, load)| load.steps.as_slice())
            .unwrap_or_default();
        let first = quantity.split('.').next().unwrap_or_default();
        steps
            .iter()
            .position(|(step, _)| step == first)
            .map_or(0, |at| at + 1)
    }
}

/// `1.2 s`, or `1.1 s .. 1.4 s` of several runs.
fn range(values: &[f64]) -> Option<String> {
    let low = values.iter().copied().reduce(f64::min)?;
    let high = values.iter().copied().reduce(f64::max)?;
    let (low, high) = (print(low, Unit::Seconds), print(high, Unit::Seconds));
    Some(if low == high {
        low
    } else {
        format!("{low} .. {high}")
    })
}
