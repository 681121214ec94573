//! The program that requests run: flat ops, grouped in routines.
//!
//! A routine is the code of one operation of one component, of one arm of a `parallel`, or of
//! one workload's requests. Calls go from routine to routine and never in circles, so a
//! request's stack is bounded by the scenario.

/// Place of an op in the program.
pub type Pc = u32;

/// What a request does next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Op {
    /// Queue at a station and be served for a time drawn from a law.
    Visit {
        /// Where.
        place: Place,
        /// How long.
        law: u32,
        /// The law is the station's own: a replayed job's service time replaces it.
        own: bool,
    },
    /// Time passes.
    Wait {
        /// How long.
        law: u32,
        /// Random stream.
        stream: u32,
    },
    /// A constant time passes.
    Delay {
        /// The lane of this delay.
        lane: u32,
    },
    /// Take one of a station's servers and keep it until `Release`.
    Acquire {
        /// Where.
        place: Place,
    },
    /// Give back what the innermost `Acquire` took.
    Release,
    /// Choose a target and continue in its routine.
    Enter {
        /// The call site.
        site: u32,
    },
    /// Choose the replica for the next `Visit`, without a call.
    Pick {
        /// The call site.
        site: u32,
    },
    /// Return to the caller.
    Return,
    /// Continue elsewhere.
    Jump {
        /// Where.
        to: Pc,
    },
    /// Continue at one of several places, by probability.
    Branch {
        /// Index of the choice.
        choice: u32,
        /// Random stream.
        stream: u32,
    },
    /// Begin a loop.
    Loop {
        /// Number of passes, at least 1.
        times: u32,
    },
    /// End of a pass: back to the beginning of the innermost loop, or on.
    Next {
        /// First op of the loop's body.
        back: Pc,
    },
    /// All arms at once.
    Fork {
        /// Index of the fork.
        fork: u32,
    },
    /// The same call to several targets at once.
    FanOut {
        /// Index of the fan.
        fan: u32,
    },
    /// The end of an arm.
    Join,
    /// A new version of what the request is about begins; the task carries its number until `Done`.
    Write {
        /// The store.
        store: u32,
    },
    /// The version is committed: who reads from now on should be shown it, or a newer one.
    Commit {
        /// The store.
        store: u32,
    },
    /// The copy of this node has the version, unless it has a newer one.
    Apply {
        /// Where the copy is.
        copies: u32,
    },
    /// The copy of this node is written and committed by itself, whatever others have not told it yet.
    Update {
        /// Where the copy is.
        copies: u32,
    },
    /// The version is on its way to the copy of this node, until `Done`; one that has it returns at once.
    Ship {
        /// Where the copy is.
        copies: u32,
    },
    /// A reader begins, and is shown what copies have, until `Done`.
    Read {
        /// The store.
        store: u32,
    },
    /// The same for a reader that only wants to know whether it is shown the version that the task carries.
    Probe {
        /// The store.
        store: u32,
        /// Which of the store's probes.
        probe: u32,
    },
    /// What the copy of this node has now is the answer.
    Look {
        /// Where the copy is.
        copies: u32,
    },
    /// The reader is shown the answer of this node.
    Show {
        /// Where the copy is.
        copies: u32,
    },
    /// End of a `Write`, `Ship`, `Read` or `Probe`.
    Done,
    /// As `Enter`, but each workload has a target of its own.
    EnterHome {
        /// The call site.
        site: u32,
    },
    /// A task of its own that nobody waits for.
    Spawn {
        /// Index of its routine.
        routine: u32,
    },
    /// Fails with a probability.
    Fail {
        /// Index of the probability.
        chance: u32,
        /// Random stream.
        stream: u32,
    },
    /// What follows, up to the matching `End`, is tried again when it fails.
    Try {
        /// Index of the retry policy.
        retry: u32,
    },
    /// What follows, up to the matching `End`, is given up after a time.
    Deadline {
        /// Index of the deadline.
        deadline: u32,
    },
    /// End of a `Try` or `Deadline`.
    End,
    /// The request is answered.
    Answer,
    /// The task is over; nobody is told.
    Vanish,
}

/// A station: the same for every replica of the component, or one a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u32);

const PER_REPLICA: u32 = 1 << 31;

impl Place {
    /// One station, whichever replica the request is at.
    pub fn shared(station: u32) -> Place {
        Place(station)
    }

    /// The station of the request's replica, the first of which is this.
    pub fn per_replica(first: u32) -> Place {
        Place(first | PER_REPLICA)
    }

    /// The station, for a request at this replica.
    #[inline]
    pub fn station(self, replica: u32) -> u32 {
        if self.0 & PER_REPLICA == 0 { self.0 } else { (self.0 ^ PER_REPLICA) + replica }
    }
}

/// A stretch of the program with one entry.
#[derive(Debug, Clone)]
pub struct Routine {
    /// What it is, for people: `app.browse`, `app.browse/arm 1`, `workload shoppers`.
    pub name: String,
    /// Its first op.
    pub entry: Pc,
    /// One past its last op.
    pub end: Pc,
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
    /// Routine that an answer returns to: nothing but the end of an arm.
    pub join: u32,
}

/// Data of which there are copies: which versions each of them has.
#[derive(Debug, Clone, Default)]
pub struct StoreSpec {
    /// Its name.
    pub name: String,
    /// Copies of each datum.
    pub copies: u32,
    /// How many answers a reader waits for.
    pub answers: u32,
    /// Several copies are written independently: updates that had not seen each other are in conflict.
    pub independent: bool,
    /// Reads that find out how soon a write is seen: the probe's name, and how long after the commit, in ticks.
    pub probes: Vec<(String, u64)>,
}

/// Where copies of a store are: node i is copy `first + i mod width` of part `i / width` of the data.
#[derive(Debug, Clone, Copy)]
pub struct CopySpec {
    /// The store.
    pub store: u32,
    /// The first copy.
    pub first: u32,
    /// How many copies there are among these nodes.
    pub width: u32,
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
}

/// One target of a balancer.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Which of the balancer's components.
    pub component: u32,
    /// Which of its replicas.
    pub replica: u32,
}
