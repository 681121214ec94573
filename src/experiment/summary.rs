//! Observations of many replications merged: numbers kept one by one, histograms pooled.
//!
//! Adding is commutative: numbers have their replication's place, histograms and counts are sums
//! of integers. So the result does not depend on who finishes first.

use std::collections::BTreeMap;

use super::admission::GatePool;
use super::curves::{Bucket, add_buckets};
use super::estimate::{mean, quantile};
use super::numbers::{GroupNumbers, Numbers, PERCENTILES, ReplicaNumbers, SampleNumbers, WorkloadNumbers};
use super::queues::QueuePool;
use super::replicate::Options;
use super::replication::StorePool;
use super::results::*;
use super::scaling::{self, ScalingPool};
use super::{
    admission, caches, calls, cost, jobs, limits, monitor, objectives, optimistic, precision, queues, settling,
    special, theory,
};
use crate::engine::{Job, Observations, StationRecord, Stopped};
use crate::model::program::StoreSpec;
use crate::model::{Group, Horizon, Model};
use crate::stats::Histogram;

/// Everything that replications add up to.
pub(super) struct Summary {
    pub(super) numbers: Vec<Option<Numbers>>,
    pub(super) workloads: Vec<WorkloadPool>,
    pub(super) groups: Vec<GroupPool>,
    queues: Vec<QueuePool>,
    gates: Vec<GatePool>,
    pub(super) stores: Vec<StorePool>,
    scaling: Vec<ScalingPool>,
    pub(super) observed: Vec<Option<Vec<Vec<u64>>>>,
    pub(super) buckets: Vec<Bucket>,
    /// By replication: when its window began, and its requests.
    pub(super) jobs: Vec<(u64, Vec<Job>)>,
    /// The first replication that was stopped, why, and how long its window was.
    pub(super) stopped: Option<(usize, Stopped, u64)>,
}

#[derive(Default)]
pub(super) struct WorkloadPool {
    pub(super) latency: Histogram,
    pub(super) errors: [u64; 4],
    pub(super) operations: Vec<Histogram>,
}

#[derive(Default)]
pub(super) struct GroupPool {
    response: Histogram,
    wait: Histogram,
    rejected: u64,
    abandoned: u64,
    shed: u64,
    states: Vec<u128>,
}

impl Summary {
    pub(super) fn new(model: &Model) -> Summary {
        let pool = |workload: &crate::model::Workload| WorkloadPool {
            operations: workload.operations.iter().map(|_| Histogram::default()).collect(),
            ..WorkloadPool::default()
        };
        Summary {
            numbers: Vec::new(),
            workloads: model.workloads.iter().map(pool).collect(),
            groups: model.groups.iter().map(|_| GroupPool::default()).collect(),
            queues: model.messages.queues.iter().map(|_| QueuePool::default()).collect(),
            gates: model.gates.iter().map(|_| GatePool::default()).collect(),
            stores: model.stores.iter().map(|_| StorePool::default()).collect(),
            scaling: model.scalers.iter().map(|_| ScalingPool::default()).collect(),
            observed: Vec::new(),
            buckets: Vec::new(),
            jobs: Vec::new(),
            stopped: None,
        }
    }

    /// Adds a replication. It leaves behind what takes long to drop: others may be waiting.
    pub(super) fn add(&mut self, replication: usize, numbers: Numbers, seen: &mut Observations) {
        self.make_room(replication + 1);
        self.numbers[replication] = Some(numbers);
        for (pool, record) in self.workloads.iter_mut().zip(&mut seen.workloads) {
            pool.latency.absorb(&mut record.latency.histogram);
            pool.errors.iter_mut().zip(record.errors).for_each(|(sum, errors)| *sum += errors);
            let operations = pool.operations.iter_mut().zip(&mut record.operations);
            operations.for_each(|(pool, (sample, _))| pool.absorb(&mut sample.histogram));
        }
        for (pool, record) in self.groups.iter_mut().zip(&mut seen.groups) {
            pool.response.absorb(&mut record.response.histogram);
            pool.wait.absorb(&mut record.wait.histogram);
        }
        self.stores.iter_mut().zip(&seen.stores).for_each(|(pool, record)| pool.add(record));
        for station in &seen.stations {
            self.groups[station.group as usize].add(station);
        }
        self.queues.iter_mut().zip(&seen.queues).for_each(|(pool, record)| pool.add(record));
        self.gates.iter_mut().zip(&seen.gates).for_each(|(pool, record)| pool.add(record));
        self.scaling.iter_mut().zip(&seen.scalers).for_each(|(pool, record)| pool.add(record));
        self.observed[replication] = Some(std::mem::take(&mut seen.observed));
        add_buckets(&mut self.buckets, std::mem::take(&mut seen.buckets));
        self.jobs[replication] = (seen.warm_up, std::mem::take(&mut seen.jobs));
        let stopped = seen.stopped.map(|why| (replication, why, seen.window));
        self.stopped = [self.stopped, stopped].into_iter().flatten().min();
    }

