//! How much a page may show. A session that needs more bytes than a page may have is drawn again with less.

/// No page is larger than this, in bytes.
pub(crate) const MOST_BYTES: usize = 1_000_000;

/// The room of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Points of a line.
    pub(crate) points: usize,
    /// Rows of the data table of a chart.
    pub(crate) data_rows: usize,
    /// Rows of every other table.
    pub(crate) rows: usize,
    /// Rows of a chart that has one for each metric.
    pub(crate) chart_rows: usize,
    /// Letters of a text.
    pub(crate) letters: usize,
    /// Loads that have charts.
    pub(crate) drawn_loads: usize,
    /// Loads that are shown at all.
    pub(crate) loads: usize,
}

/// From everything to what always fits.
pub(crate) const BUDGETS: [Budget; 4] = [
    Budget {
        points: 600,
        data_rows: 60,
        rows: 500,
        chart_rows: 40,
        letters: 600,
        drawn_loads: 40,
        loads: 100,
    },
    Budget {
        points: 240,
        data_rows: 30,
        rows: 200,
        chart_rows: 40,
        letters: 300,
        drawn_loads: 20,
        loads: 60,
    },
    Budget {
        points: 120,
        data_rows: 15,
        rows: 100,
        chart_rows: 20,
        letters: 160,
        drawn_loads: 8,
        loads: 24,
    },
    Budget {
        points: 60,
        data_rows: 10,
        rows: 30,
        chart_rows: 10,
        letters: 80,
        drawn_loads: 2,
        loads: 6,
    },
];
