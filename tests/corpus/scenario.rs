//! A scenario's text: read, checked, explained and run for a moment.

use std::sync::atomic::AtomicBool;

use knee::experiment::{self, Control, Limits, Options};
use knee::model::{self, Model};
use knee::report::{csv, json, mermaid, terminal};
use knee::scenario::{self, Source};

use super::brief::{lasting, seconds};

/// A longer list of replicas says nothing new, but takes long to write.
const STATIONS: u32 = 2000;

/// What is in the file of a name: the same in all.
pub(crate) fn file(_: &str) -> String {
    "time,service-time\n0,1\n0.5,0.25\n".into()
}

/// Whether it is sound.
pub(crate) fn try_bytes(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| try_with(text, &file))
}

/// The same with what is in the files that it names.
pub(crate) fn try_with(text: &str, file: &dyn Fn(&str) -> String) -> bool {
    let Some(model) = check(text, &[], file) else { return false };
    if model.stations <= STATIONS {
        explain(&model);
    }
    run_briefly(&model, |changes| check(text, changes, file));
    try_as_it_is(model);
    true
}

/// Its model, with these values replaced, if it is sound; what is wrong with it can be shown.
pub(crate) fn check(text: &str, overrides: &[String], file: &dyn Fn(&str) -> String) -> Option<Model> {
    let source = Source { name: "tried.toml".into(), text: text.into(), overrides: overrides.to_vec() };
    let (model, said) = model::load(&source, &|name| Ok(file(name)));
    let said = said.render(true);
    assert!(model.is_some() || said.contains("error"), "refused without a reason: {said}");
    scenario::canonical(&source);
    model
}

fn explain(model: &Model) {
    let program = experiment::program(model);
    let explanation = experiment::Explanation { program, ..experiment::explain(model) };
    terminal::explanation(&explanation, true);
    mermaid::architecture(&explanation);
    json::object(&explanation).expect("JSON");
}

/// Runs one replication with the times of the scenario, as far as small limits let it.
fn try_as_it_is(mut model: Model) {
    (model.replications, model.precision) = (1, None);
    run_within(&model, Limits { events: 2000, in_flight: 1000, memory: 16 << 20 });
}

/// Runs about a hundred requests, unless there are a million users.
fn run_briefly(model: &Model, changed: impl Fn(&[String]) -> Option<Model>) {
    if let Some(model) = changed(&lasting(seconds(model))) {
        run_within(&model, Limits { events: 100_000, in_flight: 10_000, memory: 64 << 20 });
    }
}

/// Runs it if it is admitted.
fn run_within(model: &Model, limits: Limits) {
    let options = Options { threads: Some(1), limits, ..Options::default() };
    match experiment::admit([model], &options) {
        Ok(()) => run(model, &options),
        Err(found) => drop(found.render(true)),
    }
}

fn run(model: &Model, options: &Options) {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let results = experiment::run(model, options, &control);
    terminal::run(&results, true);
    csv::runs(&[results]).expect("CSV");
}
