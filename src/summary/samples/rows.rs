//! Samples as rows of text.

use std::io::{self, Write};

use crate::clock::Tick;
use crate::measure::{Measurement, Sample, SampleKind};
use crate::metric::{Catalog, ErrorClass, MetricId};

/// Rows as text. What a row is made with is kept, so that a row allocates nothing.
pub(crate) struct Rows<'a> {
    run: &'a str,
    catalog: &'a Catalog,
    pub(crate) csv: csv::Writer<Vec<u8>>,
    field: Vec<u8>,
    name: String,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(run: &'a str, catalog: &'a Catalog) -> Self {
        Self {
            run,
            catalog,
            csv: csv::Writer::from_writer(Vec::new()),
            field: Vec::new(),
            name: String::new(),
        }
    }

    pub(crate) fn write(
        &mut self,
        sample: &Sample,
        values: &[(MetricId, Measurement)],
        (reason, tags): (&str, &str),
    ) -> io::Result<()> {
        let catalog = self.catalog;
        let (kind, step) = match sample.kind {
            SampleKind::Iteration => ("iteration", ""),
            SampleKind::Exchange(step) | SampleKind::Step(step) => {
                ("step", catalog.step(step).name.as_str())
            }
            SampleKind::Request(step) => ("request", catalog.step(step).name.as_str()),
        };
        self.text(self.run)?;
        let load = catalog.load(sample.load);
        self.text(load.phase.as_deref().unwrap_or_default())?;
        self.text(&load.name)?;
        self.text(sample.part.name())?;
        self.number(Some(sample.n))?;
        self.number(Some(sample.vu))?;
        self.text(kind)?;
        self.text(step)?;
        self.number(Some(sample.due.as_nanos()))?;
        self.number(Some(sample.start.as_nanos()))?;
        self.number(sample.sent.map(Tick::as_nanos))?;
        self.number(Some(sample.end.as_nanos()))?;
        self.text(sample.outcome.name())?;
        self.text(sample.outcome.class().map_or("", ErrorClass::name))?;
        self.text(reason)?;
        self.json(values)?;
        self.text(tags)?;
        self.csv.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        Ok(self.csv.write_field(text)?)
    }

    fn number(&mut self, number: Option<u64>) -> io::Result<()> {
        self.field.clear();
        if let Some(number) = number {
            write!(self.field, "{number}")?;
        }
        Ok(self.csv.write_field(&self.field)?)
    }

    /// The values of a sample in base units; one that was given up has `>` before its name, several of one name are a list.
    fn json(&mut self, values: &[(MetricId, Measurement)]) -> io::Result<()> {
        self.field.clear();
        self.field.push(b'{');
        let alike = |a: &(MetricId, Measurement), b: &(MetricId, Measurement)| {
            a.0 == b.0 && is_known(a.1) == is_known(b.1)
        };
        for (nth, group) in values.chunk_by(alike).enumerate() {
            let entry = self.catalog.entry(group[0].0);
            self.name.clear();
            self.name
                .push_str(if is_known(group[0].1) { "" } else { ">" });
            self.name.push_str(&entry.quantity);
            self.field
                .extend_from_slice(if nth == 0 { b"" } else { b"," });
            serde_json::to_writer(&mut self.field, &self.name)?;
            self.field.push(b':');
            for (nth, (_, value)) in group.iter().enumerate() {
                let (Measurement::Known(raw) | Measurement::Beyond(raw)) = value;
                let open: &[u8] = if group.len() > 1 { b"[" } else { b"" };
                self.field
                    .extend_from_slice(if nth == 0 { open } else { b"," });
                serde_json::to_writer(&mut self.field, &(*raw as f64 / entry.kind.scale()))?;
            }
            self.field
                .extend_from_slice(if group.len() > 1 { b"]" } else { b"" });
        }
        self.field.push(b'}');
        Ok(self.csv.write_field(&self.field)?)
    }

    pub(crate) fn take(&mut self) -> io::Result<Vec<u8>> {
        self.csv.flush()?;
        let fresh = csv::Writer::from_writer(Vec::new());
        std::mem::replace(&mut self.csv, fresh)
            .into_inner()
            .map_err(|e| io::Error::other(e.to_string()))
    }
}

const fn is_known(value: Measurement) -> bool {
    matches!(value, Measurement::Known(_))
}
