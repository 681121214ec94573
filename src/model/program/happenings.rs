//! What fails as a whole, and what happens when.

use super::Region;

/// The nodes of a component, one for each of its replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nodes {
    /// The first of them.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// How far apart those of two replicas are: more than 1 where each replica has several nodes, and one of them is meant.
    pub stride: u32,
}

impl Nodes {
    /// The node of a replica. What has one node for callers from everywhere has it for each of them.
    #[inline]
    pub fn of(self, replica: u32) -> u32 {
        self.first + if self.count == 1 { 0 } else { replica * self.stride }
    }
}

/// What fails, stands still or goes away as a whole: one replica of a component.
#[derive(Debug, Clone, Default)]
pub struct NodeSpec {
    /// `app[2]`, `orders.primary`
    pub name: String,
    /// The stations that it consists of.
    pub stations: Vec<u32>,
    /// Where it is.
    pub region: Region,
    /// With what it is lost, where that is said.
    pub zone: Option<u32>,
    /// Which queues it takes messages from.
    pub pulls: Vec<Pull>,
}

/// A replica that takes messages from a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pull {
    /// The queue.
    pub queue: u32,
    /// Who chooses among the consumers, and which of the targets it is.
    pub target: Option<(u32, u32)>,
    /// How many messages it works on at once; none is no limit.
    pub slots: Option<u32>,
}

/// Who is asked whether it is there. Times are in ticks.
#[derive(Debug, Clone)]
pub struct HealthSpec {
    /// The balancer that wants to know.
    pub balancer: u32,
    /// It asks at every multiple of this, from the end of warm-up.
    pub every: u64,
    /// After so many probes in a row without an answer a target is not chosen any more.
    pub failures: u32,
    /// After so many answers in a row it is chosen again.
    pub successes: u32,
    /// The node of each target; `NO_NODE` is one that always answers.
    pub nodes: Vec<u32>,
    /// Where it asks from.
    pub from: Region,
}

/// Something that happens at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Happening {
    /// When, in ticks from the end of warm-up.
    pub at: u64,
    /// Something is over.
    pub ends: bool,
    /// What.
    pub change: Change,
}

/// A change of what is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// A node stops, and what it was doing is lost; it is back when this ends.
    Crash {
        /// Which.
        node: u32,
        /// Nobody is told.
        silent: bool,
    },
    /// The stations of a node stand still until this ends.
    Pause {
        /// Which.
        node: u32,
    },
    /// So many units of something are in service until this ends, or until somebody says otherwise.
    Scale {
        /// What is scaled.
        scaler: u32,
        /// How many.
        to: u32,
        /// The number of the event, if it ends.
        layer: Option<u32>,
    },
    /// Everything takes so many times as long at a station until this ends.
    Slow {
        /// Which.
        station: u32,
        /// How many times.
        factor: f64,
    },
    /// From now on the numbers are those of another model.
    Set {
        /// One of the model's variants; none is the model itself.
        variant: Option<u32>,
    },
    /// Nothing that is sent from one place arrives at another until this ends.
    Cut {
        /// Where it is sent from.
        from: Region,
        /// Where it would arrive.
        to: Region,
    },
    /// A share of what is sent from one place to another is lost until this ends.
    Lose {
        /// Where it is sent from.
        from: Region,
        /// Where it would arrive.
        to: Region,
        /// How much of it.
        share: f64,
        /// Random stream.
        stream: u32,
        /// The lane of the time after which a log sends again what was lost.
        lane: u32,
    },
    /// A balancer does not choose a target until this ends.
    TakeOut {
        /// The balancer.
        balancer: u32,
        /// Its target.
        target: u32,
    },
}

/// No node in particular.
pub const NO_NODE: u32 = u32::MAX;
