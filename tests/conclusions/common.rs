//! How a shipped scenario is run.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options};
use knee::model;
use knee::scenario::Source;

/// Runs `scenarios/NAME.toml` with these overrides.
pub(crate) fn run(name: &str, overrides: &[&str]) -> Results {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name).with_extension("toml");
    let text = fs::read_to_string(path).expect("a shipped scenario");
    let overrides = overrides.iter().map(|one| one.to_string()).collect();
    let source = Source { name: name.into(), text, overrides };
    let (model, diagnostics) = model::load(&source, &|_| Err("no such file".into()));
    let model = model.unwrap_or_else(|| panic!("{name}: {}", diagnostics.render(false)));
    experiment::run(&model, &Options::default(), &Control { progress: &|_| (), cancelled: &AtomicBool::new(false) })
}
