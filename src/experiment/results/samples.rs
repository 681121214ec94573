//! What is behind the estimates: values of single replications, requests, curves.

use serde::{Deserialize, Serialize};

use crate::model::Metric;

/// A percentile that the sample cannot support: less than one answer would lie beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The metric.
    pub metric: String,
    /// Answers that there were.
    pub answers: u64,
    /// Answers that it takes.
    pub needs: u64,
}

/// What the run was still changing: the number in system, of all stations together, on average over time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unsettled {
    /// In the first half of the window.
    pub from: f64,
    /// In the second half.
    pub to: f64,
}

/// How exact a metric was to be, and is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PrecisionResult {
    /// The metric.
    pub metric: String,
    /// The half-width asked for, as written.
    pub within: String,
    /// The half-width of its 95 % interval; none where it could not be estimated.
    pub half_width: Option<f64>,
    /// Whether it is narrow enough.
    pub met: bool,
    /// Replications after which it would have been given up.
    pub most: u32,
}

/// What each replication said of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The metric.
    pub metric: Metric,
    /// By number of the replication: not a number where it was not finished, or could not tell.
    pub values: Vec<f64>,
}

/// Curves for pictures.
#[derive(Debug, Clone, Default)]
pub struct Curves {
    /// By workload: points (latency in seconds, share of requests that took longer), decreasing.
    pub survival: Vec<(String, Vec<(f64, f64)>)>,
    /// By station that can saturate: (time since warm-up in seconds, utilization), averaged over replications.
    pub utilization: Vec<(String, Vec<(f64, f64)>)>,
    /// By station: (time since warm-up in seconds, mean number in system), averaged over replications.
    pub in_system: Vec<(String, Vec<(f64, f64)>)>,
}

/// One request, for `--jobs`.
#[derive(Debug, Clone)]
pub struct JobRecord {
    /// Which replication.
    pub replication: u32,
    /// Index of the request within its workload, from 0, in order of issue.
    pub index: u64,
    /// Its workload.
    pub workload: String,
    /// Its operation, or empty.
    pub operation: String,
    /// When it was issued, in seconds from the end of warm-up.
    pub issued_s: f64,
    /// When it was answered or failed.
    pub ended_s: f64,
    /// `ok`, `rejected`, `timed-out`, `failed` or `abandoned`.
    pub outcome: &'static str,
}
