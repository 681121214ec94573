//! What a simulation found out: estimates with intervals, in the shape that JSON shows.
//!
//! Units are seconds, requests per second, and ratios from 0 to 1. Names are the contract of
//! `knee run --format json`: fields may be added, never renamed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod admission;
mod calls;
mod capacity;
mod compare;
mod components;
mod cost;
mod exact;
mod fits;
mod kept;
mod optimize;
mod queues;
mod replication;
mod samples;
mod scaling;
mod series;
mod sweep;
mod theory;
mod trace;
mod verify;
mod why;

pub use admission::AdmissionResult;
pub use calls::CallResult;
pub use capacity::{Binding, CapacityResults, Ended, Find, Limit, Outcome, Trial};
pub use compare::{Change, CompareResults, Difference, Step};
pub use components::{CacheResult, OptimisticResult, ShardingResult};
pub use cost::Cost;
pub use exact::Exact;
pub use fits::{AmdahlFit, Fits, Quality, SerialPart, UslFit};
pub use optimize::{Closest, Configuration, Counts, OptimizeResults, Status, Stopped};
pub use queues::QueueResult;
pub use replication::{Lag, ProbePoint, ReplicationResult};
pub use samples::{Curves, JobRecord, PrecisionResult, Sample, Unsettled, Withheld};
pub use scaling::ScalingResult;
pub use series::{
    AlertFiring, AlertSummary, ErrorRates, Observed, ObservedStation, Planned, Recovery, SeriesWindow, StationWindow,
    WorkloadWindow,
};
pub(super) use sweep::best;
pub use sweep::{Axis, Knee, SweepPoint, SweepResults};
pub use theory::{Checks, TheoryLine};
pub use trace::{Trace, TraceSpan, TracedRequest};
pub use verify::{
    Form, KindCounts, Knowledge, MissShare, Reading, VerifiedCase, VerifiedValue, VerifyCounts, VerifyResults,
};
pub use why::{Band, Faster, Why, WhyPart, WhyWorkload};

/// A number estimated from replications, with its 95 % confidence interval (Student's t).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate; none where the sample cannot support one.
    pub value: Option<f64>,
    /// The interval; none with one replication, or where there is no value.
    pub ci95: Option<[f64; 2]>,
}

/// Everything that `knee run` reports about one scenario.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Results {
    /// What was run.
    pub scenario: ScenarioInfo,
    /// By workload name.
    pub workloads: BTreeMap<String, WorkloadResult>,
    /// By station name (`desk`, `app.cpu`, `app[2].cpu`), in natural order.
    pub stations: StationMap,
    /// By component, or its operation, that does not let everybody in; `app.token-bucket` where there are several policies.
    pub admission: BTreeMap<String, AdmissionResult>,
    /// By cache; empty where the scenario has none.
    pub caches: BTreeMap<String, CacheResult>,
    /// By component that spreads keys over shards: databases, caches, balancers.
    pub sharding: BTreeMap<String, ShardingResult>,
    /// By replicated database; empty where the scenario has none.
    pub replication: BTreeMap<String, ReplicationResult>,
    /// By what is written optimistically; empty where nothing is.
    pub optimistic: BTreeMap<String, OptimisticResult>,
    /// By call with a retry, hedge, breaker, fallback or deadline that travels: `app -> orders.write`.
    pub calls: BTreeMap<String, CallResult>,
    /// By queue; empty where the scenario has none. Those of several consumers are `queue.consumer`.
    pub queues: BTreeMap<String, QueueResult>,
    /// By component that is scaled; left out where none is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scaling: BTreeMap<String, ScalingResult>,
    /// The `[[objective]]`s, in the order of the file.
    pub objectives: Vec<ObjectiveResult>,
    /// When alerts went off in the first replication, in order of time.
    pub alerts: Vec<AlertFiring>,
    /// What each alert did in all replications, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alert_summary: Vec<AlertSummary>,
    /// What the scenario lets happen, in order of time: events, bursts of load.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<Planned>,
    /// By trigger and workload: whether the system came back; empty where nothing disturbs it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<Recovery>,
    /// What happened in each window of time, where asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<SeriesWindow>,
    /// What the machines cost.
    pub cost: Cost,
    /// The busiest station that can saturate; none if there is none.
    pub bottleneck: Option<Bottleneck>,
    /// Where a station is a known model: what theory says beside what was simulated.
    pub theory: Vec<TheoryLine>,
    /// Where the scenario is a network that theory has solved and the run shows its steady state: what theory says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Exact>,
    /// Laws that every run obeys, from independent counters: whether they hold in all replications, and there is one.
    pub checks: Checks,
    /// What the user should know: unstable stations, no steady state found, ….
    pub warnings: Vec<String>,
    /// Names of the stations whose offered load is at least their capacity.
    pub unstable: Vec<String>,
    /// Where the start-up lasts into the window by more than chance: means are wrong, and their intervals do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Unsettled>,
    /// With `observe-at`: the state at each instant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<Observed>,
    /// Percentiles that the sample cannot support.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// Where asked for: whether a metric is as exact as it was to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionResult>,
    /// With `--why`: where requests spent their time.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Curves for pictures; not part of the JSON.
    #[serde(skip)]
    pub curves: Curves,
    /// With `--jobs`: a record a request; not part of the JSON.
    #[serde(skip)]
    pub jobs: Vec<JobRecord>,
    /// What each replication said of each metric; not part of the JSON.
    #[serde(skip)]
    pub samples: Vec<Sample>,
}

/// Stations by name, in natural order (`app[2]` before `app[10]`), serialised as a map.
#[derive(Debug, Clone, Default)]
pub struct StationMap(pub Vec<(String, StationResult)>);

