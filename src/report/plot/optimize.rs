//! The picture of a search for the cheapest configuration: cost against latency, and the frontier.

use super::picture::Picture;
use super::sheet::{CELL, WIDE, in_cell, sheet};
use crate::experiment::results::OptimizeResults;
use crate::report::graph::optimize::graph;
use crate::report::reading::{named_shortly, number};

/// The page with it.
pub(super) fn picture(results: &OptimizeResults) -> Picture {
    let sure = number(100.0 * results.confidence);
    let note = format!(
        "{}: seed {}, decisions at {sure} % confidence, knee {}; bars are 95 % confidence intervals",
        named_shortly(&results.file, &results.set),
        results.seed,
        results.version
    );
    sheet(&results.title, vec![vec![in_cell(WIDE, &graph(results))]], &note)
}

/// Every configuration that was simulated is a dot.
pub(in crate::report) fn configurations(results: &OptimizeResults) -> Picture {
    in_cell(CELL, &graph(results))
}
