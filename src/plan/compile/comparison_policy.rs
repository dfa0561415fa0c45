//! From `[baseline]` to what a session carries along about being compared.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::diag::{Diagnostic, Diagnostics};
use crate::gate::baseline::{COMPARED, COMPARED_OF_STREAMS, COMPARED_OF_SWEEPS, MATCH, Tolerance};
use crate::gate::{LookupError, MetricIndex, MetricRef, Rule};
use crate::metric::Owner;
use crate::plan::model::Plan;
use crate::summary::{ComparisonPolicy, ToleranceLine, WithoutBaseline};

impl Plan {
    /// What the plan says about its baseline, with full addresses; what cannot be meant is an error at its place.
    pub(in crate::plan) fn comparison(
        &self,
        index: &MetricIndex,
        diagnostics: &mut Diagnostics,
    ) -> ComparisonPolicy {
        let spec = self.baseline.as_ref();
        let words = spec
            .and_then(|spec| spec.r#match.clone())
            .map(|list| list.0);
        ComparisonPolicy {
            file: self.baseline_file().display().to_string(),
            wanted: spec.is_some(),
            r#match: words.unwrap_or_else(|| MATCH.map(str::to_owned).to_vec()),
            missing: spec.map_or(WithoutBaseline::Fail, |spec| spec.missing),
            confirm: self.session.confirm.0,
            narrowed: self.partial,
            tolerances: self.tolerances(index, diagnostics),
        }
    }

    /// The baseline file, seen from where the plan was named.
    #[must_use]
    pub fn baseline_file(&self) -> PathBuf {
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let own = self
            .baseline
            .as_ref()
            .and_then(|spec| spec.file.as_ref())
            .map(|file| PathBuf::from(file.get_ref()));
        let presets: String = self
            .presets
            .iter()
            .enumerate()
            .fold(String::new(), |text, (at, preset)| {
                text + if at == 0 { "." } else { "+" } + preset
            });
        tidy(&folder.join(
            own.unwrap_or_else(|| format!("../baselines/{}{presets}.json", self.name).into()),
        ))
    }

    fn tolerances(&self, index: &MetricIndex, diagnostics: &mut Diagnostics) -> Vec<ToleranceLine> {
        let said = self
            .baseline
            .as_ref()
            .map(|spec| spec.tolerance.0.as_slice())
            .unwrap_or_default();
        if said.is_empty() {
            return usual(index);
        }
        let mut lines = Vec::new();
        let mut taken = BTreeSet::new();
        for rule in said {
            let own = match self.lines_of(rule, index) {
                Ok(own) => own,
                Err((wrong, span)) => {
                    if !self.partial {
                        diagnostics.push(Diagnostic::error(wrong.message, span).help(wrong.help));
                    }
                    continue;
                }
            };
            for line in own {
                if !taken.insert(line.metric.clone()) {
                    let error = Diagnostic::error(
                        format!("`{}` has two tolerances", line.metric),
                        rule.metric_span.clone(),
                    );
                    diagnostics.push(error.help("keep one of them"));
                }
                lines.push(line);
            }
        }
        lines
    }

    fn lines_of(
        &self,
        rule: &Rule,
        index: &MetricIndex,
    ) -> Result<Vec<ToleranceLine>, (LookupError, crate::diag::Span)> {
        let words = index
            .find(&rule.metric, None)
            .map_err(|wrong| (wrong, rule.metric_span.clone()))?;
        let wrong = |error: crate::gate::baseline::ToleranceError| {
            (
                LookupError {
                    message: error.message,
                    help: error.help,
                },
                rule.span.clone(),
            )
        };
        let tolerance: Tolerance = rule.bound.parse().map_err(wrong)?;
        let line = |word: &&crate::gate::MetricRef| {
            let metric = word.address.clone();
            tolerance
                .allows(&metric, word.unit, word.better)
                .map_err(wrong)?;
            Ok(ToleranceLine {
                metric,
                tolerance: tolerance.to_string(),
            })
        };
        words.iter().map(line).collect()
    }
}

/// What is compared where the plan does not say.
fn usual(index: &MetricIndex) -> Vec<ToleranceLine> {
    // Points that may be refused are not what a sweep is about: what it finds is.
    let find = |metric: &str| {
        let mut words = index.find(metric, None).unwrap_or_default();
        words.retain(|word| !index.may_be_refused(&word.address));
        words
    };
    let load = |word: &MetricRef| word.address.owner().map(Owner::whole);
    let streams: BTreeSet<_> = find("staleness.p95").into_iter().filter_map(load).collect();
    let is_streamed = |word: &MetricRef| load(word).is_some_and(|load| streams.contains(&load));
    let line = |word: &MetricRef, tolerance: &str| ToleranceLine {
        metric: word.address.clone(),
        tolerance: tolerance.to_owned(),
    };
    let mut lines = Vec::new();
    for (metric, tolerance) in COMPARED {
        let meant = |word: &&&MetricRef| !metric.starts_with("latency") || !is_streamed(word);
        lines.extend(
            find(metric)
                .iter()
                .filter(meant)
                .map(|word| line(word, tolerance)),
        );
    }
    for (metric, tolerance) in COMPARED_OF_STREAMS {
        let words = find(metric);
        lines.extend(
            words
                .iter()
                .filter(|word| is_streamed(word))
                .map(|word| line(word, tolerance)),
        );
    }
    for (metric, tolerance) in COMPARED_OF_SWEEPS {
        let words = index.find(metric, None).unwrap_or_default();
        let meant = words
            .iter()
            .filter(|word| index.is_found_by_its_sweep(&word.address));
        lines.extend(meant.map(|word| line(word, tolerance)));
    }
    lines
}

/// The path without `x/..`, as a person would write it.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        let named = matches!(tidy.components().next_back(), Some(Component::Normal(_)));
        if part == Component::ParentDir && named {
            tidy.pop();
        } else if part != Component::CurDir {
            tidy.push(part);
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_a_person_would_write_them() {
        for (path, expected) in [
            ("plans/../baselines/a.json", "baselines/a.json"),
            ("./plans/../baselines/a.json", "baselines/a.json"),
            ("../baselines/a.json", "../baselines/a.json"),
            ("../../x/a.json", "../../x/a.json"),
            ("/a/b/../c.json", "/a/c.json"),
        ] {
            assert_eq!(tidy(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
