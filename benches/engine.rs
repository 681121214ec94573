//! How fast scenarios run, and how that compares with a hand-written loop of the same model.
//!
//! `cargo bench --bench engine`. The ratio is of medians over interleaved rounds in one process:
//! machines drift, and both sides drift together.

#![expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]

mod hand;

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use knee::engine::{Settings, simulate};
use knee::model::{Model, load};
use knee::scenario::Source;

const CUSTOMERS: u64 = 200_000;
const ROUNDS: usize = 15;

/// What a feature costs: its name, how many servers a queue has, and what is added to its workload.
const FEATURES: [(&str, u32, &str); 4] = [
    ("timeout on every request", 1, "timeout = \"100s\""),
    ("the same, M/M/16", 16, "timeout = \"100s\""),
    ("three attempts", 1, "retry = { attempts = 3 }"),
    ("three attempts in time", 1, "timeout = \"100s\"\nretry = { attempts = 3 }"),
];

/// A queue with this many servers at 80 % or 90 % load, with all statistics on.
fn queue(servers: u32, load_: f64) -> Model {
    queue_with(servers, load_, "")
}

/// The same, whose workload has some more keys.
fn queue_with(servers: u32, load_: f64, more: &str) -> Model {
    let rate = load_ * f64::from(servers);
    model(&format!(
        "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{rate}/s\" }}\n{more}\n\
         [station.desk]\nservers = {servers}\nservice-time = {{ exponential = \"1s\" }}\n\
         [run]\nwarm-up = \"0s\"\nduration = \"{}s\"\n",
        CUSTOMERS as f64 / rate
    ))
}

/// A hundred servers, each with a queue; every customer joins the shorter of two.
fn power_of_two() -> Model {
    model(&format!(
        "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"90/s\" }}\n\
         [station.desk]\nreplicas = 100\nbalance = \"power-of-two\"\nservice-time = {{ exponential = \"1s\" }}\n\
         [run]\nwarm-up = \"0s\"\nduration = \"{}s\"\n",
        CUSTOMERS as f64 / 90.0
    ))
}

fn model(text: &str) -> Model {
    let source = Source { name: "bench".into(), text: text.into(), overrides: Vec::new() };
    let (model, diagnostics) = load(&source, &|_| Err("no files".into()));
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn run(model: &Model) -> u64 {
    let settings = Settings {
        replication: 0,
        warm_up: 0,
        window: horizon(model),
        states: false,
        jobs: false,
        buckets: 0,
        virtual_departures: true,
    };
    simulate(model, &settings).workloads[0].latency.histogram.count()
}

fn horizon(model: &Model) -> Option<u64> {
    match model.horizon {
        knee::model::Horizon::Ticks(ticks) => Some(ticks),
        knee::model::Horizon::UntilEmpty => None,
    }
}

/// Medians of interleaved rounds, in nanoseconds a customer, of two ways to serve so many customers each.
fn paired(one: impl Fn() -> u64, other: impl Fn() -> u64) -> (f64, f64) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        first.push(timed(&one));
        second.push(timed(&other));
    }
    (median(first), median(second))
}

/// Nanoseconds a customer.
fn timed(serve: impl Fn() -> u64) -> f64 {
    let start = Instant::now();
    let customers = black_box(serve());
    start.elapsed().as_secs_f64() * 1e9 / customers as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ratios() {
    println!("speed against a hand-written loop (std BinaryHeap, mean only); 1.0 is as fast");
    println!("{:<22} {:>12} {:>12} {:>8}", "model", "knee ns", "by hand ns", "ratio");
    for (name, servers, load_) in [("M/M/1 at 80 %", 1, 0.8), ("M/M/16 at 90 %", 16, 0.9)] {
        let model = queue(servers, load_);
        let by_hand = || {
            black_box(hand::mmc(load_ * f64::from(servers), 1.0, servers, CUSTOMERS));
            CUSTOMERS
        };
        let (ours, theirs) = paired(|| run(&model), by_hand);
        println!("{name:<22} {ours:>12.1} {theirs:>12.1} {:>8.2}", theirs / ours);
    }
}

fn features() {
    println!("what features cost that seldom have anything to do");
    println!("{:<26} {:>12} {:>12} {:>8}", "feature", "with ns", "without ns", "slower");
    for (name, servers, more) in FEATURES {
        let (with, without) = (queue_with(servers, 0.8, more), queue(servers, 0.8));
        let (with, without) = paired(|| run(&with), || run(&without));
        println!("{name:<26} {with:>12.1} {without:>12.1} {:>6.1} %", (with / without - 1.0) * 100.0);
    }
}

fn scenarios(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(CUSTOMERS)).sample_size(10);
    for (name, model) in [("mm1", queue(1, 0.8)), ("mm16", queue(16, 0.9)), ("power-of-two-100", power_of_two())] {
        group.bench_function(name, |bencher| bencher.iter(|| run(black_box(&model))));
    }
    group.finish();
}

fn main() {
    ratios();
    features();
    let mut criterion = Criterion::default().configure_from_args();
    scenarios(&mut criterion);
    criterion.final_summary();
}