    /// Replications may end in any order.
    fn make_room(&mut self, replications: usize) {
        let length = self.numbers.len().max(replications);
        self.numbers.resize_with(length, || None);
        self.observed.resize(length, None);
        self.jobs.resize_with(length, Default::default);
    }

    pub(super) fn finished(&self) -> impl Iterator<Item = &Numbers> + Clone {
        self.numbers.iter().flatten()
    }

    /// What so many replications, `asked` for, have found; those that were not finished are missing.
    pub(super) fn results(
        &self,
        model: &Model,
        options: &Options,
        warm_up: u64,
        mut warnings: Vec<String>,
        asked: u32,
    ) -> Results {
        warnings.extend(self.stopped.map(|(_, why, window)| limits::warning(why, &options.limits, model, window)));
        let unsettled = settling::unsettled(model, self.finished());
        warnings.extend(unsettled.as_ref().map(settling::warning));
        let replications = self.finished().count() as u32;
        let jobs = jobs::records(model, &self.jobs);
        let mut results = Results {
            scenario: ScenarioInfo {
                title: model.title.clone(),
                file: model.file.clone(),
                set: model.set.clone(),
                seed: model.seed,
                replications,
                warm_up_s: model.seconds(warm_up as f64),
                duration_s: mean(self.finished().map(|numbers| numbers.window)).value.unwrap_or(0.0),
                time_to_empty: (model.horizon == Horizon::UntilEmpty)
                    .then(|| mean(self.finished().map(|numbers| numbers.window))),
                events: self.finished().map(|numbers| numbers.events).sum(),
                partial: replications < asked || self.stopped.is_some(),
                stopped: self.stopped.map(|(_, why, _)| limits::word(why).to_owned()),
                version: env!("CARGO_PKG_VERSION"),
            },
            workloads: self.workload_results(model),
            stations: self.station_results(model, options),
            sharding: model.sharding.iter().map(sharding).collect(),
            admission: admission::results(model, &self.gates, self.finished().map(|numbers| &numbers.gates)),
            caches: caches::results(model, self.finished().map(|numbers| &numbers.caches)),
            optimistic: optimistic::results(self, model),
            calls: calls::results(self, model),
            queues: queues::results(model, &self.queues, self.finished().map(|numbers| &numbers.queues)),
            replication: self.replication_results(model),
            scaling: scaling::results(model, &self.scaling, self.finished().map(|numbers| &numbers.scaling)),
            objectives: Vec::new(),
            alerts: monitor::firings(model, self.finished().next()),
            alert_summary: monitor::alerts(model, self.finished()),
            timeline: monitor::planned(model),
            recovery: monitor::recovery(model, self.finished()),
            series: monitor::series(model, self.finished()),
            cost: Cost::default(),
            bottleneck: self.bottleneck(model),
            theory: Vec::new(),
            exact: None,
            checks: self.checks(),
            warnings,
            unstable: model.forecast.unstable.iter().map(|(station, _)| station.clone()).collect(),
            unsettled,
            observed: monitor::observed(model, &self.observed),
            curves: self.curves(model),
            jobs,
            samples: self.samples(model),
            withheld: self.withheld(model),
            precision: None,
            why: None,
        };
        results.cost = cost::cost(model, &results);
        results.objectives = objectives::judge(model, &results);
        results.precision = precision::result(model, &results);
        // What theory says is of a run that goes on; one was stopped because of what happened in it.
        if self.stopped.is_none() {
            results.theory = theory::compare(&theory::predictions(model), &results);
        }
        results
    }

