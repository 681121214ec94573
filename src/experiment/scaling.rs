//! How many there were of what is scaled, from all replications.

use std::collections::BTreeMap;

use super::estimate::mean;
use super::results::ScalingResult;
use crate::engine::{Observations, ScalerRecord};
use crate::model::Model;

/// What one replication says about one scaler.
pub(super) struct ScalingNumbers {
    serving: f64,
    paid: f64,
    hours: f64,
}

impl ScalingNumbers {
    /// Replicas that were paid for, on average over time.
    pub(super) fn paid(&self) -> f64 {
        self.paid
    }
}

/// What one replication says about every scaler.
pub(super) fn numbers(model: &Model, seen: &Observations) -> Vec<ScalingNumbers> {
    let window = seen.window as f64;
    let numbers = |record: &ScalerRecord| ScalingNumbers {
        serving: record.serving_area as f64 / window,
        paid: record.paid_area as f64 / window,
        hours: model.seconds(record.paid_area as f64) / 3600.0,
    };
    seen.scalers.iter().map(numbers).collect()
}

/// Counts of one scaler, over all replications.
pub(super) struct ScalingPool {
    fewest: u32,
    most: u32,
    outs: u64,
    ins: u64,
}

impl Default for ScalingPool {
    fn default() -> ScalingPool {
        ScalingPool { fewest: u32::MAX, most: 0, outs: 0, ins: 0 }
    }
}

impl ScalingPool {
    /// Adds what one replication counted.
    pub(super) fn add(&mut self, seen: &ScalerRecord) {
        self.fewest = self.fewest.min(seen.fewest);
        self.most = self.most.max(seen.most);
        self.outs += seen.outs;
        self.ins += seen.ins;
    }
}

/// Everything that is scaled, by name.
pub(super) fn results<'a>(
    model: &Model,
    pools: &[ScalingPool],
    own: impl Iterator<Item = &'a Vec<ScalingNumbers>> + Clone,
) -> BTreeMap<String, ScalingResult> {
    let mut results = BTreeMap::new();
    for (index, (spec, pool)) in model.scalers.iter().zip(pools).enumerate() {
        let own = own.clone().map(move |scalers| &scalers[index]);
        let result = ScalingResult {
            replicas: mean(own.clone().map(|own| own.serving)),
            min: pool.fewest.min(pool.most),
            max: pool.most,
            paid: mean(own.clone().map(|own| own.paid)),
            replica_hours: mean(own.map(|own| own.hours)),
            scaled_out: pool.outs,
            scaled_in: pool.ins,
        };
        results.insert(spec.name.clone(), result);
    }
    results
}
