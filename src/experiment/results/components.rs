//! What caches and optimistic attempts did.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// What a cache did, over all its nodes. Counts are totals over replications.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CacheResult {
    /// Hits over lookups.
    pub hit_ratio: Estimate,
    /// Entries there, on average over time.
    pub entries: Estimate,
    /// Lookups that found their key.
    pub hits: u64,
    /// Lookups that did not.
    pub misses: u64,
    /// Misses that waited for another one's answer.
    pub coalesced: u64,
    /// Entries that had to make room for others.
    pub evictions: u64,
    /// Entries that became too old.
    pub expired: u64,
    /// Entries that were renewed in the background.
    pub refreshed: u64,
    /// Entries that were lost with their node.
    pub lost: u64,
}

/// What became of optimistic attempts.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OptimisticResult {
    /// Attempts that committed, per second.
    pub commits: Estimate,
    /// Attempts undone because another had committed, per second.
    pub aborts: Estimate,
    /// Aborts over all attempts that ended in one or the other.
    pub abort_ratio: Estimate,
}

/// Keys spread over shards: known beforehand, from the keys of the workloads.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ShardingResult {
    /// The policy.
    pub by: String,
    /// How many shards.
    pub shards: u32,
    /// The share of requests that the hottest shard gets.
    pub hottest_share: Option<f64>,
    /// The share of the keys that would be on another shard if there were one more.
    pub moved_by_one_more: Option<f64>,
}
