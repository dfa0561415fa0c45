//! The measured window of a load.

use crate::measure::LoadResult;

/// The measured window in seconds: by its times, or from the first start to the last end where a count ended the load.
pub(super) fn window_seconds(result: &LoadResult) -> Option<f64> {
    let (from, until) = if result.by_count {
        result.stats.span?
    } else {
        (result.window.from, result.window.until)
    };
    let seconds = until.since(from).as_secs_f64();
    (seconds > 0.0 && from < until).then_some(seconds)
}
