//! How long a thread was ready to run and did not get a processor, as the kernel counts it.

use std::fs::File;

use crate::clock::Clock;
use crate::units::Duration;

/// Reads the second field of `/proc/thread-self/schedstat`: nanoseconds spent waiting on a run queue. Time in which a
/// control group was throttled is part of it. Always zero in virtual time, and where the kernel does not count.
#[derive(Debug)]
pub(crate) struct RunDelay {
    file: Option<File>,
    last: u64,
}

impl RunDelay {
    /// The delay of the calling thread.
    pub(crate) fn of_this_thread(clock: &Clock) -> Self {
        let real = matches!(clock, Clock::Real(_));
        let mut delay = Self {
            file: real
                .then(|| File::open("/proc/thread-self/schedstat").ok())
                .flatten(),
            last: 0,
        };
        delay.since_last();
        delay
    }

    /// How much it has grown since it was last asked for.
    pub(crate) fn since_last(&mut self) -> Duration {
        let Some(now) = self.read() else {
            return Duration::ZERO;
        };
        Duration::from_nanos(now.saturating_sub(std::mem::replace(&mut self.last, now)))
    }

    fn read(&self) -> Option<u64> {
        use std::os::unix::fs::FileExt;
        let mut text = [0u8; 64];
        let length = self.file.as_ref()?.read_at(&mut text, 0).ok()?;
        second_field(&text[..length])
    }
}

fn second_field(line: &[u8]) -> Option<u64> {
    let field = line.split(|byte| *byte == b' ').nth(1)?;
    std::str::from_utf8(field).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_is_the_second_field() {
        assert_eq!(second_field(b"812345 671776 12\n"), Some(671_776));
        assert_eq!(second_field(b""), None);
        assert_eq!(second_field(b"1 x 2"), None);
    }
}
