//! A table of plain text: the first column to the left unless it has numbers, the others to the right.

use super::ink::{Ink, Tone};
use super::{WIDTH, lines, shortened_apart};

/// No heading of our own is longer.
const OWN: usize = 12;
/// Names are cut to this many characters before columns are left out …
const SHORT: usize = 18;
/// … and to this many after.
const SHORTEST: usize = 8;

/// A piece of text and its tone.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
    left: bool,
    /// May be cut where there is no room.
    words: bool,
}

impl Cell {
    /// Text in a tone.
    pub(super) fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, left: false, words: false }
    }

    /// Aligned to the left, as words are.
    pub(super) fn left(text: impl Into<String>) -> Self {
        Self { left: true, ..Self::words(text) }
    }

    /// Words that stand to the right.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self { words: true, ..Self::new(text, Tone::Plain) }
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
    /// Headings of columns that are left out where there is no room for them, one after the other.
    spare: Vec<&'static str>,
}

impl Table {
    /// A table with these headings.
    pub(super) fn new(head: &[&str]) -> Self {
        let head = head.iter().map(|text| Cell::new(*text, Tone::Head));
        Self { rows: vec![head.collect()], numbers: false, spare: Vec::new() }
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

    /// The same, without some of these columns where it would be too wide for a terminal.
    pub(super) fn spare(mut self, heads: &[&'static str]) -> Self {
        self.spare = heads.to_vec();
        self
    }

    /// Whether there is room for everything.
    pub(super) fn fits(&self) -> bool {
        total(&self.widths()) <= WIDTH
    }

    /// The lines of the table, each ending in a newline and with no trailing blanks. Where it would be too wide, names
    /// are cut and spare columns are left out.
    pub(super) fn render(&self, ink: Ink) -> String {
        let (columns, widths) = self.fitted();
        let cut: Vec<Vec<String>> =
            columns.iter().zip(&widths).map(|(&column, &width)| self.cut(column, width)).collect();
        let mut text = String::new();
        for (at, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for ((&index, &width), cut) in columns.iter().zip(&widths).zip(&cut) {
                let Some(cell) = row.get(index) else { continue };
                line.push_str(if line.is_empty() && index == columns[0] { "" } else { "  " });
                let left = (index == 0 && !self.numbers) || cell.left;
                line.push_str(&padded(&cut[at], cell.tone, (width, left), ink));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text + &self.missing(&columns, ink)
    }

    /// What is left of a column's texts in this width: different ones stay different.
    fn cut(&self, column: usize, width: usize) -> Vec<String> {
        let texts = self.rows.iter().map(|row| row.get(column).map_or("", |cell| &cell.text));
        shortened_apart(&texts.collect::<Vec<_>>(), width)
    }

    /// The columns that are shown, and how wide they are.
    fn fitted(&self) -> (Vec<usize>, Vec<usize>) {
        let all = self.widths();
        let mut columns: Vec<usize> = (0..all.len()).collect();
        let mut spare = self.spare.iter();
        loop {
            let mut widths: Vec<usize> = columns.iter().map(|&column| all[column]).collect();
            if self.squeeze(&columns, &mut widths, SHORT) {
                return (columns, widths);
            }
            let Some(head) = spare.next() else {
                self.squeeze(&columns, &mut widths, SHORTEST);
                return (columns, widths);
            };
            columns.retain(|&column| self.rows[0].get(column).is_none_or(|cell| cell.text != *head));
        }
    }

    /// Makes columns of words narrower, the widest first, until all fit or all are as narrow as this or as
    /// their headings.
    fn squeeze(&self, columns: &[usize], widths: &mut [usize], least: usize) -> bool {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let has_words = |column: usize| (column == 0 && !self.numbers) || cells(column).any(|cell| cell.words);
        // Headings that are names of the user's may be cut, and no heading of our own.
        let head = |column: usize| self.rows[0].get(column).map(Cell::width).filter(|width| *width <= OWN).unwrap_or(0);
        let narrowest = |column: usize| match has_words(column) {
            true => least.max(head(column)),
            false => cells(column).skip(1).map(Cell::width).fold(least.max(head(column)), usize::max),
        };
        let ends: Vec<usize> = columns.iter().map(|&column| narrowest(column)).collect();
        while total(widths) > WIDTH {
            let words = (0..columns.len()).filter(|&index| widths[index] > ends[index]);
            let Some(widest) = words.max_by_key(|&index| widths[index]) else { return false };
            widths[widest] -= 1;
        }
        true
    }

    /// What is left out is said.
    fn missing(&self, columns: &[usize], ink: Ink) -> String {
        let head = self.rows[0].iter().enumerate().filter(|(index, _)| !columns.contains(index));
        no_room(head.map(|(_, cell)| cell), ink)
    }

    /// The columns that another table has beside these.
    pub(super) fn missing_of(&self, whole: &Table, ink: Ink) -> String {
        let has = |head: &Cell| self.rows[0].iter().any(|own| own.text == head.text);
        no_room(whole.rows[0].iter().filter(|head| !has(head)), ink)
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        (0..columns).map(|c| width(c).map(Cell::width).max().unwrap_or(0)).collect()
    }
}

fn no_room<'a>(heads: impl Iterator<Item = &'a Cell>, ink: Ink) -> String {
    let names: Vec<&str> = heads.map(|cell| cell.text.as_str()).collect();
    match names.is_empty() {
        true => String::new(),
        false => lines(&format!("no room for {}: --format csv has everything", names.join(", ")), Tone::Dim, ink),
    }
}

/// Of all columns, with the blanks between.
fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
}

fn padded(shown: &str, tone: Tone, (width, left): (usize, bool), ink: Ink) -> String {
    let blanks = " ".repeat(width.saturating_sub(shown.chars().count()));
    let text = ink.paint(tone, shown);
    if left { text + &blanks } else { blanks + &text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_before_columns_are_left_out() {
        let long = "a-service-with-a-name-that-goes-on-and-on.cpu";
        let table = |columns: usize| {
            let mut table = Table::new(&["station", "busy", "queue", "wait"]).spare(&["queue", "wait"]);
            let number = || Cell::from("9".repeat(columns));
            table.row(vec![long.into(), number(), number(), number()]);
            table.render(Ink(false))
        };
        assert!(table(7).contains(long));
        assert!(table(15).contains("a-service-with-a-name-th….cpu  9"), "{}", table(15));
        let text = table(24);
        assert!(text.ends_with("no room for queue: --format csv has everything\n") && text.contains("wait"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

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
