//! Scenarios compared, replication by replication.
//!
//! Replications of equal number draw from the same named streams, so that workloads of the same name bring the same customers
//! to both. Differences are taken pair by pair, which leaves out what both have in common (common random numbers; Law
//! 2015, *Simulation Modeling and Analysis*, §10.2.1 and 11.2), and tested by the paired t test; of all of them together, what is
//! called real is wrong with at most 5 % (Holm 1979).

use super::estimate::mean;
use super::objectives::measure;
use super::replicate::{Control, Options, run_all};
use super::results::*;
use crate::model::{Metric, Model, Percentile};
use crate::stats::{holm, mean_interval, t_two_sided};

/// What to compare, and with what.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Short names of the steps.
    pub names: Vec<String>,
    /// Each with the first, rather than with the one before.
    pub with_first: bool,
    /// The metrics to test; none are throughput, errors and latency of all workloads, and the cost.
    pub metrics: Vec<Metric>,
}

/// Runs scenarios on the same customers, and tests what is different.
pub fn compare(models: &[Model], comparison: &Comparison, options: &Options, control: &Control<'_>) -> CompareResults {
    let results = run_all(&models.iter().collect::<Vec<_>>(), options, control, &|_, _, _| ());
    let names = comparison.names.iter().cloned();
    let steps: Vec<Step> = names.zip(results).map(|(name, result)| Step { name, result }).collect();
    let mut changes: Vec<Change> = Vec::new();
    for to in 1..steps.len() {
        let from = if comparison.with_first { 0 } else { to - 1 };
        changes.push(change(&steps, from, to, &comparison.metrics));
    }
    let tests = adjust(&mut changes);
    let partial = steps.iter().any(|step| step.result.scenario.partial);
    let stopped = steps.iter().find_map(|step| step.result.scenario.stopped.clone());
    CompareResults { steps, changes, tests, partial, stopped }
}

/// The differences of all later steps from the first, tested together.
pub(super) fn against_first(steps: &[Step], metrics: Vec<Metric>) -> Vec<Vec<Difference>> {
    let mut changes: Vec<Change> = (1..steps.len()).map(|to| change(steps, 0, to, &metrics)).collect();
    adjust(&mut changes);
    changes.into_iter().map(|change| change.differences).collect()
}

/// The share of comparisons in which something may be called real that is not.
const ERROR: f64 = 0.05;

/// Decides what is real, over all differences together; how many were tested.
fn adjust(changes: &mut [Change]) -> usize {
    let all = || changes.iter().flat_map(|change| &change.differences);
    let p_values: Vec<f64> = all().filter_map(|difference| difference.p_value).collect();
    let mut adjusted = holm(&p_values).into_iter();
    for difference in changes.iter_mut().flat_map(|change| &mut change.differences) {
        difference.adjusted_p = difference.p_value.and_then(|_| adjusted.next());
        difference.real = difference.adjusted_p.map_or(difference.real, |p| p <= ERROR);
        difference.better = difference.better.filter(|_| difference.real);
    }
    p_values.len()
}

/// A run that was stopped is as long as chance, or the limit, made it: it is compared with none.
fn change(steps: &[Step], from: usize, to: usize, metrics: &[Metric]) -> Change {
    let (before, after) = (&steps[from].result, &steps[to].result);
    if [before, after].iter().any(|result| result.scenario.stopped.is_some()) {
        return Change { from, to, pairs: 0, differences: Vec::new() };
    }
    let counterparts = counterparts(before, after);
    let mut chosen: Vec<Metric> = Vec::new();
    for metric in if metrics.is_empty() { usual(before) } else { metrics.to_vec() } {
        if !chosen.contains(&metric) {
            chosen.push(metric);
        }
    }
    let pairs = chosen.into_iter().map(|metric| {
        let other = counterpart(&metric, &counterparts);
        (metric, other)
    });
    let differences: Vec<Difference> =
        pairs.filter_map(|(metric, other)| difference(before, after, metric, other)).collect();
    let pairs = differences.iter().map(|difference| difference.pairs).max().unwrap_or(0);
    Change { from, to, pairs, differences }
}

/// What is compared where nothing is said.
fn usual(results: &Results) -> Vec<Metric> {
    let percentiles = [Percentile::Mean, Percentile::P50, Percentile::P95, Percentile::P99];
    let mut metrics = Vec::new();
    for name in results.workloads.keys() {
        metrics.extend([Metric::Throughput(name.clone()), Metric::ErrorRate(name.clone())]);
        metrics.extend(percentiles.map(|percentile| Metric::Latency(name.clone(), percentile)));
    }
    metrics.push(Metric::Cost);
    metrics
}

