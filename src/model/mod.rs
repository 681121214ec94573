//! A scenario with every name resolved: what the engine runs.
//!
//! `load` is the way in: text is parsed, names are resolved, components are lowered to stations
//! and routines, and the result is checked. All problems are reported at once.

mod admission;
mod balancing;
mod batch;
mod build;
mod cache;
mod call;
mod check;
mod circle;
mod contents;
mod copies;
mod cpu;
mod disk;
mod events;
mod failover;
mod fan_out;
mod flow;
mod group;
mod health;
mod layout;
mod look_aside;
mod lower;
mod memory;
mod messages;
mod monitor;
mod names;
mod network;
mod nodes;
mod objective;
mod optimistic;
mod partitions;
mod passages;
mod places;
mod precision;
pub mod program;
mod protect;
mod quantities;
mod reference;
mod rolling;
mod route;
mod scaling;
mod settle;
mod sharding;
mod size;
pub mod source;
mod speed;
mod steps;
mod trace;
mod variants;
mod wiring;
mod workload;
mod zones;

pub use check::{Forecast, GroupForecast};
pub use contents::{ContentsSpec, Lifetime};
pub use flow::traffic::{Ask, Traffic};
pub use group::{Group, Special};
pub use monitor::{AlertSpec, ClockSpec, Monitor, Subject, Trigger};
pub use objective::{Condition, Metric, Objective, Percentile, Relation};
pub use precision::{Precision, Within};
pub use sharding::Sharding;
pub use source::{KeySpec, ProfileSpec, SourceSpec, TraceRow};

use crate::diagnostic::Diagnostics;
use crate::distribution::Law;
use crate::scenario::{self, Scenario, Source, Sweep};
use program::{
    BalancerSpec, Choice, CopySpec, CounterSpec, DeadlineSpec, FanSpec, ForkSpec, GateSpec, GuardSpec, Happening,
    HedgeSpec, Messages, NodeSpec, Op, Place, Region, RetrySpec, Routine, ScalerSpec, ShareSpec, ShedSpec, Site,
    StoreSpec, Wiring,
};

/// Everything the engine needs, fixed for a run. Times are in ticks.
pub struct Model {
    /// The title in the file, or the file's name.
    pub title: String,
    /// The file.
    pub file: String,
    /// What was replaced in it: see [`crate::scenario::Source::changes`].
    pub set: Vec<String>,
    /// Names of the components, in order, and the word for what each is: `service`, `database`.
    pub components: Vec<(String, &'static str)>,
    /// Where random streams start.
    pub seed: u64,
    /// How many replications are asked for.
    pub replications: u32,
    /// How exact a metric is to be; more replications are run until it is.
    pub precision: Option<Precision>,
    /// Ticks in a second.
    pub ticks_per_second: f64,
    /// What to cut from the start.
    pub warm_up: WarmUp,
    /// How long to measure.
    pub horizon: Horizon,
    /// Instants to look at the state, from the end of warm-up.
    pub observe_at: Vec<u64>,
    /// The ops.
    pub program: Vec<Op>,
    /// The routines.
    pub routines: Vec<Routine>,
    /// Laws of durations, in ticks.
    pub laws: Vec<Law>,
    /// Branches.
    pub choices: Vec<Choice>,
    /// Probabilities of failing.
    pub chances: Vec<f64>,
    /// Forks.
    pub forks: Vec<ForkSpec>,
    /// Calls to several targets at once.
    pub fans: Vec<FanSpec>,
    /// Shares of work.
    pub shares: Vec<ShareSpec>,
    /// What is written optimistically.
    pub counters: Vec<CounterSpec>,
    /// Data of which there are copies.
    pub stores: Vec<StoreSpec>,
    /// Where the copies are.
    pub copies: Vec<CopySpec>,
    /// Retry policies.
    pub retries: Vec<RetrySpec>,
    /// What protects calls.
    pub guards: Vec<GuardSpec>,
    /// Attempts that are made of copies.
    pub hedges: Vec<HedgeSpec>,
    /// Time limits.
    pub deadlines: Vec<DeadlineSpec>,
    /// Who is let in, by component or operation.
    pub gates: Vec<GateSpec>,
    /// Who is shed from lines.
    pub sheds: Vec<ShedSpec>,
    /// Constant delays.
    pub lanes: Vec<u64>,
    /// Call sites.
    pub sites: Vec<Site>,
    /// What caches hold.
    pub contents: Vec<ContentsSpec>,
    /// Names of the caches.
    pub caches: Vec<String>,
    /// Keys spread over targets.
    pub sharding: Vec<Sharding>,
    /// What lies between callers and targets.
    pub wirings: Vec<Wiring>,
    /// Who chooses among targets.
    pub balancers: Vec<BalancerSpec>,
    /// Topics, queues and batches.
    pub messages: Messages,
    /// What fails as a whole.
    pub nodes: Vec<NodeSpec>,
    /// What happens when, in order.
    pub timeline: Vec<Happening>,
    /// Components of which there are now more, now fewer.
    pub scalers: Vec<ScalerSpec>,
    /// Who finds out which nodes do not answer.
    pub health: Vec<program::HealthSpec>,
    /// The same model with other numbers, which events set.
    pub variants: Vec<Model>,
    /// All requests only pass: departures can be computed on arrival.
    pub passes: bool,
    /// Stations in groups of replicas; a group's stations are consecutive.
    pub groups: Vec<Group>,
    /// How many stations there are.
    pub stations: u32,
    /// Who asks.
    pub workloads: Vec<Workload>,
    /// Names of the random streams.
    pub streams: Vec<String>,
    /// What is good enough.
    pub objectives: Vec<Objective>,
    /// What disturbs the system for a time.
    pub triggers: Vec<Trigger>,
    /// All that happens from outside, whether it disturbs or not: events and bursts of load.
    pub planned: Vec<Trigger>,
    /// What is watched over time.
    pub monitor: Monitor,
    /// Dollars an hour of all machines that are always there; those of scalers have their own price.
    pub cost_per_hour: f64,
    /// The same by component.
    pub prices: std::collections::BTreeMap<String, f64>,
    /// What was computed before the run.
    pub forecast: Forecast,
    /// The scenario's own sweep.
    pub sweep: Option<Sweep>,
}

/// How the start is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmUp {
    /// Found from pilot replications.
    Auto,
    /// This many ticks.
    Ticks(u64),
}

