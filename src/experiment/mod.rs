//! Experiments: replications in parallel, merged to estimates; sweeps over a parameter.

mod admission;
mod alerts;
mod caches;
mod calls;
mod cost;
mod curves;
mod estimate;
mod fits;
mod jobs;
pub mod law;
mod monitor;
mod numbers;
mod objectives;
mod optimistic;
mod queues;
mod recovery;
mod replicate;
mod replication;
pub mod results;
mod scaling;
mod series;
mod special;
mod summary;
mod sweep;
mod theory;
mod trace;
mod warm_up;

pub use replicate::{Control, Options, run};
pub use results::*;
pub use sweep::{sweep, sweep_models};
pub use trace::trace;
