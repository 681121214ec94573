//! A table of plain text: the first column to the left unless it has numbers, the others to the right.

use super::ink::{Ink, Tone};

/// A piece of text and its tone.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
    left: bool,
}

impl Cell {
    /// Text in a tone.
    pub(super) fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, left: false }
    }

    /// Aligned to the left, as words are.
    pub(super) fn left(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Plain, left: true }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// Rows under a heading; columns are as wide as they need to be.
#[derive(Debug)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
    /// The first column has numbers.
    numbers: bool,
}

impl Table {
    /// A table with these headings.
    pub(super) fn new(head: &[&str]) -> Self {
        let head = head.iter().map(|text| Cell::new(*text, Tone::Head));
        Self { rows: vec![head.collect()], numbers: false }
    }

    /// The same with numbers in the first column.
    pub(super) fn of_numbers(head: &[&str]) -> Self {
        Self { numbers: true, ..Self::new(head) }
    }

    /// Adds a row; missing cells are empty.
    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Adds a dim row of half-widths, unless all are empty.
    pub(super) fn details(&mut self, cells: Vec<String>) {
        if cells.iter().any(|text| !text.is_empty()) {
            let cells = cells.into_iter().map(|text| Cell::new(text, Tone::Dim));
            self.row(cells.collect());
        }
    }

    /// The lines of the table, each ending in a newline and with no trailing blanks.
    pub(super) fn render(&self, ink: Ink) -> String {
        let widths = self.widths();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (index, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                line.push_str(if index == 0 { "" } else { "  " });
                line.push_str(&padded(cell, width, (index == 0 && !self.numbers) || cell.left, ink));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        (0..columns).map(|c| width(c).map(Cell::width).max().unwrap_or(0)).collect()
    }
}

fn padded(cell: &Cell, width: usize, left: bool, ink: Ink) -> String {
    let blanks = " ".repeat(width.saturating_sub(cell.width()));
    let text = ink.paint(cell.tone, &cell.text);
    if left { text + &blanks } else { blanks + &text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_with_and_without_colour() {
        let mut table = Table::new(&["name", "mean"]);
        table.row(vec!["a".into(), Cell::new("1.25 ms", Tone::Bad)]);
        table.details(vec![String::new(), "±0.1".into()]);
        table.details(vec![String::new(), String::new()]);
        assert_eq!(table.render(Ink(false)), "name     mean\na     1.25 ms\n         ±0.1\n");
        table.numbers = true;
        assert_eq!(table.render(Ink(false)), "name     mean\n   a  1.25 ms\n         ±0.1\n");
        assert!(table.render(Ink(true)).contains("\u{1b}["));
    }
}
