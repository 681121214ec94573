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
    /// Some points have fewer replications than asked for, or none, or some that were stopped.
    pub partial: bool,
    /// The limit at which runs were stopped: `livelock`, `events`, `in-flight` or `memory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// All points are there, finished or not: it was not interrupted while they were built.
    #[serde(skip)]
    pub whole: bool,
    /// How many replications were asked for at each point.
    pub replications: u32,
    /// Where the curve bends, of several curves the one with the greatest power there; none where it does so outside
    /// the sweep, if no point is stable, if the values of the first axis are words, or if the sweep was interrupted.
    pub knee: Option<Knee>,
    /// With several axes: where each curve along the first bends, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knees: Option<Vec<Knee>>,
    /// Fitted laws and the serial part, where the axis is a size.
    pub fits: Fits,
}

/// One varied path and its values.
#[derive(Debug, Clone, Serialize)]
pub struct Axis {
    /// The dotted path (of the first, where several move together).
    pub path: String,
    /// The other paths, where several move together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// The values, as numbers in SI units; of words, their indices.
    pub values: Vec<f64>,
    /// The values as they were written.
    pub labels: Vec<String>,
    /// The values are quantities, and not words.
    #[serde(skip)]
    pub ordered: bool,
}

impl Axis {
    /// A value as it was written.
    pub fn written(&self, value: f64) -> String {
        let index = self.values.iter().position(|&other| other == value);
        index.and_then(|index| self.labels.get(index)).cloned().unwrap_or_else(|| value.to_string())
    }
}

/// One point of a sweep.
#[derive(Debug, Clone, Serialize)]
pub struct SweepPoint {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// What was found there.
    pub result: Results,
}

/// Where a curve bends: the point of greatest power, throughput over latency (Giessler et al. 1978; Kleinrock 1979,
/// "Power and deterministic rules of thumb for probabilistic problems in computer communications").
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Knee {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// Total throughput there, per second.
    pub throughput: f64,
    /// Mean latency there, over all workloads, in seconds.
    pub latency: f64,
    /// From the least to the greatest value on the first axis up to which power cannot be told from that at the knee:
    /// the 95 % interval of the difference has zero in it, paired by replication. None with one replication.
    pub range: Option<[f64; 2]>,
}

impl SweepPoint {
    /// Throughput of all workloads, per second, and the mean latency of their requests, in seconds; none where nothing
    /// was answered.
    pub fn totals(&self) -> Option<(f64, f64)> {
        let (mut throughput, mut weighted) = (0.0, 0.0);
        for workload in self.result.workloads.values() {
            if let (Some(rate), Some(latency)) = (workload.throughput.value, workload.latency.mean.value) {
                throughput += rate;
                weighted += rate * latency;
            }
        }
        (throughput > 0.0 && weighted > 0.0).then(|| (throughput, weighted / throughput))
    }
}

impl Knee {
    /// Throughput over mean latency.
    pub fn power(&self) -> f64 {
        self.throughput / self.latency
    }
}

impl SweepResults {
    /// Whether somebody interrupted it, so that points are missing or lack replications.
    pub fn is_interrupted(&self) -> bool {
        let lacks = |point: &SweepPoint| point.result.scenario.partial && point.result.scenario.stopped.is_none();
        !self.whole || self.points.iter().any(lacks)
    }

    /// The stable point of greatest power, throughput over mean latency, wherever it lies; none if no point is stable.
    pub fn best(&self) -> Option<Knee> {
        best(self.points.iter())
    }

    /// The points in curves along the first axis: one for each combination of values on the others, in the order in
    /// which they are found first.
    pub fn curves(&self) -> Vec<Vec<&SweepPoint>> {
        let mut curves: Vec<Vec<&SweepPoint>> = Vec::new();
        let others = |point: &SweepPoint| point.at.get(1..).unwrap_or_default().to_vec();
        for point in &self.points {
            match curves.iter_mut().find(|curve| others(curve[0]) == others(point)) {
                Some(curve) => curve.push(point),
                None => curves.push(vec![point]),
            }
        }
        curves
    }
}

/// The stable point of greatest power, of those whose runs were not stopped.
pub(in crate::experiment) fn best<'a>(points: impl Iterator<Item = &'a SweepPoint>) -> Option<Knee> {
    let is_whole = |point: &&SweepPoint| point.result.unstable.is_empty() && point.result.scenario.stopped.is_none();
    let stable = points.filter(is_whole);
    let candidates = stable.filter_map(|point| {
        let (throughput, latency) = point.totals()?;
        Some(Knee { at: point.at.clone(), throughput, latency, range: None })
    });
    candidates.max_by(|a, b| a.power().total_cmp(&b.power()))
}
