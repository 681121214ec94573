//! What ops refer to by index: routines, choices, forks, call sites, balancers and the rest.

use super::{LogSpec, Nodes, Pc, Place};
use crate::policy::admit::Admit;
use crate::policy::shed::Shed;
use crate::scenario::Per;

/// A stretch of the program with one entry.
#[derive(Debug, Clone)]
pub struct Routine {
    /// What it is, for people: `app.browse`, `app.browse/arm 1`, `workload shoppers`.
    pub name: String,
    /// Its first op.
    pub entry: Pc,
    /// One past its last op.
    pub end: Pc,
    /// Whose code it is, if those may fail as a whole.
    pub nodes: Option<Nodes>,
}

/// A request that only passes: it is served at one station, and answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passage {
    /// Where the replica is chosen; none where there is only one.
    pub site: Option<u32>,
    /// Where.
    pub place: Place,
    /// How long.
    pub law: u32,
    /// The law is the station's own: a replayed job's service time replaces it.
    pub own: bool,
    /// How many are there decides which replica is chosen.
    pub counts: bool,
}

/// Alternatives by probability.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Cumulative probability up to and including each alternative; the last is 1.
    pub cumulative: Vec<f64>,
    /// Where each continues.
    pub targets: Vec<Pc>,
}

/// Arms that run at once.
#[derive(Debug, Clone)]
pub struct ForkSpec {
    /// Their routines.
    pub arms: Vec<u32>,
    /// How many have to finish.
    pub need: u32,
    /// What happens to the rest.
    pub losers: Losers,
}

/// The same call to several targets at once.
#[derive(Debug, Clone)]
pub struct FanSpec {
    /// The call site.
    pub site: u32,
    /// How many calls.
    pub arms: u32,
    /// The fork that waits for them; none where nobody waits.
    pub fork: Option<u32>,
    /// Routine of each call: what comes before it is sent, the sending, the end of an arm.
    pub join: u32,
    /// What is sent is kept until it has arrived.
    pub log: Option<LogSpec>,
}

/// A share of work.
#[derive(Debug, Clone, Copy)]
pub struct ShareSpec {
    /// The law of the whole.
    pub law: u32,
    /// The part of it.
    pub share: f64,
}

/// What is written optimistically.
#[derive(Debug, Clone)]
pub struct CounterSpec {
    /// Its name.
    pub name: String,
    /// Requests conflict only with those of the same key.
    pub by_key: bool,
}

/// Who is let in at the door of a component.
pub struct GateSpec {
    /// The component, or its operation; with the policy's name where there are several.
    pub name: String,
    /// Decides.
    pub policy: Box<dyn Admit>,
    /// For whom there is one.
    pub per: Per,
    /// Each of so many replicas has its own.
    pub replicas: u32,
}

/// Who is shed from the lines of a group of stations.
pub struct ShedSpec {
    /// Decides.
    pub policy: Box<dyn Shed>,
    /// Routine of those who are.
    pub refused: u32,
}

/// A time limit.
#[derive(Debug, Clone, Copy)]
pub struct DeadlineSpec {
    /// The lane of its delay.
    pub lane: u32,
    /// What happens to the work.
    pub losers: Losers,
}

pub use crate::scenario::Losers;

/// A retry policy, times in ticks.
#[derive(Debug, Clone)]
pub struct RetrySpec {
    /// How often at most, counting the first; none is unlimited.
    pub attempts: Option<u32>,
    /// How long to wait before the next attempt.
    pub backoff: BackoffSpec,
    /// Random stream.
    pub stream: u32,
    /// Who counts retries and says whether there may be another one.
    pub guard: u32,
}

/// Back-off, times in ticks.
#[derive(Debug, Clone)]
pub enum BackoffSpec {
    /// No wait.
    None,
    /// Independent draws of a law.
    Delay(u32),
    /// Exponential with a cap.
    Exponential {
        /// First wait.
        base: f64,
        /// Growth.
        factor: f64,
        /// Longest wait.
        cap: f64,
        /// Randomisation.
        jitter: crate::scenario::Jitter,
    },
}

