//! Places in the catalog.

use super::kinds::MetricName;

/// A load's place in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoadId(pub u16);

/// A step's place in the catalog, over all loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u16);

/// A distribution's place in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId(pub u16);

/// The ids of the distributions of one load or one step: an id for each metric that is measured.
#[derive(Debug, Clone, Copy)]
pub struct MetricIds([Option<MetricId>; MetricName::COUNT]);

impl Default for MetricIds {
    fn default() -> Self {
        Self([None; MetricName::COUNT])
    }
}

impl MetricIds {
    pub(super) const fn set(&mut self, metric: MetricName, id: MetricId) {
        self.0[metric as usize] = Some(id);
    }

    /// The id of a metric; `None` where it is not measured here.
    #[must_use]
    pub const fn get(&self, metric: MetricName) -> Option<MetricId> {
        self.0[metric as usize]
    }

    /// Adds a value to those of a sample, where it is measured here and there is one.
    pub fn push<V>(
        &self,
        values: &mut Vec<(MetricId, V)>,
        metric: MetricName,
        value: impl Into<Option<V>>,
    ) {
        if let (Some(id), Some(value)) = (self.get(metric), value.into()) {
            values.push((id, value));
        }
    }
}
