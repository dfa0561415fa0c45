//! Columns that line up.

use super::paint::Paint;
use crate::report::text::Tone;

#[derive(Debug, Clone, Default)]
pub(crate) struct GridCell {
    text: String,
    tone: Tone,
}

impl GridCell {
    pub(crate) fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

/// Rows of cells. Columns named in `left` are aligned left, all others right.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    indent: usize,
    left: Vec<usize>,
    rows: Vec<Vec<GridCell>>,
}

impl Grid {
    pub(crate) fn new(indent: usize, left: &[usize]) -> Self {
        Self {
            indent,
            left: left.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = GridCell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The lines; two spaces between columns, one where that makes them fit.
    pub(crate) fn print(&self, out: &mut String, paint: Paint) {
        let widths = self.widths();
        let gap = if self.wide(&widths, 2) > paint.width && self.wide(&widths, 1) <= paint.width {
            1
        } else {
            2
        };
        for row in &self.rows {
            out.push_str(&self.line(row, &widths, gap, paint));
            out.push('\n');
        }
    }

    /// Whether no line is wider than it should be.
    pub(crate) fn fits(&self, paint: Paint) -> bool {
        self.wide(&self.widths(), 1) <= paint.width
    }

    fn wide(&self, widths: &[usize], gap: usize) -> usize {
        self.indent + widths.iter().sum::<usize>() + gap * widths.len().saturating_sub(1)
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |row: &Vec<GridCell>, column: usize| {
            row.get(column).map_or(0, |cell| cell.text.chars().count())
        };
        (0..columns)
            .map(|column| {
                self.rows
                    .iter()
                    .map(|row| width(row, column))
                    .max()
                    .unwrap_or(0)
            })
            .collect()
    }

    fn line(&self, row: &[GridCell], widths: &[usize], gap: usize, paint: Paint) -> String {
        let mut line = " ".repeat(self.indent);
        let mut owed = 0;
        for (column, cell) in row.iter().enumerate() {
            let pad = widths[column] - cell.text.chars().count();
            let left = self.left.contains(&column);
            if !cell.text.is_empty() {
                line.push_str(&" ".repeat(owed + if left { 0 } else { pad }));
                line.push_str(&paint.on(cell.tone, &cell.text));
                owed = gap + if left { pad } else { 0 };
            } else if widths[column] > 0 {
                owed += widths[column] + gap;
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_no_line_ends_in_spaces() {
        let mut grid = Grid::new(2, &[0]);
        let cell = |text: &str| GridCell::new(Tone::Bad, text);
        grid.row([cell("a"), cell("12 s"), cell("")]);
        grid.row([cell("bcd"), cell(""), cell("7")]);
        let mut out = String::new();
        grid.print(&mut out, Paint::from(false));
        assert_eq!(out, "  a    12 s\n  bcd        7\n");
    }
}
