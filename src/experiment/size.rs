//! What experiments keep of a model, in bytes: estimated before it is run, from numbers that are the same everywhere.

use std::mem::size_of;
use std::sync::Arc;

use super::admission::GateNumbers;
use super::caches::CacheNumbers;
use super::calls::CallNumbers;
use super::numbers::{GroupNumbers, Numbers, ReplicaNumbers, SampleNumbers, WorkloadNumbers};
use super::optimistic::CommitNumbers;
use super::queues::QueueNumbers;
use super::recovery::Course;
use super::replicate::Options;
use super::replication::StoreNumbers;
use super::results::{OperationResult, Sample, StationResult, StationWindow, WorkloadResult, WorkloadWindow};
use super::scaling::ScalingNumbers;
use crate::engine::Job;
use crate::model::source::TraceRow;
use crate::model::{Horizon, Model};

/// What an allocation takes besides what it holds.
const ALLOCATION: usize = 16;
/// A name, and its place in a table.
const NAME: usize = 64;

/// Models that are there at once, and results.
#[derive(Default)]
pub(super) struct Held {
    pub(super) models: u64,
    pub(super) results: u64,
    /// Several models may replay the same ones.
    traces: Vec<Arc<[TraceRow]>>,
}

impl Held {
    /// A model is there, too.
    pub(super) fn add(&mut self, model: &Model) {
        self.models = self.models.saturating_add(model.bytes());
        for rows in model.traces() {
            if !self.traces.iter().any(|known| Arc::ptr_eq(known, rows)) {
                self.models = self.models.saturating_add(size_of_val(&**rows) as u64);
                self.traces.push(rows.clone());
            }
        }
    }
}

/// What so many replications leave until they are summed up. Series, requests and what is observed at instants come on top:
/// they are counted as they are made.
pub(super) fn numbers(model: &Model, options: &Options, replications: u32) -> u64 {
    one(model, options) as u64 * u64::from(replications)
}

/// What one replication leaves.
fn one(model: &Model, options: &Options) -> usize {
    let workloads = model.workloads.iter().map(|workload| {
        let operations = workload.operations.len() * size_of::<(f64, f64, SampleNumbers)>();
        size_of::<WorkloadNumbers>() + ALLOCATION + operations
    });
    let groups = model.groups.iter().map(|group| {
        let replicas = options.replicas_of(group) * size_of::<ReplicaNumbers>();
        size_of::<GroupNumbers>() + size_of::<Vec<ReplicaNumbers>>() + ALLOCATION + replicas
    });
    let rest = model.gates.len() * size_of::<GateNumbers>()
        + model.caches.len() * size_of::<CacheNumbers>()
        + model.counters.len() * size_of::<CommitNumbers>()
        + model.guards.len() * size_of::<CallNumbers>()
        + model.messages.queues.len() * size_of::<QueueNumbers>()
        + model.stores.len() * (size_of::<StoreNumbers>() + 4 * ALLOCATION)
        + model.scalers.len() * size_of::<ScalingNumbers>()
        + model.triggers.len() * model.workloads.len() * size_of::<Course>()
        + model.monitor.alerts.len() * (size_of::<Vec<u64>>() + ALLOCATION);
    let lists = size_of::<Option<Vec<Vec<u64>>>>() + size_of::<(u64, Vec<Job>)>();
    size_of::<Option<Numbers>>() + lists + workloads.chain(groups).sum::<usize>() + rest
}

/// What results take, with the value of each metric in each replication.
pub(super) fn results(model: &Model, options: &Options, replications: u32) -> u64 {
    let workloads = model.workloads.iter().map(|workload| {
        NAME + size_of::<WorkloadResult>() + workload.operations.len() * (NAME + size_of::<OperationResult>())
    });
    let is_reported = options.reports_few(model);
    let reported = model.groups.iter().map(|group| match is_reported || options.asks_for(group) {
        true => 1 + options.replicas_of(group),
        false => 1,
    });
    let stations = reported.sum::<usize>() * (NAME + size_of::<StationResult>());
    let windows = model.workloads.len() * (NAME + size_of::<WorkloadWindow>())
        + model.groups.len() * (NAME + size_of::<StationWindow>());
    let sample = size_of::<Sample>() + NAME + replications as usize * size_of::<f64>();
    let all = workloads.sum::<usize>() + stations + windows * series_windows(model) + metrics(model) * sample;
    all as u64
}

/// How many windows the series has, if it is known when it ends.
fn series_windows(model: &Model) -> usize {
    match (model.monitor.series, model.horizon) {
        (Some(clock), Horizon::Ticks(window)) => window.div_ceil(model.monitor.clocks[clock].every.max(1)) as usize,
        _ => 0,
    }
}

/// How many metrics have a value in each replication.
fn metrics(model: &Model) -> usize {
    let components = model.caches.len() + 2 * model.stores.len() + 2 * model.messages.queues.len();
    OF_WORKLOAD * model.workloads.len() + OF_GROUP * model.groups.len() + components + 1
}

const OF_WORKLOAD: usize = 9;
const OF_GROUP: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Control, run};
    use crate::model::load;
    use crate::scenario::Source;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn every_sample_is_counted() {
        let scenarios = [
            include_str!("../../tests/language/caches.toml"),
            include_str!("../../tests/language/databases.toml"),
            include_str!("../../tests/language/queues.toml"),
            include_str!("../../tests/language/services.toml"),
        ];
        for text in scenarios {
            let overrides = ["run.duration=1ms", "run.warm-up=0s", "run.replications=1"].map(str::to_owned).to_vec();
            let source = Source { name: "it.toml".into(), text: text.into(), overrides };
            let (model, said) = load(&source, &|_| Ok("time,service-time\n0,1\n".into()));
            let model = model.unwrap_or_else(|| panic!("{}", said.render(false)));
            let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
            assert_eq!(metrics(&model), run(&model, &Options::default(), &control).samples.len());
        }
    }
}
