//! What is said of one load over its runs.

use super::balance::Balance;
use super::counts::CountsView;
use super::text_comparison::{text_comparison, wer_apart};
use crate::metric::Address;
use crate::report::text::{TimesRow, cell, clean, over, plural, ratio, rows, spread, wall};
use crate::summary::{LoadDescription, LoadRun, Summary};
use crate::units::{Unit, print, print_apart};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    /// The value with its unit and what it is to be read with.
    pub(crate) value: String,
}

impl Fact {
    pub(crate) fn new(label: &str, value: String) -> Self {
        Self {
            label: label.to_owned(),
            value,
        }
    }
}

/// One load of a session with its runs.
pub(crate) struct LoadRuns<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) about: &'a LoadDescription,
    pub(crate) runs: Vec<(u64, &'a LoadRun)>,
}

impl LoadRuns<'_> {
    fn metric(&self, quantity: &str) -> Option<String> {
        self.value(&self.about.owner().metric(quantity))
    }

    fn value(&self, address: &Address) -> Option<String> {
        self.summary.metrics.get(address).and_then(spread)
    }

    pub(crate) fn arrivals(&self, counts: &CountsView) -> Option<String> {
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

    pub(crate) fn facts(&self, balance: Option<&Balance>) -> Vec<Fact> {
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
        let shown = |stat: &str| {
            let address = self.about.owner().statistic("rtfx", stat);
            self.value(&address)
                .map(|_| cell(self.summary, &address, which))
        };
        let rtfx: Vec<String> = ["mean", "p50", "min"]
            .iter()
            .filter_map(|stat| Some(format!("{stat} {}", shown(stat)?)))
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
        if let Some(metric) = self.summary.metrics.get(&self.about.owner().metric("wer")) {
            let none =
                || "n/a: nothing that ended well has both a transcript and a reference".to_owned();
            let texts = metric.runs.iter().map(|value| value.samples).sum();
            let how = text_comparison(&self.summary.plan.effective);
            let over = |wer: String| format!("{wer}, over {}{how}", plural(texts, "transcript"));
            facts.push(Fact::new("wer", self.metric("wer").map_or_else(none, over)));
        }
        facts.extend(wer_apart(&self.runs).map(|rates| Fact::new("wer apart", rates)));
        if let Some(again) = self.metric("reconnects").filter(|count| count != "0") {
            facts.push(Fact::new(
                "reconnects",
                format!("{again}: connections that were lost and made again"),
            ));
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
        let known = |step: &str| {
            let delay = self.about.owner().step(step).statistic("delay", "p50");
            self.value(&delay).is_some()
        };
        steps
            .iter()
            .map(|(step, _)| step.as_str())
            .filter(|step| known(step))
            .collect()
    }

    pub(crate) fn streams(&self) -> Vec<TimesRow> {
        let steps = self.streaming();
        let row = |step: &&str, quantity: &str| {
            let label = if steps.len() > 1 {
                format!("{quantity} of {}", clean(step))
            } else {
                quantity.to_owned()
            };
            let owner = self.about.owner().step(step);
            rows(self.summary, &owner, quantity, &label)
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
            let address = self.about.owner().step(step).statistic("coverage", stat);
            self.value(&address)
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

    pub(crate) fn times_note(&self, counts: &CountsView) -> String {
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

    pub(crate) fn apart(&self, counts: &CountsView) -> Vec<Fact> {
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

    pub(crate) fn states(&self) -> Vec<String> {
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

    /// The rows of the quantities that have statistics and data, the iteration's own first.
    pub(crate) fn distributions(&self) -> Vec<TimesRow> {
        let has_data = |address: &&Address| {
            let mut runs = self.summary.metrics[*address].runs.iter();
            runs.any(|run| run.value.is_some_and(|count| count > 0.0))
        };
        let mut counts: Vec<&Address> = self
            .addresses()
            .filter(|address| address.stat() == Some("count"))
            .filter(has_data)
            .collect();
        counts.sort_by_key(|address| self.place_of_step(address));
        let of = |address: &Address| {
            let label = Address::from(address.without_stat());
            let owner = address.owner()?;
            let quantity = address.quantity();
            Some(rows(self.summary, &owner, quantity, label.within_load()))
        };
        counts.into_iter().filter_map(of).flatten().collect()
    }

    pub(crate) fn plain(&self) -> Vec<Fact> {
        let is_statistic = |address: &Address| {
            let count = address.with_stat("count");
            address.statistic().is_some() && self.summary.metrics.contains_key(&count)
        };
        let mut found: Vec<&Address> = self
            .addresses()
            .filter(|address| !is_statistic(address))
            .collect();
        found.sort_by_key(|address| self.place_of_step(address));
        let fact = |address: &Address| {
            let value = self.value(address).unwrap_or_else(|| "–".to_owned());
            Fact::new(address.within_load(), value)
        };
        found.into_iter().map(fact).collect()
    }

    /// The metrics of the load and of its steps.
    fn addresses(&self) -> impl Iterator<Item = &Address> {
        let owner = self.about.owner();
        let metrics = self.summary.metrics.keys();
        metrics.filter(move |address| address.is_of(&owner))
    }

    /// The place of the step that a metric belongs to; 0 for the iteration.
    fn place_of_step(&self, address: &Address) -> usize {
        let steps = self.runs.first().map(|(_, load)| load.steps.as_slice());
        let mut steps = steps.unwrap_or_default().iter();
        let place = steps.position(|(step, _)| address.step() == Some(step));
        place.map_or(0, |at| at + 1)
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
