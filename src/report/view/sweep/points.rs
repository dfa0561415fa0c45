//! How points of a sweep are called.

use crate::report::text::clean;

/// `users` of `vus`; any other variable by its own name.
pub(super) fn noun(over: &str) -> String {
    match over {
        "vus" | "concurrency" => "users".to_owned(),
        other => clean(other),
    }
}

/// `1 worker`, `8 users`, `5/s`.
pub(super) fn counted(point: &str, noun: &str) -> String {
    if let Some((value, tries)) = point.split_once('#') {
        return format!("{} ({tries})", counted(value, noun));
    }
    let is_number = point.parse::<f64>().is_ok();
    if !is_number || noun == "rate" {
        return clean(point);
    }
    match noun.strip_suffix('s') {
        Some(singular) if point == "1" => format!("1 {singular}"),
        Some(_) => format!("{} {noun}", clean(point)),
        None => format!("{noun} {}", clean(point)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_called_as_people_call_them() {
        for (point, over, expected) in [
            ("1", "workers", "1 worker"),
            ("8", "vus", "8 users"),
            ("5/s", "rate", "5/s"),
            ("0.5", "load", "load 0.5"),
            ("large", "model", "large"),
            ("12#2", "vus", "12 users (2)"),
        ] {
            assert_eq!(counted(point, &noun(over)), expected);
        }
    }
}
