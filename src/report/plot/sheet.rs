//! Pictures on a common page, side by side and one below the other.

use super::panel::Frame;
use super::picture::{Anchor, GREY, Picture, Point};

/// The size of a picture with one panel.
pub(super) const CELL: Point = (480.0, 360.0);
/// How far apart the left ends of pictures in a row are.
const STEP: f64 = 470.0;
/// Above the first row.
const TOP: f64 = 44.0;
const MARGIN: f64 = 24.0;

/// An empty picture for one panel, and where its axes are.
pub(super) fn cell() -> (Picture, Frame) {
    let frame = Frame { left: 70.0, top: 60.0, width: 310.0, height: 250.0, right: CELL.0 };
    (Picture::new(CELL.0, CELL.1), frame)
}

/// A page with a title, rows of pictures, and a note on where the numbers are from.
pub(super) fn sheet(title: &str, rows: Vec<Vec<Picture>>, note: &str) -> Picture {
    let mut page = Picture::new(2.0 * CELL.0, TOP);
    page.heading((MARGIN, 26.0), title, 16.0);
    for row in rows {
        let height = row.iter().map(|picture| picture.height).fold(0.0, f64::max);
        for (column, picture) in row.into_iter().enumerate() {
            page.place((column as f64 * STEP, page.height), picture);
        }
        page.height += height;
    }
    page.text((MARGIN, page.height + 20.0), note, GREY, Anchor::Start);
    page.height += 36.0;
    page
}
