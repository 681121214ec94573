//! What happened to messages.

use serde::{Deserialize, Serialize};

use super::{Estimate, Times};

/// What happened to the messages of one queue. Counts are totals over replications.
///
/// Messages are neither made nor lost: those at the start, published and republished are those acknowledged,
/// dead-lettered, lost and at the end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct QueueResult {
    /// Messages that wait for delivery, on average over time.
    pub depth: Estimate,
    /// Most that waited at one time, over all replications.
    pub depth_max: u64,
    /// From publication to first delivery, in seconds: the mean.
    pub lag: Estimate,
    /// Its 99th percentile.
    pub lag_p99: Estimate,
    /// Its greatest value, over all replications.
    pub lag_max: Option<f64>,
    /// With an outbox: from being written down to publication, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_delay: Option<Times>,
    /// Messages published for the first time.
    pub published: u64,
    /// Messages published again by a relay that had not noted it.
    pub republished: u64,
    /// Deliveries.
    pub delivered: u64,
    /// Deliveries of messages that had been delivered before.
    pub redelivered: u64,
    /// Times that processing a message had its effect.
    pub effects: u64,
    /// Effects of messages that had had theirs.
    pub duplicates: u64,
    /// Effects that an inbox prevented.
    pub suppressed: u64,
    /// Messages acknowledged.
    pub acknowledged: u64,
    /// Messages given up after too many deliveries.
    pub dead_lettered: u64,
    /// Messages whose only delivery failed.
    pub lost: u64,
    /// Messages, waiting or delivered, when the window began.
    pub at_start: u64,
    /// Messages, waiting or delivered, when it ended.
    pub at_end: u64,
}
