//! Laws in closed form, of queues, caches, copies and what else a system is built of: what the simulator
//! must agree with, and what it says before a run.
//!
//! Plain functions. Rates are per second, times in seconds (any consistent pair of units works),
//! probabilities in \[0, 1\]. An overloaded system without losses has an infinite mean.

pub mod absence;
pub mod admission;
pub mod amdahl;
pub mod batch;
mod birth_death;
pub mod bounds;
pub mod cache;
pub mod dps;
pub mod erlang;
pub mod failover;
pub mod fork_join;
pub mod gim1;
pub mod hashing;
pub mod hierarchy;
pub mod impatience;
pub mod jackson;
pub mod kingman;
pub mod look_aside;
pub mod loss;
pub mod messaging;
pub mod mg1;
pub mod mva;
pub mod mva_classes;
pub mod network;
pub mod order;
pub mod pipeline;
pub mod popularity;
pub mod priority;
pub mod ps;
pub mod reliability;
pub mod repairman;
pub mod replication;
pub mod retrial;
pub mod scaling;
pub mod split;
pub mod staffing;
pub mod storage;
pub mod transactions;
pub mod ttl;
pub mod usl;
pub mod usl_fit;

/// Fails unless `actual` is within a relative `tolerance` of `expected`.
#[cfg(test)]
fn assert_close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual / expected - 1.0).abs() < tolerance, "{actual} instead of {expected}");
}
