//! What a search for the capacity found out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Bottleneck, Estimate, ObjectiveResult, Unsettled, WorkloadResult};

/// Everything that `knee capacity` reports.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CapacityResults {
    /// The scenario's title.
    pub title: String,
    /// The file.
    pub file: String,
    /// What the command line replaced in it, `path=value`, or took out, `-path`; but for how it is run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// What was turned: the load of all workloads (`run.load`), or one path.
    pub path: String,
    /// Whether the highest or the lowest value was looked for.
    pub find: Find,
    /// The unit in which its values are written; empty for bare numbers.
    pub unit: String,
    /// What the scenario says today; none where it says nothing.
    pub today: Option<f64>,
    /// The furthest value at which every objective holds; none if there is none.
    pub capacity: Option<Limit>,
    /// By how much today's value may still grow, as a share of it; negative where it is too much already.
    pub headroom: Option<f64>,
    /// The probability with which each decision is right, at least.
    pub confidence: f64,
    /// What ends it.
    pub ended_by: Ended,
    /// The objective that fails beyond it.
    pub binding: Option<Binding>,
    /// Where the scenario is at its limit: what its workloads experience.
    pub workloads: BTreeMap<String, WorkloadResult>,
    /// And the busiest station.
    pub bottleneck: Option<Bottleneck>,
    /// Every value that was tried, ascending.
    pub trials: Vec<Trial>,
    /// The search was interrupted, or values remained open at which runs were stopped.
    pub partial: bool,
    /// The limit at which runs were stopped, so that they decide nothing: `livelock`, `events`, `in-flight` or `memory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Where random streams start.
    pub seed: u64,
    /// The version of knee.
    pub version: &'static str,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Find {
    /// The highest value: of a load.
    Highest,
    /// The lowest value: of a size.
    Lowest,
}

/// How far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limit {
    /// The furthest value at which every objective was decided to hold.
    pub value: f64,
    /// From there to the nearest value at which one was decided to fail: the limit lies between; both ends are the same
    /// where nothing failed.
    pub interval: [f64; 2],
}

/// What ended the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// An objective fails beyond the limit.
    Objective,
    /// A station is overloaded beyond the limit.
    Overload,
    /// The range has no further values, and nothing failed.
    Range,
    /// What lies beyond could not be decided.
    Undecided,
    /// There is no value at which every objective holds.
    Nowhere,
    /// It was interrupted.
    Interrupted,
}

/// The objective that fails first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Binding {
    /// Its name.
    pub name: String,
    /// Its condition, as written.
    pub require: String,
}

/// One value that was tried.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trial {
    /// The value.
    pub at: f64,
    /// As it is written in the scenario.
    pub written: String,
    /// What was decided.
    pub outcome: Outcome,
    /// Replications that it took; none were run where a station is overloaded.
    pub replications: u32,
    /// How long each was measured, in seconds, where those of the scenario's own length had not settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<f64>,
    /// Where even those had not: how the number in system still changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Unsettled>,
    /// The limit at which a run was stopped, or that it would have reached for certain, so that nothing was decided:
    /// `livelock`, `events`, `in-flight` or `memory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Stations whose offered load is at least their capacity, with that load.
    pub overloaded: BTreeMap<String, f64>,
    /// The objectives, each decided at the confidence.
    pub objectives: Vec<ObjectiveResult>,
    /// What they are about, with 95 % intervals, in the same order.
    pub measured: Vec<Estimate>,
}

/// What was decided of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every objective holds.
    Holds,
    /// An objective fails.
    Fails,
    /// An objective fails that asks for more: a throughput that is not even offered, a cost that grows with the size.
    TooEasy,
    /// A station is overloaded: there is no steady state.
    Overloaded,
    /// It could not be told.
    Undecided,
}
