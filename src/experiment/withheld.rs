//! Percentiles that the sample cannot support, and why.

use super::estimate::fewest;
use super::results::Withheld;
use super::summary::{Summary, WorkloadPool};
use crate::model::{Metric, Model, Percentile, Workload};
use crate::stats::Histogram;

const PERCENTILES: [(f64, Percentile); 5] = [
    (0.5, Percentile::P50),
    (0.9, Percentile::P90),
    (0.95, Percentile::P95),
    (0.99, Percentile::P99),
    (0.999, Percentile::P99_9),
];

impl Summary {
    /// Percentiles of latency that are not told, though some requests were answered.
    pub(super) fn withheld(&self, model: &Model) -> Vec<Withheld> {
        let each = model.workloads.iter().zip(&self.workloads);
        each.flat_map(|(workload, pool)| of_workload(workload, pool)).collect()
    }
}

fn of_workload(workload: &Workload, pool: &WorkloadPool) -> Vec<Withheld> {
    let mut found = of_sample(&workload.name, &pool.latency);
    if workload.operations.len() > 1 {
        let operations = workload.operations.iter().zip(&pool.operations);
        let name = |operation: &str| format!("{}.{operation}", workload.name);
        found.extend(operations.flat_map(|(operation, sample)| of_sample(&name(&operation.name), sample)));
    }
    found
}

fn of_sample(name: &str, sample: &Histogram) -> Vec<Withheld> {
    let answers = sample.count();
    let too_few = PERCENTILES.iter().filter(|(p, _)| answers > 0 && fewest(sample, *p) > answers);
    let withheld = |&(p, percentile): &(f64, Percentile)| Withheld {
        metric: Metric::Latency(name.to_owned(), percentile).to_string(),
        answers,
        needs: fewest(sample, p),
    };
    too_few.map(withheld).collect()
}
