//! What to say about a rule whose metric the plan does not have.

use super::metric_index::{LookupError, MetricIndex};
use crate::diag::nearest;
use crate::metric::Stat;

impl MetricIndex {
    /// What to say about a name that no metric has.
    pub(super) fn unknown(&self, name: &str) -> LookupError {
        if let Some(wrong) = self.unknown_point(name) {
            return wrong;
        }
        let with_stat = format!("{name}.p95");
        if self
            .words
            .iter()
            .any(|word| word.address.is_named(&with_stat))
        {
            let stats: Vec<_> = Stat::ALL.iter().map(|(stat, _)| *stat).collect();
            return LookupError {
                message: format!("`{name}` has many values: say which statistic"),
                help: format!("write `{name}.p95`; statistics are {}", stats.join(" ")),
            };
        }
        if let Some(wrong) = self.unknown_front(name).or_else(|| self.unknown_stat(name)) {
            return wrong;
        }
        let known = self
            .words
            .iter()
            .map(|word| word.address.shortened_like(name))
            .map(|known| known.split('@').next().unwrap_or(known));
        let help = match nearest(name, known) {
            Some(close) => format!("a metric with a similar name exists: `{close}`"),
            None => "metrics of a load are for example `latency.p95`, `error_rate`, `throughput`"
                .to_owned(),
        };
        LookupError {
            message: format!("the plan has no metric `{name}`"),
            help,
        }
    }

    /// A metric of something that the plan does not have.
    fn unknown_front(&self, name: &str) -> Option<LookupError> {
        let ends = name.match_indices(['.', '/']).map(|(at, _)| at);
        let end = ends
            .filter(|at| {
                self.words
                    .iter()
                    .any(|word| word.address.is_named(&name[at + 1..]))
            })
            .min()?;
        let (front, rest) = (&name[..end], &name[end + 1..]);
        let mut known: Vec<&str> = Vec::new();
        for word in &self.words {
            let address = &word.address;
            for own in [address.phase(), address.load(), address.step()]
                .into_iter()
                .flatten()
            {
                if !known.contains(&own) {
                    known.push(own);
                }
            }
        }
        let help = match nearest(front, known.iter().copied()) {
            Some(close) => format!("did you mean `{close}.{rest}`?"),
            None => format!(
                "it has {}; or leave `{front}.` out",
                known
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        Some(LookupError {
            message: format!("the plan has no phase, load or step `{front}` with `{rest}`"),
            help,
        })
    }

    /// A statistic that is not there, of a metric that is.
    fn unknown_stat(&self, name: &str) -> Option<LookupError> {
        let (metric, stat) = name.rsplit_once('.')?;
        self.words
            .iter()
            .find(|word| word.address.is_named(&format!("{metric}.p95")))?;
        let stats = Stat::ALL.map(|(stat, _)| stat);
        Some(LookupError {
            message: format!("`{metric}` has no statistic `{stat}`"),
            help: format!("statistics are {}", stats.join(" ")),
        })
    }
}
