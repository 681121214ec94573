//! What the machines cost.

use std::collections::BTreeMap;

use super::results::{Cost, Results};
use crate::model::Model;

/// Machines that are always there, and what is scaled, as long as it was there: on average over the window.
pub(super) fn cost(model: &Model, results: &Results) -> Cost {
    let throughput: f64 = results.workloads.values().filter_map(|workload| workload.throughput.value).sum();
    let paid = |name: &str| results.scaling.get(name).and_then(|scaled| scaled.paid.value).unwrap_or(0.0);
    let scaled: f64 = model.scalers.iter().map(|spec| spec.price * paid(&spec.name)).sum();
    let parts = model.scalers.iter().map(|spec| (spec.name.clone(), spec.price * paid(&spec.name)));
    let mut parts: BTreeMap<String, f64> = parts.chain(model.prices.clone()).collect();
    parts.retain(|_, price| *price > 0.0);
    let per_hour = model.cost_per_hour + scaled;
    let per_million = per_hour / 3600.0 / throughput * 1e6;
    Cost { per_hour, per_million_requests: (throughput > 0.0).then_some(per_million), parts }
}