/// How long a replication is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// This many ticks.
    Ticks(u64),
    /// Until no request is left.
    UntilEmpty,
}

/// Who asks.
#[derive(Debug)]
pub struct Workload {
    /// Its name.
    pub name: String,
    /// How requests arise.
    pub source: SourceSpec,
    /// What they are about.
    pub keys: Option<KeySpec>,
    /// Smaller is more urgent.
    pub priority: i32,
    /// Share under weighted processor sharing.
    pub weight: f64,
    /// Operations: name, cumulative share, routine. At least one; the name is empty if it is the only one.
    pub operations: Vec<OperationSpec>,
    /// What all its requests begin with, if it is an `Op::Limit`.
    pub limit: Option<DeadlineSpec>,
    /// Where its clients are.
    pub region: Region,
    /// Random streams: arrivals, operations, keys.
    pub streams: [u32; 3],
}

/// One kind of request of a workload.
#[derive(Debug)]
pub struct OperationSpec {
    /// Its name, or empty.
    pub name: String,
    /// Share of this operation and those before it.
    pub cumulative: f64,
    /// Its routine.
    pub routine: u32,
    /// What its requests do, in a model where all requests only pass.
    pub passage: Option<program::Passage>,
}

impl Model {
    /// Whether some station keeps customers where they are while it is full.
    pub fn blocks(&self) -> bool {
        self.groups.iter().any(|group| group.special.blocks)
    }

    /// Whether there is something that a metric can be measured of.
    ///
    /// # Errors
    /// Says what there is not.
    pub fn knows(&self, metric: &Metric) -> Result<(), String> {
        objective::Names::new(self).check(metric)
    }

    /// The group of a place: its index.
    pub fn group_of(&self, place: Place) -> usize {
        let station = place.station(0);
        self.groups.partition_point(|group| group.first <= station) - 1
    }

    /// Seconds in ticks, rounded to the nearest.
    pub fn ticks(&self, seconds: f64) -> u64 {
        (seconds * self.ticks_per_second).round() as u64
    }

    /// Ticks in seconds.
    pub fn seconds(&self, ticks: f64) -> f64 {
        ticks / self.ticks_per_second
    }
}

/// Reads a file that the scenario names; the path is as written there.
pub type Read<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Text to model: parse, resolve, lower, check. The model is there exactly when no error is.
pub fn load(source: &Source, read: Read<'_>) -> (Option<Model>, Diagnostics) {
    let (scenario, mut diagnostics) = scenario::parse(source);
    let model = build(&scenario, source, read, &mut diagnostics);
    (model.filter(|_| !diagnostics.has_errors()), diagnostics)
}

fn build(scenario: &Scenario, source: &Source, read: Read<'_>, diagnostics: &mut Diagnostics) -> Option<Model> {
    build::build(scenario, source, read, diagnostics)
}

#[cfg(test)]
mod tests {
    use crate::scenario::Source;

    #[test]
    fn disks_of_an_array_are_named_by_machine_and_place() {
        let text = |replicas| {
            format!(
                "[workload.w]\nto = \"db\"\nusers = 1\n[machine.box]\ndisk = {{ ssd = {{ raid = 0, disks = 4 }} }}\n\
                 [service.db]\nmachine = \"box\"\nreplicas = {replicas}\nsteps = [{{ disk = {{ read = \"4KiB\" }} }}]\n"
            )
        };
        for (replicas, name) in [(2, "db[1].disk[3]"), (1, "db.disk[3]")] {
            let source = Source { name: "one.toml".into(), text: text(replicas), overrides: Vec::new() };
            let model = super::load(&source, &|_| Err("no files".into())).0.expect("a model");
            let disks = model.groups.iter().find(|group| group.name() == "db.disk").expect("disks");
            assert_eq!((disks.replica_name(disks.count - 1).as_str(), disks.count), (name, 4 * replicas));
        }
    }
}
