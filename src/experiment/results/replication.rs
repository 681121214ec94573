//! What copies of data showed their readers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Estimate;

/// What the copies of one database showed, and what became of its writes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReplicationResult {
    /// Reads per second.
    pub reads: Estimate,
    /// Committed writes per second.
    pub writes: Estimate,
    /// Share of reads that were shown something older than what was committed when they began.
    pub stale_read_ratio: Estimate,
    /// Of stale reads, in seconds: how long ago the oldest write that they missed was committed.
    pub staleness: Estimate,
    /// Share of reads that missed an earlier write of their own session.
    pub read_your_writes_violations: Estimate,
    /// Share of reads that were shown one of the last 1, 2, …, 10 committed versions.
    pub within_versions: Vec<Estimate>,
    /// How long a write takes to reach a copy, in seconds, from its commit or, if it is not committed
    /// before copies have it, from its sending.
    pub lag: Lag,
    /// Writes on their way to copies, on average over time.
    pub in_flight: Estimate,
    /// Pairs of updates of one datum that had not seen each other, over all replications.
    pub conflicts: u64,
    /// The same per second.
    pub conflict_rate: Estimate,
    /// By primary, where there are several: share of its updates that are in conflict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflict_ratio: Vec<Estimate>,
    /// Committed writes that are gone, over all replications: overwritten by one that had not seen them, or missing on
    /// the copy that became primary.
    pub lost_writes: u64,
    /// How often another copy became primary, over all replications, where that is possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failovers: Option<u64>,
    /// For how long there was no primary, in seconds of each replication: the sum over the shards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable_s: Option<Estimate>,
    /// By probe, for each time after a write: the share of reads that were shown it or a newer one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub probes: BTreeMap<String, Vec<ProbePoint>>,
}

/// How long writes take to reach a copy, in seconds.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Lag {
    /// Mean.
    pub mean: Estimate,
    /// 99th percentile.
    pub p99: Estimate,
    /// Greatest, over all replications.
    pub max: Option<f64>,
}

/// Reads some time after a write.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProbePoint {
    /// How long after the commit they begin, in seconds.
    pub after_s: f64,
    /// The share that was shown the write, or a newer one.
    pub consistent: Estimate,
}
