//! Numbers out of a page that is fetched: JSON, or the text of Prometheus.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::prometheus::PrometheusValue;
use super::source::{Instance, Source};
use super::spec::MonitorSpec;
use crate::clock::{RealClock, Tick};
use crate::protocol::Tls;
use crate::select::{Evidence, Selector};

/// No page is read beyond this.
const LARGEST: usize = 16 << 20;

/// How values are found in a page.
enum PageReader {
    Json(Vec<Option<Selector>>),
    Prometheus(Vec<PrometheusValue>),
}

pub(super) struct HttpSource {
    url: String,
    patience: Duration,
    reader: PageReader,
    clock: RealClock,
    before: Option<Tick>,
    client: Option<(tokio::runtime::Runtime, reqwest::Client)>,
}

impl HttpSource {
    pub(super) fn open(spec: &MonitorSpec, urls: &[String], is_prometheus: bool) -> Vec<Instance> {
        let one = |url: &String| -> Instance {
            let places = spec.values.values().map(|value| value.at.as_str());
            let source = Self {
                url: url.clone(),
                patience: spec.patience().into(),
                reader: if is_prometheus {
                    PageReader::Prometheus(places.map(PrometheusValue::of).collect())
                } else {
                    PageReader::Json(places.map(|at| at.parse().ok()).collect())
                },
                clock: RealClock::start(),
                before: None,
                client: None,
            };
            (url.clone(), Box::new(source))
        };
        urls.iter().map(one).collect()
    }

    fn fetch(&mut self) -> Option<String> {
        let (runtime, client) = match &self.client {
            Some(own) => own,
            None => self.client.insert(client(&self.url, self.patience)?),
        };
        let fetched = runtime.block_on(async {
            let mut reply = client.get(&self.url).send().await.ok()?;
            if !reply.status().is_success() {
                return None;
            }
            let mut page = Vec::new();
            while let Some(piece) = reply.chunk().await.ok()? {
                page.extend_from_slice(&piece);
                if page.len() > LARGEST {
                    return None;
                }
            }
            Some(page)
        })?;
        Some(String::from_utf8_lossy(&fetched).into_owned())
    }
}

/// A client of its own: what a monitor asks must not share a thread with the load.
fn client(url: &str, patience: Duration) -> Option<(tokio::runtime::Runtime, reqwest::Client)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    let tls = if url.starts_with("https") {
        Tls::trusting_the_system()
    } else {
        Tls::none()
    };
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(patience)
        .tls_backend_preconfigured(tls)
        .build()
        .ok()?;
    Some((runtime, client))
}

impl Source for HttpSource {
    fn look(&mut self) -> Vec<Option<f64>> {
        let page = self.fetch();
        let now = self.clock.now();
        let passed = self.before.map(|before| now.since(before).as_secs_f64());
        if page.is_some() {
            self.before = Some(now);
        }
        match (&mut self.reader, page) {
            (PageReader::Json(selectors), Some(page)) => select(&page, selectors),
            (PageReader::Json(selectors), None) => vec![None; selectors.len()],
            (PageReader::Prometheus(values), Some(page)) => values
                .iter_mut()
                .map(|value| value.read(&page, passed))
                .collect(),
            (PageReader::Prometheus(values), None) => vec![None; values.len()],
        }
    }
}

/// The numbers that selectors find in a text.
pub(super) fn select(text: &str, selectors: &[Option<Selector>]) -> Vec<Option<f64>> {
    let page = PageText {
        json: serde_json::from_str(text).ok(),
        text,
    };
    let one = |selector: &Option<Selector>| {
        let found = selector.as_ref()?.first(&page)?;
        match &found {
            Value::Number(number) => number.as_f64(),
            Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
            Value::String(text) => text.trim().trim_end_matches('%').trim().parse().ok(),
            _ => None,
        }
    };
    selectors.iter().map(one).collect()
}

/// A text as selectors look at it.
struct PageText<'a> {
    text: &'a str,
    json: Option<Value>,
}

impl Evidence for PageText<'_> {
    fn status(&self) -> u16 {
        200
    }
    fn header(&self, _: &str) -> Option<&str> {
        None
    }
    fn body(&self) -> &[u8] {
        self.text.as_bytes()
    }
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }
    fn json(&self) -> Option<&Value> {
        self.json.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_json_and_in_text() {
        let selectors = [
            "$.memory.used",
            "$.up",
            "$.share",
            "$.none",
            r"regex active (\d+)",
        ];
        let selectors: Vec<_> = selectors.iter().map(|text| text.parse().ok()).collect();
        let json = r#"{"memory":{"used":12.5},"up":true,"share":"41 %"}"#;
        assert_eq!(
            select(json, &selectors),
            [Some(12.5), Some(1.0), Some(41.0), None, None]
        );
        assert_eq!(select("active 7 of 9", &selectors)[4], Some(7.0));
    }
}