    fn workload_results(&self, model: &Model) -> BTreeMap<String, WorkloadResult> {
        let mut results = BTreeMap::new();
        for (index, (workload, pool)) in model.workloads.iter().zip(&self.workloads).enumerate() {
            let own = self.finished().map(move |numbers| &numbers.workloads[index]);
            let estimate = |value: fn(&WorkloadNumbers) -> f64| mean(own.clone().map(value));
            let [rejected, timed_out, failed, abandoned] = pool.errors;
            let result = WorkloadResult {
                offered: estimate(|own| own.offered),
                throughput: estimate(|own| own.throughput),
                error_rate: estimate(|own| own.error_rate),
                errors: Errors { rejected, timed_out, failed, abandoned },
                in_flight: estimate(|own| own.in_flight),
                latency: latency(model, &pool.latency, own.clone().map(|own| &own.latency)),
                operations: self.operation_results(model, index, workload, pool),
            };
            results.insert(workload.name.clone(), result);
        }
        results
    }

    fn operation_results(
        &self,
        model: &Model,
        index: usize,
        workload: &crate::model::Workload,
        pool: &WorkloadPool,
    ) -> BTreeMap<String, OperationResult> {
        let several = workload.operations.len() > 1;
        let operations = workload.operations.iter().zip(&pool.operations).enumerate().filter(|_| several);
        let result = |(at, (operation, pool)): (usize, (&crate::model::OperationSpec, &Histogram))| {
            let own = self.finished().map(move |numbers| &numbers.workloads[index].operations[at]);
            let result = OperationResult {
                throughput: mean(own.clone().map(|own| own.0)),
                error_rate: mean(own.clone().map(|own| own.1)),
                latency: latency(model, pool, own.map(|own| &own.2)),
            };
            (operation.name.clone(), result)
        };
        operations.map(result).collect()
    }

    fn replication_results(&self, model: &Model) -> BTreeMap<String, ReplicationResult> {
        let stores = model.stores.iter().zip(&self.stores).enumerate();
        let result = |(index, (spec, pool)): (usize, (&StoreSpec, &StorePool))| {
            let own = self.finished().map(move |numbers| &numbers.stores[index]);
            (spec.name.clone(), pool.result(model, spec, own))
        };
        stores.map(result).collect()
    }

    fn station_results(&self, model: &Model, options: &Options) -> StationMap {
        let mut order: Vec<usize> = (0..model.groups.len()).collect();
        order.sort_by_key(|&index| model.groups[index].name());
        let (reports_few, conditions) = (options.reports_few(model), objectives::stations(model));
        let mut stations = Vec::new();
        for index in order {
            let group = &model.groups[index];
            stations.push((group.name(), self.special_result(model, index, options)));
            let are_reported = reports_few || options.asks_for(group);
            let replicas = (0..options.replicas_of(group) as u32).filter(|_| are_reported || !conditions.is_empty());
            let named = replicas.map(|replica| (group.replica_name(replica), replica));
            let reported = named.filter(|(name, _)| are_reported || conditions.contains(&name.as_str()));
            stations.extend(reported.map(|(name, replica)| (name, self.replica_result(index, group, replica))));
        }
        StationMap(stations)
    }

    fn special_result(&self, model: &Model, index: usize, options: &Options) -> StationResult {
        let own = self.finished().map(move |numbers| &numbers.groups[index].special);
        special::add(&model.groups[index], own, self.group_result(model, index, options))
    }

