//! A value of a Prometheus page, in its text format (version 0.0.4, and what OpenMetrics has in common with it).

/// What is read of a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PrometheusValue {
    way: PrometheusWay,
    name: String,
    labels: Vec<(String, String)>,
    /// Of a rate the counter at the last page, of a quantile its buckets.
    before: Vec<(f64, f64)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum PrometheusWay {
    /// The sum of all series that fit.
    Value,
    /// How much the sum grows in a second.
    Rate,
    /// A quantile of what a histogram counted since the last page, in its own unit.
    Quantile(f64),
}

impl PrometheusValue {
    /// `name{label="v"}`, `rate(name{…})`, `p95(name{…})`.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        let inner = |prefix: &str| text.strip_prefix(prefix)?.strip_suffix(')');
        let (way, series) = match (inner("rate("), percentile(text)) {
            (Some(series), _) => (PrometheusWay::Rate, series),
            (None, Some((way, series))) => (way, series),
            (None, None) => (PrometheusWay::Value, text),
        };
        let (name, labels) = split(series);
        Self {
            way,
            name: name.to_owned(),
            labels,
            before: Vec::new(),
        }
    }

    /// The value on a page, `passed` seconds after the one before. The first page gives no rate and no quantile.
    pub(super) fn read(&mut self, page: &str, passed: Option<f64>) -> Option<f64> {
        match self.way {
            PrometheusWay::Value => self.sum(page, &self.name),
            PrometheusWay::Rate => {
                let now = self.sum(page, &self.name)?;
                let before = std::mem::replace(&mut self.before, vec![(0.0, now)]);
                let (_, before) = before.first().copied()?;
                let passed = passed.filter(|passed| *passed > 0.0)?;
                // A counter that is smaller has begun anew.
                Some(if now < before { now } else { now - before } / passed)
            }
            PrometheusWay::Quantile(share) => {
                let now = self.buckets(page);
                let before = std::mem::replace(&mut self.before, now.clone());
                (!before.is_empty()).then(|| quantile(&now, &before, share))?
            }
        }
    }

    fn lines<'a>(
        &'a self,
        page: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = (Vec<(String, String)>, f64)> + 'a {
        page.lines().filter_map(move |line| {
            let rest = line.trim_start().strip_prefix(name)?;
            if !rest.starts_with(['{', ' ', '\t']) {
                return None;
            }
            let (labels, rest) = match rest.strip_prefix('{') {
                Some(rest) => read_labels(rest)?,
                None => (Vec::new(), rest),
            };
            let value = number(rest.split_whitespace().next()?)?;
            let fits = self.labels.iter().all(|wanted| labels.contains(wanted));
            fits.then_some((labels, value))
        })
    }

    fn sum(&self, page: &str, name: &str) -> Option<f64> {
        self.lines(page, name)
            .map(|(_, value)| value)
            .reduce(|a, b| a + b)
    }

    /// The upper bounds of a histogram with their counts, those of all series together.
    fn buckets(&self, page: &str) -> Vec<(f64, f64)> {
        let name = format!("{}_bucket", self.name);
        let mut buckets: Vec<(f64, f64)> = Vec::new();
        for (labels, count) in self.lines(page, &name) {
            let bound = labels.iter().find(|(name, _)| name == "le");
            let Some(bound) = bound.and_then(|(_, bound)| number(bound)) else {
                continue;
            };
            match buckets.iter_mut().find(|(own, _)| *own == bound) {
                Some((_, sum)) => *sum += count,
                None => buckets.push((bound, count)),
            }
        }
        buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        buckets
    }
}

