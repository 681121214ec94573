//! What a search for the cheapest configuration found out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Axis, Estimate, ObjectiveResult};

/// Everything that `knee optimize` reports.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OptimizeResults {
    /// The scenario's title.
    pub title: String,
    /// The file.
    pub file: String,
    /// What the command line replaced in it, `path=value`, or took out, `-path`; but for how it is run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// What was varied.
    pub axis: Vec<Axis>,
    /// The latency that the frontier is about, such as `shoppers.latency.p99`.
    pub metric: String,
    /// The cheapest configuration with which every objective was decided to hold; none if there is none.
    pub cheapest: Option<Configuration>,
    /// Where there is none: which of those that were simulated came closest.
    pub closest: Option<Closest>,
    /// How many there were.
    pub counts: Counts,
    /// Why the search ended.
    pub ended_by: Stopped,
    /// The probability with which each decision is right, at least.
    pub confidence: f64,
    /// All configurations, in ascending order of what they cost at least.
    pub configurations: Vec<Configuration>,
    /// The search was interrupted, or runs were stopped.
    pub partial: bool,
    /// The limit at which runs were stopped, so that they decide nothing: `livelock`, `events`, `in-flight` or `memory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Where random streams start.
    pub seed: u64,
    /// The version of knee.
    pub version: &'static str,
}

impl Configuration {
    /// Whether it was simulated, and not stopped at a limit.
    pub fn is_simulated(&self) -> bool {
        self.replications > 0 && self.stopped.is_none()
    }
}

/// One combination of values.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Configuration {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// The same as written in the scenario.
    pub written: Vec<String>,
    /// Dollars an hour; of one that was not simulated, the least that it may cost.
    pub cost: Estimate,
    /// Dollars a million successful requests, on average; none where it was not simulated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_million_requests: Option<f64>,
    /// What is known of it.
    pub status: Status,
    /// The limit at which a run was stopped, so that nothing was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Replications that it took.
    pub replications: u32,
    /// The latency that the frontier is about, in seconds.
    pub latency: Estimate,
    /// It is clearly faster than all that were simulated and cost no more: its 95 % interval lies below theirs.
    pub frontier: bool,
    /// Stations whose offered load is at least their capacity, with that load.
    pub overloaded: BTreeMap<String, f64>,
    /// The objectives, each decided at the confidence; none where it was not simulated.
    pub objectives: Vec<ObjectiveResult>,
    /// What they are about, with 95 % intervals, in the same order.
    pub measured: Vec<Estimate>,
}

/// What is known of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Every objective holds.
    Holds,
    /// An objective fails.
    Fails,
    /// It could not be told.
    Undecided,
    /// A station is overloaded: it was not simulated.
    Overloaded,
    /// It costs more than one that holds: it was not simulated.
    Dearer,
    /// The search ended before.
    Untried,
}

/// Why the search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// All others cost more than the one that was found.
    Found,
    /// Every configuration was looked at.
    Exhausted,
    /// As many were simulated as were allowed.
    Budget,
    /// It was interrupted.
    Interrupted,
}

/// The configuration that came closest.
#[derive(Debug, Clone, Serialize)]
pub struct Closest {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// The same as written in the scenario.
    pub written: Vec<String>,
    /// Dollars an hour.
    pub cost: Estimate,
    /// The objectives that were not decided to hold.
    pub misses: Vec<ObjectiveResult>,
}

/// How many configurations there were of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub configurations: usize,
    /// Ruled out without being simulated, since a station is overloaded.
    pub overloaded: usize,
    /// Ruled out without being simulated, since they cost more than one that holds.
    pub dearer: usize,
    /// Simulated.
    pub simulated: usize,
    /// Simulated, and every objective holds.
    pub hold: usize,
    /// Simulated, and an objective fails.
    pub fail: usize,
    /// Simulated, and it could not be told.
    pub undecided: usize,
    /// Not looked at, since the search ended before.
    pub untried: usize,
}