    fn group_result(&self, model: &Model, index: usize, options: &Options) -> StationResult {
        let (group, pool) = (&model.groups[index], &self.groups[index]);
        let own = self.finished().map(move |numbers| &numbers.groups[index]);
        let estimate = |value: fn(&GroupNumbers) -> f64| mean(own.clone().map(value));
        let service =
            Times { mean: estimate(|own| own.service.0), std: Some(estimate(|own| own.service.1)), ..Times::default() };
        let wait_all = Times {
            mean: estimate(|own| own.wait_all.0),
            probability: Some(estimate(|own| own.wait_all.1)),
            ..Times::default()
        };
        let waited = estimate(|own| own.waited);
        StationResult {
            servers: group.working(group.count),
            utilization: if group.servers.is_some() { estimate(|own| own.utilization) } else { Estimate::default() },
            throughput: estimate(|own| own.throughput),
            queue_length: Some(estimate(|own| own.queue_length)),
            in_system: estimate(|own| own.in_system),
            wait: Times { probability: Some(waited), ..times(model, &pool.wait, own.clone().map(|own| &own.wait)) },
            wait_all: group.patience.map(|_| wait_all),
            batch_size: queues::batch_size(own.clone().map(|own| own.batch_size)),
            service,
            response: times(model, &pool.response, own.clone().map(|own| &own.response)),
            rejected: Some(pool.rejected),
            abandoned: group.patience.map(|_| pool.abandoned),
            shed: group.special.shed.map(|_| pool.shed),
            states: options.states.then(|| shares(&pool.states)),
            in_system_std: options.states.then(|| estimate(|own| own.in_system_std)),
            ..StationResult::default()
        }
    }

    fn replica_result(&self, index: usize, group: &Group, replica: u32) -> StationResult {
        let own = self.finished().map(move |numbers| &numbers.replicas[index][replica as usize]);
        let estimate = |value: fn(&ReplicaNumbers) -> f64| mean(own.clone().map(value));
        let only = |mean: Estimate| Times { mean, ..Times::default() };
        StationResult {
            servers: group.working(1),
            utilization: if group.servers.is_some() { estimate(|own| own.utilization) } else { Estimate::default() },
            throughput: estimate(|own| own.throughput),
            in_system: estimate(|own| own.in_system),
            wait: only(estimate(|own| own.response - own.service)),
            service: only(estimate(|own| own.service)),
            response: only(estimate(|own| own.response)),
            ..StationResult::default()
        }
    }

    /// Of no replication nothing is known to hold.
    fn checks(&self) -> Checks {
        let is_any = self.finished().next().is_some();
        let all = |check: fn(&Checks) -> bool| is_any && self.finished().all(|numbers| check(&numbers.checks));
        Checks {
            little: all(|checks| checks.little),
            flow_balance: all(|checks| checks.flow_balance),
            utilization_law: all(|checks| checks.utilization_law),
        }
    }
}

impl GroupPool {
    /// Adds the counts of one of the group's stations.
    fn add(&mut self, station: &StationRecord) {
        self.rejected += station.rejected;
        self.abandoned += station.abandoned;
        self.shed += station.shed;
        if self.states.len() < station.states.len() {
            self.states.resize(station.states.len(), 0);
        }
        self.states.iter_mut().zip(&station.states).for_each(|(sum, &time)| *sum += u128::from(time));
    }
}

fn latency<'a>(model: &Model, pooled: &Histogram, own: impl Iterator<Item = &'a SampleNumbers> + Clone) -> Latency {
    let ticks = model.ticks_per_second;
    let percentile =
        |at: usize| quantile(pooled, PERCENTILES[at], own.clone().map(move |own| own.percentiles[at]), ticks);
    Latency {
        mean: mean(own.clone().map(|own| own.mean)),
        std: mean(own.clone().map(|own| own.std)),
        p50: percentile(0),
        p90: percentile(1),
        p95: percentile(2),
        p99: percentile(3),
        p99_9: percentile(4),
        max: pooled.max().map(|max| model.seconds(max as f64)),
    }
}

fn times<'a>(model: &Model, pooled: &Histogram, own: impl Iterator<Item = &'a SampleNumbers> + Clone) -> Times {
    let latency = latency(model, pooled, own);
    Times {
        mean: latency.mean,
        std: Some(latency.std),
        p50: Some(latency.p50),
        p90: Some(latency.p90),
        p95: Some(latency.p95),
        p99: Some(latency.p99),
        probability: None,
    }
}

fn shares(states: &[u128]) -> Vec<f64> {
    let total: u128 = states.iter().sum();
    states.iter().map(|&time| time as f64 / total as f64).collect()
}

fn sharding(sharding: &crate::model::Sharding) -> (String, ShardingResult) {
    let result = ShardingResult {
        by: sharding.by.clone(),
        shards: sharding.targets,
        hottest_share: sharding.hottest,
        moved_by_one_more: sharding.moved,
    };
    (sharding.name.clone(), result)
}
