//! This machine, from `/proc`.

use procfs::{Current, CurrentSI};

use super::source::{Source, ValueKind};
use crate::metric::Better::Lower;
use crate::units::Unit;

/// The counters of the last look, from which shares of the time since are made.
#[derive(Debug, Default)]
pub(super) struct HostSource {
    /// Busy and whole time of all processors, in ticks.
    before: Option<(u64, u64)>,
}

impl HostSource {
    pub(super) fn kinds() -> Vec<ValueKind> {
        vec![
            ValueKind::new("cpu", Unit::Ratio, Lower),
            ValueKind::new("memory", Unit::Ratio, Lower),
            ValueKind::new("swap", Unit::Ratio, Lower),
            ValueKind::new("load", Unit::Count, Lower),
            ValueKind::new("pressure", Unit::Ratio, Lower),
        ]
    }

    fn cpu(&mut self) -> Option<f64> {
        let total = procfs::KernelStats::current().ok()?.total;
        let idle = total.idle + total.iowait.unwrap_or_default();
        let others = [total.irq, total.softirq, total.steal];
        let busy: u64 =
            total.user + total.nice + total.system + others.into_iter().flatten().sum::<u64>();
        let now = (busy, busy + idle);
        let before = self.before.replace(now)?;
        let whole = now.1.checked_sub(before.1).filter(|whole| *whole > 0)?;
        Some(now.0.saturating_sub(before.0) as f64 / whole as f64)
    }
}

impl Source for HostSource {
    fn look(&mut self) -> Vec<Option<f64>> {
        let memory = procfs::Meminfo::current().ok();
        let used = |free: Option<u64>, all: u64| {
            (all > 0).then(|| 1.0 - free.unwrap_or(all) as f64 / all as f64)
        };
        vec![
            self.cpu(),
            memory
                .as_ref()
                .and_then(|own| used(own.mem_available, own.mem_total)),
            memory
                .as_ref()
                .map(|own| used(Some(own.swap_free), own.swap_total).unwrap_or(0.0)),
            procfs::LoadAverage::current()
                .ok()
                .map(|load| f64::from(load.one)),
            procfs::CpuPressure::current()
                .ok()
                .map(|own| f64::from(own.some.avg10) / 100.0),
        ]
    }
}
