//! How long it takes from the text of a scenario to its model, with ten thousand components.
//!
//! `cargo bench --bench compile`. Each has other times and other names, so that nothing can be shared.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use knee::model::load;
use knee::scenario::Source;

const COMPONENTS: usize = 10_000;
const ROUNDS: usize = 9;
const RUN: &str = "[run]\nwarm-up = \"0s\"\nduration = \"1s\"\n";

/// Stations behind one balancer.
fn stations() -> String {
    let count = COMPONENTS - 2;
    let names: Vec<String> = (0..count).map(|i| format!("\"s{i}\"")).collect();
    let mut text = format!(
        "{RUN}[workload.w]\nto = \"all\"\narrivals = {{ poisson = \"1000/s\" }}\n\
         [balancer.all]\nto = [{}]\npolicy = \"random\"\n",
        names.join(", ")
    );
    for i in 0..count {
        let _ = writeln!(text, "[station.s{i}]\nservers = 2\nservice-time = {{ exponential = \"{}us\" }}", 1000 + i);
    }
    text
}

/// Systems of ten components: who asks, a balancer, services that call each other and stations.
fn systems() -> String {
    let mut text = format!("{RUN}[machine.box]\ncores = 4\n");
    for i in 0..COMPONENTS / 10 {
        let _ = writeln!(
            text,
            r#"
[workload.users{i}]
to = "edge{i}"
arrivals = {{ poisson = "10/s" }}
timeout = "1s"
[balancer.edge{i}]
to = ["web{i}", "api{i}"]
policy = "power-of-two"
[service.web{i}]
machine = "box"
replicas = 2
threads = 16
steps = [
  {{ cpu = {{ exponential = "{cpu}us" }} }},
  {{ call = "auth{i}" }},
  {{ call = {{ to = "store{i}", retry = {{ attempts = 2, budget = 0.1 }} }} }},
]
[service.api{i}]
machine = "box"
replicas = 2
steps = [{{ cpu = "2ms" }}, {{ parallel = [[{{ call = "store{i}" }}], [{{ call = "search{i}" }}]] }}]
[service.auth{i}]
machine = "box"
steps = [{{ cpu = {{ exponential = "1ms" }} }}, {{ wait = "2ms" }}]
[service.search{i}]
machine = "box"
steps = [
  {{ cpu = {{ exponential = "1ms" }} }},
  {{ call = "index{i}" }},
  {{ choose = [[0.25, [{{ call = "log{i}" }}]], [0.75, []]] }},
]
[station.store{i}]
servers = 4
service-time = {{ exponential = "5ms" }}
[station.index{i}]
servers = 2
service-time = {{ lognormal = {{ mean = "3ms", cv = 2 }} }}
[station.log{i}]
service-time = "1ms"
[station.spare{i}]
service-time = "1ms""#,
            cpu = 1000 + i
        );
    }
    text
}

/// The median, in milliseconds.
fn measure(text: String) -> f64 {
    let source = Source { name: "bench".into(), text, overrides: Vec::new() };
    let round = |_| {
        let start = Instant::now();
        let (model, diagnostics) = black_box(load(&source, &|_| Err("no files".into())));
        let time = start.elapsed().as_secs_f64() * 1e3;
        assert!(model.is_some(), "{}", diagnostics.render(false));
        time
    };
    let mut times: Vec<f64> = (0..ROUNDS).map(round).collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn main() {
    println!("text to model, {COMPONENTS} components (at most 200 ms)");
    println!("{:<28} {:>6.0} ms", "stations behind a balancer", measure(stations()));
    println!("{:<28} {:>6.0} ms", "systems of ten", measure(systems()));
}
