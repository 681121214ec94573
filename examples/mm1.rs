//! The smallest queue, simulated and by theory: one server, Poisson arrivals, exponential service.
//!
//! The scenario is written here instead of in a file, and its rate is varied. Run it with
//! `cargo run --release --example mm1`.

use std::sync::atomic::AtomicBool;

use knee::experiment::results::{Estimate, Results};
use knee::experiment::{self, Control, Options};
use knee::laws::erlang::{mmc_response, mmc_response_quantile};
use knee::{model, scenario::Source};

/// Mean service time, in seconds.
const SERVICE: f64 = 0.001;

fn main() -> Result<(), String> {
    println!("load   response time       theory      p99                 theory");
    for load in [0.3, 0.5, 0.7, 0.8, 0.9, 0.95] {
        let rate = load / SERVICE;
        let results = simulate(rate)?;
        let latency = &results.workloads["customers"].latency;
        println!(
            "{:3.0} %  {:>17}  {:7.3} ms  {:>17}  {:7.3} ms",
            100.0 * load,
            show(latency.mean),
            1e3 * mmc_response(rate, SERVICE, 1),
            show(latency.p99),
            1e3 * mmc_response_quantile(rate, SERVICE, 1, 0.99),
        );
    }
    println!("\nEach estimate is followed by half of its 95 % confidence interval.");
    Ok(())
}

/// Simulates the queue with this arrival rate per second.
fn simulate(rate: f64) -> Result<Results, String> {
    let text = format!(
        r#"
        [workload.customers]
        to = "desk"
        arrivals = {{ poisson = "{rate}/s" }}

        [station.desk]
        service-time = {{ exponential = "{SERVICE}s" }}

        [run]
        duration = "1000s"
        warm-up = "10s"
        replications = 8
        "#
    );
    let source = Source { name: "mm1".into(), text, overrides: vec![] };
    let no_files = |path: &str| Err(format!("this scenario reads no {path}"));
    let (model, diagnostics) = model::load(&source, &no_files);
    let model = model.ok_or_else(|| diagnostics.render(false))?;
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    Ok(experiment::run(&model, &Options::default(), &control))
}

/// A time in milliseconds, with its precision.
fn show(estimate: Estimate) -> String {
    match (estimate.value, estimate.ci95) {
        (Some(value), Some([low, _])) => {
            format!("{:.3} ± {:.3} ms", 1e3 * value, 1e3 * (value - low))
        }
        _ => "too few to tell".into(),
    }
}
