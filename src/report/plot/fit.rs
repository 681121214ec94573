//! The picture of a fit: what was measured, and what the law says.

use super::picture::Picture;
use super::sheet::{CELL, WIDE, in_cell, sheet};
use crate::measure::Findings;
use crate::report::graph::fit::graph;

/// The page with it.
pub(super) fn picture(findings: &Findings) -> Picture {
    let files: Vec<&str> = findings.origin.files.iter().map(|file| file.0.as_str()).collect();
    let note = format!("{} requests; dashed: the law that was fitted", findings.origin.requests);
    sheet(&files.join(", "), vec![vec![in_cell(WIDE, &graph(findings))]], &note)
}

/// How long requests take: as measured, and as the fitted law says.
pub(in crate::report) fn tail(findings: &Findings) -> Picture {
    in_cell(CELL, &graph(findings))
}
