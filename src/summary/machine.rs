//! What machine this is.

use serde::{Deserialize, Serialize};

/// What makes two machines comparable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// How many there are.
    pub cpus: usize,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// The operating system.
    pub os: String,
    /// Its kernel's version.
    pub kernel: String,
}

impl Machine {
    /// This machine; what cannot be found out is empty.
    #[must_use]
    pub fn this() -> Self {
        let system = rustix::system::uname();
        Self {
            cpu: cpu_name().unwrap_or_default(),
            cpus: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_bytes: memory_bytes().unwrap_or_default(),
            os: system.sysname().to_string_lossy().to_lowercase(),
            kernel: system.release().to_string_lossy().into_owned(),
        }
    }
}

#[cfg(target_os = "linux")]
fn cpu_name() -> Option<String> {
    use procfs::Current;
    procfs::CpuInfo::current()
        .ok()?
        .model_name(0)
        .map(str::to_owned)
}

#[cfg(target_os = "linux")]
fn memory_bytes() -> Option<u64> {
    use procfs::Current;
    procfs::Meminfo::current()
        .ok()
        .map(|memory| memory.mem_total)
}

#[cfg(not(target_os = "linux"))]
fn cpu_name() -> Option<String> {
    None
}

#[cfg(not(target_os = "linux"))]
fn memory_bytes() -> Option<u64> {
    None
}
