//! What the machine did to the generator while it measured.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::units::{Unit, print};

/// Counters of the kernel at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct MachineCounters {
    /// Time that some task waited for a processor (pressure stall information), in seconds.
    stalled_s: Option<f64>,
    /// Time that a hypervisor gave to others, over all processors, in seconds.
    stolen_s: Option<f64>,
    /// Time that this control group was throttled by its CPU quota, in seconds.
    throttled_s: Option<f64>,
}

/// Shares of the wall time in which something kept the generator from a processor.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct MachineShares {
    /// Some task of the machine waited for a processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stalled: Option<f64>,
    /// A hypervisor gave the processors to others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stolen: Option<f64>,
    /// The CPU quota of the generator's own control group held it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttled: Option<f64>,
    /// Workers were ready to run and did not get a processor, the mean of all.
    #[serde(default)]
    pub waited: f64,
}

impl MachineCounters {
    /// The counts so far; what the kernel does not say is left out.
    #[must_use]
    pub fn now() -> Self {
        Self {
            stalled_s: stalled_s(),
            stolen_s: stolen_s(),
            throttled_s: throttled_s(),
        }
    }

    /// What share of `wall` seconds has passed so since `earlier`; `waited` is the workers' own count.
    #[must_use]
    pub fn since(self, earlier: Self, wall: f64, waited: f64) -> MachineShares {
        let share = |now: Option<f64>, before: Option<f64>| {
            now.zip(before)
                .filter(|_| wall > 0.0)
                .map(|(now, before)| (now - before).max(0.0) / wall)
        };
        let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        MachineShares {
            stalled: share(self.stalled_s, earlier.stalled_s),
            stolen: share(self.stolen_s, earlier.stolen_s).map(|share| share / processors),
            throttled: share(self.throttled_s, earlier.throttled_s).map(|share| share.min(1.0)),
            waited: if wall > 0.0 { waited / wall } else { 0.0 },
        }
    }
}

impl MachineShares {
    /// Above this share of the wall time a cause is worth its name.
    const WORTH_A_WORD: f64 = 0.01;

    /// What held the generator up most, and what to do about it; `None` where nothing did.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        let of = |share: f64| print(share, Unit::Ratio);
        let throttled = self.throttled.unwrap_or(0.0);
        let stolen = self.stolen.unwrap_or(0.0);
        // A thread that is throttled is ready to run as well.
        let waited = (self.waited - throttled).max(0.0);
        let causes = [
            (
                throttled,
                format!(
                    "the CPU quota of its container throttled it for {} of the time: raise the limit (cgroup cpu.max), or run it elsewhere",
                    of(throttled)
                ),
            ),
            (
                stolen,
                format!(
                    "the hypervisor gave its processors to others for {} of the time: use a machine with processors of its own",
                    of(stolen)
                ),
            ),
            (
                waited,
                format!(
                    "other processes held the CPU while it was ready to run for {} of the time: keep builds and other jobs off this machine, or give perfgate a core of its own (`taskset`)",
                    of(waited)
                ),
            ),
        ];
        let worst = causes.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        worst
            .filter(|(share, _)| *share >= Self::WORTH_A_WORD)
            .map(|(_, cause)| cause)
    }

    /// The worst of two stretches of one run.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        let most = |a: Option<f64>, b: Option<f64>| a.into_iter().chain(b).reduce(f64::max);
        Self {
            stalled: most(self.stalled, other.stalled),
            stolen: most(self.stolen, other.stolen),
            throttled: most(self.throttled, other.throttled),
            waited: self.waited.max(other.waited),
        }
    }
}

#[cfg(target_os = "linux")]
fn stalled_s() -> Option<f64> {
    use procfs::Current;
    let pressure = procfs::CpuPressure::current().ok()?;
    Some(pressure.some.total as f64 / 1e6)
}

#[cfg(not(target_os = "linux"))]
fn stalled_s() -> Option<f64> {
    None
}

#[cfg(target_os = "linux")]
fn stolen_s() -> Option<f64> {
    use procfs::CurrentSI;
    let total = procfs::KernelStats::current().ok()?.total;
    Some(total.steal? as f64 / procfs::ticks_per_second() as f64)
}

#[cfg(not(target_os = "linux"))]
fn stolen_s() -> Option<f64> {
    None
}

/// Throttled time of this process's control group, and of those above it: the largest of them is its own.
fn throttled_s() -> Option<f64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let files = groups.lines().filter_map(cpu_group);
    files
        .flat_map(|(root, group)| {
            let above: Vec<String> = std::path::Path::new(group)
                .ancestors()
                .map(|path| {
                    format!(
                        "{root}{}/cpu.stat",
                        path.to_string_lossy().trim_end_matches('/')
                    )
                })
                .collect();
            above
        })
        .filter_map(|file| throttled_of(&fs::read_to_string(file).ok()?))
        .reduce(f64::max)
}

/// Where the CPU controller of a line of `/proc/self/cgroup` is mounted, and the group's path there.
fn cpu_group(line: &str) -> Option<(&'static str, &str)> {
    let mut parts = line.splitn(3, ':');
    let (_, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    if controllers.is_empty() {
        return Some(("/sys/fs/cgroup", path));
    }
    let mut each = controllers.split(',');
    each.any(|name| name == "cpu")
        .then_some(("/sys/fs/cgroup/cpu", path))
}

/// Seconds throttled, from a `cpu.stat` of either version.
fn throttled_of(stat: &str) -> Option<f64> {
    stat.lines().find_map(|line| {
        let (name, number) = line.split_once(' ')?;
        let number: f64 = number.trim().parse().ok()?;
        match name {
            "throttled_usec" => Some(number / 1e6),
            "throttled_time" => Some(number / 1e9),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_control_groups_say_how_long_they_throttled() {
        assert_eq!(
            throttled_of("usage_usec 5\nnr_throttled 3\nthrottled_usec 2500000\n"),
            Some(2.5)
        );
        assert_eq!(
            throttled_of("nr_periods 9\nnr_throttled 3\nthrottled_time 2500000000\n"),
            Some(2.5)
        );
        assert_eq!(throttled_of("usage_usec 5\n"), None);
        assert_eq!(cpu_group("0::/a/b"), Some(("/sys/fs/cgroup", "/a/b")));
        assert_eq!(
            cpu_group("1:cpu,cpuacct:/x"),
            Some(("/sys/fs/cgroup/cpu", "/x"))
        );
        assert_eq!(cpu_group("4:memory:/x"), None);
    }

    #[test]
    fn the_largest_share_is_the_cause_and_it_says_what_to_do() {
        let shares = MachineShares {
            stalled: Some(0.9),
            stolen: Some(0.02),
            throttled: Some(0.43),
            waited: 0.2,
        };
        let cause = shares.cause().unwrap();
        assert!(
            cause.contains("CPU quota") && cause.contains("43"),
            "{cause}"
        );
        let busy = MachineShares {
            throttled: None,
            ..shares
        };
        assert!(busy.cause().unwrap().contains("other processes"));
        assert_eq!(MachineShares::default().cause(), None);
    }
}
