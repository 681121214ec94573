//! Replications: independent, in parallel, merged so that their order does not matter.
//!
//! Those of several models are one flat list of tasks: no core waits while any is left, whichever
//! model it belongs to. A model's numbers are summed up as soon as its last replication has ended.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use super::numbers::Numbers;
use super::results::Results;
use super::summary::Summary;
use super::{jobs, warm_up};
use crate::engine::{Settings, simulate};
use crate::model::{Group, Horizon, Model, WarmUp};

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

/// Replicas that are reported one by one, unless all are asked for.
const REPLICAS: u32 = 64;

impl Options {
    /// How many replicas of a group are reported one by one: none where there is only one.
    pub(super) fn replicas_of(&self, group: &Group) -> usize {
        match group.count {
            1 => 0,
            count if self.all_replicas => count as usize,
            count => count.min(REPLICAS) as usize,
        }
    }
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
    let mut point = Point::new(model, options);
    in_pool(options, || work(std::slice::from_mut(&mut point), control, &|_, _| ()));
    point.into_results()
}

/// Told of each model, by its index, as soon as its last replication has ended.
pub(super) type Ended<'a> = &'a (dyn Fn(usize, &mut Results) + Sync);

/// Runs all replications of several models, which share the threads.
pub(super) fn run_all(
    models: &[&Model],
    options: &Options,
    control: &Control<'_>,
    ended: Ended<'_>,
) -> Vec<Results> {
    let mut points: Vec<Point<'_>> = models.iter().map(|model| Point::new(model, options)).collect();
    in_pool(options, || work(&mut points, control, ended));
    points.into_iter().map(Point::into_results).collect()
}

/// Works with the number of threads asked for.
fn in_pool(options: &Options, work: impl FnOnce() + Send) {
    let pool = options.threads.map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build());
    match pool {
        Some(Ok(pool)) => pool.install(work),
        _ => work(),
    }
}

fn work(points: &mut [Point<'_>], control: &Control<'_>, ended: Ended<'_>) {
    points.par_iter_mut().with_max_len(1).for_each(|point| point.find_warm_up(control));
    replicate(points, control, ended);
}

fn replicate(points: &[Point<'_>], control: &Control<'_>, ended: Ended<'_>) {
    let mut tasks: Vec<(usize, &Point<'_>, u32)> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        tasks.extend((0..point.model.replications).map(|replication| (index, point, replication)));
    }
    let done = AtomicUsize::new(0);
    // Singly: at the end, a core with several tasks would leave the others idle.
    tasks.par_iter().with_max_len(1).for_each(|&(index, point, replication)| {
        if !control.cancelled.load(Ordering::Relaxed) {
            point.simulate(replication);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (control.progress)(done as f64 / tasks.len() as f64);
        }
        point.end_one(&|results| ended(index, results));
    });
}

/// A model, and what its replications have added up to so far.
struct Point<'a> {
    model: &'a Model,
    options: &'a Options,
    /// In ticks.
    warm_up: u64,
    warnings: Vec<String>,
    /// None before the first replication has ended and after the last: only points under way take memory.
    summary: Mutex<Option<Summary>>,
    /// Replications that have not ended.
    left: AtomicU32,
    results: OnceLock<Results>,
}

impl<'a> Point<'a> {
    fn new(model: &'a Model, options: &'a Options) -> Point<'a> {
        Point {
            model,
            options,
            warm_up: 0,
            warnings: Vec::new(),
            summary: Mutex::new(None),
            left: AtomicU32::new(model.replications),
            results: OnceLock::new(),
        }
    }

    fn find_warm_up(&mut self, control: &Control<'_>) {
        (self.warm_up, self.warnings) = match self.model.warm_up {
            WarmUp::Ticks(ticks) => (ticks, Vec::new()),
            WarmUp::Auto => warm_up::find(self.model, control),
        };
        self.warnings.splice(0..0, self.model.forecast.warnings());
    }

    /// Runs a replication. What takes long is done before it is added to the others, one at a time.
    fn simulate(&self, replication: u32) {
        let mut observations = simulate(self.model, &self.settings(u64::from(replication)));
        jobs::sort(&mut observations.jobs);
        let numbers = Numbers::new(self.model, self.options, &observations);
        let mut summary = self.summary();
        let summary = summary.get_or_insert_with(|| Summary::new(self.model));
        summary.add(replication as usize, numbers, &mut observations);
    }

    /// A replication has ended, or will not be begun. The last one sums up.
    fn end_one(&self, ended: &dyn Fn(&mut Results)) {
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.results.get_or_init(|| {
                let mut results = self.sum_up();
                ended(&mut results);
                results
            });
        }
    }

    fn sum_up(&self) -> Results {
        let summary = self.summary().take().unwrap_or_else(|| Summary::new(self.model));
        summary.results(self.model, self.options, self.warm_up, self.warnings.clone())
    }

    fn into_results(mut self) -> Results {
        self.results.take().unwrap_or_else(|| self.sum_up())
    }

    fn summary(&self) -> MutexGuard<'_, Option<Summary>> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settings(&self, replication: u64) -> Settings {
        Settings {
            replication,
            warm_up: self.warm_up,
            window: match self.model.horizon {
                Horizon::Ticks(ticks) => Some(ticks),
                Horizon::UntilEmpty => None,
            },
            states: self.options.states,
            jobs: self.options.jobs,
            buckets: if self.model.replications > 1000 { 0 } else { BUCKETS },
            virtual_departures: !self.options.every_departure,
        }
    }
}
