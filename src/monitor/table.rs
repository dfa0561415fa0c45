//! The table of sources: each is a file and a line here.

use std::path::Path;

use super::command::CommandSource;
use super::host::HostSource;
use super::http::HttpSource;
use super::process::ProcessSource;
use super::source::{Instance, ValueKind};
use super::spec::MonitorSpec;

/// A line of the table.
pub(super) struct SourceLine {
    /// The key of the plan.
    pub(super) key: &'static str,
    pub(super) is_used: fn(&MonitorSpec) -> bool,
    pub(super) kinds: fn(&MonitorSpec) -> Vec<ValueKind>,
    /// The instances, seen from the plan's folder.
    pub(super) open: fn(&MonitorSpec, &Path) -> Vec<Instance>,
}

/// Every source.
pub(super) const SOURCES: [SourceLine; 5] = [
    SourceLine {
        key: "host",
        is_used: |spec| spec.host.0,
        kinds: |_| HostSource::kinds(),
        open: |_, _| vec![(String::new(), Box::new(HostSource::default()))],
    },
    SourceLine {
        key: "process",
        is_used: |spec| !spec.process.0.is_empty(),
        kinds: |_| ProcessSource::kinds(),
        open: ProcessSource::open,
    },
    SourceLine {
        key: "command",
        is_used: |spec| !spec.command.0.is_empty(),
        kinds: CommandSource::kinds,
        open: CommandSource::open,
    },
    SourceLine {
        key: "json",
        is_used: |spec| !spec.json.0.is_empty(),
        kinds: MonitorSpec::own_kinds,
        open: |spec, _| HttpSource::open(spec, &spec.json.0, false),
    },
    SourceLine {
        key: "prometheus",
        is_used: |spec| !spec.prometheus.0.is_empty(),
        kinds: MonitorSpec::own_kinds,
        open: |spec, _| HttpSource::open(spec, &spec.prometheus.0, true),
    },
];
