//! What protects a call: retry budgets, breakers, hedges.

use super::Op;

/// Millionths of a retry in one.
pub const RETRY: u64 = 1_000_000;

/// What is done to protect a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shield {
    /// Of a guard: a call that is protected begins.
    Begin,
    /// Of a guard: what follows, up to the matching `Passed`, is rejected at once while the breaker is open.
    Break,
    /// What the breaker let through has succeeded.
    Passed,
    /// What has a fallback did not fail.
    Rescued,
    /// Of a hedge: what follows, up to the matching `Answered`, is a first copy; others may follow it.
    Hedge,
    /// A first copy is answered before there was another one.
    Answered,
    /// Of a hedge: an attempt whose copies are all tasks of their own; goes on at the first answer.
    Race,
    /// Of a hedge: a copy that is not the first is sent.
    SendCopy,
    /// Of a hedge: the first copy is answered.
    JoinFirst,
    /// Of a hedge: another copy is answered.
    JoinCopy,
    /// Of a lane: what follows, up to the matching `End`, has a deadline that travels with the work.
    Expires,
    /// Work whose deadline has passed ends here.
    Expire,
}

impl Shield {
    /// Whether who does it goes on at once, as itself.
    pub fn takes_no_time(self) -> bool {
        matches!(self, Shield::Begin | Shield::Break | Shield::Passed | Shield::Rescued | Shield::Expires)
            || matches!(self, Shield::Hedge | Shield::Answered)
    }

    /// As an op.
    pub fn of(self, index: u32) -> Op {
        Op::Protect { act: self, index }
    }
}

/// What protects the calls of one place in the program. Each replica of the caller has a state of its own.
#[derive(Debug, Clone)]
pub struct GuardSpec {
    /// `app -> orders.write`
    pub name: String,
    /// Replicas of the caller.
    pub rows: u32,
    /// How many retries there may be.
    pub budget: Option<BudgetSpec>,
    /// When to stop calling.
    pub breaker: Option<BreakerSpec>,
}

/// A token bucket for retries, in millionths of a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSpec {
    /// What a first attempt puts in.
    pub deposit: u64,
    /// What the bucket holds; it is full at the start.
    pub most: u64,
}

/// A circuit breaker, times in ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerSpec {
    /// What opens it.
    pub trip: Trip,
    /// How long it stays open.
    pub open: u64,
    /// How many trial calls have to succeed before it closes.
    pub probes: u32,
}

/// What opens a breaker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trip {
    /// So many failures in a row.
    Consecutive(u32),
    /// A share of failures.
    Ratio {
        /// This share or more.
        threshold: f64,
        /// A tenth of the window.
        step: u64,
        /// Of at least so many calls.
        minimum: u32,
    },
}

/// An attempt that is made of copies: one at once, and more of them later.
#[derive(Debug, Clone)]
pub struct HedgeSpec {
    /// Who counts them.
    pub guard: u32,
    /// The fork that takes the first answer.
    pub fork: u32,
    /// The call site.
    pub site: u32,
    /// Routine of the first copy.
    pub first: u32,
    /// Routine of the others.
    pub other: u32,
    /// When each of the others is sent, and so how many there are.
    pub after: AfterSpec,
    /// The caller's deadline travels with the work.
    pub travels: bool,
}

impl HedgeSpec {
    /// How many copies there may be, the first one not counted.
    pub fn copies(&self) -> u32 {
        match &self.after {
            AfterSpec::Never => 0,
            AfterSpec::Lanes { each, .. } => each.len() as u32,
            AfterSpec::Percentile { most, .. } => *most,
        }
    }
}

/// When copies are sent.
#[derive(Debug, Clone, PartialEq)]
pub enum AfterSpec {
    /// There are none.
    Never,
    /// Each after the delay of a lane.
    Lanes {
        /// Until the first one, as a timer of its frame.
        first: u32,
        /// Of each of them, as copies that wait.
        each: Vec<u32>,
    },
    /// After a percentile of what was seen so far.
    Percentile {
        /// Which, as a share.
        share: f64,
        /// How many copies.
        most: u32,
    },
}
