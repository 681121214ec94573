//! Replications: independent, in parallel, merged so that their order does not matter.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::numbers::Numbers;
use super::results::Results;
use super::summary::Summary;
use super::warm_up;
use crate::engine::{Settings, simulate};
use crate::model::{Horizon, Model, WarmUp};

/// What is kept beyond the estimates, and how many threads work.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Threads; none is one a core.
    pub threads: Option<usize>,
    /// Keep the share of time in each state of every station.
    pub states: bool,
    /// Keep a record of every request.
    pub jobs: bool,
    /// Report every replica of every station, not only the first 64.
    pub all_replicas: bool,
    /// Schedule an event for every departure, also where it could be computed on arrival: slower, and the same results.
    pub every_departure: bool,
}

/// Who wants to know how far it is, and who may stop it.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Told the share that is done, from 0 to 1.
    pub progress: &'a (dyn Fn(f64) + Sync),
    /// When true, no further replication is begun.
    pub cancelled: &'a AtomicBool,
}

/// Points of the curves over time.
const BUCKETS: u32 = 200;

/// Runs all replications of a model.
///
/// The result depends on the model only: not on the number of threads, nor on which replication
/// is finished first.
pub fn run(model: &Model, options: &Options, control: &Control<'_>) -> Results {
    in_pool(options, || run_here(model, options, control))
}

/// Works with the number of threads asked for.
pub(super) fn in_pool<T: Send>(options: &Options, work: impl FnOnce() -> T + Send) -> T {
    let pool = options.threads.map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build());
    match pool {
        Some(Ok(pool)) => pool.install(work),
        _ => work(),
    }
}

pub(super) fn run_here(model: &Model, options: &Options, control: &Control<'_>) -> Results {
    let (warm_up, mut warnings) = match model.warm_up {
        WarmUp::Ticks(ticks) => (ticks, Vec::new()),
        WarmUp::Auto => warm_up::find(model, control),
    };
    warnings.splice(0..0, model.forecast.warnings());
    let settings = |replication: u64| Settings {
        replication,
        warm_up,
        window: match model.horizon {
            Horizon::Ticks(ticks) => Some(ticks),
            Horizon::UntilEmpty => None,
        },
        states: options.states,
        jobs: options.jobs,
        buckets: if model.replications > 1000 { 0 } else { BUCKETS },
        virtual_departures: !options.every_departure,
    };
    let summary = Mutex::new(Summary::new(model, model.replications as usize));
    let done = AtomicU64::new(0);
    (0..model.replications).into_par_iter().for_each(|replication| {
        if control.cancelled.load(Ordering::Relaxed) {
            return;
        }
        let observations = simulate(model, &settings(u64::from(replication)));
        let numbers = Numbers::new(model, &observations);
        if let Ok(mut summary) = summary.lock() {
            summary.add(replication as usize, numbers, observations);
        }
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        (control.progress)(done as f64 / f64::from(model.replications));
    });
    let summary = summary.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    summary.results(model, options, warm_up, warnings)
}
