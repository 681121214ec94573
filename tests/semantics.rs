//! The sentences of `docs/semantics.md`, each pinned by a small scenario whose outcome is known.
//!
//! The name of a test begins with the number of its sentence. Where nothing is random (traces and
//! constant times), results must be equal to the last bit.

#[path = "semantics/absences.rs"]
mod absences;
#[path = "semantics/admission.rs"]
mod admission;
#[path = "semantics/balancing.rs"]
mod balancing;
#[path = "semantics/caches.rs"]
mod caches;
#[path = "semantics/calls.rs"]
mod calls;
#[path = "semantics/counting.rs"]
mod counting;
#[path = "semantics/databases.rs"]
mod databases;
#[path = "semantics/events.rs"]
mod events;
#[path = "semantics/failover.rs"]
mod failover;
#[path = "semantics/fan_out.rs"]
mod fan_out;
#[path = "semantics/happenings.rs"]
mod happenings;
#[path = "semantics/hardware.rs"]
mod hardware;
#[path = "semantics/limits.rs"]
mod limits;
#[path = "semantics/optimistic.rs"]
mod optimistic;
#[path = "semantics/places.rs"]
mod places;
#[path = "semantics/protection.rs"]
mod protection;
#[path = "semantics/queues.rs"]
mod queues;
#[path = "semantics/randomness.rs"]
mod randomness;
#[path = "semantics/scaling.rs"]
mod scaling;
#[path = "semantics/services.rs"]
mod services;
#[path = "semantics/sources.rs"]
mod sources;
#[path = "semantics/stations.rs"]
mod stations;
#[path = "semantics/time.rs"]
mod time;
#[path = "semantics/watching.rs"]
mod watching;

use std::sync::atomic::AtomicBool;

use knee::diagnostic::Diagnostics;
use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options};
use knee::model::{self, Model};
use knee::scenario::Source;

/// Files that a scenario names, and what is in them.
type Files<'a> = &'a [(&'a str, &'a str)];

/// Replays until everyone has left, once.
const ONCE: &str = "\n[run]\nduration = \"until-empty\"\nreplications = 1\n";

fn load(text: &str, files: Files<'_>) -> (Option<Model>, Diagnostics) {
    let source = Source { name: "test.toml".into(), text: text.into(), overrides: vec![] };
    let read = |path: &str| {
        let found = files.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| (*text).into()).ok_or_else(|| "no such file".into())
    };
    model::load(&source, &read)
}

/// Runs a scenario as it is written, on so many threads, and keeps every request.
fn run_on(threads: usize, text: &str, files: Files<'_>) -> Results {
    let (model, diagnostics) = load(text, files);
    let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
    let options = Options { threads: Some(threads), jobs: true, ..Options::default() };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(&model, &options, &control)
}

fn run(text: &str, files: Files<'_>) -> Results {
    run_on(1, text, files)
}

/// Replays `jobs`, CSV with a header, until everyone has left.
fn replay(text: &str, jobs: &str) -> Results {
    run(&format!("{text}{ONCE}"), &[("jobs.csv", jobs)])
}

/// When the requests of a workload ended, in the order in which they were issued.
fn ends_of(results: &Results, workload: &str) -> Vec<f64> {
    let jobs = results.jobs.iter().filter(|job| job.workload == workload);
    jobs.map(|job| job.ended_s).collect()
}

fn ends(results: &Results) -> Vec<f64> {
    ends_of(results, "jobs")
}

fn issues(results: &Results) -> Vec<f64> {
    results.jobs.iter().map(|job| job.issued_s).collect()
}

fn outcomes(results: &Results) -> Vec<&'static str> {
    results.jobs.iter().map(|job| job.outcome).collect()
}

/// How many visits a station completed, in one replication.
fn served(results: &Results, station: &str) -> f64 {
    let station = results.stations.get(station).expect("a station of this name");
    (station.throughput.value.expect("a throughput") * results.scenario.duration_s).round()
}

/// What is wrong with a scenario.
fn problems(text: &str) -> String {
    let (model, diagnostics) = load(text, &[]);
    assert!(model.is_none(), "this scenario has a problem: {text}");
    diagnostics.render(false)
}

/// One station, `desk`, with these keys, and a workload `jobs` that replays a trace.
fn desk(keys: &str) -> String {
    format!("[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n[station.desk]\n{keys}\n")
}

/// One service, `app`, with these keys, and a workload `jobs` that replays a trace.
fn app(keys: &str) -> String {
    format!("[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\n{keys}\n")
}