impl StationMap {
    /// The station of this name.
    pub fn get(&self, name: &str) -> Option<&StationResult> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, s)| s)
    }
}

impl Serialize for StationMap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, station)| (name, station)))
    }
}

/// What was run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScenarioInfo {
    /// The title in the file, or the file's name.
    pub title: String,
    /// The file.
    pub file: String,
    /// What the command line replaced in it, `path=value`, or took out, `-path`; but for how it is run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// Where the random streams started.
    pub seed: u64,
    /// How many replications were finished.
    pub replications: u32,
    /// What was really cut from the start of each, in seconds.
    pub warm_up_s: f64,
    /// Measured time of each (the mean, for `until-empty`), in seconds.
    pub duration_s: f64,
    /// How long a run `until-empty` took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_empty: Option<Estimate>,
    /// Logical arrivals and departures in the window, over all replications.
    pub events: u64,
    /// The run was interrupted: fewer replications than asked, or some that were stopped.
    pub partial: bool,
    /// What stopped a replication before its end: `livelock`, or the limit of `events`, `in-flight` or `memory`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// The version of knee.
    #[serde(skip_deserializing, default = "kept::version")]
    pub version: &'static str,
}

/// What a workload's requests experienced.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WorkloadResult {
    /// First attempts issued per second.
    pub offered: Estimate,
    /// Successes per second.
    pub throughput: Estimate,
    /// Errors over errors plus successes, of requests that end in the window.
    pub error_rate: Estimate,
    /// How many requests ended in each kind of error, over all replications.
    pub errors: Errors,
    /// Issued and unanswered, on average over time.
    pub in_flight: Estimate,
    /// From first attempt to answer, successes only.
    pub latency: Latency,
    /// The same by operation, where there are several.
    pub operations: BTreeMap<String, OperationResult>,
}

/// What one operation's requests experienced.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationResult {
    /// Successes per second.
    pub throughput: Estimate,
    /// Errors over errors plus successes.
    pub error_rate: Estimate,
    /// From first attempt to answer, successes only.
    pub latency: Latency,
}

/// Kinds of error, counted over all replications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Errors {
    /// Refused by a gate, or a full station, pool or queue, or shed from a line.
    pub rejected: u64,
    /// Given up by the client at its timeout or deadline.
    pub timed_out: u64,
    /// Failed by a `fail` step or a broken component.
    pub failed: u64,
    /// Left a station after its patience.
    pub abandoned: u64,
}

/// Latency of successful requests, in seconds.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Latency {
    /// Mean.
    pub mean: Estimate,
    /// Standard deviation.
    pub std: Estimate,
    /// Median.
    pub p50: Estimate,
    /// 90th percentile.
    pub p90: Estimate,
    /// 95th percentile.
    pub p95: Estimate,
    /// 99th percentile.
    pub p99: Estimate,
    /// 99.9th percentile.
    #[serde(rename = "p99.9")]
    pub p99_9: Estimate,
    /// Greatest, over all replications.
    pub max: Option<f64>,
}

/// What happened at a station (pooled over its replicas), or at one replica: of that utilization, throughput,
/// in-system and mean times only.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StationResult {
    /// Number of servers, summed over replicas; null is written as `"infinite"`.
    #[serde(serialize_with = "servers", deserialize_with = "kept::servers")]
    pub servers: Option<u64>,
    /// Busy server-seconds over available server-seconds; no value for infinite servers.
    pub utilization: Estimate,
    /// Completions per second.
    pub throughput: Estimate,
    /// In system less busy servers, on average over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_length: Option<Estimate>,
    /// Waiting and in service, on average over time.
    pub in_system: Estimate,
    /// Response less service received, per visit that completes, zeros included.
    pub wait: Times,
    /// The same with those that gave up waiting; only where there is patience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_all: Option<Times>,
    /// Service received, per visit that completes.
    pub service: Times,
    /// From arrival at the station to departure, per visit that completes.
    pub response: Times,
    /// The share of the servers' time in which they were away; only where they may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub down: Option<Estimate>,
    /// Customers that waited elsewhere for room here, on average over time; only where arrivals do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Estimate>,
    /// Servers set up per second; only where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_ups: Option<Estimate>,
    /// Customers that leave together, on average over batches; only where several may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<Estimate>,
    /// Arrivals turned away, over all replications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<u64>,
    /// Customers that ran out of patience, over all replications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abandoned: Option<u64>,
    /// Customers taken out of the line and turned away, over all replications; only where some may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shed: Option<u64>,
    /// With `--states`: share of time with 0, 1, 2, … in system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<Vec<f64>>,
    /// With `--states`: standard deviation over time of the number in system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_system_std: Option<Estimate>,
}

fn servers<S: serde::Serializer>(servers: &Option<u64>, s: S) -> Result<S::Ok, S::Error> {
    match servers {
        Some(n) => s.serialize_u64(*n),
        None => s.serialize_str("infinite"),
    }
}

/// Times per visit, in seconds. Fields that do not apply are none and left out.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Times {
    /// Mean.
    pub mean: Estimate,
    /// Standard deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<Estimate>,
    /// Median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50: Option<Estimate>,
    /// 90th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p90: Option<Estimate>,
    /// 95th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p95: Option<Estimate>,
    /// 99th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99: Option<Estimate>,
    /// Probability of having to wait at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<Estimate>,
}

/// Whether an objective was met.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ObjectiveResult {
    /// Its name.
    pub name: String,
    /// Its condition, as written.
    pub require: String,
    /// What was measured.
    pub value: Option<f64>,
    /// True, false, or none where the interval straddles the limit.
    pub met: Option<bool>,
}

/// The busiest station that can saturate; the replica, where one stands out from its group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bottleneck {
    /// Its name.
    pub station: String,
    /// Its utilization, measured.
    pub utilization: f64,
}