/// Workloads with one name before and another after: where exactly one of each is without a namesake.
fn counterparts(before: &Results, after: &Results) -> Option<(String, String)> {
    let lone = |these: &Results, those: &Results| {
        let mut lone = these.workloads.keys().filter(|name| !those.workloads.contains_key(*name));
        lone.next().cloned().filter(|_| lone.next().is_none())
    };
    lone(before, after).zip(lone(after, before))
}

/// The metric of the other step that is compared with this one.
fn counterpart(metric: &Metric, names: &Option<(String, String)>) -> Metric {
    let other = |name: &String| match names {
        Some((before, after)) if before == name => after.clone(),
        _ => name.clone(),
    };
    match metric {
        Metric::Latency(name, percentile) => Metric::Latency(other(name), *percentile),
        Metric::Throughput(name) => Metric::Throughput(other(name)),
        Metric::ErrorRate(name) => Metric::ErrorRate(other(name)),
        Metric::InFlight(name) => Metric::InFlight(other(name)),
        metric => metric.clone(),
    }
}

/// None where one of them has no such metric, or cannot tell it.
///
/// Percentiles are those of each replication, averaged, so that before, after and the difference belong together.
fn difference(before: &Results, after: &Results, metric: Metric, other: Metric) -> Option<Difference> {
    measure(&metric, before).value.and(measure(&other, after).value)?;
    let values = |results: &Results, metric: &Metric| {
        results.samples.iter().find(|sample| sample.metric == *metric).map(|sample| sample.values.clone())
    };
    let pairs = values(before, &metric)?.into_iter().zip(values(after, &other)?);
    let (was, is): (Vec<f64>, Vec<f64>) = pairs.filter(|(was, is)| (is - was).is_finite()).unzip();
    let differences: Vec<f64> = was.iter().zip(&is).map(|(was, is)| is - was).collect();
    let (before, after) = (mean(was.into_iter()), mean(is.into_iter()));
    let difference = mean(differences.iter().copied());
    let value = difference.value?;
    let costs = metric == Metric::Cost && is_certain(&before) && is_certain(&after);
    let lower = lower_is_better(&metric);
    Some(Difference {
        counterpart: (metric != other).then(|| other.to_string()),
        before,
        after,
        difference,
        relative: before.value.filter(|was| *was != 0.0).map(|was| value / was),
        p_value: if costs { None } else { p_value(&differences, before.value.unwrap_or(0.0)) },
        adjusted_p: None,
        real: costs && value != 0.0,
        better: lower.map(|lower| (value < 0.0) == lower),
        pairs: differences.len() as u32,
        metric: metric.to_string(),
    })
}

/// The same in every replication.
fn is_certain(estimate: &Estimate) -> bool {
    estimate.ci95.is_none_or(|[low, high]| low == high)
}

/// Differences that differ by no more than this, as a share of what they are of, are the same.
const ROUNDING: f64 = 1e-9;

/// By the paired t test (Student 1908). Where all pairs differ by the same, by the sign test: each might have gone the other
/// way. None where they do not differ at all, or there is only one.
fn p_value(differences: &[f64], like: f64) -> Option<f64> {
    let (mean, _) = mean_interval(differences)?;
    let n = differences.len() as f64;
    let squares = differences.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    let nothing = ROUNDING * like.abs().max(mean.abs());
    if differences.len() < 2 || (mean.abs() <= nothing && squares <= n * nothing * nothing) {
        return None;
    }
    if squares <= n * nothing * nothing {
        return Some(libm::pow(0.5, n - 1.0));
    }
    let t = mean / libm::sqrt(squares / (n - 1.0) / n);
    Some(t_two_sided(differences.len() as u64 - 1, t))
}

/// Whether less of it is better; none where that depends.
fn lower_is_better(metric: &Metric) -> Option<bool> {
    match metric {
        Metric::Throughput(_) | Metric::HitRatio(_) => Some(false),
        Metric::Latency(..)
        | Metric::ErrorRate(_)
        | Metric::Wait(..)
        | Metric::Response(..)
        | Metric::QueueLength(_)
        | Metric::StaleReads(_)
        | Metric::Staleness(_)
        | Metric::Lag(_)
        | Metric::Depth(_)
        | Metric::Cost => Some(true),
        Metric::Utilization(_) | Metric::InFlight(_) | Metric::InSystem(_) => None,
    }
}
