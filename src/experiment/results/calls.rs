//! What became of calls that are protected.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// What the calls of one place, or of one workload, did. Counts are totals over replications.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CallResult {
    /// Attempts over calls: how much load the retries add, copies apart.
    pub attempts_per_call: Estimate,
    /// Copies over attempts: how much load the hedges add.
    pub hedges_per_attempt: Estimate,
    /// Calls begun.
    pub calls: u64,
    /// Attempts made: the first of each call, and retries.
    pub attempts: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Retries that there would have been, had the budget had anything left.
    pub retries_denied: u64,
    /// Copies sent besides the first of each attempt.
    pub hedges: u64,
    /// Those whose answer was the first.
    pub hedge_wins: u64,
    /// Attempts that an open breaker rejected.
    pub breaker_rejected: u64,
    /// How often a breaker opened.
    pub breaker_opened: u64,
    /// Calls that failed and were replaced by their fallback.
    pub fallbacks: u64,
    /// Work dropped because its deadline, which travels, had passed.
    pub expired: u64,
}
