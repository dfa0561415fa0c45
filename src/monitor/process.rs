//! One process, from `/proc`: found anew when it has been started again.

use std::path::{Path, PathBuf};

use procfs::net::TcpState;
use procfs::process::{FDTarget, Process, all_processes};

use super::source::{Instance, Source, ValueKind};
use super::spec::{MonitorSpec, ProcessSpec};
use crate::clock::{RealClock, Tick};
use crate::metric::Better::{Higher, Lower};
use crate::units::Unit;

pub(super) struct ProcessSource {
    spec: ProcessSpec,
    folder: PathBuf,
    clock: RealClock,
    /// Its number and when it was started, in ticks since boot: together they are one process.
    known: Option<(i32, u64)>,
    /// Processor time in ticks at the last look.
    before: Option<(u64, Tick)>,
    restarts: u64,
}

impl ProcessSource {
    pub(super) fn kinds() -> Vec<ValueKind> {
        vec![
            ValueKind::new("rss", Unit::Bytes, Lower),
            ValueKind::new("cpu", Unit::Factor, Lower),
            ValueKind::new("threads", Unit::Count, Lower),
            ValueKind::new("files", Unit::Count, Lower),
            ValueKind::new("restarts", Unit::Count, Lower),
            ValueKind::new("up", Unit::Count, Higher),
        ]
    }

    pub(super) fn open(spec: &MonitorSpec, folder: &Path) -> Vec<Instance> {
        let one = |own: &ProcessSpec| -> Instance {
            let source = Self {
                spec: own.clone(),
                folder: folder.to_owned(),
                clock: RealClock::start(),
                known: None,
                before: None,
                restarts: 0,
            };
            (own.label(), Box::new(source))
        };
        spec.process.0.iter().map(one).collect()
    }

    fn find(&self) -> Option<Process> {
        let spec = &self.spec;
        if let Some((pid, started)) = self.known
            && let Ok(process) = Process::new(pid)
            && process
                .stat()
                .is_ok_and(|stat| stat.starttime == started && stat.state != 'Z')
        {
            return Some(process);
        }
        if let Some(pid) = spec.pid {
            return Process::new(i32::try_from(pid.0).ok()?).ok();
        }
        if let Some(file) = &spec.pid_file {
            let text = std::fs::read_to_string(self.folder.join(file)).ok()?;
            return Process::new(text.trim().parse().ok()?).ok();
        }
        if let Some(port) = spec.port {
            return listener(u16::try_from(port.0).ok()?);
        }
        let name = spec.name.as_deref()?;
        let named = all_processes().ok()?.flatten().filter(|process| {
            let program = process.exe().ok();
            let program = program.as_ref().and_then(|path| path.file_name());
            let command = process.stat().map(|stat| stat.comm);
            program.is_some_and(|own| own == name) || command.is_ok_and(|own| own == name)
        });
        named.min_by_key(|process| process.stat().map_or(u64::MAX, |stat| stat.starttime))
    }
}

/// The process that listens on a TCP port.
fn listener(port: u16) -> Option<Process> {
    let sockets = [procfs::net::tcp(), procfs::net::tcp6()];
    let listening =
        sockets.into_iter().flatten().flatten().find(|socket| {
            socket.state == TcpState::Listen && socket.local_address.port() == port
        })?;
    all_processes().ok()?.flatten().find(|process| {
        process.fd().is_ok_and(|mut files| {
            files.any(|file| {
                file.is_ok_and(|file| matches!(file.target, FDTarget::Socket(inode) if inode == listening.inode))
            })
        })
    })
}

impl ProcessSpec {
    /// What it is called beside others.
    fn label(&self) -> String {
        let number = |key: &str, value: Option<crate::units::Count>| {
            value.map(|value| format!("{key} {}", value.0))
        };
        number("port", self.port)
            .or_else(|| number("pid", self.pid))
            .or_else(|| self.name.clone())
            .or_else(|| self.pid_file.clone())
            .unwrap_or_default()
    }
}

impl Source for ProcessSource {
    fn look(&mut self) -> Vec<Option<f64>> {
        let found = self
            .find()
            .and_then(|process| Some((process.stat().ok()?, process)));
        let Some((stat, process)) = found else {
            let mut values = vec![None; Self::kinds().len()];
            values[4] = Some(self.restarts as f64);
            values[5] = Some(0.0);
            return values;
        };
        let own = (stat.pid, stat.starttime);
        if self.known.is_some_and(|known| known != own) {
            self.restarts += 1;
            self.before = None;
        }
        self.known = Some(own);
        let (ticks, now) = (stat.utime + stat.stime, self.clock.now());
        let cpu = self.before.replace((ticks, now)).and_then(|(before, at)| {
            let passed = now.since(at).as_secs_f64();
            let used = ticks.saturating_sub(before) as f64 / procfs::ticks_per_second() as f64;
            (passed > 0.0).then(|| used / passed)
        });
        vec![
            Some((stat.rss * procfs::page_size()) as f64),
            cpu,
            Some(stat.num_threads as f64),
            process.fd_count().ok().map(|count| count as f64),
            Some(self.restarts as f64),
            Some(1.0),
        ]
    }
}
