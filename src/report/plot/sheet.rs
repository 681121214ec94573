//! Pictures on a common page, side by side and one below the other.

use super::panel::{Frame, draw};
use super::picture::{Anchor, GREY, Picture, Point, TEXT_SIZE};
use super::words::wrapped;
use crate::report::graph::Graph;

/// The size of a picture with one panel.
pub(super) const CELL: Point = (480.0, 360.0);
/// The size of one that has a page to itself.
pub(super) const WIDE: Point = (760.0, 400.0);
/// Left of the title and of the note.
const MARGIN: f64 = 24.0;
const TITLE: f64 = 16.0;

/// An empty picture for one panel, and where its axes are: with room for names on the right, more on a wide one.
pub(super) fn cell((width, height): Point) -> (Picture, Frame) {
    let names = (0.19 * width).clamp(100.0, 140.0);
    let frame =
        Frame { left: 70.0, top: 60.0, width: width - 70.0 - names, height: height - 110.0, right: width - 2.0 };
    (Picture::new(width, height), frame)
}

/// A picture of one graph.
pub(super) fn in_cell(size: Point, graph: &Graph) -> Picture {
    let (mut picture, frame) = cell(size);
    draw(&mut picture, frame, graph);
    picture
}

/// A page with a title, rows of pictures, and a note on where the numbers are from.
pub(super) fn sheet(title: &str, rows: Vec<Vec<Picture>>, note: &str) -> Picture {
    let widths = rows.iter().map(|row| row.iter().map(|picture| picture.width).sum());
    let width: f64 = widths.fold(CELL.0, f64::max);
    let mut page = Picture::new(width, 26.0);
    for line in wrapped(title, width - 2.0 * MARGIN, TITLE, true) {
        page.heading((MARGIN, page.height), &line, TITLE);
        page.height += 20.0;
    }
    for row in rows {
        let height = row.iter().map(|picture| picture.height).fold(0.0, f64::max);
        let mut left = 0.0;
        for picture in row {
            let across = picture.width;
            page.place((left, page.height), picture);
            left += across;
        }
        page.height += height;
    }
    page.height += 18.0;
    for line in wrapped(note, width - 2.0 * MARGIN, TEXT_SIZE, false) {
        page.text((MARGIN, page.height), &line, GREY, Anchor::Start);
        page.height += 15.0;
    }
    page
}

/// Pictures in rows, so many in each.
pub(super) fn in_rows(pictures: Vec<Picture>, each: usize) -> Vec<Vec<Picture>> {
    let mut rows: Vec<Vec<Picture>> = Vec::new();
    for picture in pictures {
        match rows.last_mut().filter(|row| row.len() < each) {
            Some(row) => row.push(picture),
            None => rows.push(vec![picture]),
        }
    }
    rows
}
