//! Replications: independent, in parallel, merged so that their order does not matter.
//!
//! Those of several models are one flat list of tasks: no core waits while any is left, whichever
//! model it belongs to. A model's numbers are summed up as soon as its last replication has ended.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use super::numbers::Numbers;
use super::results::Results;
use super::room::Room;
use super::summary::Summary;
use super::{explain, jobs, precision, size, warm_up};
use crate::engine::{Limits, Settings, at_rest, simulate_while};
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
    /// Which replicas are reported one by one.
    pub replicas: Replicas,
    /// Schedule an event for every departure, also where it could be computed on arrival: slower, and the same results.
    pub every_departure: bool,
    /// What one replication may use, and as memory all that are under way together.
    pub limits: Limits,
}

/// Which replicas are reported one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Replicas {
    /// The first 64 of each component; none, but for those that conditions name, where these would be too many to read.
    #[default]
    Few,
    /// Every one.
    All,
    /// Every one of these components, and a few of the others.
    Of(Vec<String>),
}

/// Replicas of one group that are told apart, unless all are asked for.
const REPLICAS: u32 = 64;

/// Replicas in all that are reported one by one without being asked for.
const REPORTED: usize = 10_000;

impl Options {
    /// How many replicas of a group are told apart: none where there is only one.
    pub(super) fn replicas_of(&self, group: &Group) -> usize {
        match group.count {
            1 => 0,
            count if self.asks_for(group) => count as usize,
            count => count.min(REPLICAS) as usize,
        }
    }

    /// Whether every replica of a group is to be reported.
    pub(super) fn asks_for(&self, group: &Group) -> bool {
        match &self.replicas {
            Replicas::Few => false,
            Replicas::All => true,
            Replicas::Of(names) => names.contains(&group.component),
        }
    }

    /// Whether replicas that nobody has asked for are reported, too.
    pub(super) fn reports_few(&self, model: &Model) -> bool {
        model.groups.iter().filter(|group| !self.asks_for(group)).map(|group| self.replicas_of(group)).sum::<usize>()
            <= REPORTED
    }
}

/// Who wants to know how far it is, and who may stop it.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Told the share that is done, from 0 to 1.
    pub progress: &'a (dyn Fn(f64) + Sync),
    /// When true, replications under way are given up, and no further one is begun.
    pub cancelled: &'a AtomicBool,
}

impl Control<'_> {
    /// Whether somebody has stopped it.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Points of the curves over time.
const BUCKETS: u32 = 200;
/// Where there are very many replications: enough to see whether they had settled.
pub(super) const HALVES: u32 = 2;

/// Runs all replications of a model.
///
/// The result depends on the model only: not on the number of threads, nor on which replication
/// is finished first.
pub fn run(model: &Model, options: &Options, control: &Control<'_>) -> Results {
    let mut studies = [Study::new(model, options)];
    run_studies(&mut studies, options, control, &|_, _, _| ());
    let [study] = studies;
    study.into_results()
}

/// Told of each model, by its index, as soon as its last replication has ended, and whether nothing is missing.
pub(super) type Ended<'a> = &'a (dyn Fn(usize, &mut Results, bool) + Sync);

/// Runs all replications of several models, which share the threads.
pub(super) fn run_all(models: &[&Model], options: &Options, control: &Control<'_>, ended: Ended<'_>) -> Vec<Results> {
    let mut studies: Vec<Study<'_>> = models.iter().map(|model| Study::new(model, options)).collect();
    run_studies(&mut studies, options, control, ended);
    studies.into_iter().map(Study::into_results).collect()
}

fn run_studies(studies: &mut [Study<'_>], options: &Options, control: &Control<'_>, ended: Ended<'_>) {
    in_pool(options, || {
        studies.par_iter_mut().with_max_len(1).for_each(|study| study.prepare(control));
        while replicate(studies, control, ended) {}
    });
}

/// Works with the number of threads asked for.
pub(super) fn in_pool<T: Send>(options: &Options, work: impl FnOnce() -> T + Send) -> T {
    let pool = options.threads.map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build());
    match pool {
        Some(Ok(pool)) => pool.install(work),
        _ => work(),
    }
}

