//! Admission: whether a request is let in, has to wait, or is refused at the door of a component.
//!
//! A policy is one file here (what it is, how to write it, whose idea it was, its decision, its tests), a
//! constructor re-exported below, and a variant of `scenario::Admission`. Time is whole ticks.

mod aimd;
mod concurrency;
mod gradient;
mod leaky_bucket;
mod pace;
mod token_bucket;

pub use aimd::Aimd;
pub use concurrency::Concurrency;
pub use gradient::Gradient;
pub use leaky_bucket::LeakyBucket;
pub use token_bucket::TokenBucket;

/// What becomes of a request that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is let in at once.
    Admit,
    /// It is let in after so many ticks.
    Wait(u64),
    /// It is turned away.
    Refuse,
}

/// A request that was let in and is over.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    /// When it was let in.
    pub since: u64,
    /// How many were inside when it was let in, itself among them.
    pub inside: u32,
    /// It was answered; otherwise it failed or was given up.
    pub answered: bool,
}

/// Decides who is let in.
pub trait Admit: Send + Sync {
    /// A request comes at `now`, while `inside` are inside.
    fn arrive(&mut self, now: u64, inside: u32) -> Verdict;

    /// A request that was let in is over at `now`; told only to those that look inside.
    fn leave(&mut self, now: u64, done: Done) {
        let _ = (now, done);
    }

    /// How many may be inside at this moment; none if the policy does not look at who is inside.
    fn limit(&self) -> Option<u32> {
        None
    }

    /// Whether some are let in later than they come.
    fn shapes(&self) -> bool {
        false
    }

    /// A copy in its initial state, for a new replication.
    fn fresh(&self) -> Box<dyn Admit>;
}
