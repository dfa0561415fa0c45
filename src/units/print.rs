//! Numbers as people read them: three significant digits and a unit, decided once for every report.

use super::Unit;

/// `value` (base unit) with its unit and three significant digits: `1.43 s`, `41 ms`, `99.2 %`, `2.97/s`.
#[must_use]
pub fn print(value: f64, unit: Unit) -> String {
    with_digits(value, unit, 3)
}

/// Two values printed so that they differ whenever they are different: digits are added until the numbers part.
#[must_use]
pub fn print_apart(a: f64, b: f64, unit: Unit) -> (String, String) {
    (3..=15)
        .map(|digits| {
            (
                with_digits(a, unit, digits),
                with_digits(b, unit, digits),
                reads_equal(a, b, unit, digits),
            )
        })
        .find(|(.., equal)| a.total_cmp(&b).is_eq() || !equal)
        .map_or_else(
            || (a.to_string(), b.to_string()),
            |(left, right, _)| (left, right),
        )
}

/// Whether both mean the same number once printed: `1000 ms` and `1 s` are two texts and one time.
fn reads_equal(a: f64, b: f64, unit: Unit, digits: usize) -> bool {
    let read = |value: f64| {
        let (factor, _) = scale(value, unit);
        number(value / factor, unit, digits)
            .parse::<f64>()
            .map_or(value, |number| number * factor)
    };
    let (a, b) = (read(a), read(b));
    (a - b).abs() <= 1e-13 * a.abs().max(b.abs())
}

fn with_digits(value: f64, unit: Unit, digits: usize) -> String {
    let (factor, name) = scale(value, unit);
    format!("{}{name}", number(value / factor, unit, digits))
}

/// What one printed unit is in base units, and how it is written behind the number.
fn scale(value: f64, unit: Unit) -> (f64, &'static str) {
    let size = value.abs();
    match unit {
        Unit::Seconds if size >= 120.0 => (60.0, " min"),
        Unit::Seconds if size >= 1.0 || size == 0.0 => (1.0, " s"),
        Unit::Seconds if size >= 1e-3 => (1e-3, " ms"),
        Unit::Seconds => (1e-6, " us"),
        Unit::Ratio => (0.01, " %"),
        Unit::PerSecond => (1.0, "/s"),
        Unit::Factor => (1.0, "x"),
        Unit::Count => (1.0, ""),
        Unit::Bytes if size >= 1e9 => (1e9, " GB"),
        Unit::Bytes if size >= 1e6 => (1e6, " MB"),
        Unit::Bytes if size >= 1e3 => (1e3, " kB"),
        Unit::Bytes => (1.0, " B"),
    }
}

fn number(value: f64, unit: Unit, digits: usize) -> String {
    if unit == Unit::Count && value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        significant(value, digits)
    }
}

/// The number with so many significant digits, never fewer than its whole part has, trailing zeros cut.
fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    let whole = value.abs().log10().floor() as i32 + 1;
    let decimals = usize::try_from(digits as i32 - whole).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_the_unit() {
        for (value, unit, text) in [
            (1.4337, Unit::Seconds, "1.43 s"),
            (0.0414, Unit::Seconds, "41.4 ms"),
            (0.000_085, Unit::Seconds, "85 us"),
            (150.0, Unit::Seconds, "2.5 min"),
            (0.9918, Unit::Ratio, "99.2 %"),
            (0.0, Unit::Ratio, "0 %"),
            (-0.0, Unit::Seconds, "0 s"),
            (2.966, Unit::PerSecond, "2.97/s"),
            (12_345.0, Unit::PerSecond, "12345/s"),
            (36.0, Unit::Count, "36"),
            (176_000.0, Unit::Bytes, "176 kB"),
            (9.5, Unit::Factor, "9.5x"),
        ] {
            assert_eq!(print(value, unit), text);
        }
    }

    #[test]
    fn value_and_limit_never_read_equal_when_they_differ() {
        let (value, limit) = print_apart(2.000_01, 2.0, Unit::Seconds);
        assert_ne!(value, limit);
        assert_eq!(
            print_apart(2.0, 2.0, Unit::Seconds),
            ("2 s".to_owned(), "2 s".to_owned())
        );
        assert_eq!(
            print_apart(0.9996, 1.0, Unit::Seconds).0,
            "999.6 ms",
            "1000 ms is 1 s"
        );
        assert_eq!(print_apart(0.9997, 1.0, Unit::Ratio).0, "99.97 %");
    }
}
