//! The picture of a search for the cheapest configuration: cost against latency, and the frontier.

use super::panel::{Frame, draw};
use super::picture::{Anchor, Picture};
use crate::experiment::results::OptimizeResults;
use crate::report::graph::color::GREY;
use crate::report::graph::optimize::graph;
use crate::report::reading::{named_shortly, number};

/// One panel: every configuration that was simulated is a dot.
pub(in crate::report) fn picture(results: &OptimizeResults) -> Picture {
    let mut picture = Picture::new(760.0, 520.0);
    picture.heading((24.0, 26.0), &results.title, 16.0);
    let frame = Frame { left: 84.0, top: 104.0, width: 530.0, height: 320.0, right: 752.0 };
    draw(&mut picture, frame, &graph(results));
    let sure = number(100.0 * results.confidence);
    let note = format!(
        "{}: seed {}, decisions at {sure} % confidence, knee {}; bars are 95 % confidence intervals",
        named_shortly(&results.file, &results.set),
        results.seed,
        results.version
    );
    picture.text((24.0, 504.0), &note, GREY, Anchor::Start);
    picture
}
