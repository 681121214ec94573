//! Objectives judged: met, failed, or undecided where the interval straddles the limit. Where requests come and none is
//! answered, no latency is within a limit.

use super::results::{Estimate, Latency, ObjectiveResult, Results, Times, WorkloadResult};
use crate::model::{Condition, Metric, Model, Percentile};

/// Every objective of the model, in the order of the file.
pub(super) fn judge(model: &Model, results: &Results) -> Vec<ObjectiveResult> {
    let judged = model.objectives.iter().map(|objective| {
        let estimate = measure(&objective.condition.metric, results);
        ObjectiveResult {
            name: objective.name.clone(),
            require: objective.require.clone(),
            value: estimate.value,
            met: match is_unanswered(&objective.condition.metric, results) {
                true => Some(false),
                false => is_met(&objective.condition, &estimate),
            },
        }
    });
    judged.collect()
}

/// True or false where the whole interval is on one side of the limit.
fn is_met(condition: &Condition, estimate: &Estimate) -> Option<bool> {
    let holds = |value| condition.relation.holds(value, condition.limit);
    match estimate.ci95 {
        Some([low, high]) if holds(low) != holds(high) => None,
        _ => estimate.value.map(holds),
    }
}

/// Whether it is about the latency of requests that came and of which not one was answered.
pub(super) fn is_unanswered(metric: &Metric, results: &Results) -> bool {
    let Metric::Latency(name, _) = metric else { return false };
    let is_so = |workload: &WorkloadResult| {
        workload.offered.value.is_some_and(|rate| rate > 0.0) && workload.throughput.value == Some(0.0)
    };
    results.workloads.get(name).is_some_and(is_so)
}

/// Stations, or replicas of stations, that conditions are about.
pub(super) fn stations(model: &Model) -> Vec<&str> {
    let objectives = model.objectives.iter().map(|objective| &objective.condition.metric);
    let precision = model.precision.iter().map(|precision| &precision.metric);
    objectives.chain(precision).filter_map(station).collect()
}

fn station(metric: &Metric) -> Option<&str> {
    match metric {
        Metric::Utilization(name)
        | Metric::QueueLength(name)
        | Metric::InSystem(name)
        | Metric::Throughput(name)
        | Metric::Wait(name, _)
        | Metric::Response(name, _) => Some(name.as_str()),
        _ => None,
    }
}

/// The estimate that a metric means.
pub(super) fn measure(metric: &Metric, results: &Results) -> Estimate {
    let workload = |name: &String| results.workloads.get(name);
    let station = |name: &String| results.stations.get(name);
    let copies = |name: &String| results.replication.get(name);
    let found = match metric {
        Metric::Latency(name, percentile) => workload(name).map(|found| of_latency(&found.latency, *percentile)),
        Metric::ErrorRate(name) => workload(name).map(|found| found.error_rate),
        Metric::InFlight(name) => workload(name).map(|found| found.in_flight),
        Metric::Throughput(name) => {
            workload(name).map(|found| found.throughput).or_else(|| station(name).map(|found| found.throughput))
        }
        Metric::Utilization(name) => station(name).map(|found| found.utilization),
        Metric::QueueLength(name) => station(name).and_then(|found| found.queue_length),
        Metric::InSystem(name) => station(name).map(|found| found.in_system),
        Metric::Wait(name, percentile) => station(name).map(|found| of_times(&found.wait, *percentile)),
        Metric::Response(name, percentile) => station(name).map(|found| of_times(&found.response, *percentile)),
        Metric::HitRatio(name) => results.caches.get(name).map(|found| found.hit_ratio),
        Metric::StaleReads(name) => copies(name).map(|found| found.stale_read_ratio),
        Metric::Staleness(name) => copies(name).map(|found| found.staleness),
        Metric::Depth(name) => results.queues.get(name).map(|found| found.depth),
        Metric::Lag(name) => results.queues.get(name).map(|found| found.lag),
        Metric::Cost => Some(Estimate { value: Some(results.cost.per_hour), ci95: None }),
    };
    found.unwrap_or_default()
}

fn of_latency(latency: &Latency, percentile: Percentile) -> Estimate {
    match percentile {
        Percentile::Mean => latency.mean,
        Percentile::P50 => latency.p50,
        Percentile::P90 => latency.p90,
        Percentile::P95 => latency.p95,
        Percentile::P99 => latency.p99,
        Percentile::P99_9 => latency.p99_9,
    }
}

fn of_times(times: &Times, percentile: Percentile) -> Estimate {
    let found = match percentile {
        Percentile::Mean => Some(times.mean),
        Percentile::P50 => times.p50,
        Percentile::P90 => times.p90,
        Percentile::P95 => times.p95,
        Percentile::P99 => times.p99,
        Percentile::P99_9 => None,
    };
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::is_met;
    use crate::experiment::Estimate;
    use crate::model::{Condition, Metric, Relation};

    #[test]
    fn an_interval_that_straddles_the_limit_decides_nothing() {
        let condition = Condition { metric: Metric::Cost, relation: Relation::Less, limit: 2.0 };
        let estimate = |value, low, high| Estimate { value: Some(value), ci95: Some([low, high]) };
        assert_eq!(is_met(&condition, &estimate(1.0, 0.5, 1.5)), Some(true));
        assert_eq!(is_met(&condition, &estimate(1.9, 1.5, 2.3)), None);
        assert_eq!(is_met(&condition, &estimate(3.0, 2.5, 3.5)), Some(false));
        assert_eq!(is_met(&condition, &Estimate::default()), None);
    }
}
