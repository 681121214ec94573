//! Sweeps: the same scenario at each value of one axis, with the same customers at every point.

use std::sync::atomic::Ordering;

use super::fits::fits;
use super::replicate::{Control, Options, run_all};
use super::results::{Axis, Fits, Knee, SweepPoint, SweepResults};
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
    let results = run_all(&models, options, control);
    let axis = axis(sweep, &values);
    let points = axis.values.iter().zip(results).map(|(&at, result)| SweepPoint { at: vec![at], result });
    let mut found = SweepResults {
        points: points.collect(),
        axis: vec![axis],
        partial: control.cancelled.load(Ordering::Relaxed),
        replications: models.first().map_or(0, |model| model.replications),
        knee: None,
        fits: Fits::default(),
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

/// The point of greatest power, unless it has the least or the greatest value of all: then the curve
/// bends outside the sweep, or nowhere.
fn knee(sweep: &SweepResults) -> Option<Knee> {
    let best = sweep.best()?;
    let inside = |from: fn(f64, f64) -> bool| sweep.points.iter().any(|point| from(point.at[0], best.at[0]));
    (inside(|at, best| at < best) && inside(|at, best| at > best)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    /// A queue up to its limit, with curves over time and a start-up to be found.
    const QUEUE: &str = "[workload.customers]\nto = \"desk\"\narrivals = { poisson = \"8/s\" }\n\
        [station.desk]\nservice-time = { exponential = \"100ms\" }\n\
        [run]\nduration = \"60s\"\nseries = \"20s\"\nreplications = 5\n";

    fn run(threads: usize, control: &Control<'_>) -> SweepResults {
        let source = Source { name: "queue.toml".into(), text: QUEUE.into(), overrides: Vec::new() };
        let axis = Sweep::from_flag("workload.customers.arrivals.poisson=2/s..11/s:4").unwrap();
        let options = Options { threads: Some(threads), jobs: true, ..Options::default() };
        let found = sweep(&source, &axis, &|path| Err(path.into()), &options, control);
        found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false)))
    }

    #[test]
    fn any_number_of_threads_finds_the_same() {
        let with = |threads| {
            let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
            format!("{:?}", run(threads, &control))
        };
        let one = with(1);
        assert!(one.contains("survival") && !one.contains("partial: true"));
        for threads in [2, 7] {
            assert_eq!(one, with(threads), "{threads} threads");
        }
    }

    #[test]
    fn progress_is_by_replications_and_ends_at_one() {
        let told = Mutex::new(Vec::new());
        let tell = |share: f64| told.lock().unwrap().push(share);
        run(1, &Control { progress: &tell, cancelled: &AtomicBool::new(false) });
        let shares: Vec<f64> = (1..=20).map(|done| f64::from(done) / 20.0).collect();
        assert_eq!(told.into_inner().unwrap(), shares);
    }

    #[test]
    fn what_was_finished_when_it_was_cancelled_is_reported() {
        let cancelled = AtomicBool::new(false);
        let stop_half_way = |share: f64| cancelled.store(share >= 0.5, Ordering::Relaxed);
        let found = run(1, &Control { progress: &stop_half_way, cancelled: &cancelled });
        let replications: Vec<u32> = found.points.iter().map(|point| point.result.scenario.replications).collect();
        assert_eq!(replications, [5, 5, 0, 0]);
        assert!(found.partial && found.knee.is_none());
    }
}
