//! Sweeps: the same scenario at each value of one axis, with the same customers at every point.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::replicate::{Control, Options, in_pool, run_here};
use super::results::{Axis, Knee, Results, SweepPoint, SweepResults};
use crate::diagnostic::Diagnostics;
use crate::model::{Model, Read, load};
use crate::scenario::{Source, Sweep};
use crate::syntax::Node;

/// Runs a scenario at every value of an axis; points and replications share the threads.
///
/// # Errors
/// What is wrong with the axis, or with the scenario at one of its values.
pub fn sweep(
    source: &Source,
    sweep: &Sweep,
    read: Read<'_>,
    options: &Options,
    control: &Control<'_>,
) -> Result<SweepResults, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let values = sweep.points(&mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let models = values.iter().map(|value| model_at(source, sweep, value, read)).collect::<Result<Vec<_>, _>>()?;
    let results = in_pool(options, || run_all(&models, options, control));
    let paths = &sweep.vary.value.0;
    let numbers: Vec<f64> =
        values.iter().enumerate().map(|(index, value)| value.number().unwrap_or(index as f64)).collect();
    let points = numbers.iter().zip(results).map(|(&at, result)| SweepPoint { at: vec![at], result });
    let points: Vec<SweepPoint> = points.collect();
    let path = paths.first().map_or(String::new(), |path| path.value.clone());
    let labels = values.iter().map(|value| value.as_text().map_or_else(|| value.to_toml(), str::to_owned)).collect();
    Ok(SweepResults {
        axis: vec![Axis { path, values: numbers, labels }],
        knee: knee(&points),
        points,
        fits: BTreeMap::new(),
    })
}

/// The model with every path of the axis set to a value.
fn model_at(source: &Source, sweep: &Sweep, value: &Node, read: Read<'_>) -> Result<Model, Diagnostics> {
    let mut source = source.clone();
    let set = sweep.vary.value.0.iter().map(|path| format!("{}={}", path.value, value.to_toml()));
    source.overrides.extend(set);
    let (model, diagnostics) = load(&source, read);
    model.ok_or(diagnostics)
}

fn run_all(models: &[Model], options: &Options, control: &Control<'_>) -> Vec<Results> {
    // Progress in thousandths of a point, summed over the points at work.
    let done: Vec<AtomicU64> = models.iter().map(|_| AtomicU64::new(0)).collect();
    let run_one = |(index, model): (usize, &Model)| {
        let progress = |share: f64| {
            done[index].store((share * 1000.0) as u64, Ordering::Relaxed);
            let sum: u64 = done.iter().map(|done| done.load(Ordering::Relaxed)).sum();
            (control.progress)(sum as f64 / 1000.0 / models.len() as f64);
        };
        run_here(model, options, &Control { progress: &progress, cancelled: control.cancelled })
    };
    models.par_iter().enumerate().map(run_one).collect()
}

/// The stable point of greatest power: throughput over mean latency
/// (Kleinrock 1979, "Power and deterministic rules of thumb").
fn knee(points: &[SweepPoint]) -> Option<Knee> {
    let knees = points.iter().filter(|point| point.result.unstable.is_empty()).filter_map(|point| {
        let (throughput, latency) = totals(&point.result)?;
        Some(Knee { at: point.at.clone(), throughput, latency })
    });
    knees.max_by(|a, b| (a.throughput / a.latency).total_cmp(&(b.throughput / b.latency)))
}

/// Throughput of all workloads, and the mean latency of their requests.
fn totals(results: &Results) -> Option<(f64, f64)> {
    let (mut throughput, mut weighted) = (0.0, 0.0);
    for workload in results.workloads.values() {
        if let (Some(rate), Some(latency)) = (workload.throughput.value, workload.latency.mean.value) {
            throughput += rate;
            weighted += rate * latency;
        }
    }
    (throughput > 0.0 && weighted > 0.0).then(|| (throughput, weighted / throughput))
}
