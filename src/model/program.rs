//! The program that requests run: flat ops, grouped in routines.
//!
//! A routine is the code of one operation of one component, of one arm of a `parallel`, or of
//! one workload's requests. Calls go from routine to routine and never in circles, so a
//! request's stack is bounded by the scenario.

pub use super::messages::{Act, BatchSpec, Messages, OutboxSpec, QueueSpec, TopicSpec};
use std::num::NonZeroU32;

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
    /// Draw an amount of work; what follows, up to the matching `End`, and the arms of a fork right after
    /// it, do shares of it.
    Draw {
        /// How much.
        law: u32,
        /// Random stream.
        stream: u32,
    },
    /// Queue at a station and be served for a share of the work drawn.
    Share {
        /// Where.
        place: Place,
        /// Index of the share.
        share: u32,
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
    /// Ask a cache from aside: continue in its routine; on a hit it returns past the next op.
    Look {
        /// The call site.
        site: u32,
        /// What it looks into.
        contents: u32,
    },
    /// Look for the request's key in the contents of its replica.
    Probe {
        /// Which contents.
        contents: u32,
        /// Where to continue if it is there.
        hit: Pc,
        /// Another look, after somebody else's miss: it counts as coalesced if it hits.
        again: bool,
    },
    /// Put the request's key into the contents of its replica.
    Fill {
        /// Which contents.
        contents: u32,
        /// An entry that is there already is new from now on.
        renew: bool,
        /// The origin does not know it yet.
        dirty: bool,
    },
    /// Take the request's key out of the contents of its replica.
    Drop {
        /// Which contents.
        contents: u32,
    },
    /// An entry that was changed is to be written to the origin now.
    Launder {
        /// Which contents.
        contents: u32,
        /// Where to continue if it has been written already, or is gone.
        clean: Pc,
    },
    /// Return to the caller.
    Return,
    /// Return to the caller, past its next op.
    Skip,
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
    CommitWrite {
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
    ReadProbe {
        /// The store.
        store: u32,
        /// Which of the store's probes.
        probe: u32,
    },
    /// What the copy of this node has now is the answer.
    Peek {
        /// Where the copy is.
        copies: u32,
    },
    /// The reader is shown the answer of this node.
    Show {
        /// Where the copy is.
        copies: u32,
    },
    /// End of a `Write`, `Ship`, `Read` or `ReadProbe`.
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
    /// An attempt begins that counts only if nobody else commits before its end.
    Begin {
        /// Who counts the commits.
        counter: u32,
    },
    /// The end of an attempt: on, or back.
    Commit {
        /// Who counts the commits.
        counter: u32,
        /// First op of the attempt.
        back: Pc,
        /// How many attempts at most; none is without limit.
        most: Option<NonZeroU32>,
    },
    /// Something with messages or a batch.
    Message {
        /// What.
        act: Act,
        /// Of which topic, queue or batch.
        index: u32,
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
    /// End of a `Draw`, `Try` or `Deadline`.
    End,
    /// The request is answered.
    Answer,
    /// The task is over; nobody is told.
    Vanish,
    /// Time passes, after all that is complete at its end.
    Rest {
        /// How long.
        law: u32,
        /// Random stream.
        stream: u32,
    },
    /// Servers of a station are not available any more.
    TakeAway {
        /// Where.
        place: Place,
        /// Which.
        which: Taken,
    },
    /// Servers that were taken away are back.
    GiveBack {
        /// Where.
        place: Place,
        /// Which.
        which: Taken,
    },
    /// Waits until a server has been idle for as long as its group keeps it.
    AwaitIdle {
        /// Where.
        place: Place,
    },
    /// Waits until more customers wait than servers are being set up, and begins to set one up.
    AwaitCustomer {
        /// Where.
        place: Place,
    },
    /// Waits until the station has been busy for a time drawn from a law.
    WaitBusy {
        /// Where.
        place: Place,
        /// How long.
        law: u32,
    },
    /// Rings one of a station's bells.
    Signal {
        /// Where.
        place: Place,
        /// Which bell.
        bell: u32,
    },
    /// Waits until a bell has rung once more than it was waited for.
    AwaitSignal {
        /// Where.
        place: Place,
        /// Which bell.
        bell: u32,
    },
}

/// Which servers of a station are taken away or given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All of them.
    All,
    /// One: an idle one if there is one, or else any.
    One,
    /// The one that has been idle longest.
    Idle,
    /// One that has been set up.
    SetUp,
}

/// Something that goes on beside the requests for the whole run: what happens to the servers of a station.
#[derive(Debug, Clone, Copy)]
pub struct Daemon {
    /// Its routine.
    pub routine: u32,
    /// How many of them each station of the group has.
    pub copies: u32,
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

/// One target of a balancer.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Which of the balancer's components.
    pub component: u32,
    /// Which of its replicas.
    pub replica: u32,
}
