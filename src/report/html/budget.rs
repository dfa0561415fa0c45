//! How much a page may show. A session that needs more bytes than a page may have is drawn again with less.

/// No page is larger than this, in bytes.
pub(crate) const MOST_BYTES: usize = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageBudget {
    pub(crate) points: usize,
    /// Rows of the data table of a chart.
    pub(crate) data_rows: usize,
    pub(crate) rows: usize,
    /// Rows of a chart that has one for each metric.
    pub(crate) chart_rows: usize,
    pub(crate) letters: usize,
    pub(crate) drawn_loads: usize,
    pub(crate) loads: usize,
}

pub(crate) const BUDGETS: [PageBudget; 4] = [
    PageBudget {
        points: 600,
        data_rows: 60,
        rows: 500,
        chart_rows: 40,
        letters: 600,
        drawn_loads: 40,
        loads: 100,
    },
    PageBudget {
        points: 240,
        data_rows: 30,
        rows: 200,
        chart_rows: 40,
        letters: 300,
        drawn_loads: 20,
        loads: 60,
    },
    PageBudget {
        points: 120,
        data_rows: 15,
        rows: 100,
        chart_rows: 20,
        letters: 160,
        drawn_loads: 8,
        loads: 24,
    },
    PageBudget {
        points: 60,
        data_rows: 10,
        rows: 30,
        chart_rows: 10,
        letters: 80,
        drawn_loads: 2,
        loads: 6,
    },
];
