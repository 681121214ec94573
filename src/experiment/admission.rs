//! Who was let in, from all replications.

use std::collections::BTreeMap;

use super::estimate::{mean, quantile};
use super::numbers::ratio;
use super::results::{AdmissionResult, Times};
use crate::engine::{GateRecord, Observations};
use crate::model::Model;
use crate::model::program::GateSpec;
use crate::scenario::Per;
use crate::stats::Histogram;

/// What one replication says about one gate: times in seconds.
#[derive(Clone, Copy)]
pub(super) struct GateNumbers {
    throughput: f64,
    refused_ratio: f64,
    inside: f64,
    limit: f64,
    wait: f64,
    wait_p99: f64,
}

/// Counts of one gate, over all replications.
#[derive(Default)]
pub(super) struct GatePool {
    admitted: u64,
    refused: u64,
    wait: Histogram,
}

/// What one replication says about every gate.
pub(super) fn numbers(model: &Model, seen: &Observations) -> Vec<GateNumbers> {
    let window = seen.window as f64;
    let numbers = |(spec, record): (&GateSpec, &GateRecord)| {
        let admitted = record.wait.histogram.count();
        GateNumbers {
            throughput: admitted as f64 / model.seconds(window),
            refused_ratio: ratio(record.refused, admitted + record.refused),
            inside: record.inside_area as f64 / window,
            limit: record.limit_area as f64 / window / f64::from(spec.replicas),
            wait: model.seconds(record.wait.sum as f64) / admitted as f64,
            wait_p99: record.wait.histogram.quantile(0.99).map_or(f64::NAN, |ticks| model.seconds(ticks)),
        }
    };
    model.gates.iter().zip(&seen.gates).map(numbers).collect()
}

impl GatePool {
    /// Adds what one replication counted.
    pub(super) fn add(&mut self, seen: &GateRecord) {
        self.admitted += seen.wait.histogram.count();
        self.refused += seen.refused;
        self.wait.merge(&seen.wait.histogram);
    }
}

/// Every gate, by name.
pub(super) fn results<'a>(
    model: &Model,
    pools: &[GatePool],
    own: impl Iterator<Item = &'a Vec<GateNumbers>> + Clone,
) -> BTreeMap<String, AdmissionResult> {
    let gates = model.gates.iter().zip(pools).enumerate();
    let result = |(index, (spec, pool)): (usize, (&GateSpec, &GatePool))| {
        let own = own.clone().map(move |gates| &gates[index]);
        (spec.name.clone(), gate_result(model, spec, pool, own))
    };
    gates.map(result).collect()
}

fn gate_result<'a>(
    model: &Model,
    spec: &GateSpec,
    pool: &GatePool,
    own: impl Iterator<Item = &'a GateNumbers> + Clone,
) -> AdmissionResult {
    let estimate = |value: fn(&GateNumbers) -> f64| mean(own.clone().map(value));
    let limited = spec.policy.limit().is_some();
    let wait = Times {
        mean: estimate(|own| own.wait),
        p99: Some(quantile(&pool.wait, 0.99, own.clone().map(|own| own.wait_p99), model.ticks_per_second)),
        ..Times::default()
    };
    AdmissionResult {
        admitted: pool.admitted,
        refused: pool.refused,
        throughput: estimate(|own| own.throughput),
        refused_ratio: estimate(|own| own.refused_ratio),
        wait: spec.policy.shapes().then_some(wait),
        inside: limited.then(|| estimate(|own| own.inside)),
        limit: (limited && spec.per == Per::All).then(|| estimate(|own| own.limit)),
    }
}