/// One place in the program that calls a component or balancer.
#[derive(Debug, Clone)]
pub struct Site {
    /// Who chooses the target; none where there is only one.
    pub balancer: Option<u32>,
    /// Per component among the targets: its routine for this operation.
    pub routines: Vec<u32>,
    /// First row of what this caller has outstanding.
    pub row: u32,
    /// Each replica of the caller has a row of its own.
    pub row_per_replica: bool,
    /// Each replica of the caller has so many of the targets for itself, in order; none is all for all.
    pub slice: Option<u32>,
    /// So many replicas of the caller in a row share what is one's in `slice`.
    pub sharing: u32,
    /// What lies between the caller and the targets; none is nothing.
    pub wiring: Option<u32>,
}

/// A place: 0 is nowhere in particular, next to everything; regions count from 1.
pub type Region = u8;

/// Nowhere in particular.
pub const NOWHERE: Region = 0;

/// Where the caller and the targets of a call site are, and what lies between them.
#[derive(Debug, Clone, Default)]
pub struct Wiring {
    /// Where each replica of the caller is, or the only caller.
    pub from: Vec<Region>,
    /// The caller is wherever it is called from, and has a replica for each place.
    pub anywhere: bool,
    /// Where each target is; none is wherever its caller is, with a replica for each place.
    pub to: Vec<Option<Region>>,
    /// How many places there are, nowhere among them.
    pub places: u32,
    /// Mean one-way latency in seconds, by place of the caller, then by target; empty where nobody asks.
    pub distances: Vec<f64>,
    /// By component of the target, place of the caller, place of the target.
    pub ways: Vec<Way>,
    /// By component of the target and place of the caller: the routine of a target that does something else for
    /// callers from there; empty where there is none.
    pub entries: Vec<Option<u32>>,
}

/// What a call passes on its way: routines, none where nothing is in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Way {
    /// There.
    pub request: Option<u32>,
    /// Back, with an answer.
    pub answer: Option<u32>,
    /// Back, with bad news.
    pub failure: Option<u32>,
}

impl Wiring {
    /// Where this replica of the caller is.
    #[inline]
    pub fn place(&self, replica: u32) -> Region {
        let index = if self.from.len() == 1 { 0 } else { replica as usize };
        self.from.get(index).copied().unwrap_or(NOWHERE)
    }

    /// The way from a place to a target.
    #[inline]
    pub fn way(&self, from: Region, component: u32, target: u32) -> Way {
        let to = self.to[target as usize].unwrap_or(from);
        self.ways.get(self.index(component, from, to)).copied().unwrap_or_default()
    }

    /// The routine of a target for callers from a place, unless it is that of the site.
    #[inline]
    pub fn entry(&self, component: u32, from: Region) -> Option<u32> {
        self.entries.get((component * self.places + u32::from(from)) as usize).copied().flatten()
    }

    /// Where a way is in `ways`.
    pub fn index(&self, component: u32, from: Region, to: Region) -> usize {
        ((component * self.places + u32::from(from)) * self.places + u32::from(to)) as usize
    }

    /// How far each target is from a place.
    pub fn distances(&self, from: Region) -> &[f64] {
        let width = self.to.len();
        self.distances.get(usize::from(from) * width..(usize::from(from) + 1) * width).unwrap_or(&[])
    }
}

/// Who chooses among targets.
pub struct BalancerSpec {
    /// Its name.
    pub name: String,
    /// The policy in its initial state.
    pub policy: Box<dyn crate::policy::balance::Balance>,
    /// The targets.
    pub targets: Vec<Target>,
    /// Per target: index of the station whose load stands for it.
    pub fronts: Vec<u32>,
    /// The policy wants to know what is outstanding and how long answers take.
    pub answers: bool,
    /// Rows of outstanding counts, one a caller.
    pub rows: u32,
    /// Random stream.
    pub stream: u32,
    /// For so many ticks a client keeps the target that was chosen for it.
    pub remember: Option<u64>,
}

/// A target that is not there for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetOutage {
    /// Which target.
    pub target: u32,
    /// From when on, in ticks from the end of warm-up.
    pub from: u64,
    /// Until when.
    pub until: u64,
}

impl TargetOutage {
    /// Whether the target is not there, so many ticks after the end of warm-up.
    pub fn covers(&self, target: u32, time: u64) -> bool {
        self.target == target && self.from <= time && time < self.until
    }
}

/// One target of a balancer.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Which of the balancer's components.
    pub component: u32,
    /// Which of its replicas.
    pub replica: u32,
}
