//! Pictures of results, as SVG for pages and PNG for slides.
//!
//! A `picture` is a list of shapes in points (1/96 inch); `render` paints it through
//! plotters. Colours are those of Okabe and Ito (2008), told apart by people with any of the
//! common colour deficiencies; lines are labelled at their ends, so no legend is needed.

pub(in crate::report) mod architecture;
pub(in crate::report) mod capacity;
pub(in crate::report) mod compare;
mod cost;
mod figure;
pub(in crate::report) mod fit;
mod heat;
pub(in crate::report) mod law;
mod layered;
mod marks;
pub(in crate::report) mod optimize;
mod over_time;
mod panel;
pub(in crate::report) mod picture;
mod render;
pub(in crate::report) mod run;
mod sheet;
pub(in crate::report) mod sweep;
mod theory;
pub(in crate::report) mod why;
mod words;

use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use crate::measure::Findings;
pub use figure::{Axis, Chart, Figure, Line};
use picture::Picture;
pub(in crate::report) use render::extent;

/// The file format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Vectors, sharp at any size.
    Svg,
    /// Pixels, two for each point in either direction.
    Png,
}

/// Latency by workload, as the share of requests slower than t, beside utilization over time
/// by station.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn run(results: &Results, format: Format) -> Result<Vec<u8>, String> {
    finish(&run::picture(results), format)
}

/// Latency and throughput against what was varied, with 95 % confidence bands; the knee is
/// marked, overloaded points are shaded.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn sweep(results: &SweepResults, format: Format) -> Result<Vec<u8>, String> {
    finish(&sweep::picture(results), format)
}

/// The architecture: who calls whom, how often, and how busy everybody is.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn architecture(explanation: &Explanation, format: Format) -> Result<Vec<u8>, String> {
    finish(&architecture::picture(explanation), format)
}

/// What was measured at each value that a search for the capacity tried, and the limit.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn capacity(results: &CapacityResults, format: Format) -> Result<Vec<u8>, String> {
    finish(&capacity::picture(results), format)
}

/// By how much each metric of a comparison changes, with its interval.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn compare(results: &CompareResults, format: Format) -> Result<Vec<u8>, String> {
    finish(&compare::picture(results), format)
}

/// The curve of a law, with measurements and the 95 % band of a fit.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn law(answer: &Answer, format: Format) -> Result<Vec<u8>, String> {
    finish(&law::picture(answer), format)
}

/// How long requests take, as measured and as the fitted law says: the share of requests slower than t.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn fit(findings: &Findings, format: Format) -> Result<Vec<u8>, String> {
    finish(&fit::picture(findings), format)
}

/// Cost against latency of every configuration that a search simulated, with the frontier.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn optimize(results: &OptimizeResults, format: Format) -> Result<Vec<u8>, String> {
    finish(&optimize::picture(results), format)
}

/// Lines of one's own, in the style of the others.
///
/// # Errors
/// Where the picture cannot be drawn; the text says why.
pub fn figure(figure: &Figure, format: Format) -> Result<Vec<u8>, String> {
    finish(&figure::picture(figure), format)
}

fn finish(picture: &Picture, format: Format) -> Result<Vec<u8>, String> {
    match format {
        Format::Svg => render::svg(picture).map(String::into_bytes),
        Format::Png => render::png(picture),
    }
}

#[cfg(test)]
mod tests;
