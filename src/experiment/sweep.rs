//! Sweeps: the same scenario at each combination of values, with the same customers at every point.

use super::fits::fits;
use super::grid::{Grid, GridPoint, grid_for};
use super::keep::Store;
use super::knee::knees;
use super::replicate::{Control, Options, run_all};
use super::results::{Curves, Fits, Results, SweepPoint, SweepResults};
use crate::diagnostic::Diagnostics;
use crate::model::{Model, Read};
use crate::scenario::{Source, SweepAxis};

/// Runs a scenario at every combination of the axes' values; points and replications share the threads.
///
/// Points that the store has are not run again, and each that is finished is put there: whether and when a sweep was
/// interrupted changes nothing in its results. Points keep neither curves over time nor records of requests.
///
/// # Errors
/// What is wrong with the axes, or with the scenario at one of the points.
pub fn sweep(
    source: &Source,
    axes: &[SweepAxis],
    read: Read<'_>,
    options: &Options,
    control: &Control<'_>,
    store: Store<'_>,
) -> Result<SweepResults, Diagnostics> {
    let go_on = || !control.is_cancelled();
    let Grid { axes, points, whole } = grid_for(None, source, axes, read, options, &go_on)?;
    let results = run_points(&points, options, control, store);
    let replications = points.first().map_or(0, |point| point.model.replications);
    let points = points.into_iter().zip(results).map(|(point, result)| SweepPoint { at: point.at, result });
    let points: Vec<SweepPoint> = points.collect();
    let partial = !whole || points.iter().any(|point| point.result.scenario.partial);
    let stopped = points.iter().find_map(|point| point.result.scenario.stopped.clone());
    let mut found = SweepResults {
        axis: axes,
        points,
        partial,
        stopped,
        whole,
        replications,
        knee: None,
        knees: None,
        fits: Fits::default(),
    };
    (found.knee, found.knees) = knees(&found);
    if let ([axis], false) = (found.axis.as_slice(), partial)
        && axis.ordered
    {
        found.fits = fits(&axis.path, &found.points);
    }
    Ok(found)
}

