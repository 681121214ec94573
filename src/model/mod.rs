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
pub mod program;
mod protect;
mod quantities;
mod reference;
mod rolling;
mod route;
mod scaling;
mod settle;
mod sharding;
pub mod source;
mod steps;
mod trace;
mod variants;
mod wiring;
mod workload;
mod zones;

pub use check::{Forecast, GroupForecast};
pub use contents::{ContentsSpec, Lifetime};
pub use monitor::{AlertSpec, ClockSpec, Monitor, Subject, Trigger};
pub use objective::{Condition, Metric, Objective, Percentile, Relation};
pub use sharding::Sharding;
pub use source::{KeySpec, ProfileSpec, SourceSpec, TraceRow};

use crate::diagnostic::Diagnostics;
use crate::distribution::Law;
use crate::policy::discipline::Rule;
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
    /// Where random streams start.
    pub seed: u64,
    /// How many replications are asked for.
    pub replications: u32,
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
    /// What is watched over time.
    pub monitor: Monitor,
    /// Dollars an hour of all machines that are always there; those of scalers have their own price.
    pub cost_per_hour: f64,
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

/// Equal stations, one a replica, reported together.
#[derive(Debug, Clone)]
pub struct Group {
    /// The component.
    pub component: String,
    /// Which part of it, if it is not a station by itself: `cpu`, `primary.cpu`.
    pub part: Option<String>,
    /// How many stations each replica of the component has of this part: the nodes of a role.
    pub copies: u32,
    /// How many stations each of those nodes has of this part, one after another: the disks of an array.
    pub width: u32,
    /// Index of the first station.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// Servers of each; none is infinite.
    pub servers: Option<u32>,
    /// The most servers that each ever has, where their number changes.
    pub most_servers: Option<u32>,
    /// Most customers in each, waiting and in service; none is no limit.
    pub capacity: Option<u32>,
    /// Who is served next.
    pub rule: Rule,
    /// Quantum of round-robin, in ticks.
    pub quantum: u64,
    /// How long a customer waits before it leaves.
    pub patience: Option<u32>,
    /// Customers at the start, in each.
    pub initial: u32,
    /// Routine of the customers at the start.
    pub initial_routine: u32,
    /// Held until released rather than for a service time.
    pub held: bool,
    /// One holder per key.
    pub keyed: bool,
    /// What it does that a station of a textbook does not.
    pub special: Special,
    /// A waiting room: nobody is served, whoever is in it waits until let out.
    pub room: bool,
    /// Random stream of service times.
    pub service_stream: u32,
    /// Random stream of patience.
    pub patience_stream: u32,
    /// Random stream of the discipline.
    pub discipline_stream: u32,
}

impl Group {
    /// `desk`, `app.cpu`.
    pub fn name(&self) -> String {
        match &self.part {
            Some(part) => format!("{}.{part}", self.component),
            None => self.component.clone(),
        }
    }

    /// `desk[2]`, `app[2].cpu`, `orders.replica[1].cpu`, `orders[3].replica[1].cpu`, `db[0].disk[3]`, `db.disk[3]`.
    pub fn replica_name(&self, replica: u32) -> String {
        let (name, part) = (&self.component, self.part.as_deref().unwrap_or(""));
        let (nodes, node) = (self.count / self.width, replica / self.width);
        let slot = if self.width == 1 { String::new() } else { format!("[{}]", replica % self.width) };
        let dotted = if part.is_empty() { String::new() } else { format!(".{part}") };
        if self.copies == 1 {
            let whole = if nodes == 1 && self.width > 1 { String::new() } else { format!("[{node}]") };
            return format!("{name}{whole}{dotted}{slot}");
        }
        let (role, rest) =
            part.split_once('.').map_or((part, String::new()), |(role, rest)| (role, format!(".{rest}")));
        let whole = if nodes == self.copies { String::new() } else { format!("[{}]", node / self.copies) };
        format!("{name}{whole}.{role}[{}]{rest}{slot}", node % self.copies)
    }

    /// The most servers that each ever has; of endless ones, one stands for all.
    pub fn servers_ever(&self) -> u32 {
        self.most_servers.or(self.servers).unwrap_or(1)
    }

    /// Servers of so many of its stations; none is infinite. A waiting room has none.
    pub fn working(&self, stations: u32) -> Option<u64> {
        if self.room { Some(0) } else { self.servers.map(|servers| u64::from(servers) * u64::from(stations)) }
    }

    /// Where a visit to this group goes.
    pub fn place(&self) -> Place {
        if self.count == 1 { Place::shared(self.first) } else { Place::per_replica(self.first) }
    }

    /// Whether customers may be turned away or leave: such a station is never unstable.
    pub fn loses(&self) -> bool {
        self.capacity.is_some() && !self.special.blocks || self.patience.is_some() || self.special.shed.is_some()
    }

    /// The most service that all of its servers can do per unit of time; none is without limit.
    pub fn most_service(&self) -> Option<f64> {
        let special = &self.special;
        let each = special.availability * f64::from(special.batch);
        self.servers.map(|servers| f64::from(servers) * f64::from(self.count) * each)
    }
}

/// What a station does that a station of a textbook does not.
#[derive(Debug, Clone)]
pub struct Special {
    /// What happens to its servers.
    pub daemons: Vec<program::Daemon>,
    /// The share of time in which a server that always had work would be there.
    pub availability: f64,
    /// Servers that are off are set up when needed.
    pub sets_up: bool,
    /// How long an idle server stays, in ticks.
    pub keep_alive: u64,
    /// Whoever finds it full waits where he is.
    pub blocks: bool,
    /// Most customers in one service.
    pub batch: u32,
    /// Contention and coherency: how customers slow each other.
    pub slowdown: Option<(f64, f64)>,
    /// Something may happen to all of it at once.
    pub eventful: bool,
    /// Who is shed from its lines: index into the model's.
    pub shed: Option<u32>,
    /// Its node crashes at random.
    pub crashes: bool,
    /// It may become slower.
    pub slowed: bool,
    /// Random stream of which server fails, and when.
    pub stream: u32,
}

impl Special {
    /// Whether it is not special at all.
    pub fn is_none(&self) -> bool {
        !self.is_absent() && !self.blocks && self.batch == 1 && self.slowdown.is_none() && self.shed.is_none()
    }

    /// Whether its servers are not always there.
    pub fn is_absent(&self) -> bool {
        self.eventful || !self.daemons.is_empty()
    }
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