/// Between two pages, as `histogram_quantile` has it: evenly spread within a bucket.
fn quantile(now: &[(f64, f64)], before: &[(f64, f64)], share: f64) -> Option<f64> {
    let at = |bound: f64| {
        before
            .iter()
            .find(|(own, _)| *own == bound)
            .map_or(0.0, |own| own.1)
    };
    let counts: Vec<(f64, f64)> = now
        .iter()
        .map(|(bound, count)| (*bound, (count - at(*bound)).max(0.0)))
        .collect();
    let all = counts.last()?.1;
    if all <= 0.0 {
        return None;
    }
    let rank = share * all;
    let place = counts.iter().position(|(_, count)| *count >= rank)?;
    let (low, below) = place
        .checked_sub(1)
        .map_or((0.0, 0.0), |before| counts[before]);
    let (high, count) = counts[place];
    if high.is_infinite() {
        return Some(low);
    }
    let inside = count - below;
    Some(if inside > 0.0 {
        low + (high - low) * (rank - below) / inside
    } else {
        high
    })
}

/// `p95(name)`: the share, and what it is of.
fn percentile(text: &str) -> Option<(PrometheusWay, &str)> {
    let (percent, rest) = text.strip_prefix('p')?.split_once('(')?;
    let percent: f64 = percent.replace('_', ".").parse().ok()?;
    Some((
        PrometheusWay::Quantile(percent / 100.0),
        rest.strip_suffix(')')?,
    ))
}

fn split(series: &str) -> (&str, Vec<(String, String)>) {
    match series.split_once('{') {
        Some((name, rest)) => (
            name.trim(),
            read_labels(rest).map_or_else(Vec::new, |(labels, _)| labels),
        ),
        None => (series.trim(), Vec::new()),
    }
}

/// Labels up to the closing brace, and what follows.
fn read_labels(mut text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut labels = Vec::new();
    loop {
        text = text.trim_start_matches([',', ' ']);
        if let Some(rest) = text.strip_prefix('}') {
            return Some((labels, rest));
        }
        let (name, rest) = text.split_once('=')?;
        let rest = rest.trim_start().strip_prefix('"')?;
        let (mut value, mut chars) = (String::new(), rest.char_indices());
        let end = loop {
            let (at, c) = chars.next()?;
            match c {
                '"' => break at,
                '\\' => value.push(match chars.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                c => value.push(c),
            }
        };
        labels.push((name.trim().to_owned(), value));
        text = &rest[end + 1..];
    }
}

fn number(text: &str) -> Option<f64> {
    match text {
        "+Inf" | "Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        text => text.parse().ok().filter(|value: &f64| value.is_finite()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# HELP q Waiting.\n# TYPE q gauge\nq{worker=\"a\"} 3\nq{worker=\"b\"} 4 1700000000\nq_total 10\nlatency_bucket{le=\"0.1\"} 0\nlatency_bucket{le=\"1\"} 0\nlatency_bucket{le=\"+Inf\"} 0\n";

    #[test]
    fn gauges_are_summed_and_told_apart_by_labels() {
        let read = |text: &str| PrometheusValue::of(text).read(PAGE, None);
        assert_eq!(read("q"), Some(7.0));
        assert_eq!(read("q{worker=\"b\"}"), Some(4.0));
        assert_eq!(read("q{worker=\"c\"}"), None);
        assert_eq!(read("absent"), None);
        assert_eq!(read("rate(q_total)"), None, "the first page gives no rate");
    }

    #[test]
    fn counters_have_rates_and_histograms_quantiles() {
        let mut rate = PrometheusValue::of("rate(q_total)");
        let mut p50 = PrometheusValue::of("p50(latency)");
        assert_eq!((rate.read(PAGE, None), p50.read(PAGE, None)), (None, None));
        let next = PAGE
            .replace("q_total 10", "q_total 30")
            .replace("le=\"1\"} 0", "le=\"1\"} 8")
            .replace("le=\"+Inf\"} 0", "le=\"+Inf\"} 8");
        assert_eq!(rate.read(&next, Some(2.0)), Some(10.0));
        let median = p50.read(&next, Some(2.0)).unwrap();
        assert!((median - 0.55).abs() < 1e-9, "{median}");
        assert_eq!(
            rate.read(&PAGE.replace("q_total 10", "q_total 4"), Some(2.0)),
            Some(2.0),
            "it began anew"
        );
    }
}
