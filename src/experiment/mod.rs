//! Experiments: replications in parallel, merged to estimates; sweeps over a parameter.

mod admission;
mod alerts;
mod caches;
mod calls;
mod cost;
mod curves;
mod estimate;
mod fingerprint;
mod fits;
mod grid;
mod jobs;
mod keep;
mod knee;
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

pub use grid::{Grid, GridPoint, grid};
pub use keep::Store;
pub use replicate::{Control, Options, run};
pub use results::*;
pub use sweep::sweep;
pub use trace::trace;
