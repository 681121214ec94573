//! The picture of a search for the capacity: what was measured at each value, its limit, and where it fails.

use super::panel::{Frame, draw};
use super::picture::{Anchor, Picture};
use crate::experiment::results::CapacityResults;
use crate::report::graph::capacity::graphs;
use crate::report::graph::color::GREY;
use crate::report::reading::{named_shortly, number};

const TOP: f64 = 104.0;
const HEIGHT: f64 = 230.0;
const GAP: f64 = 84.0;

/// A panel for each of the first few objectives, one above the other.
pub(in crate::report) fn picture(results: &CapacityResults) -> Picture {
    let graphs = graphs(results);
    let count = graphs.len().max(1) as f64;
    let mut picture = Picture::new(760.0, TOP + count * (HEIGHT + GAP) + 20.0);
    picture.heading((24.0, 26.0), &results.title, 16.0);
    for (index, graph) in graphs.iter().enumerate() {
        let top = TOP + index as f64 * (HEIGHT + GAP);
        draw(&mut picture, Frame { left: 84.0, top, width: 530.0, height: HEIGHT, right: 752.0 }, graph);
    }
    let bottom = picture.height - 16.0;
    let sure = format!(
        "{}: seed {}, decisions at {} % confidence",
        named_shortly(&results.file, &results.set),
        results.seed,
        number(100.0 * results.confidence)
    );
    picture.text(
        (24.0, bottom),
        &format!("{sure}, knee {}; bars are 95 % confidence intervals", results.version),
        GREY,
        Anchor::Start,
    );
    picture
}
