//! Experiments: replications in parallel, merged to estimates; sweeps over a parameter.

mod caches;
mod cost;
mod curves;
mod estimate;
mod fits;
mod jobs;
mod numbers;
mod objectives;
mod optimistic;
mod queues;
mod replicate;
mod replication;
pub mod results;
mod scaling;
mod special;
mod summary;
mod sweep;
mod theory;
mod warm_up;

pub use replicate::{Control, Options, run};
pub use results::*;
pub use sweep::{sweep, sweep_models};
