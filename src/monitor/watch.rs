//! Monitors while a load runs: each instance on a thread of its own, which may hang without holding anything up.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::source::{Source, ValueKind};
use super::spec::MonitorSpec;
use super::table::SOURCES;
use crate::clock::RealClock;
use crate::units::Duration;

/// What one instance of a monitor has shown.
#[derive(Debug, Clone, PartialEq)]
pub struct MonitorSeries {
    /// The monitor's name.
    pub monitor: String,
    /// Which of several it watches; empty where there is one.
    pub instance: String,
    /// Its values, in the order of [`MonitorSeries::at_s`]'s columns.
    pub kinds: Vec<ValueKind>,
    /// When it was looked at, in seconds on the run's clock.
    pub at_s: Vec<f64>,
    /// One column for each kind; `None` is a gap.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Looks beyond this are thinned out: every second one is left away, and from then on half as many are kept.
const MOST_LOOKS: usize = 2_000;

/// The monitors of a load that runs.
pub struct MonitorWatch {
    series: Vec<Arc<Mutex<MonitorSeries>>>,
    stop: Arc<Stop>,
}

#[derive(Debug, Default)]
struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Waits, `true` where it was told to stop.
    fn wait(&self, time: Duration) -> bool {
        let guard = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, _) = self
            .changed
            .wait_timeout_while(guard, time.into(), |stopped| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        *guard
    }
}

impl MonitorWatch {
    /// Begins to watch. What cannot be watched leaves gaps.
    #[must_use]
    pub fn start(
        monitors: &BTreeMap<String, MonitorSpec>,
        folder: &Path,
        clock: RealClock,
    ) -> Self {
        let stop = Arc::new(Stop::default());
        let mut all = Vec::new();
        for (name, spec) in monitors {
            let lines = SOURCES.iter().filter(|source| (source.is_used)(spec));
            for (instance, source) in lines.flat_map(|source| (source.open)(spec, folder)) {
                let kinds = spec.kinds();
                // One alone needs no name.
                let instance = if spec.instances() > 1 {
                    instance
                } else {
                    String::new()
                };
                let series = Arc::new(Mutex::new(MonitorSeries {
                    monitor: name.clone(),
                    instance,
                    values: vec![Vec::new(); kinds.len()],
                    kinds,
                    at_s: Vec::new(),
                }));
                let (shared, stop, every) = (Arc::clone(&series), Arc::clone(&stop), spec.every);
                let begun = thread::Builder::new()
                    .name("monitor".to_owned())
                    .spawn(move || watch(source, &shared, &stop, every, clock));
                all.extend(begun.ok().map(|_| series));
            }
        }
        Self { series: all, stop }
    }

    /// Stops watching. A look that hangs is not waited for.
    #[must_use]
    pub fn stop(self) -> Vec<MonitorSeries> {
        *self
            .stop
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.stop.changed.notify_all();
        let taken = |series: &Arc<Mutex<MonitorSeries>>| {
            series
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        };
        self.series.iter().map(taken).collect()
    }
}

fn watch(
    mut source: Box<dyn Source>,
    series: &Mutex<MonitorSeries>,
    stop: &Stop,
    every: Duration,
    clock: RealClock,
) {
    let begin = clock.now();
    let mut step: u64 = 1;
    for n in 0_u64.. {
        let due = begin + Duration::from_nanos(n * every.as_nanos());
        if stop.wait(due.since(clock.now())) {
            return;
        }
        // Looks that are overdue are left out, and not made up for.
        if clock.now().since(due) > every {
            continue;
        }
        let values = source.look();
        if n % step == 0 {
            let at = clock.now().as_nanos() as f64 / 1e9;
            let mut own = series.lock().unwrap_or_else(PoisonError::into_inner);
            own.add(at, values);
            if own.at_s.len() >= MOST_LOOKS {
                own.thin();
                step *= 2;
            }
        }
    }
}

impl MonitorSeries {
    fn add(&mut self, at: f64, values: Vec<Option<f64>>) {
        self.at_s.push(at);
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(value.filter(|value| value.is_finite()));
        }
    }

    fn thin(&mut self) {
        fn every_second<T>(column: &mut Vec<T>) {
            let mut keep = false;
            column.retain(|_| {
                keep = !keep;
                keep
            });
        }
        every_second(&mut self.at_s);
        self.values.iter_mut().for_each(every_second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Hanging;
    impl Source for Hanging {
        fn look(&mut self) -> Vec<Option<f64>> {
            std::thread::sleep(std::time::Duration::from_secs(30));
            vec![Some(1.0)]
        }
    }

    #[test]
    fn what_hangs_holds_nothing_up_and_series_stay_small() {
        let series = Arc::new(Mutex::new(MonitorSeries {
            monitor: "m".to_owned(),
            instance: String::new(),
            kinds: Vec::new(),
            at_s: Vec::new(),
            values: vec![Vec::new()],
        }));
        let stop = Arc::new(Stop::default());
        let (shared, other) = (Arc::clone(&series), Arc::clone(&stop));
        let clock = RealClock::start();
        let every = Duration::from_millis(100);
        thread::spawn(move || watch(Box::new(Hanging), &shared, &other, every, clock));
        let watch = MonitorWatch {
            series: vec![series],
            stop,
        };
        let found = watch.stop();
        assert!(found[0].at_s.is_empty());
        let mut long = found[0].clone();
        (0..MOST_LOOKS).for_each(|n| long.add(n as f64, vec![Some(n as f64)]));
        long.thin();
        assert_eq!(
            (long.at_s.len(), long.values[0][1]),
            (MOST_LOOKS / 2, Some(2.0))
        );
    }
}
