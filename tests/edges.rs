//! What is easy to get wrong at the edges: runs that go round, loads that are not certain, replays.

use std::sync::atomic::AtomicBool;

use knee::experiment::{Control, Options, Results, run};
use knee::model::{Model, load};
use knee::scenario::Source;

fn read(_: &str) -> Result<String, String> {
    Ok("time,service-time\n0,2\n1,2\n5,1\n".into())
}

fn model(text: &str) -> Model {
    let source = Source { name: "edge.toml".into(), text: text.into(), overrides: vec!["run.replications=2".into()] };
    let (model, diagnostics) = load(&source, &read);
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn results(text: &str) -> Results {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    run(&model(text), &Options::default(), &control)
}

#[test]
fn unlimited_retries_without_a_pause_stop_with_a_reason() {
    let failing = r#"
        [workload.w]
        to = "v"
        arrivals = { poisson = "1/s" }
        [service.v]
        steps = [{ call = { to = "x", retry = { attempts = "unlimited" } } }]
        [service.x]
        steps = [{ fail = 1.0 }]
        [run]
        duration = "10s"
        warm-up = "0s"
    "#;
    let results = results(failing);
    assert!(results.scenario.partial);
    assert!(results.warnings.iter().any(|warning| warning.contains("without time passing")), "{:?}", results.warnings);
}

#[test]
fn customers_at_the_start_need_a_service_time() {
    let text = "[station.desk]\ninitial = 5\n[run]\nduration = \"until-empty\"\n";
    let source = Source { name: "edge.toml".into(), text: text.into(), overrides: Vec::new() };
    let (model, diagnostics) = load(&source, &read);
    assert!(model.is_none());
    assert!(diagnostics.render(false).contains("how long a service at `desk` takes is not said"));
}

#[test]
fn what_is_not_certain_makes_nobody_unstable() {
    let shorter_queue = r#"
        [workload.w]
        to = "b"
        arrivals = { poisson = "5/s" }
        [balancer.b]
        to = ["fast", "slow"]
        policy = "join-shortest-queue"
        [station.fast]
        service-time = { exponential = "0.1s" }
        [station.slow]
        service-time = { exponential = "1s" }
    "#;
    let race = r#"
        [workload.w]
        to = "v"
        arrivals = { poisson = "2/s" }
        [service.v]
        threads = 1
        steps = [{ parallel = { need = 1, losers = "cancel", arms = [[{ wait = "100s" }], [{ wait = "0.1s" }]] } }]
    "#;
    let deadline = r#"
        [workload.w]
        to = "v"
        arrivals = { poisson = "1/s" }
        [service.v]
        threads = 1
        steps = [{ call = { to = "db", timeout = "0.1s", losers = "cancel" } }]
        [station.db]
        service-time = "5s"
    "#;
    let losses = r#"
        [workload.w]
        to = "v"
        arrivals = { poisson = "5/s" }
        [service.v]
        steps = [{ visit = "a" }, { visit = "b" }]
        [station.a]
        capacity = 1
        service-time = { exponential = "1s" }
        [station.b]
        service-time = { exponential = "0.5s" }
    "#;
    for text in [shorter_queue, race, deadline, losses] {
        assert_eq!(model(text).forecast.unstable, [], "{text}");
    }
}

#[test]
fn what_is_certain_is_announced() {
    let text = r#"
        [workload.w]
        to = "b"
        arrivals = { poisson = "2.14/s" }
        [balancer.b]
        to = ["left", "right"]
        policy = "join-shortest-queue"
        [station.left]
        service-time = { exponential = "1s" }
        [station.right]
        service-time = { exponential = "1s" }
    "#;
    let warnings: Vec<String> = model(text).forecast.warnings().collect();
    assert_eq!(warnings[0], "left: offered load 1.07 of capacity: no steady state");
    assert_eq!(warnings.len(), 2);
}

#[test]
fn a_replay_lasts_as_long_as_it_lasts() {
    let text = "[workload.w]\nto = \"s\"\ntrace = \"jobs.csv\"\n[station.s]\n";
    let results = results(text);
    assert_eq!(results.scenario.duration_s, 6.0);
    assert_eq!(results.workloads["w"].latency.mean.value, Some(2.0));
}
