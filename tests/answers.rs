//! Answers against theory: how much load, how few servers, which differences are real, how exact.

#[path = "answers/capacity.rs"]
mod capacity;
#[path = "answers/compare.rs"]
mod compare;
#[path = "answers/optimize.rs"]
mod optimize;

use std::sync::atomic::AtomicBool;

use knee::experiment::{Control, Options};
use knee::model::{self, Model};
use knee::scenario::Source;

static NEVER: AtomicBool = AtomicBool::new(false);

fn control() -> Control<'static> {
    Control { progress: &|_| (), cancelled: &NEVER }
}

fn options() -> Options {
    Options::default()
}

fn no_file(path: &str) -> Result<String, String> {
    Err(format!("no file {path}"))
}

fn source(text: &str) -> Source {
    Source { name: "test.toml".into(), text: text.into(), overrides: Vec::new() }
}

fn load(text: &str) -> Model {
    let (model, diagnostics) = model::load(&source(text), &no_file);
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}
