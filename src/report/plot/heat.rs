//! How busy each station is over time, as a map: the darker, the busier.

use super::marks::{self, Mark};
use super::over_time::{self, Track};
use super::panel::{Frame, Panel};
use super::picture::{Anchor, BLACK, GREY, Group, PALETTE, Picture};
use super::render::width;
use super::sheet::CELL;
use super::words::fitted_apart;
use crate::experiment::results::Results;
use crate::report::graph::Scale;
use crate::report::quantity::{Kind, show};

/// Stations that have a row: the busiest ones.
const MOST_ROWS: usize = 20;
/// Columns, at most.
const COLUMNS: usize = 60;
const ROW: f64 = 16.0;
/// Room for names, at most.
const NAMES: f64 = 140.0;
/// One hue, from hardly any of it to all of it: on a dark page as on a light one.
const FAINTEST: f64 = 0.04;
/// Above the rows.
const HEADING: f64 = 60.0;
/// Below them.
const BELOW: f64 = 84.0;
/// Boxes of the key.
const KEY: i32 = 10;

/// Stations from the busiest down, time from left to right; none where there are not two of them.
pub(in crate::report) fn picture(results: &Results) -> Option<Picture> {
    let mut tracks = over_time::busy(results, COLUMNS);
    let hidden = tracks.len().saturating_sub(MOST_ROWS);
    tracks.truncate(MOST_ROWS);
    if tracks.len() < 2 {
        return None;
    }
    let marked = over_time::marks(results);
    let names: Vec<&str> = tracks.iter().rev().map(|track| track.name.as_str()).collect();
    let words = fitted_apart(&names, NAMES);
    let left = 30.0 + words.iter().map(|name| width(name)).fold(0.0, f64::max);
    let x = Scale::clock(end(&tracks));
    let rows = tracks.len() as f64 * ROW;
    let frame = Frame { left, top: HEADING, width: CELL.0 - 16.0 - left, height: rows, right: CELL.0 - 2.0 };
    let height = rows + marks::room(&marked, frame, &x);
    let mut picture = Picture::new(CELL.0, HEADING + height + BELOW);
    let scales = (x, Scale::words(&words));
    draw(&mut picture, Frame { height, ..frame }, scales, (&tracks, &marked), hidden);
    Some(picture)
}

fn end(tracks: &[Track]) -> f64 {
    tracks.iter().flat_map(|track| &track.pieces).map(|piece| piece.until).fold(0.0, f64::max)
}

fn draw(
    picture: &mut Picture,
    frame: Frame,
    scales: (Scale, Scale),
    (tracks, marks): (&[Track], &[Mark]),
    hidden: usize,
) {
    let busiest = match hidden {
        0 => "utilization, the busiest on top".to_owned(),
        more => format!("utilization, the busiest on top; {more} more are less busy"),
    };
    let says = ["How busy stations are over time", &busiest, "time since warm-up"];
    let mut panel = Panel::new(picture, frame, scales, says);
    panel.make_room(marks);
    for (row, track) in tracks.iter().enumerate() {
        let row = (tracks.len() - 1 - row) as f64;
        for piece in &track.pieces {
            let told = format!("{}, {}: {} busy", track.name, piece.when(), show(Kind::Ratio, Some(piece.value)));
            let corners = panel.corners((piece.from, piece.until), (row - 0.46, row + 0.46));
            let opacity = FAINTEST + (1.0 - FAINTEST) * piece.value.clamp(0.0, 1.0);
            panel.picture.group(Group::Told(told), |picture| picture.area(corners, PALETTE[0], opacity));
        }
    }
    panel.draw_marks(marks);
    panel.axes();
    key(picture, frame.left);
}

/// What the shades mean.
fn key(picture: &mut Picture, left: f64) {
    let (y, step) = (picture.height - 22.0, 14.0);
    picture.text((left, y), "idle", GREY, Anchor::Start);
    let start = left + width("idle") + 8.0;
    for index in 0..=KEY {
        let (x, share) = (start + f64::from(index) * step, f64::from(index) / f64::from(KEY));
        let corners = vec![(x, y - 6.0), (x + step, y - 6.0), (x + step, y + 6.0), (x, y + 6.0)];
        picture.area(corners, PALETTE[0], FAINTEST + (1.0 - FAINTEST) * share);
    }
    let end = start + f64::from(KEY + 1) * step;
    picture.text((end + 8.0, y), "100 % busy", BLACK, Anchor::Start);
}
