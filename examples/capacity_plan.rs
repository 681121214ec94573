//! How much load fits? The highest arrival rate at which the 99th percentile still meets an
//! objective, found by bisection, for two to eight servers behind a balancer.
//!
//! Overrides change the scenario the way `--set` does on the command line. Run it with
//! `cargo run --release --example capacity_plan`.

use std::sync::atomic::AtomicBool;

use knee::experiment::{self, Control, Options};
use knee::{model, scenario::Source};

const SCENARIO: &str = r#"
title = "Web servers behind a balancer"

[workload.shoppers]
to = "web"
arrivals = { poisson = "100/s" }

[machine.node]
cores = 2

[service.web]
machine = "node"
replicas = 2
balance = "power-of-two"
steps = [{ cpu = { lognormal = { mean = "10ms", cv = 1.5 } } }]

[run]
duration = "100s"
warm-up = "5s"
replications = 4
"#;

/// Ninety-nine requests of a hundred are to be answered within this many seconds.
const OBJECTIVE: f64 = 0.1;

fn main() -> Result<(), String> {
    println!("servers   highest rate      per server");
    for replicas in [2, 4, 8] {
        let capacity = capacity(replicas)?;
        println!("{replicas:7}   {capacity:10.0}/s   {:11.0}/s", capacity / f64::from(replicas));
    }
    println!("\nLarger pools can be used more fully: some server is idle more often.");
    Ok(())
}

/// Halves the interval between a rate that is met and one that is not, until it is 1 % wide.
fn capacity(replicas: u32) -> Result<f64, String> {
    // A core serves 100 requests a second, and each server has two.
    let (mut met, mut missed) = (0.0, 200.0 * f64::from(replicas));
    while missed - met > 0.01 * missed {
        let rate = (met + missed) / 2.0;
        if p99(replicas, rate)? <= OBJECTIVE { met = rate } else { missed = rate }
    }
    Ok(met)
}

/// The 99th percentile of the latency, in seconds.
fn p99(replicas: u32, rate: f64) -> Result<f64, String> {
    let source = Source {
        name: "capacity plan".into(),
        text: SCENARIO.into(),
        overrides: vec![
            format!("service.web.replicas={replicas}"),
            format!("workload.shoppers.arrivals.poisson={rate}/s"),
        ],
    };
    let no_files = |path: &str| Err(format!("this scenario reads no {path}"));
    let (model, diagnostics) = model::load(&source, &no_files);
    let model = model.ok_or_else(|| diagnostics.render(false))?;
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let results = experiment::run(&model, &Options::default(), &control);
    let p99 = results.workloads["shoppers"].latency.p99.value;
    p99.ok_or_else(|| format!("{rate}/s: too few requests were served to tell"))
}
