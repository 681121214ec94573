//! Where requests spent their time, and what would make them faster.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Difference;

/// What `knee run --why` says.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Why {
    /// By workload.
    pub workloads: BTreeMap<String, WhyWorkload>,
    /// What a station that is twice as fast would change, for those where most time is spent; empty where there is
    /// nothing that could be compared.
    pub faster: Vec<Faster>,
    /// It was interrupted: fewer requests were followed, or stations made faster, than would have been.
    pub partial: bool,
}

/// Where the requests of a workload spent their time.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WhyWorkload {
    /// Requests that were followed, all of them answered.
    pub requests: usize,
    /// One in so many was followed.
    pub one_in: u64,
    /// Of all of them.
    pub mean: Band,
    /// Of those around the median: from the 45th to the 55th percentile.
    pub p50: Band,
    /// Of those around the 99th percentile: from the 98.5th to the 99.5th.
    pub p99: Band,
}

/// Requests whose latencies are near each other.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Band {
    /// How many there are.
    pub requests: usize,
    /// Their mean latency; none where there are too few of them.
    pub latency_s: Option<f64>,
    /// What it consists of, the longest first; its times add up to the latency.
    pub parts: Vec<WhyPart>,
    /// Why nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// A part of a latency.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WhyPart {
    /// `wait`, `service`, `hold`, `network`, `retry`, `pause`, `other`.
    pub cause: &'static str,
    /// At which station, if it was at one.
    pub station: Option<String>,
    /// Mean over the requests of the band.
    pub time_s: f64,
    /// The same as a share of their latency.
    pub share: f64,
}

/// What it would change if a station were twice as fast.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Faster {
    /// The station.
    pub station: String,
    /// How many times as fast.
    pub factor: f64,
    /// How latencies change, in pairs of replications.
    pub changes: Vec<Difference>,
}
