//! Runs of shipped scenarios.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options};
use knee::model;
use knee::scenario::Source;

/// Runs `scenarios/NAME.toml` with some values set, as `--set` does.
pub(crate) fn run(name: &str, overrides: &[&str]) -> Results {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let text = std::fs::read_to_string(folder.join(format!("{name}.toml"))).expect("a shipped scenario");
    let overrides = overrides.iter().map(|one| one.to_string()).collect();
    let source = Source { name: format!("{name}.toml"), text, overrides };
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).map_err(|problem| problem.to_string());
    let (model, diagnostics) = model::load(&source, &read);
    let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
    experiment::run(&model, &Options::default(), &Control { progress: &|_| (), cancelled: &AtomicBool::new(false) })
}
