//! What a sweep found out.

use serde::Serialize;

use super::{Fits, Results};

/// Everything that `knee sweep` reports.
#[derive(Debug, Clone, Serialize)]
pub struct SweepResults {
    /// What was varied.
    pub axis: Vec<Axis>,
    /// A result for each value.
    pub points: Vec<SweepPoint>,
    /// The sweep was interrupted: some points have fewer replications than asked for, or none.
    pub partial: bool,
    /// How many replications were asked for at each point.
    pub replications: u32,
    /// Where the curve bends; none where it does so outside the sweep, if no point is stable, if
    /// the values are words, or if the sweep was interrupted.
    pub knee: Option<Knee>,
    /// Fitted laws and the serial part, where the axis is a size.
    pub fits: Fits,
}

/// One varied path and its values.
#[derive(Debug, Clone, Serialize)]
pub struct Axis {
    /// The dotted path (of the first, where several move together).
    pub path: String,
    /// The values, as numbers in SI units; of words, their indices.
    pub values: Vec<f64>,
    /// The values as they were written.
    pub labels: Vec<String>,
}

/// One point of a sweep.
#[derive(Debug, Clone, Serialize)]
pub struct SweepPoint {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// What was found there.
    pub result: Results,
}

/// Where the curve bends: the point of greatest power, throughput over latency (Kleinrock 1979).
#[derive(Debug, Clone, Serialize)]
pub struct Knee {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// Total throughput there, per second.
    pub throughput: f64,
    /// Mean latency there, over all workloads, in seconds.
    pub latency: f64,
}

impl SweepResults {
    /// The stable point of greatest power, throughput over mean latency (Kleinrock 1979, "Power and
    /// deterministic rules of thumb"), wherever it lies; none if no point is stable.
    pub fn best(&self) -> Option<Knee> {
        let stable = self.points.iter().filter(|point| point.result.unstable.is_empty());
        let candidates = stable.filter_map(|point| {
            let (throughput, latency) = totals(&point.result)?;
            Some(Knee { at: point.at.clone(), throughput, latency })
        });
        candidates.max_by(|a, b| (a.throughput / a.latency).total_cmp(&(b.throughput / b.latency)))
    }
}

/// Throughput of all workloads, and the mean latency of their requests.
fn totals(results: &Results) -> Option<(f64, f64)> {
    let (mut throughput, mut weighted) = (0.0, 0.0);
    for workload in results.workloads.values() {
        if let (Some(rate), Some(latency)) = (workload.throughput.value, workload.latency.mean.value) {
            throughput += rate;
            weighted += rate * latency;
        }
    }
    (throughput > 0.0 && weighted > 0.0).then(|| (throughput, weighted / throughput))
}
