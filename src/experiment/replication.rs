//! What copies of data showed: one replication's numbers, and all of them together.

use std::collections::BTreeMap;

use super::estimate::{mean, quantile};
use super::results::{Lag, ProbePoint, ReplicationResult};
use crate::engine::StoreRecord;
use crate::model::Model;
use crate::model::program::StoreSpec;
use crate::stats::Histogram;

/// Versions of which it is said how many reads were shown one of so many.
const VERSIONS: usize = 10;
/// The percentile of the lag.
const P: f64 = 0.99;

/// What one replication says of a store by itself.
pub(super) struct StoreNumbers {
    reads: f64,
    writes: f64,
    stale: f64,
    staleness: f64,
    own: f64,
    within: [f64; VERSIONS],
    lag: f64,
    lag_percentile: f64,
    in_flight: f64,
    conflict_rate: f64,
    conflict_ratio: Vec<f64>,
    unavailable: f64,
    probes: Vec<f64>,
}

/// What is added up over replications.
#[derive(Default)]
pub(super) struct StorePool {
    lag: Histogram,
    pairs: u64,
    lost: u64,
    failovers: u64,
}

impl StoreNumbers {
    /// The share of reads that were shown something old.
    pub(super) fn stale_reads(&self) -> f64 {
        self.stale
    }

    /// How old that was, on average.
    pub(super) fn staleness(&self) -> f64 {
        self.staleness
    }

    pub(super) fn new(model: &Model, record: &StoreRecord, seconds: f64) -> StoreNumbers {
        let ticks = model.ticks_per_second;
        let share = |part: u64| ratio(part, record.reads);
        let within = |versions: usize| share(record.behind.iter().take(versions + 1).sum());
        let stale = record.staleness.histogram.count();
        StoreNumbers {
            reads: record.reads as f64 / seconds,
            writes: record.writes as f64 / seconds,
            stale: share(stale),
            staleness: record.staleness.sum as f64 / stale as f64 / ticks,
            own: share(record.own),
            within: std::array::from_fn(within),
            lag: record.lag.sum as f64 / record.lag.histogram.count() as f64 / ticks,
            lag_percentile: record.lag.histogram.quantile(P).map_or(f64::NAN, |lag| lag / ticks),
            in_flight: record.on_the_way as f64 / ticks / seconds,
            conflict_rate: record.pairs as f64 / seconds,
            conflict_ratio: record
                .conflicted
                .iter()
                .zip(&record.updates)
                .map(|(&part, &all)| ratio(part, all))
                .collect(),
            unavailable: record.vacant as f64 / ticks,
            probes: record.probes.iter().map(|&(part, all)| ratio(part, all)).collect(),
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

impl StorePool {
    pub(super) fn add(&mut self, record: &StoreRecord) {
        self.lag.merge(&record.lag.histogram);
        self.pairs += record.pairs;
        self.lost += record.lost;
        self.failovers += record.failovers;
    }

    /// All replications together.
    pub(super) fn result<'a>(
        &self,
        model: &Model,
        spec: &StoreSpec,
        own: impl Iterator<Item = &'a StoreNumbers> + Clone,
    ) -> ReplicationResult {
        let estimate = |value: fn(&StoreNumbers) -> f64| mean(own.clone().map(value));
        let each = |values: fn(&StoreNumbers) -> &[f64], at: usize| mean(own.clone().map(move |own| values(own)[at]));
        let primaries = if spec.independent { spec.copies as usize } else { 0 };
        let mut probes: BTreeMap<String, Vec<ProbePoint>> = BTreeMap::new();
        for (at, (probe, after)) in spec.probes.iter().enumerate() {
            let point = ProbePoint { after_s: model.seconds(*after as f64), consistent: each(|own| &own.probes, at) };
            probes.entry(probe.clone()).or_default().push(point);
        }
        ReplicationResult {
            reads: estimate(|own| own.reads),
            writes: estimate(|own| own.writes),
            stale_read_ratio: estimate(|own| own.stale),
            staleness: estimate(|own| own.staleness),
            read_your_writes_violations: estimate(|own| own.own),
            within_versions: (0..VERSIONS).map(|at| each(|own| &own.within, at)).collect(),
            lag: Lag {
                mean: estimate(|own| own.lag),
                p99: quantile(&self.lag, P, own.clone().map(|own| own.lag_percentile), model.ticks_per_second),
                max: self.lag.max().map(|max| model.seconds(max as f64)),
            },
            in_flight: estimate(|own| own.in_flight),
            conflicts: self.pairs,
            conflict_rate: estimate(|own| own.conflict_rate),
            conflict_ratio: (0..primaries).map(|at| each(|own| &own.conflict_ratio, at)).collect(),
            lost_writes: self.lost,
            failovers: spec.failover.map(|_| self.failovers),
            unavailable_s: spec.failover.map(|_| estimate(|own| own.unavailable)),
            probes,
        }
    }
}
