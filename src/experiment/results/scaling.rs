//! How many there were of what is scaled.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// The replicas of a component, or the servers of a station, that are scaled. Counts are totals over replications.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScalingResult {
    /// In service, on average over time.
    pub replicas: Estimate,
    /// Fewest that were in service at one time, over all replications.
    pub min: u32,
    /// Most that were in service at one time, over all replications.
    pub max: u32,
    /// Paid for, on average over time: in service, booting or draining.
    pub paid: Estimate,
    /// What they add up to: the sum over replicas of the hours for which each was paid.
    pub replica_hours: Estimate,
    /// How often more were asked for.
    pub scaled_out: u64,
    /// How often fewer were asked for.
    pub scaled_in: u64,
}
