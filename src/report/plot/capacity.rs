//! The picture of a search for the capacity: what was measured at each value, its limit, and where it fails.

use super::picture::{Picture, Point};
use super::sheet::{CELL, WIDE, in_cell, sheet};
use crate::experiment::results::CapacityResults;
use crate::report::graph::capacity::graphs;
use crate::report::reading::{named_shortly, number};

/// A picture for each of the first few objectives, one below the other.
pub(super) fn picture(results: &CapacityResults) -> Picture {
    let sure = number(100.0 * results.confidence);
    let note = format!(
        "{}: seed {}, decisions at {sure} % confidence, knee {}; bars are 95 % confidence intervals",
        named_shortly(&results.file, &results.set),
        results.seed,
        results.version
    );
    sheet(&results.title, panels(results, WIDE).into_iter().map(|panel| vec![panel]).collect(), &note)
}

/// A picture for each of them.
pub(in crate::report) fn objectives(results: &CapacityResults) -> Vec<Picture> {
    panels(results, CELL)
}

/// Each says what its axis is, since it may stand by itself.
fn panels(results: &CapacityResults, size: Point) -> Vec<Picture> {
    let mut graphs = graphs(results);
    let path = graphs.last().map_or_else(String::new, |graph| graph.says[2].clone());
    graphs.iter_mut().for_each(|graph| graph.says[2].clone_from(&path));
    graphs.iter().map(|graph| in_cell(size, graph)).collect()
}