/// Runs the points that the store does not have. Progress counts the others as done.
fn run_points(points: &[GridPoint], options: &Options, control: &Control<'_>, store: Store<'_>) -> Vec<Results> {
    // What was replaced may have been said otherwise when the store got it.
    let found = |point: &GridPoint| {
        let mut known = store.find(point, options)?;
        known.scenario.set.clone_from(&point.model.set);
        Some(known)
    };
    let known: Vec<Option<Results>> = points.iter().map(found).collect();
    let missing: Vec<&GridPoint> =
        points.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(point, _)| point).collect();
    let ended = |index: usize, results: &mut Results, is_whole: bool| {
        // They are for pictures of a single run, and there may be thousands of points.
        (results.curves, results.jobs) = (Curves::default(), Vec::new());
        if is_whole {
            store.keep(missing[index], options, results);
        }
    };
    let (all, left) = (points.len() as f64, missing.len() as f64);
    let progress = |share: f64| (control.progress)((all - left + share * left) / all);
    let models: Vec<&Model> = missing.iter().map(|point| &point.model).collect();
    let control = Control { progress: &progress, cancelled: control.cancelled };
    let mut run = run_all(&models, options, &control, &ended).into_iter();
    known.into_iter().filter_map(|known| known.or_else(|| run.next())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    /// A queue up to its limit, with windows of time and a start-up to be found.
    const QUEUE: &str = "[workload.customers]\nto = \"desk\"\narrivals = { poisson = \"8/s\" }\n\
        [station.desk]\nservice-time = { exponential = \"100ms\" }\n\
        [run]\nduration = \"60s\"\nseries = \"20s\"\nreplications = 5\n";
    const RATES: &str = "workload.customers.arrivals.poisson=2/s..11/s:4";

    fn run(axes: &[&str], threads: usize, control: &Control<'_>, store: Store<'_>) -> SweepResults {
        let source = Source { name: "queue.toml".into(), text: QUEUE.into(), overrides: Vec::new() };
        let axes: Vec<SweepAxis> = axes.iter().map(|axis| SweepAxis::from_flag(axis).unwrap()).collect();
        let options = Options { threads: Some(threads), ..Options::default() };
        let found = sweep(&source, &axes, &|path| Err(path.into()), &options, control, store);
        found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false)))
    }

    fn quietly(axes: &[&str], threads: usize) -> SweepResults {
        let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
        run(axes, threads, &control, Store::NOTHING)
    }

    #[test]
    fn any_number_of_threads_finds_the_same() {
        let with = |threads| format!("{:?}", quietly(&[RATES], threads));
        let one = with(1);
        assert!(one.contains("latency_p99") && !one.contains("partial: true"));
        for threads in [2, 7] {
            assert_eq!(one, with(threads), "{threads} threads");
        }
    }

    #[test]
    fn progress_is_by_replications_and_ends_at_one() {
        let told = Mutex::new(Vec::new());
        let tell = |share: f64| told.lock().unwrap().push(share);
        let control = Control { progress: &tell, cancelled: &AtomicBool::new(false) };
        run(&[RATES], 1, &control, Store::NOTHING);
        let shares: Vec<f64> = (1..=20).map(|done| f64::from(done) / 20.0).collect();
        assert_eq!(told.into_inner().unwrap(), shares);
    }

    #[test]
    fn what_was_finished_when_it_was_cancelled_is_reported() {
        let cancelled = AtomicBool::new(false);
        let stop_half_way = |share: f64| cancelled.store(share >= 0.5, Ordering::Relaxed);
        let control = Control { progress: &stop_half_way, cancelled: &cancelled };
        let found = run(&[RATES], 1, &control, Store::NOTHING);
        let replications: Vec<u32> = found.points.iter().map(|point| point.result.scenario.replications).collect();
        assert_eq!(replications, [5, 5, 0, 0]);
        assert!(found.partial && found.knee.is_none());
    }

    #[test]
    fn points_are_built_as_long_as_it_goes_on() {
        let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(true) };
        let found = run(&[RATES], 2, &control, Store::NOTHING);
        assert!(found.partial && found.points.len() == 1 && found.knee.is_none());
        // Also where what was built is known already.
        let kept: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::default();
        let put = |name: &str, bytes: &[u8]| drop(kept.lock().unwrap().insert(name.to_owned(), bytes.to_vec()));
        let get = |name: &str| kept.lock().unwrap().get(name).cloned();
        let uncancelled = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
        run(&[RATES], 2, &uncancelled, Store { put: &put, ..Store::NOTHING });
        let found = run(&[RATES], 2, &control, Store { get: &get, ..Store::NOTHING });
        assert!(found.partial && found.points.len() == 1 && !found.points[0].result.scenario.partial);
    }

    #[test]
    fn a_sweep_goes_on_where_it_was_cancelled() {
        let axes = [RATES, "station.desk.servers=1,2"];
        let whole = format!("{:?}", quietly(&axes, 2));
        let kept: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::default();
        let get = |name: &str| kept.lock().unwrap().get(name).cloned();
        let put = |name: &str, bytes: &[u8]| {
            assert!(kept.lock().unwrap().insert(name.to_owned(), bytes.to_vec()).is_none(), "run twice");
        };
        let first_share = Mutex::new(None);
        for stop_at in [0.3, 0.6, 2.0] {
            let cancelled = AtomicBool::new(false);
            let progress = |share: f64| {
                first_share.lock().unwrap().get_or_insert(share);
                cancelled.store(share >= stop_at, Ordering::Relaxed);
            };
            let control = Control { progress: &progress, cancelled: &cancelled };
            let before = kept.lock().unwrap().len();
            *first_share.lock().unwrap() = None;
            let found = run(&axes, 2, &control, Store { get: &get, put: &put, ..Store::NOTHING });
            let first = first_share.lock().unwrap().unwrap();
            assert!(first > before as f64 / 8.0 && first <= before as f64 / 8.0 + 0.06, "{first} after {before}");
            assert_eq!(found.partial, stop_at < 1.0);
            if !found.partial {
                assert_eq!(whole, format!("{found:?}"));
            }
        }
        assert_eq!(kept.lock().unwrap().len(), 8);
    }

    #[test]
    fn what_was_damaged_is_run_again() {
        let whole = format!("{:?}", quietly(&[RATES], 2));
        let kept: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::default();
        let put = |name: &str, bytes: &[u8]| drop(kept.lock().unwrap().insert(name.to_owned(), bytes.to_vec()));
        let damaged = |name: &str| {
            let mut bytes = kept.lock().unwrap().get(name).cloned()?;
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            Some(bytes)
        };
        let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
        run(&[RATES], 2, &control, Store { put: &put, ..Store::NOTHING });
        let found = AtomicUsize::new(0);
        let count = || {
            found.fetch_add(1, Ordering::Relaxed);
        };
        let again = run(&[RATES], 2, &control, Store { get: &damaged, put: &put, found: &count });
        assert_eq!(whole, format!("{again:?}"));
        assert_eq!(found.swap(0, Ordering::Relaxed), 0, "what is damaged was not finished before");
        let get = |name: &str| kept.lock().unwrap().get(name).cloned();
        run(&[RATES], 2, &control, Store { get: &get, put: &put, found: &count });
        assert_eq!(found.into_inner(), 4);
        let short = |name: &str| kept.lock().unwrap().get(name).map(|bytes| bytes[..7].to_vec());
        assert_eq!(
            whole,
            format!("{:?}", run(&[RATES], 2, &control, Store { get: &short, put: &put, ..Store::NOTHING }))
        );
    }

    #[test]
    fn all_points_have_the_same_customers() {
        // A start-up of its own would cut each point at another time.
        let found = quietly(
            &["station.desk.servers=1,2,3", "station.desk.service-time.exponential=50ms,80ms", "run.warm-up=1s"],
            2,
        );
        let offered = |point: &SweepPoint| point.result.workloads["customers"].offered;
        assert!(found.points.iter().all(|point| offered(point) == offered(&found.points[0])));
        // Half the time between arrivals, and everything happens twice as fast: the same draws.
        let slow = quietly(&["workload.customers.arrivals.poisson=4/s", "run.duration=40s", "run.warm-up=2s"], 1);
        let fast = quietly(&["workload.customers.arrivals.poisson=8/s", "run.duration=20s", "run.warm-up=1s"], 1);
        let rate = |found: &SweepResults| offered(&found.points[0]).value.unwrap();
        assert!((rate(&fast) / rate(&slow) - 2.0).abs() < 1e-9, "{} {}", rate(&fast), rate(&slow));
    }

    #[test]
    fn every_curve_has_a_knee_of_its_own() {
        let found = quietly(&["workload.customers.arrivals.poisson=6/s..38/s:9", "station.desk.servers=1,2,4"], 2);
        let knees = found.knees.unwrap();
        let at: Vec<f64> = knees.iter().map(|knee| knee.at[1]).collect();
        assert_eq!(at, [2.0, 4.0], "that of one server lies at the first point");
        assert!(knees[0].at[0] < knees[1].at[0]);
        assert_eq!(found.knee, knees.last().cloned());
        assert!(found.fits.usl.is_none() && found.fits.amdahl.is_none());
    }
}
