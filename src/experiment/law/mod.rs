//! What laws answer without a simulation: `knee law`. Everything here is computed, or fitted to measurements.
//!
//! Sizes are at least 1, times in seconds, rates per second, shares from 0 to 1. What is infinite is none, and null in JSON.

mod fitting;
mod measured;
mod queueing;
mod scaling;

use serde::Serialize;

pub use fitting::MeasuredRow;
pub(super) use fitting::{doubts, of_one};
pub use measured::{Measured, Quantity};
pub use queueing::{
    Queue, QueueRow, Repairman, RepairmanRow, SquareRoot, Staffing, StaffingRow, Target, Waiting, queue, repairman,
    staffing,
};
pub use scaling::{
    Amdahl, AmdahlRow, Deadline, Gustafson, GustafsonRow, Speedup, SpeedupRow, UslAnswer, UslRow, amdahl, fit_amdahl,
    fit_usl, gustafson, speedup, usl,
};

/// What one law answers.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "law", rename_all = "kebab-case")]
pub enum Answer {
    /// A job of given size on more processors.
    Amdahl(Amdahl),
    /// A job that grows with the processors.
    Gustafson(Gustafson),
    /// Contention and coherency.
    Usl(UslAnswer),
    /// A job in hours and its cost.
    Speedup(Speedup),
    /// How many servers.
    Staffing(Staffing),
    /// M/M/c.
    Queue(Queue),
    /// A closed population.
    Repairman(Repairman),
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
