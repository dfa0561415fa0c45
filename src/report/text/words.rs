//! Small texts that several views need.

use crate::units::{Duration, Unit, print};

/// A moment of a run as a clock shows it: `1:12`, `1:02:03`.
pub(crate) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A wall time: `4.2 s`, `2m 5s`.
pub(crate) fn wall(seconds: f64) -> String {
    if seconds < 60.0 {
        return print(seconds, Unit::Seconds);
    }
    let text = Duration::from_secs(seconds.round() as u64).to_string();
    text.replace('h', "h ")
        .replace('m', "m ")
        .trim_end()
        .to_owned()
}

/// `1 poll`, `2 polls`.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock_or_like_a_plan() {
        assert_eq!([0.0, 72.9, 3723.0].map(clock), ["0:00", "1:12", "1:02:03"]);
        assert_eq!(
            [4.21, 120.4, 125.0, 3660.0].map(wall),
            ["4.21 s", "2m", "2m 5s", "1h 1m"]
        );
        assert_eq!(
            (plural(1, "poll"), plural(0, "poll")),
            ("1 poll".to_owned(), "0 polls".to_owned())
        );
    }
}
