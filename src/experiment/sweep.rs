//! Sweeps: the same scenario at each value of one axis, with the same customers at every point.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::fits::fits;
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
    let (values, models) = sweep_models(source, sweep, read)?;
    let results = in_pool(options, || run_all(&models, options, control));
    let axis = axis(sweep, &values);
    let points = axis.values.iter().zip(results).map(|(&at, result)| SweepPoint { at: vec![at], result });
    let mut found = SweepResults {
        points: points.collect(),
        axis: vec![axis],
        partial: control.cancelled.load(Ordering::Relaxed),
        replications: models.first().map_or(0, |model| model.replications),
        knee: None,
        fits: BTreeMap::new(),
    };
    found.partial &= found.points.iter().any(|point| point.result.scenario.partial);
    let is_ordered = values.iter().all(|value| value.number().is_some());
    found.knee = knee(&found).filter(|_| is_ordered && !found.partial);
    if is_ordered && !found.partial {
        found.fits = fits(&found.axis[0].path, &found.points);
    }
    Ok(found)
}

/// The values of an axis and the model at each, without running any.
///
/// # Errors
/// What is wrong with the axis, or with the scenario at one of its values.
pub fn sweep_models(source: &Source, sweep: &Sweep, read: Read<'_>) -> Result<(Vec<Node>, Vec<Model>), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let values = sweep.points(&mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let models = values.iter().map(|value| model_at(source, sweep, value, read)).collect::<Result<Vec<_>, _>>()?;
    Ok((values, models))
}

fn axis(sweep: &Sweep, values: &[Node]) -> Axis {
    let number = |(index, value): (usize, &Node)| value.number().unwrap_or(index as f64);
    let label = |value: &Node| value.as_text().map_or_else(|| value.to_toml(), str::to_owned);
    Axis {
        path: sweep.vary.value.0.first().map_or(String::new(), |path| path.value.clone()),
        values: values.iter().enumerate().map(number).collect(),
        labels: values.iter().map(label).collect(),
    }
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

/// The point of greatest power, unless it has the least or the greatest value of all: then the curve
/// bends outside the sweep, or nowhere.
fn knee(sweep: &SweepResults) -> Option<Knee> {
    let best = sweep.best()?;
    let inside = |from: fn(f64, f64) -> bool| sweep.points.iter().any(|point| from(point.at[0], best.at[0]));
    (inside(|at, best| at < best) && inside(|at, best| at > best)).then_some(best)
}
