//! What the machine allows, and what else it does.

use std::env;
use std::fs;
use std::path::Path;

use rustix::process::{Resource, getrlimit};

use super::finding::Finding;
use crate::units::{Unit, print};

/// Users that a plan of common size has.
const USUAL_USERS: u64 = 1_000;
/// Processor time that is wanted by others from this share on spoils latencies.
const BUSY: f64 = 0.2;
/// Variables that other tools send their requests elsewhere by.
const PROXIES: [&str; 4] = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"];

/// Everything that can be seen without sending anything; `results` is where sessions would be written.
pub(crate) fn machine(results: &Path) -> Vec<Finding> {
    vec![
        processors(),
        quota(),
        open_files(),
        ports(),
        other_load(),
        proxies(),
        writable(results),
    ]
}

fn processors() -> Finding {
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let seen = format!("{count}");
    if count > 1 {
        Finding::good("processors", seen)
    } else {
        Finding::doubtful(
            "processors",
            seen,
            "perfgate shares its only processor with everything else: use a machine with two or more",
        )
    }
}

/// The processor time that the container may use, in processors; `None` without a limit (cgroup version 2).
fn quota_of(text: &str) -> Option<f64> {
    let mut words = text.split_whitespace();
    let (quota, period): (f64, f64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    (period > 0.0).then(|| quota / period)
}

fn quota() -> Finding {
    let text = fs::read_to_string("/sys/fs/cgroup/cpu.max").unwrap_or_default();
    match quota_of(&text) {
        None => Finding::good("CPU quota", "none"),
        Some(quota) if quota >= 1.0 => Finding::good("CPU quota", format!("{quota} processors")),
        Some(quota) => Finding::doubtful(
            "CPU quota",
            format!("{quota} of a processor"),
            "a container that is throttled measures its own pauses: raise the limit to 1 or more",
        ),
    }
}

fn open_files() -> Finding {
    // A worker raises its soft limit to the hard one.
    match getrlimit(Resource::Nofile).maximum {
        Some(hard) if hard < USUAL_USERS + 64 => Finding::doubtful(
            "open files",
            format!("at most {hard}"),
            "each user needs one: raise the hard limit (ulimit -Hn, LimitNOFILE=)",
        ),
        Some(hard) => Finding::good("open files", format!("at most {hard}")),
        None => Finding::good("open files", "no limit"),
    }
}

fn ports() -> Finding {
    let text = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut ends = text
        .split_whitespace()
        .filter_map(|word| word.parse::<u64>().ok());
    let (Some(low), Some(high)) = (ends.next(), ends.next()) else {
        return Finding::good("local ports", "unknown");
    };
    let count = high.saturating_sub(low) + 1;
    if count >= 10 * USUAL_USERS {
        Finding::good("local ports", format!("{count}"))
    } else {
        Finding::doubtful(
            "local ports",
            format!("{count}"),
            "new connections to one address run out of ports: widen net.ipv4.ip_local_port_range",
        )
    }
}

#[cfg(target_os = "linux")]
fn pressure() -> Option<f64> {
    use procfs::Current;
    let pressure = procfs::CpuPressure::current().ok()?;
    Some(f64::from(pressure.some.avg10) / 100.0)
}

#[cfg(not(target_os = "linux"))]
fn pressure() -> Option<f64> {
    None
}

fn other_load() -> Finding {
    match pressure() {
        None => Finding::good("other load", "unknown"),
        Some(share) if share < BUSY => Finding::good(
            "other load",
            format!(
                "tasks waited for a processor in {} of the last 10 s",
                print(share, Unit::Ratio)
            ),
        ),
        Some(share) => Finding::doubtful(
            "other load",
            format!(
                "tasks waited for a processor in {} of the last 10 s",
                print(share, Unit::Ratio)
            ),
            "keep builds and other jobs off this machine while it measures",
        ),
    }
}

fn proxies() -> Finding {
    let set: Vec<&str> = PROXIES
        .into_iter()
        .filter(|name| env::var_os(name).is_some())
        .collect();
    if set.is_empty() {
        return Finding::good("proxies", "none in the environment");
    }
    Finding::good(
        "proxies",
        format!(
            "{} set, and ignored; `target.proxy` sets one",
            set.join(", ")
        ),
    )
}

fn writable(results: &Path) -> Finding {
    let file = results.join(".perfgate-doctor");
    let was_there = results.exists();
    let written = fs::create_dir_all(results).and_then(|()| fs::write(&file, "x"));
    let _ = fs::remove_file(&file);
    if !was_there {
        let _ = fs::remove_dir(results);
    }
    match written {
        Ok(()) => Finding::good("results", format!("{} is writable", results.display())),
        Err(error) => Finding::bad(
            "results",
            format!("{} cannot be written: {error}", results.display()),
            "choose another folder with --out",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_a_number_of_processors() {
        assert_eq!(quota_of("50000 100000\n"), Some(0.5));
        assert_eq!(quota_of("max 100000\n"), None);
        assert_eq!(quota_of(""), None);
    }
}
