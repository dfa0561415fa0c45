//! What the file `histograms` says about the latency of each load, read again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use serde::Deserialize;
use thiserror::Error;

use super::heat::Heat;
use super::histograms::SCHEMA;
use super::{LoadDescription, Summary};

/// Why a file of histograms cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line} of the histograms cannot be used: {reason}")]
pub struct HistogramsError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// The latency of every load of a session.
#[derive(Debug, Clone, Default)]
pub struct Latencies {
    /// The session's name.
    pub session: String,
    loads: Vec<LoadLatencies>,
}

/// The latency of one load.
#[derive(Debug, Clone)]
pub struct LoadLatencies {
    phase: Option<String>,
    load: String,
    /// Latency of the measured ok iterations of all runs, in nanoseconds, three digits.
    pub measured: Histogram<u64>,
    /// Measured iterations that were given up, and are in no histogram.
    pub lost: u64,
    /// Every ok iteration of the first run by when it ended and how long it took; warm-up and ramps too.
    pub heat: Heat,
    /// The run of `heat`.
    run: Option<u64>,
}

#[derive(Deserialize)]
struct LatenciesHeader {
    schema: String,
    session: String,
}

/// A distribution, or a second where it has no quantity.
#[derive(Deserialize)]
struct HistogramLine {
    run: u64,
    phase: Option<String>,
    load: String,
    step: Option<String>,
    quantity: Option<String>,
    scale: Option<f64>,
    #[serde(default)]
    lost: u64,
    second: Option<u64>,
    histogram: String,
}

impl Latencies {
    /// Reads the whole file; what it holds of other quantities is passed over.
    ///
    /// # Errors
    /// When a line is not what it should be, or the file is of a newer perfgate.
    pub fn read(text: &str) -> Result<Self, HistogramsError> {
        let mut lines = text.lines().enumerate();
        let wrong = |line: usize, reason: String| HistogramsError {
            line: line + 1,
            reason,
        };
        let (_, head) = lines
            .next()
            .ok_or_else(|| wrong(0, "it is empty".to_owned()))?;
        let head: LatenciesHeader =
            serde_json::from_str(head).map_err(|error| wrong(0, error.to_string()))?;
        if head.schema != SCHEMA {
            return Err(wrong(0, format!("`{}` is not `{SCHEMA}`", head.schema)));
        }
        let mut found = Self {
            session: head.session,
            loads: Vec::new(),
        };
        for (at, text) in lines {
            let line: HistogramLine =
                serde_json::from_str(text).map_err(|error| wrong(at, error.to_string()))?;
            found.line(line).map_err(|reason| wrong(at, reason))?;
        }
        Ok(found)
    }

    /// The latency of a load of the session. Older files do not say the phase: there it is known where only one load has the
    /// name.
    #[must_use]
    pub fn of(&self, summary: &Summary, about: &LoadDescription) -> Option<&LoadLatencies> {
        let named = || self.loads.iter().filter(|load| load.load == about.name);
        let alone = summary
            .loads
            .iter()
            .filter(|load| load.name == about.name)
            .count()
            == 1;
        let exactly = named().find(|own| own.phase == about.phase);
        exactly.or_else(|| named().find(|own| alone && own.phase.is_none()))
    }

    fn line(&mut self, line: HistogramLine) -> Result<(), String> {
        let wanted = line.second.is_some()
            || (line.step.is_none() && line.quantity.as_deref() == Some("latency"));
        if !wanted {
            return Ok(());
        }
        let histogram = decode(&line.histogram)?;
        let own = match self
            .loads
            .iter()
            .position(|load| load.phase == line.phase && load.load == line.load)
        {
            Some(at) => at,
            None => {
                let mut measured = Histogram::new(3).map_err(|error| error.to_string())?;
                measured.auto(true);
                let (heat, run) = (Heat::default(), None);
                self.loads.push(LoadLatencies {
                    phase: line.phase,
                    load: line.load,
                    measured,
                    lost: 0,
                    heat,
                    run,
                });
                self.loads.len() - 1
            }
        };
        let own = &mut self.loads[own];
        let Some(second) = line.second else {
            // Another scale would be another unit.
            if line.scale != Some(1e9) {
                return Err("its latency is not in nanoseconds".to_owned());
            }
            own.lost += line.lost;
            return own
                .measured
                .add(&histogram)
                .map_err(|error| error.to_string());
        };
        if *own.run.get_or_insert(line.run) == line.run {
            for cell in histogram.iter_recorded() {
                let value = histogram.median_equivalent(cell.value_iterated_to());
                own.heat
                    .add(second, value as f64 / 1e9, cell.count_at_value());
            }
        }
        Ok(())
    }
}

