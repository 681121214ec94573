//! What happened over time: series, alerts, whether the system came back, the state at given instants.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Estimate;

/// One window of a time series, averaged over replications.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SeriesWindow {
    /// Its beginning, in seconds from the end of warm-up.
    pub at_s: f64,
    /// Its end.
    pub to_s: f64,
    /// By workload.
    pub workloads: BTreeMap<String, WorkloadWindow>,
    /// By station, replicas together.
    pub stations: BTreeMap<String, StationWindow>,
}

/// What a workload's requests experienced in a window. Percentiles are the means of the replications' own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WorkloadWindow {
    /// First attempts issued per second.
    pub offered: Estimate,
    /// Successes per second: the goodput.
    pub throughput: Estimate,
    /// Errors over errors plus successes, of requests that ended in it.
    pub error_rate: Estimate,
    /// Errors per second, by kind.
    pub errors: ErrorRates,
    /// Issued and unanswered, on average over it.
    pub in_flight: Estimate,
    /// Mean latency, in seconds, of successes that ended in it.
    pub latency_mean: Estimate,
    /// Its median.
    pub latency_p50: Estimate,
    /// Its 99th percentile.
    pub latency_p99: Estimate,
}

/// Errors per second, by kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ErrorRates {
    /// Refused.
    pub rejected: Estimate,
    /// Given up at a timeout or deadline.
    pub timed_out: Estimate,
    /// Failed.
    pub failed: Estimate,
    /// Out of patience.
    pub abandoned: Estimate,
}

/// What happened at a station in a window.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StationWindow {
    /// Busy server-seconds over available server-seconds; no value for infinite servers.
    pub utilization: Estimate,
    /// In system less busy servers, on average over it.
    pub queue_length: Estimate,
    /// Waiting and in service, on average over it.
    pub in_system: Estimate,
    /// Completions per second.
    pub throughput: Estimate,
    /// Mean wait, in seconds, of visits that completed in it.
    pub wait_mean: Estimate,
    /// Mean response time, likewise.
    pub response_mean: Estimate,
}

/// Something that the scenario lets happen: an event, or a burst of load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Planned {
    /// What it is.
    pub what: String,
    /// When it begins, in seconds from the end of warm-up.
    pub at_s: f64,
    /// When it is over; none is never.
    pub until_s: Option<f64>,
}

/// A time at which an alert went off, in the first replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AlertFiring {
    /// The alert.
    pub name: String,
    /// When it went off, in seconds from the end of warm-up.
    pub at_s: f64,
    /// How long it lasted; until the end of the run at most.
    pub for_s: f64,
}

/// What an alert did, in all replications.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AlertSummary {
    /// Its name.
    pub name: String,
    /// Its condition, as written.
    pub when: String,
    /// The share of replications in which it went off at all.
    pub share: f64,
    /// How often it went off in a replication.
    pub firings: Estimate,
    /// When it first went off, in seconds from the end of warm-up, in those replications in which it did.
    pub first_at_s: Estimate,
    /// The share of time in which it was on.
    pub active: Estimate,
}

/// How a workload fared before, during and after something that disturbed the system. Rates are per second.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Recovery {
    /// What it was.
    pub trigger: String,
    /// When it began, in seconds from the end of warm-up.
    pub from_s: f64,
    /// When it was over; none is never.
    pub until_s: Option<f64>,
    /// The workload.
    pub workload: String,
    /// Successes per second before anything happened.
    pub before: Estimate,
    /// While it lasted.
    pub during: Estimate,
    /// From its end to that of the run, or to the beginning of the next trigger.
    pub after: Estimate,
    /// Whether goodput came back, in most replications; none where it cannot be told.
    pub recovered: Option<bool>,
    /// The share of replications in which it did.
    pub share: Option<f64>,
    /// How long after the trigger's end it was back for good, in those replications in which it was.
    pub time_to_recover_s: Estimate,
    /// The same in words.
    pub verdict: String,
}

/// The state at one instant, averaged over replications.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Observed {
    /// Time from the end of warm-up, in seconds.
    pub at_s: f64,
    /// By station name.
    pub stations: BTreeMap<String, ObservedStation>,
}

/// A station's state at one instant.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ObservedStation {
    /// How many were there.
    pub in_system: Estimate,
    /// The probability that nobody was.
    pub empty: Estimate,
}
