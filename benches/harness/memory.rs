//! Memory: what a request in flight takes, and that those who have left take nothing.

use super::Goal;
use super::child::peak;
use super::clock::median;
use crate::hand::{Mm1, Model as _};

/// Processes for each median: where the system puts a program is worth a few per cent of a small one.
const PROCESSES: u32 = 5;

/// The median of peaks of memory in bytes; none where the system does not tell.
fn usual_peak(scenario: &str) -> Option<f64> {
    (0..PROCESSES).map(|_| peak(scenario)).collect::<Option<Vec<f64>>>().map(median)
}

/// Everybody who comes within a second is still there at its end.
pub(super) fn in_flight() -> Vec<Goal> {
    let text = |requests: u32| {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{requests}/s\" }}\n\
             [station.desk]\nservers = \"infinite\"\nservice-time = {{ exponential = \"1000s\" }}\n\
             [run]\nwarm-up = \"0s\"\nduration = \"1s\"\n"
        )
    };
    let (Some(few), Some(many)) = (usual_peak(&text(100_000)), usual_peak(&text(1_000_000))) else { return Vec::new() };
    vec![Goal::at_most("memory of a request in flight", 128.0, "bytes", (many - few) / 900_000.0)]
}

/// A few per cent are no growth: with more requests come longer lines, and rarer values for the histograms.
pub(super) fn served() -> Vec<Goal> {
    let text = |customers: u32| Mm1 { load: 0.8, customers }.scenario();
    let (Some(few), Some(many)) = (usual_peak(&text(1_000_000)), usual_peak(&text(10_000_000))) else {
        return Vec::new();
    };
    vec![Goal::at_most("memory of a run of 10⁷ requests to one of 10⁶", 1.05, "×", many / few)]
}
