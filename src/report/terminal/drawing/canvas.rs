//! Letters and dots: a braille letter has two dots to the right and four down, so that lines are finer than text.

use super::super::ink::Ink;
use crate::report::graph::Color;

/// Dots of a cell, side by side …
pub(super) const ACROSS: usize = 2;
/// … and one below the other.
pub(super) const DOWN: usize = 4;

/// The bit of each dot of a braille letter: first by row, then by column.
const BITS: [[u8; ACROSS]; DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// Seen where there is nothing else.
    back: Option<(char, Color)>,
    dots: u8,
    /// The colour of the dot that was set last.
    color: Color,
    /// Covers everything else.
    letter: Option<(char, Color)>,
}

/// A rectangle of cells, from the top left.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    columns: usize,
    cells: Vec<Cell>,
}

impl Canvas {
    /// Nothing but blanks.
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self { columns, cells: vec![Cell::default(); columns * rows] }
    }

    fn at(&mut self, column: usize, row: usize) -> Option<&mut Cell> {
        let inside = column < self.columns;
        self.cells.get_mut(row * self.columns + column).filter(|_| inside)
    }

    /// Sets a dot, counted in dots.
    pub(super) fn dot(&mut self, (x, y): (usize, usize), color: Color) {
        if let Some(cell) = self.at(x / ACROSS, y / DOWN) {
            cell.dots |= BITS[y % DOWN][x % ACROSS];
            cell.color = color;
        }
    }

    /// What is seen in a cell that has nothing else.
    pub(super) fn back(&mut self, column: usize, row: usize, letter: char, color: Color) {
        if let Some(cell) = self.at(column, row) {
            cell.back = Some((letter, color));
        }
    }

    /// Letters from this cell on; what does not fit is not seen.
    pub(super) fn text(&mut self, column: usize, row: usize, text: &str, color: Color) {
        for (letter, column) in text.chars().zip(column..) {
            if let Some(cell) = self.at(column, row) {
                cell.letter = Some((letter, color));
            }
        }
    }

    /// Whether there is nothing but what is behind everything in so many cells from this one on, and before and after them.
    pub(super) fn is_free(&self, column: usize, row: usize, long: usize) -> bool {
        let cells = self.cells.chunks(self.columns).nth(row).unwrap_or_default();
        let near = cells.iter().take(column + long + 1).skip(column.saturating_sub(1));
        near.into_iter().all(|cell| cell.dots == 0 && cell.letter.is_none())
    }

    /// One string for each row, without blanks at its end.
    pub(super) fn lines(&self, ink: Ink) -> Vec<String> {
        self.cells.chunks(self.columns).map(|row| line(row, ink)).collect()
    }
}

/// Neighbours of one colour are painted together.
fn line(row: &[Cell], ink: Ink) -> String {
    let is_seen = |cell: &Cell| seen(cell).is_some_and(|(letter, _)| letter != ' ');
    let shown = row.iter().rposition(is_seen).map_or(0, |last| last + 1);
    let (mut text, mut run, mut color) = (String::new(), String::new(), None);
    for cell in &row[..shown] {
        let (letter, own) = seen(cell).map_or((' ', color), |(letter, own)| (letter, Some(own)));
        if own != color {
            text += &color.map_or(run.clone(), |color| ink.dye(color, &run));
            run.clear();
            color = own;
        }
        run.push(letter);
    }
    text + &color.map_or(run.clone(), |color| ink.dye(color, &run))
}

fn seen(cell: &Cell) -> Option<(char, Color)> {
    let dots = char::from_u32(0x2800 + u32::from(cell.dots)).filter(|_| cell.dots > 0);
    cell.letter.or(dots.map(|dots| (dots, cell.color))).or(cell.back)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::color::{BLACK, GREY, PALETTE};

    #[test]
    fn dots_make_letters_and_letters_cover_them() {
        let mut canvas = Canvas::new(3, 1);
        canvas.back(0, 0, '░', GREY);
        canvas.back(1, 0, '░', GREY);
        canvas.dot((0, 0), BLACK);
        canvas.dot((1, 3), BLACK);
        assert_eq!(canvas.lines(Ink(false)), ["⢁░"]);
        canvas.text(1, 0, "abc", BLACK);
        assert_eq!(canvas.lines(Ink(false)), ["⢁ab"]);
        assert!(!canvas.is_free(2, 0, 1), "beside a letter");
        canvas.dot((100, 100), BLACK);
        assert_eq!(Canvas::new(2, 2).lines(Ink(false)), ["", ""]);
    }

    #[test]
    fn neighbours_of_one_colour_are_painted_together() {
        let mut canvas = Canvas::new(4, 1);
        canvas.text(0, 0, "ab", PALETTE[2]);
        canvas.text(2, 0, "c", PALETTE[1]);
        let [line] = &canvas.lines(Ink(true))[..] else { panic!("one row") };
        assert_eq!(line.matches('\u{1b}').count(), 4, "{line:?}");
    }
}
