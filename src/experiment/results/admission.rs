//! Who was let in.

use serde::{Deserialize, Serialize};

use super::{Estimate, Times};

/// Who was let in at the door of a component. Counts are totals over replications; those who came are admitted or
/// refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AdmissionResult {
    /// Requests let in, at once or later.
    pub admitted: u64,
    /// Requests turned away.
    pub refused: u64,
    /// Requests let in per second.
    pub throughput: Estimate,
    /// The share of those who came that was turned away.
    pub refused_ratio: Estimate,
    /// How long those who were let in waited for it, in seconds, where some may have to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Times>,
    /// Requests inside, on average over time, where their number is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Estimate>,
    /// How many may be inside of one replica, on average over time, where all share one limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Estimate>,
}
