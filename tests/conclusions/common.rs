//! Runs of built-in scenarios.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use knee::experiment::results::{Estimate, Latency, Results};
use knee::experiment::{self, Control, Options};
use knee::model;
use knee::scenario::Source;

/// Runs `scenarios/NAME.toml` with some values set.
pub(crate) fn run(name: &str, overrides: &[&str]) -> Results {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"));
    let text = std::fs::read_to_string(path).expect("a built-in scenario");
    let overrides = overrides.iter().map(|one| one.to_string()).collect();
    let source = Source { name: format!("{name}.toml"), text, overrides };
    let (model, diagnostics) = model::load(&source, &|_| Err("no such file".into()));
    let model = model.unwrap_or_else(|| panic!("{name}:\n{}", diagnostics.render(false)));
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(&model, &Options::default(), &control)
}

/// The value of an estimate.
pub(crate) fn value(estimate: &Estimate) -> f64 {
    estimate.value.expect("a value")
}

/// Whether all of one interval is below all of another.
pub(crate) fn below(less: &Estimate, more: &Estimate) -> bool {
    let (less, more) = (less.ci95.expect("an interval"), more.ci95.expect("an interval"));
    less[1] < more[0]
}

/// How long a workload's requests take.
pub(crate) fn latency<'a>(results: &'a Results, workload: &str) -> &'a Latency {
    &results.workloads[workload].latency
}

/// How busy a station is.
pub(crate) fn busy(results: &Results, station: &str) -> f64 {
    value(&results.stations.get(station).expect("a station of this name").utilization)
}

/// Mean latency of a workload, in milliseconds.
pub(crate) fn mean_ms(results: &Results, workload: &str) -> f64 {
    1e3 * value(&latency(results, workload).mean)
}
