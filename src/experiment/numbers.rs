//! What one replication says by itself: numbers in seconds, per second, and ratios.

use super::admission::{self, GateNumbers};
use super::caches::{self, CacheNumbers};
use super::calls::CallNumbers;
use super::monitor::Watched;
use super::optimistic::CommitNumbers;
use super::queues::{self, QueueNumbers};
use super::replicate::Options;
use super::replication::StoreNumbers;
use super::results::Checks;
use super::scaling::{self, ScalingNumbers};
use super::settling;
use super::special::SpecialNumbers;
pub(super) use crate::engine::PERCENTILES;
use crate::engine::{GroupRecord, Observations, Sample, StationRecord, WorkloadRecord};
use crate::model::{Group, Model};
use crate::stats::{Histogram, Squares};

/// What one replication estimates by itself.
pub(super) struct Numbers {
    pub(super) window: f64,
    pub(super) events: u64,
    pub(super) workloads: Vec<WorkloadNumbers>,
    pub(super) groups: Vec<GroupNumbers>,
    /// By group, those that are reported.
    pub(super) replicas: Vec<Vec<ReplicaNumbers>>,
    pub(super) gates: Vec<GateNumbers>,
    pub(super) caches: Vec<CacheNumbers>,
    pub(super) commits: Vec<CommitNumbers>,
    pub(super) queues: Vec<QueueNumbers>,
    pub(super) stores: Vec<StoreNumbers>,
    pub(super) calls: Vec<CallNumbers>,
    pub(super) watched: Watched,
    pub(super) scaling: Vec<ScalingNumbers>,
    pub(super) checks: Checks,
    /// The number in system in each half of the window.
    pub(super) halves: Option<[f64; 2]>,
}

#[derive(Clone, Copy)]
pub(super) struct SampleNumbers {
    pub(super) mean: f64,
    pub(super) std: f64,
    pub(super) percentiles: [f64; 5],
}

pub(super) struct WorkloadNumbers {
    pub(super) offered: f64,
    pub(super) throughput: f64,
    pub(super) error_rate: f64,
    pub(super) in_flight: f64,
    pub(super) latency: SampleNumbers,
    pub(super) operations: Vec<(f64, f64, SampleNumbers)>,
}

pub(super) struct GroupNumbers {
    pub(super) utilization: f64,
    pub(super) throughput: f64,
    pub(super) in_system: f64,
    pub(super) queue_length: f64,
    pub(super) response: SampleNumbers,
    pub(super) wait: SampleNumbers,
    pub(super) waited: f64,
    pub(super) service: (f64, f64),
    pub(super) wait_all: (f64, f64),
    pub(super) in_system_std: f64,
    pub(super) special: SpecialNumbers,
    pub(super) batch_size: f64,
}

#[derive(Clone, Copy)]
pub(super) struct ReplicaNumbers {
    pub(super) utilization: f64,
    /// The share of its servers' time that was not available.
    pub(super) away: f64,
    pub(super) throughput: f64,
    pub(super) in_system: f64,
    pub(super) response: f64,
    pub(super) service: f64,
}

impl Numbers {
    /// What one replication says by itself; this is the part that can be done outside the lock.
    pub(super) fn new(model: &Model, options: &Options, seen: &Observations) -> Numbers {
        let seconds = seen.window as f64 / model.ticks_per_second;
        let workloads = seen.workloads.iter().map(|record| workload_numbers(model, record, seconds));
        let groups = model.groups.iter().zip(&seen.groups);
        Numbers {
            window: seconds,
            events: seen.stations.iter().map(|station| station.arrivals + station.departures).sum(),
            workloads: workloads.collect(),
            groups: groups
                .map(|(group, record)| group_numbers(model, group, record, stations(group, seen), seen.window))
                .collect(),
            replicas: model.groups.iter().map(|group| replica_numbers(model, group, options, seen)).collect(),
            gates: admission::numbers(model, seen),
            caches: caches::numbers(model, seen),
            commits: seen.commits.iter().map(|record| CommitNumbers::new(record, seconds)).collect(),
            queues: queues::numbers(model, seen),
            stores: seen.stores.iter().map(|record| StoreNumbers::new(model, record, seconds)).collect(),
            calls: seen.calls.iter().map(CallNumbers::new).collect(),
            watched: Watched::new(model, seen),
            scaling: scaling::numbers(model, seen),
            checks: checks(model, seen),
            halves: settling::halves(seen),
        }
    }
}

impl SampleNumbers {
    fn new(sample: &Sample, ticks_per_second: f64) -> SampleNumbers {
        SampleNumbers::of(&sample.histogram, sample.sum, &sample.squares, ticks_per_second)
    }

    fn of(histogram: &Histogram, sum: u128, squares: &Squares, ticks_per_second: f64) -> SampleNumbers {
        let (mean, std) = moments(histogram.count(), sum, squares, ticks_per_second);
        let quantile = |p| histogram.quantile(p).map_or(f64::NAN, |ticks| ticks / ticks_per_second);
        SampleNumbers { mean, std, percentiles: PERCENTILES.map(quantile) }
    }
}

/// Mean and standard deviation in seconds, from sums in ticks.
fn moments(count: u64, sum: u128, squares: &Squares, ticks_per_second: f64) -> (f64, f64) {
    let mean = sum as f64 / count as f64;
    let variance = squares.about_mean(count, sum) / count as f64;
    (mean / ticks_per_second, libm::sqrt(variance) / ticks_per_second)
}

