//! Runs of built-in scenarios.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use knee::experiment::results::Results;
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
