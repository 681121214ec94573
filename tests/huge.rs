//! A system of 1,000 services with 100,000 replicas: what it takes to simulate and to report.
//!
//! `cargo test --release --test huge -- --ignored` sends ten million requests.

#[path = "corpus/peak.rs"]
mod peak;

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options, Replicas};
use knee::model::{self, Model};
use knee::report::{csv, json, terminal};
use knee::scenario::Source;

use peak::peak;

/// Parts of the system that do not know of each other.
const PARTS: u32 = 100;
/// Requests a second of each.
const RATE: u32 = 100;

/// Each part has a front service, which asks one of three, which asks another one, which asks the last: ten services of
/// 100 replicas, each with threads and a processor.
fn scenario(requests: u32) -> String {
    let seconds = f64::from(requests) / f64::from(PARTS * RATE);
    let mut text =
        format!("[run]\nduration = \"{seconds}s\"\nwarm-up = \"0s\"\nreplications = 1\n[machine.node]\ncores = 2\n");
    let service = |name: &str, steps: &str| {
        format!(
            "[service.{name}]\nmachine = \"node\"\nreplicas = 100\nthreads = 32\nsteps = [{{ cpu = {{ exponential = \"4ms\" }} }}{steps}]\n"
        )
    };
    for part in 0..PARTS {
        writeln!(text, "[workload.users-{part}]\nto = \"front-{part}\"\narrivals = {{ poisson = \"{RATE}/s\" }}")
            .expect("text");
        let arms = [0.3, 0.3, 0.4]
            .iter()
            .zip(0..)
            .map(|(share, to)| format!("[{share}, [{{ call = \"back-{part}-{to}\" }}]]"));
        let arms: Vec<String> = arms.collect();
        text += &service(&format!("front-{part}"), &format!(", {{ choose = [{}] }}", arms.join(", ")));
        for back in 0..9 {
            let call = if back < 6 { format!(", {{ call = \"back-{part}-{}\" }}", back + 3) } else { String::new() };
            text += &service(&format!("back-{part}-{back}"), &call);
        }
    }
    text
}

fn simulate(requests: u32, replicas: Replicas) -> (Model, Results) {
    let source = Source { name: "huge.toml".into(), text: scenario(requests), overrides: Vec::new() };
    let (model, diagnostics) = model::load(&source, &|_| Err("no files".into()));
    let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
    let options = Options { replicas, ..Options::default() };
    experiment::admit([&model], &options).unwrap_or_else(|found| panic!("{}", found.render(false)));
    let results = experiment::run(&model, &options, &Control { progress: &|_| (), cancelled: &AtomicBool::new(false) });
    (model, results)
}

/// Everything that a run prints or writes; returns lines of the summary and bytes of the JSON.
fn report(results: &Results) -> (usize, usize) {
    let summary = terminal::run(results, false);
    let all = json::object(results).expect("JSON");
    assert!(csv::runs(std::slice::from_ref(results)).expect("CSV").lines().count() > 2000);
    (summary.lines().count(), all.len())
}

#[test]
fn a_huge_system_is_simulated_and_reported_in_short() {
    let (model, results) = simulate(50_000, Replicas::Few);
    assert_eq!((model.components.len(), model.stations), (1000, 200_000));
    assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law);
    assert!(!results.scenario.partial && results.stations.0.len() == 2000, "{}", results.stations.0.len());
    let (lines, bytes) = report(&results);
    assert!(lines < 400 && bytes < 10_000_000, "{lines} lines, {bytes} bytes");
    assert!(terminal::run(&results, false).contains("and 1940 less busy stations: --format csv and json have all"));
}

#[test]
fn replicas_are_reported_that_were_asked_for() {
    let (_, results) = simulate(1000, Replicas::Of(vec!["front-7".into()]));
    let named = results.stations.0.iter().filter(|(name, _)| name.contains('['));
    assert_eq!(named.clone().count(), 200);
    assert!(named.clone().all(|(name, _)| name.starts_with("front-7[")));
}

/// Ten million requests, within 1 GiB.
#[test]
#[ignore = "takes a minute or more; the others are its short form"]
fn a_huge_system_serves_ten_million_requests() {
    let (_, results) = simulate(10_000_000, Replicas::Few);
    let offered: f64 = results.workloads.values().filter_map(|workload| workload.offered.value).sum();
    let requests = offered * results.scenario.duration_s;
    assert!((requests - 1e7).abs() < 2e4, "{requests}");
    report(&results);
    let peak = peak();
    println!("peak of resident memory: {peak:?} bytes");
    assert!(peak.is_none_or(|bytes| bytes < 1 << 30), "{peak:?} bytes");
}