fn stations<'a>(group: &Group, seen: &'a Observations) -> &'a [StationRecord] {
    &seen.stations[group.first as usize..(group.first + group.count) as usize]
}

fn workload_numbers(model: &Model, record: &WorkloadRecord, seconds: f64) -> WorkloadNumbers {
    let ticks = model.ticks_per_second;
    let (ok, errors) = (record.latency.histogram.count(), record.errors.iter().sum::<u64>());
    let operation = |(sample, errors): &(Sample, u64)| {
        let ok = sample.histogram.count();
        (ok as f64 / seconds, ratio(*errors, ok + errors), SampleNumbers::new(sample, ticks))
    };
    WorkloadNumbers {
        offered: record.offered as f64 / seconds,
        throughput: ok as f64 / seconds,
        error_rate: ratio(errors, ok + errors),
        in_flight: record.in_flight as f64 / ticks / seconds,
        latency: SampleNumbers::new(&record.latency, ticks),
        operations: record.operations.iter().map(operation).collect(),
    }
}

pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn group_numbers(
    model: &Model,
    group: &Group,
    record: &GroupRecord,
    stations: &[StationRecord],
    window: u64,
) -> GroupNumbers {
    let ticks = model.ticks_per_second;
    let span = window as f64;
    let sum = |value: fn(&StationRecord) -> u128| stations.iter().map(value).sum::<u128>();
    let area = |value: fn(&StationRecord) -> u128| sum(value) as f64;
    let (present, busy) = (area(|station| station.present_area), area(|station| station.busy_area));
    let (response, service) = (sum(|station| station.response), sum(|station| station.service));
    let completed: u64 = stations.iter().map(|station| station.completed).sum();
    let special = SpecialNumbers::new(group, stations, window, span / ticks);
    let servers = span * f64::from(group.servers_ever()) * f64::from(group.count);
    let gave_up = &record.gave_up;
    let visits = (completed + gave_up.histogram.count()) as f64;
    GroupNumbers {
        utilization: busy / (servers - special.unavailable),
        throughput: completed as f64 / (span / ticks),
        in_system: present / span,
        queue_length: (present - busy - area(|station| station.riders_area)) / span,
        response: SampleNumbers::of(&record.response.histogram, response, &record.response.squares, ticks),
        wait: SampleNumbers::of(&record.wait.histogram, response.saturating_sub(service), &record.wait.squares, ticks),
        waited: ratio(record.waited, completed),
        batch_size: ratio(record.batched, record.batches),
        service: moments(completed, service, &record.service_squares, ticks),
        wait_all: (
            (response as f64 - service as f64 + gave_up.sum as f64) / visits / ticks,
            (record.waited + gave_up.histogram.count()) as f64 / visits,
        ),
        in_system_std: states_std(stations, window),
        special,
    }
}

/// Standard deviation over time of the number in system, of one station.
fn states_std(stations: &[StationRecord], window: u64) -> f64 {
    let [station] = stations else { return f64::NAN };
    let share = |&time: &u64| time as f64 / window as f64;
    let moment = |power: i32| -> f64 {
        let states = station.states.iter().enumerate();
        states.map(|(present, time)| (present as f64).powi(power) * share(time)).sum()
    };
    libm::sqrt((moment(2) - moment(1) * moment(1)).max(0.0))
}

fn replica_numbers(model: &Model, group: &Group, options: &Options, seen: &Observations) -> Vec<ReplicaNumbers> {
    let span = seen.window as f64;
    let seconds = span / model.ticks_per_second;
    let servers = f64::from(group.servers_ever());
    let away = |station: &StationRecord| (station.down_area - station.vacation_area) as f64;
    let numbers = |station: &StationRecord| ReplicaNumbers {
        utilization: station.busy_area as f64 / (span * servers - away(station)),
        away: away(station) / (span * servers),
        throughput: station.completed as f64 / seconds,
        in_system: station.present_area as f64 / span,
        response: station.response as f64 / station.completed as f64 / model.ticks_per_second,
        service: station.service as f64 / station.completed as f64 / model.ticks_per_second,
    };
    stations(group, seen).iter().take(options.replicas_of(group)).map(numbers).collect()
}

/// Operational laws, each from counters that do not share code (Denning & Buzen 1978).
fn checks(model: &Model, seen: &Observations) -> Checks {
    let shared = |group: &&Group| matches!(group.rule, crate::policy::discipline::Rule::Shared { .. });
    let all = |check: fn(&StationRecord) -> bool| seen.stations.iter().all(check);
    let rounded = model.groups.iter().filter(shared).flat_map(|group| stations(group, seen));
    let exact = model.groups.iter().filter(|group| !shared(group)).flat_map(|group| stations(group, seen));
    Checks {
        little: all(|station| station.present_area == station.sojourn),
        flow_balance: all(|station| {
            station.arrivals + station.present_at_start == station.departures + station.present_at_end
        }),
        utilization_law: exact.into_iter().all(|station| station.busy_area as i128 == station.received)
            && rounded.into_iter().all(is_nearly_busy),
    }
}

/// A shared station completes at the end of a tick: up to one tick more than was asked for.
fn is_nearly_busy(station: &StationRecord) -> bool {
    let difference = (station.busy_area as i128 - station.received).unsigned_abs() as f64;
    let moves = (station.arrivals + station.departures + station.present_at_start + station.present_at_end) as f64;
    difference <= 2.0 * moves + 1e-9 * station.busy_area as f64
}
