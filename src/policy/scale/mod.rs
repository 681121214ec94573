//! Scaling: how many replicas there should be, from what was measured or from the clock.
//!
//! A policy is one file here: what it is, its source, its decision, its tests.

mod schedule;
mod step;
mod target;

pub use schedule::Schedule;
pub use step::Step;
pub use target::{Target, desired};

/// Decides from a measurement how many replicas there should be.
pub trait Scale: std::fmt::Debug + Send + Sync {
    /// How many are wanted from now on; none is as many as before.
    fn wanted(&self, measured: &Measured) -> Option<u32>;
}

/// What is known when a decision is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Replicas in service.
    pub serving: u32,
    /// Replicas wanted by earlier decisions: those in service and those that boot.
    pub wanted: u32,
    /// The metric, per replica in service.
    pub value: f64,
}
