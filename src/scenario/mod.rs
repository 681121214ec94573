//! A scenario as it was written: one type per table of the language, checked for shape and
//! units, but with every name still a name. The model resolves names and meanings.

mod absence;
mod admission;
mod alert;
mod autoscale;
mod axis;
mod balancer;
mod cache;
mod call;
mod changes;
mod check;
mod database;
mod disk;
mod distribution;
mod event;
mod failover;
mod fan_out;
mod gather;
mod host;
mod knob;
mod link;
mod lock;
mod look_aside;
mod machine;
mod memory;
mod nameless;
mod network;
mod objective;
mod optimistic;
mod policy;
mod pool;
mod protect;
mod queue;
mod region;
mod replication;
mod run;
mod schema;
mod service;
mod set;
mod shed;
mod speedup;
mod station;
mod step;
mod sweep;
#[cfg(test)]
mod tests;
mod unprintable;
mod workload;
mod zone;

pub use absence::{BulkService, Fails, Pauses, Slowdown, Wear, WhenFull};
pub use admission::{Admission, Admissions, AimdLimit, FixedLimit, GradientLimit, LeakyBucket, Per, TokenBucket};
pub use alert::Alert;
pub use autoscale::{
    Autoscale, CoolDown, CoolDowns, Level, Moment, ReplicaRate, ScaleMetric, ScaleStep, Scaled, Switch,
};
pub use axis::{MOST_POINTS, PathList, Scale, SweepAxis};
pub use balancer::{Balancer, HealthCheck};
pub use cache::{Cache, Capacity, NodeOutage, Scope, Start, Ttl, Writes};
pub use call::{Attempts, Backoff, CallOptions, CallStep, ExponentialBackoff, Jitter, Losers, Retry};
pub use changes::Changes;
pub use database::{Database, Probe, ShardBy, Sharding};
pub use disk::{Disk, DiskParameters, DiskPreset, DiskStep};
pub use distribution::Distribution;
pub use event::{Cold, Crash, CrashOptions, Dropped, Event, Rolling, Slow};
pub use failover::{Detect, Failover, Heartbeat};
pub use fan_out::FanOut;
pub use gather::Gather;
pub use host::Host;
pub use knob::Knob;
pub use link::Link;
pub use lock::{Lock, LockBy};
pub use look_aside::LookAside;
pub use machine::Machine;
pub use memory::{MemoryLevel, MemoryStep};
pub use network::{Network, NetworkOptions, NetworkStep, SEGMENT, Tls, Transfer};
pub use objective::Objective;
pub use optimistic::Optimistic;
pub use policy::{Balance, Eviction, Written};
pub use pool::Pool;
pub use protect::{After, Breaker, Budget, Consecutive, Deadline, FailureRatio, Hedge};
pub use queue::{Deliveries, Delivery, Outage, Outbox, PartitionShares, Partitions, Queue, QueueFull, QueueOrder};
pub use region::Region;
pub use replication::{MOST_COPIES, Mode, PrimaryWrites, Reads, Replication, Spread};
pub use run::{LONGEST, Precision, Run, RunDuration, WarmUp};
pub use schema::{reference, schema};
pub use service::{Operation, Service};
pub use shed::{CodelShed, PriorityLevel, PriorityShed, QueueTimeout, Shed};
pub use speedup::Speedup;
pub use station::{AdaptiveLifo, Discipline, MOST_REPLICAS, RoundRobin, Servers, Station};
pub use step::{Hold, Parallel, ParallelOptions, Repeat, Step, VisitOptions, VisitStep};
pub use sweep::{Sweep, check_axes};
pub use workload::{Arrivals, BatchArrivals, BatchSize, Diurnal, HotSet, Keys, Mmpp, Profile, Ramp, Workload, Zipf};
pub use zone::Zone;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::syntax::{At, Decode, Decoder, Named, Node, Table, Value, decode_nothing, parse_document, table};

