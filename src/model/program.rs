//! The program that requests run: flat ops, grouped in routines.
//!
//! A routine is the code of one operation of one component, of one arm of a `parallel`, or of
//! one workload's requests. Calls go from routine to routine and never in circles, so a
//! request's stack is bounded by the scenario.

mod happenings;
mod places;
mod protect;
mod scaling;
mod specs;
mod stores;

use std::num::NonZeroU32;

pub use super::messages::{Act, BatchSpec, Messages, OutboxSpec, QueueSpec, TopicSpec};
pub use happenings::{Change, Happening, HealthSpec, NO_NODE, NodeSpec, Nodes, Pull};
pub use places::{Daemon, Place, Taken};
pub use protect::*;
pub use scaling::{Decider, Quantity, ScalerSpec, Signal, Units};
pub use specs::*;
pub use stores::*;

/// Place of an op in the program.
pub type Pc = u32;

/// Where the program says that nobody is there, and tells or does not tell.
pub const REFUSALS: [Op; 2] = [Op::Refuse { silent: false }, Op::Refuse { silent: true }];

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
        /// Another look, after somebody else's miss.
        again: bool,
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
    /// As `Enter`, but the target is that of the copy that is primary at the moment.
    EnterPrimary {
        /// The call site; its targets are the copies, shard by shard.
        site: u32,
        /// The store.
        store: u32,
    },
    /// Calls the target that the innermost frame says.
    Send,
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
    /// The whole request is given up after a time: the first op of what a client asks for, which needs no `End`.
    Limit {
        /// Index of the deadline.
        deadline: u32,
    },
    /// End of a `Draw`, `Try`, `Deadline` or `Shield::Expires`.
    End,
    /// Something that protects a call.
    Protect {
        /// What.
        act: Shield,
        /// Of which guard, hedge or lane.
        index: u32,
    },
    /// What follows, up to the matching `Shield::Rescued`, is replaced by something else when it fails.
    Rescue {
        /// Who counts it.
        guard: u32,
        /// What is done instead.
        to: Pc,
    },
    /// The request is let in by a gate, now or later, or is rejected.
    Admit {
        /// Which gate.
        gate: u32,
    },
    /// It leaves the innermost gate that counts who is inside.
    Leave,
    /// It was shed from a line: it is rejected.
    Shed,
    /// The request is answered.
    Answer,
    /// The task is over; nobody is told.
    Vanish,
    /// Nobody is where a call went: it fails, or is never answered. Stands before all routines; calls are led here.
    Refuse {
        /// It is never answered.
        silent: bool,
    },
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
