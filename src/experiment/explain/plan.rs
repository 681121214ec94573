//! The shape of an explanation, as JSON shows it. Seconds, requests per second, ratios from 0 to 1.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Listing;

/// Everything that is said of a scenario without simulating it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Explanation {
    /// What is explained.
    pub scenario: Summary,
    /// By workload.
    pub workloads: BTreeMap<String, WorkloadPlan>,
    /// By group of stations to which requests come.
    pub stations: PlanMap,
    /// What saturates first; none where nothing ever does.
    pub bottleneck: Option<Bottleneck>,
    /// What saturates first once the bottleneck is no limit any more.
    pub next_bottleneck: Option<Bottleneck>,
    /// The highest load with a steady state; none where no load comes from outside, or nothing ever saturates.
    pub highest: Option<Highest>,
    /// Whether theory knows the answer.
    pub solution: Solution,
    /// What there is, in order of name.
    pub components: Vec<Component>,
    /// Who calls whom.
    pub links: Vec<Link>,
    /// What requests run, where that is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub program: Vec<Listing>,
}

/// What is explained.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// The title in the file, or the file's name.
    pub title: String,
    /// The file.
    pub file: String,
    /// What the command line replaced in it, `path=value`, or took out, `-path`; but for how it is run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
}

/// How requests arise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Source {
    /// From outside, whatever the system does.
    Open {
        /// Requests per second.
        rate: f64,
    },
    /// As recorded.
    Replayed {
        /// Requests per second, on average.
        rate: f64,
    },
    /// Users who wait for their answer, then think.
    Closed {
        /// How many.
        users: u32,
        /// Mean think time.
        #[serde(rename = "think-time-s")]
        think_time: f64,
    },
}

/// What is known of a workload.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WorkloadPlan {
    /// How its requests arise.
    pub source: Source,
    /// Service of one request at all stations together: D. What is held meanwhile does not count.
    pub demand_s: f64,
    /// Mean response time of a request that meets nobody.
    pub unloaded_response_s: f64,
    /// What no run can exceed.
    pub bounds: Bounds,
    /// What theory says; none where it says nothing.
    pub exact: Option<ExactWorkload>,
}

/// Bounds on a workload (Denning and Buzen 1978), while the others are as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bounds {
    /// Throughput is at least this: N / (N D + Z).
    pub throughput_low: Option<f64>,
    /// Throughput is at most this: min(N / (D + Z), 1 / Dmax), or the rate at which something saturates.
    pub throughput_high: Option<f64>,
    /// Mean response time is at least this.
    pub response_low_s: f64,
    /// Mean response time is at most this.
    pub response_high_s: Option<f64>,
    /// The number of users at which the asymptotes cross: N* = (D + Z) / Dmax.
    pub knee_users: Option<f64>,
    /// Narrower ones, where all stations have one server and the network has a product form.
    pub balanced_job: Option<BalancedJob>,
}

/// Balanced job bounds (Zahorjan, Sevcik, Eager and Galler 1982).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BalancedJob {
    /// Throughput is at least this.
    pub throughput_low: f64,
    /// Throughput is at most this.
    pub throughput_high: f64,
    /// Mean response time is at least this.
    pub response_low_s: f64,
    /// Mean response time is at most this.
    pub response_high_s: f64,
}

/// What theory says of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExactWorkload {
    /// Requests per second.
    pub throughput: f64,
    /// Mean response time.
    pub response_mean_s: f64,
    /// Mean number issued and not answered.
    pub in_flight: f64,
}

/// Groups of stations by name, in the order of the model, serialised as a map.
#[derive(Debug, Clone, Default)]
pub struct PlanMap(pub Vec<(String, StationPlan)>);

impl PlanMap {
    /// The group of this name.
    pub fn get(&self, name: &str) -> Option<&StationPlan> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, station)| station)
    }
}

impl Serialize for PlanMap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, station)| (name, station)))
    }
}

/// What comes to a group of stations.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StationPlan {
    /// The component that it is part of.
    pub component: String,
    /// How many of them there are.
    pub replicas: u32,
    /// Servers of all of them; none is without limit.
    pub servers: Option<u64>,
    /// Its servers are held while something else is done: demands are lower bounds, without waiting.
    pub held: bool,
    /// Depends on what caches hold: a guess.
    pub guessed: bool,
    /// Visits per request, by workload: the visit ratio.
    pub visits: BTreeMap<String, f64>,
    /// Service per request, by workload: visits times the mean service time.
    pub demand_s: BTreeMap<String, f64>,
    /// Mean service time of a visit; none where nobody comes.
    pub service_mean_s: Option<f64>,
    /// Visits per second.
    pub throughput: f64,
    /// Service asked for per second, as a share of what all servers can do; with users, at the throughput of the exact
    /// solution or else of the bounds. None where servers are without limit.
    pub load: Option<f64>,
    /// The replica with the greatest load, where replicas differ.
    pub hottest: Option<Extreme>,
    /// The replica with the least load, where replicas differ.
    pub coldest: Option<Extreme>,
    /// What theory says; none where it says nothing.
    pub exact: Option<ExactStation>,
}

/// One replica among several that differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Extreme {
    /// The station.
    pub station: String,
    /// Its share of all that comes to its group.
    pub share: f64,
    /// Its own load.
    pub load: Option<f64>,
}

/// What theory says of a group of stations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExactStation {
    /// Share of the servers' time spent serving; none where servers are without limit.
    pub utilization: Option<f64>,
    /// Mean number waiting and in service, of all replicas.
    pub in_system: f64,
    /// Mean time of a visit.
    pub response_mean_s: f64,
    /// Mean time of a visit without its service.
    pub wait_mean_s: f64,
    /// Time per request, all visits together, by workload: visits times time per visit.
    pub residence_s: BTreeMap<String, f64>,
}

/// What saturates.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bottleneck {
    /// The station; one replica where replicas differ.
    pub station: String,
    /// Its load today.
    pub load: f64,
    /// By what factor today's load may grow until it saturates: 1 over the load.
    pub factor: f64,
    /// The throughput of each workload then, all of them scaled alike.
    pub throughput: BTreeMap<String, f64>,
}

/// The highest load with a steady state.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Highest {
    /// By what factor today's load from outside may grow. Below 1, there is no steady state today.
    pub factor: f64,
    /// Requests per second of each open workload then.
    pub rates: BTreeMap<String, f64>,
}

/// Whether theory knows the answer, and by which method.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Solution {
    /// All means are exact.
    pub exact: bool,
    /// The method: `mean value analysis`, `Jackson network`.
    pub method: Option<String>,
    /// Why there are only bounds: which conditions fail.
    pub because: Vec<String>,
}

/// A component of the architecture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Component {
    /// Its name.
    pub name: String,
    /// What it is: `workload`, `service`, `database`.
    pub kind: &'static str,
    /// How many replicas it has, where it consists of stations.
    pub replicas: Option<u32>,
    /// Its groups of stations.
    pub stations: Vec<String>,
    /// The greatest load among its stations that serve.
    pub load: Option<f64>,
    /// Calls and visits that come to it per second.
    pub calls: f64,
}

/// Calls from one component to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Link {
    /// The caller: a workload or a component.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// Calls and visits per second.
    pub rate: f64,
    /// Calls and visits per request, averaged over the requests of the workloads that come by.
    pub per_request: f64,
}
