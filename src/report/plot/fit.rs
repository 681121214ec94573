//! The picture of a fit: what was measured, and what the law says.

use super::figure;
use super::picture::Picture;
use crate::measure::Findings;
use crate::report::graph::fit::graph;

/// A page with one panel.
pub(in crate::report) fn picture(findings: &Findings) -> Picture {
    let files: Vec<&str> = findings.origin.files.iter().map(|file| file.0.as_str()).collect();
    let note = format!("{} requests; dashed: the law that was fitted", findings.origin.requests);
    figure::page(&files.join(", "), &[graph(findings)], &note)
}