fn decode(text: &str) -> Result<Histogram<u64>, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    Deserializer::new()
        .deserialize(&mut bytes.as_slice())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
    use serde_json::{Value, json};

    use super::*;

    fn encoded(millis: &[u64]) -> String {
        let mut histogram: Histogram<u32> = Histogram::new(3).unwrap();
        histogram.auto(true);
        millis
            .iter()
            .for_each(|value| histogram.record(value * 1_000_000).unwrap());
        let mut bytes = Vec::new();
        V2DeflateSerializer::new()
            .serialize(&histogram, &mut bytes)
            .unwrap();
        STANDARD.encode(bytes)
    }

    fn file(lines: &[Value]) -> Result<Latencies, HistogramsError> {
        let head = json!({ "schema": SCHEMA, "session": "s" }).to_string();
        let lines = lines.iter().map(Value::to_string);
        Latencies::read(
            &std::iter::once(head)
                .chain(lines)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    }

    fn load(phase: Option<&str>) -> LoadDescription {
        LoadDescription {
            phase: phase.map(str::to_owned),
            name: "ask".to_owned(),
            executor: String::new(),
            plan: String::new(),
            open: false,
            users: None,
            canary: false,
            split: None,
        }
    }

    fn distribution(run: u64, phase: Option<&str>, millis: &[u64]) -> Value {
        let mut line = json!({ "run": run, "load": "ask", "step": null, "quantity": "latency", "scale": 1e9, "lost": 1,
            "histogram": encoded(millis) });
        if let Some(phase) = phase {
            line["phase"] = json!(phase);
        }
        line
    }

    #[test]
    fn runs_are_one_distribution_and_the_map_is_of_the_first() {
        let second = |run: u64, millis: &[u64]| json!({ "run": run, "load": "ask", "second": 3, "histogram": encoded(millis) });
        let step = json!({ "run": 1, "load": "ask", "step": "job", "quantity": "latency", "scale": 1e9, "histogram": encoded(&[9]) });
        let lines = [
            distribution(1, None, &[300, 700]),
            step,
            second(1, &[300]),
            distribution(2, None, &[800]),
            second(2, &[800, 900]),
        ];
        let found = file(&lines).unwrap();
        let mut summary = Summary::empty("x");
        summary.loads.push(load(None));
        let own = found.of(&summary, &summary.loads[0]).unwrap();
        assert_eq!(
            (own.measured.len(), own.lost, own.heat.columns.len()),
            (3, 2, 4)
        );
        assert_eq!(own.heat.columns[3].values().sum::<u64>(), 1);
        assert_eq!(own.measured.value_at_quantile(1.0) / 1_000_000, 800);
    }

    #[test]
    fn a_load_of_several_phases_is_known_by_its_phase_alone() {
        let mut summary = Summary::empty("x");
        summary
            .loads
            .extend([load(Some("smoke")), load(Some("stress"))]);
        let new = file(&[
            distribution(1, Some("smoke"), &[5]),
            distribution(1, Some("stress"), &[5, 6]),
        ])
        .unwrap();
        assert_eq!(
            new.of(&summary, &summary.loads[1]).unwrap().measured.len(),
            2
        );
        let old = file(&[distribution(1, None, &[5]), distribution(1, None, &[5, 6])]).unwrap();
        assert!(
            old.of(&summary, &summary.loads[1]).is_none(),
            "both phases are one line there"
        );
        summary.loads.truncate(1);
        assert!(old.of(&summary, &summary.loads[0]).is_some());
    }

    #[test]
    fn what_is_damaged_is_said_by_its_line() {
        let line = |text: &str| Latencies::read(text).unwrap_err().line;
        assert_eq!(line(""), 1);
        assert_eq!(
            line("{\"schema\":\"perfgate.histograms/2\",\"session\":\"s\"}"),
            1
        );
        assert_eq!(
            line("{\"schema\":\"perfgate.histograms/1\",\"session\":\"s\"}\n{\"run\":1"),
            2
        );
        let mut cut = distribution(1, None, &[5]);
        cut["histogram"] = json!("AAAA");
        assert_eq!(file(&[cut]).unwrap_err().line, 2);
    }
}