/// Runs the replications that are asked for and have not been begun; false if there were none.
fn replicate(studies: &[Study<'_>], control: &Control<'_>, ended: Ended<'_>) -> bool {
    let mut tasks: Vec<(usize, &Study<'_>, u32)> = Vec::new();
    for (index, study) in studies.iter().enumerate() {
        tasks.extend(study.begin().map(|replication| (index, study, replication)));
    }
    let all: u32 = studies.iter().map(Study::replications).sum();
    let ahead: u32 = studies.iter().map(Study::ahead).sum();
    let done = AtomicUsize::new((all - ahead) as usize - tasks.len());
    // One study is summed up before many of the next one have ended.
    let memory = studies.iter().map(Study::memory).min().unwrap_or(0);
    let room = Room::new(memory, control.cancelled);
    // Singly: at the end, a core with several tasks would leave the others idle.
    tasks.par_iter().with_max_len(1).for_each(|&(index, study, replication)| {
        if study.simulate(replication, &room) {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (control.progress)(done as f64 / f64::from(all));
        }
        study.end_one(control, &|results, is_whole| ended(index, results, is_whole));
    });
    !tasks.is_empty()
}

/// A model, and what its replications have added up to so far.
pub struct Study<'a> {
    model: &'a Model,
    options: &'a Options,
    /// In ticks; none before it is known.
    warm_up: Option<u64>,
    warnings: Vec<String>,
    /// How many replications there are to be.
    asked: AtomicU32,
    /// How many have been begun, or left out.
    begun: AtomicU32,
    /// How many of those have not ended.
    left: AtomicU32,
    /// None before the first replication has ended and after the last: only studies under way take memory.
    summary: Mutex<Option<Summary>>,
    results: OnceLock<Results>,
    /// More replications may be asked for later.
    open: bool,
}

impl<'a> Study<'a> {
    fn new(model: &'a Model, options: &'a Options) -> Study<'a> {
        Study {
            model,
            options,
            warm_up: None,
            warnings: Vec::new(),
            asked: AtomicU32::new(model.replications),
            begun: AtomicU32::new(0),
            left: AtomicU32::new(0),
            summary: Mutex::new(None),
            results: OnceLock::new(),
            open: false,
        }
    }

    /// A study without replications, which `extend` adds.
    pub fn open(model: &'a Model, options: &'a Options) -> Study<'a> {
        Study { asked: AtomicU32::new(0), open: true, ..Study::new(model, options) }
    }

    /// Runs replications until there are `replications` of them, and says what all have found so far.
    ///
    /// How they came together makes no difference: 5 and then 5 more find what 10 at once do.
    pub fn extend(&mut self, replications: u32, control: &Control<'_>) -> Results {
        self.asked.fetch_max(replications, Ordering::Relaxed);
        in_pool(self.options, || {
            self.prepare(control);
            while replicate(std::slice::from_ref(self), control, &|_, _, _| ()) {}
        });
        self.sum_up()
    }

    /// How many replications have been asked for.
    pub fn replications(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Finds out what to cut from the start, once.
    fn prepare(&mut self, control: &Control<'_>) {
        if self.warm_up.is_none() {
            let (warm_up, warnings) = match self.model.warm_up {
                WarmUp::Ticks(ticks) => (ticks, Vec::new()),
                WarmUp::Auto => warm_up::find(self.model, self.options.limits, control),
            };
            self.warm_up = Some(warm_up);
            self.warnings = self.model.warnings().chain(warnings).collect();
        }
    }

    /// The replications that are to be run now. Of a model that is overloaded only the first, to begin with: where that one
    /// has to be stopped the others would have to be, too, and none of them is begun.
    fn begin(&self) -> std::ops::Range<u32> {
        let (asked, begun) = (self.asked.load(Ordering::Relaxed), self.begun.load(Ordering::Relaxed));
        let until = match begun {
            _ if self.results.get().is_some() || self.is_stopped() => begun,
            0 if !self.model.forecast.unstable.is_empty() => asked.min(1),
            _ => asked,
        };
        self.begun.store(until, Ordering::Relaxed);
        self.left.store(until - begun, Ordering::Relaxed);
        begun..until
    }

    /// How many replications will be run after those that have begun.
    fn ahead(&self) -> u32 {
        let is_over = self.results.get().is_some() || self.is_stopped();
        if is_over { 0 } else { self.replications() - self.begun.load(Ordering::Relaxed) }
    }

    fn is_stopped(&self) -> bool {
        self.summary().as_ref().is_some_and(|summary| summary.stopped.is_some())
    }

    /// Runs a replication, unless it is given up. What takes long is done before it is added to the others, one at a time.
    fn simulate(&self, replication: u32, room: &Room<'_>) -> bool {
        let settings = self.settings(u64::from(replication));
        let observed = room.work(at_rest(self.model), |go_on| simulate_while(self.model, &settings, go_on));
        let Some(mut observations) = observed else { return false };
        jobs::sort(&mut observations.jobs);
        let numbers = Numbers::new(self.model, self.options, &observations);
        let mut summary = self.summary();
        let summary = summary.get_or_insert_with(|| Summary::new(self.model));
        summary.add(replication as usize, numbers, &mut observations);
        true
    }

    /// A replication has ended, or will not be begun. The last one sums up, or asks for more.
    fn end_one(&self, control: &Control<'_>, ended: &dyn Fn(&mut Results, bool)) {
        if self.left.fetch_sub(1, Ordering::AcqRel) > 1 || self.open {
            return;
        }
        let mut results = self.sum_up();
        let is_trial = self.begun.load(Ordering::Relaxed) < self.replications();
        if is_trial && results.scenario.stopped.is_none() && !control.is_cancelled() {
            return;
        }
        let more = self.model.precision.as_ref().and_then(|precision| precision::more(precision, &results));
        match more {
            Some(more) if !control.is_cancelled() => self.asked.store(more, Ordering::Relaxed),
            more => {
                *self.summary() = None;
                results.scenario.partial |= more.is_some();
                let is_whole = more.is_none() && !results.scenario.partial;
                if let Some(unmet) = results.precision.as_ref().filter(|_| !results.scenario.partial) {
                    let warning = precision::warning(unmet, results.scenario.replications);
                    results.warnings.extend(warning);
                }
                results.exact = explain::exact(self.model);
                ended(&mut results, is_whole);
                self.results.get_or_init(|| results);
            }
        }
    }

    fn sum_up(&self) -> Results {
        let nothing = || Summary::new(self.model);
        let mut summary = self.summary();
        let summary = summary.get_or_insert_with(nothing);
        summary.results(self.model, self.options, self.warm_up.unwrap_or(0), self.warnings.clone(), self.replications())
    }

    fn into_results(mut self) -> Results {
        self.results.take().unwrap_or_else(|| self.sum_up())
    }

    fn summary(&self) -> MutexGuard<'_, Option<Summary>> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What replications may take beside what all leave.
    fn memory(&self) -> u64 {
        let left = size::numbers(self.model, self.options, self.replications());
        self.options.limits.memory.saturating_sub(left)
    }

    fn settings(&self, replication: u64) -> Settings {
        Settings {
            replication,
            warm_up: self.warm_up.unwrap_or(0),
            window: match self.model.horizon {
                Horizon::Ticks(ticks) => Some(ticks),
                Horizon::UntilEmpty => None,
            },
            states: self.options.states,
            jobs: self.options.jobs,
            buckets: if self.model.replications > 1000 { HALVES } else { BUCKETS },
            virtual_departures: !self.options.every_departure,
            limits: Limits { memory: self.memory(), ..self.options.limits },
            kept: self.replications(),
        }
    }
}
