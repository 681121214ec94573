//! Load shedding: who is taken out of a waiting line unserved, so that those who are served are served in time.
//!
//! A policy is one file here, a constructor re-exported below, and a variant of `scenario::Shed`. Time is whole ticks.

mod codel;
mod priority;
mod queue_timeout;

pub use codel::Codel;
pub use priority::Priority;
pub use queue_timeout::QueueTimeout;

/// What becomes of a customer who would have to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// It joins the line.
    Join,
    /// It joins the line, and is shed after so many ticks in it.
    JoinFor(u64),
    /// It is shed at once.
    Shed,
}

/// Decides who is shed.
pub trait Shed: Send + Sync {
    /// A customer would have to wait behind `waiting` others; a smaller priority is more urgent.
    fn enter(&mut self, now: u64, priority: i32, waiting: u32) -> Entry {
        let _ = (now, priority, waiting);
        Entry::Join
    }

    /// A server is free for one who has waited for so long, with so many left behind: whether to shed it instead.
    fn sheds(&mut self, now: u64, waited: u64, behind: u32) -> bool {
        let _ = (now, waited, behind);
        false
    }

    /// A server has found nobody waiting.
    fn empty(&mut self, now: u64) {
        let _ = now;
    }

    /// Whether customers are shed while they wait.
    fn has_timeout(&self) -> bool {
        false
    }

    /// A copy in its initial state, for a new replication.
    fn fresh(&self) -> Box<dyn Shed>;
}