table! {
    /// A whole file: who asks, what answers, on what, what is good enough, and what to vary.
    pub struct Scenario {
        /// What it is about, in a few words.
        pub title: Option<String> = None,
        /// Who asks.
        pub workload: Named<Workload> = Named::default(),
        /// Bare queueing stations.
        pub station: Named<Station> = Named::default(),
        /// Kinds of machine.
        pub machine: Named<Machine> = Named::default(),
        /// Machines that components share.
        pub host: Named<Host> = Named::default(),
        /// Programs that work on requests.
        pub service: Named<Service> = Named::default(),
        /// What spreads requests over components.
        pub balancer: Named<Balancer> = Named::default(),
        /// Answers kept near those who ask.
        pub cache: Named<Cache> = Named::default(),
        /// What only one may hold at a time.
        pub lock: Named<Lock> = Named::default(),
        /// Numbers of equal things that may be held.
        pub pool: Named<Pool> = Named::default(),
        /// Data, its copies and its shards.
        pub database: Named<Database> = Named::default(),
        /// Message queues.
        pub queue: Named<Queue> = Named::default(),
        /// Places.
        pub region: Named<Region> = Named::default(),
        /// What may be lost at once within a place.
        pub zone: Named<Zone> = Named::default(),
        /// What connects places.
        pub link: Named<Link> = Named::default(),
        /// Reads that find out how soon a write is seen.
        pub probe: Named<Probe> = Named::default(),
        /// What happens when.
        pub event: Vec<At<Event>> = Vec::new(),
        /// What is good enough.
        pub objective: Vec<At<Objective>> = Vec::new(),
        /// What somebody is to be told of while it happens.
        pub alert: Vec<At<Alert>> = Vec::new(),
        /// How long, how often, from which seed.
        pub run: Run = Run::default(),
        /// What to vary.
        pub sweep: Option<Sweep> = None,
    }
}

impl Default for Scenario {
    fn default() -> Scenario {
        decode_nothing()
    }
}

/// The text of a scenario and what the command line changes in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The name of the file, for messages.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// `path=value`, or `-path` to take out what is there, applied in turn.
    pub overrides: Vec<String>,
}

/// Values that say how a scenario is run, which results say anyway.
const HOW_IT_IS_RUN: [&str; 6] =
    ["run.seed", "run.replications", "run.duration", "run.warm-up", "run.series", "run.precision"];

impl Source {
    /// The overrides that change what the scenario means, as they are written: not its seed or its duration.
    pub fn changes(&self) -> Vec<String> {
        let path = |text: &str| text.split('=').next().unwrap_or(text).trim().to_owned();
        self.overrides.iter().filter(|text| !HOW_IT_IS_RUN.contains(&path(text).as_str())).cloned().collect()
    }
}

/// Reads a scenario. What is wrong with it is in the diagnostics; the scenario is then what could be
/// read, fit only for finding further problems.
///
/// ```
/// let source = knee::scenario::Source {
///     name: "one.toml".into(),
///     text: "[station.desk]\nservers = 0\n".into(),
///     overrides: vec!["station.desk.servers=2".into()],
/// };
/// let (scenario, diagnostics) = knee::scenario::parse(&source);
/// assert!(diagnostics.is_empty());
/// assert_eq!(scenario.station.len(), 1);
/// ```
pub fn parse(source: &Source) -> (Scenario, Diagnostics) {
    parse_changed(source, &[])
}

/// Reads a scenario as events have changed it, one after the other.
pub fn parse_changed(source: &Source, changes: &[&Changes]) -> (Scenario, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let (mut root, mut found) = tree(source, &mut diagnostics);
    found.extend(changes.iter().flat_map(|changes| changes.apply(&mut root)));
    found.extend(unprintable::find(&root));
    found.extend(nameless::mark(&mut root));
    let mut cx = Decoder::default();
    let root = Node { span: root.span, value: Value::Table(root) };
    let scenario = Scenario::decode(&root, &mut cx).unwrap_or_default();
    found.into_iter().chain(cx.found).for_each(|one| diagnostics.push(one));
    (scenario, diagnostics)
}

/// The tree of a scenario with every override applied, and what is wrong with its syntax or with an override.
fn tree(source: &Source, diagnostics: &mut Diagnostics) -> (Table, Vec<Diagnostic>) {
    let base = diagnostics.map.add(&source.name, &source.text);
    let (mut root, mut found) = parse_document(&source.text, base);
    for text in &source.overrides {
        let (flag, written) = text.strip_prefix('-').map_or(("--set", text.as_str()), |path| ("--unset", path));
        let base = diagnostics.map.add(flag, written);
        found.extend(set::apply(&mut root, text, base).err().map(|problem| *problem));
    }
    (root, found)
}

/// What a run of the scenario depends on, in one line: every override applied; no comments, no layout, and not what
/// `knee sweep` would vary.
///
/// ```
/// use knee::scenario::{Source, canonical};
/// let source = |text: &str, overrides: &[&str]| Source {
///     name: "one.toml".into(),
///     text: text.into(),
///     overrides: overrides.iter().map(|&one| one.to_owned()).collect(),
/// };
/// let plain = canonical(&source("[station.desk]\nservers = 2\n", &[]));
/// assert_eq!(plain, canonical(&source("# a desk\n[station.desk]\nservers = 1", &["station.desk.servers=2"])));
/// ```
pub fn canonical(source: &Source) -> String {
    let (mut root, _) = tree(source, &mut Diagnostics::default());
    root.entries.retain(|(key, _)| key.name != "sweep");
    Node::unwritten(Value::Table(root)).to_toml()
}
