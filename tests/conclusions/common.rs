//! Runs of the scenarios that come with the program.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options};
use knee::model;
use knee::scenario::Source;

/// Runs `scenarios/NAME.toml` with these values set, `path=value`.
pub(crate) fn run(name: &str, overrides: &[&str]) -> Results {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let text = std::fs::read_to_string(folder.join(name).with_extension("toml")).expect("a scenario of this name");
    let overrides = overrides.iter().map(|one| one.to_string()).collect();
    let source = Source { name: name.into(), text, overrides };
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).map_err(|problem| problem.to_string());
    let (model, diagnostics) = model::load(&source, &read);
    let model = model.unwrap_or_else(|| panic!("{name}:\n{}", diagnostics.render(false)));
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(&model, &Options::default(), &control)
}

/// Mean latency of a workload, in milliseconds.
pub(crate) fn mean_ms(results: &Results, workload: &str) -> f64 {
    let workload = results.workloads.get(workload).expect("a workload of this name");
    1e3 * workload.latency.mean.value.expect("a mean latency")
}
