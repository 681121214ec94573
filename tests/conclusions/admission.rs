//! Gates, shedding and bulkheads.

use super::common::{busy, latency, run, value};
use knee::experiment::results::Results;

/// Answers in time, per second.
fn goodput(results: &Results) -> f64 {
    value(&results.workloads["clients"].throughput)
}

fn overload(change: &str) -> Results {
    let results = run("overload", &[change]);
    assert!(busy(&results, "app.cpu") > 0.9, "{change}");
    results
}

#[test]
fn an_endless_line_serves_nobody_in_time() {
    let results = run("overload", &[]);
    assert!(goodput(&results) < 1.0 && busy(&results, "app.cpu") > 0.99);
    assert!(!results.unstable.is_empty());
}

#[test]
fn a_short_line_serves_nearly_all_that_can_be_served() {
    let results = overload("service.app.queue=50");
    assert!(goodput(&results) > 98.0, "{}", goodput(&results));
    assert!(value(&latency(&results, "clients").mean) < 0.62);
    let rejected = value(&results.workloads["clients"].error_rate);
    assert!((rejected - 1.0 / 3.0).abs() < 0.02, "{rejected}");
}

#[test]
fn codel_keeps_the_wait_of_who_is_served_near_its_target() {
    let results = overload("service.app.shed={ codel = { target = \"5ms\", interval = \"100ms\" } }");
    assert!(goodput(&results) > 97.0, "{}", goodput(&results));
    // Within an interval of the target, where without it waits grow for ever.
    let threads = results.stations.get("app.threads").expect("threads");
    assert!(value(&threads.wait.mean) < 0.105, "{:?}", threads.wait.mean);
    assert!(threads.shed.is_some_and(|shed| shed > 25_000));
    let endless = run("overload", &[]);
    let endless = endless.stations.get("app.threads").expect("threads");
    assert!(value(&endless.wait.mean) > 10.0);
}

#[test]
fn a_slow_codel_has_not_learnt_enough_by_the_end() {
    let results = overload("service.app.shed={ codel = { target = \"50ms\", interval = \"500ms\" } }");
    assert!(goodput(&results) < 40.0, "{}", goodput(&results));
}

#[test]
fn a_servers_codel_need_not_learn() {
    let results = overload("service.app.shed={ queue-timeout = { timeout = \"500ms\", overloaded = \"50ms\" } }");
    assert!(goodput(&results) > 97.0, "{}", goodput(&results));
    assert!(value(&latency(&results, "clients").mean) < 0.3);
}

#[test]
fn the_latest_first_serves_two_thirds_at_once_and_the_others_never() {
    let results = overload("service.app.discipline={ adaptive-lifo = { threshold = 20 } }");
    assert!(goodput(&results) > 97.0, "{}", goodput(&results));
    assert!(value(&latency(&results, "clients").mean) < 0.2);
    assert_eq!(results.workloads["clients"].errors.rejected, 0);
}

#[test]
fn aimd_keeps_requests_inside_around_the_knee() {
    let results = overload("service.app.admit={ aimd = { target = \"300ms\" } }");
    assert!(goodput(&results) > 97.0, "{}", goodput(&results));
    let gate = &results.admission["app"];
    let (inside, limit) = (value(&gate.inside.unwrap()), value(&gate.limit.unwrap()));
    // 100/s for at most 300 ms each; 10 of them work.
    assert!(10.0 < inside && inside < limit && limit < 30.0, "{inside} of {limit}");
}

#[test]
fn the_gradient_finds_the_knee_without_a_target() {
    let results = overload("service.app.admit={ gradient = { initial = 20 } }");
    assert!(goodput(&results) > 97.0, "{}", goodput(&results));
    let inside = value(&results.admission["app"].inside.unwrap());
    assert!((10.0..40.0).contains(&inside), "{inside}");
}

#[test]
fn a_leaky_bucket_lets_them_wait_outside() {
    let results = overload("service.app.admit={ leaky-bucket = { rate = \"95/s\", queue = 20 } }");
    let gate = &results.admission["app"];
    assert!((value(&gate.throughput) - 95.0).abs() < 0.1);
    // Nearly always all 20 places are taken: each waits for about 20 turns of 1/95 s.
    let wait = value(&gate.wait.expect("a wait").mean);
    assert!((0.18..0.2106).contains(&wait), "{wait}");
}

#[test]
fn a_neighbour_takes_all_threads() {
    let results = run("noisy-neighbour", &[]);
    assert!(value(&results.workloads["shoppers"].error_rate) > 0.9);
    assert!(busy(&results, "app.threads") > 0.99);
}

#[test]
fn a_bulkhead_keeps_the_damage_where_it_belongs() {
    let results = run("noisy-neighbour", &["service.app.operation.report.threads=8"]);
    assert_eq!(value(&results.workloads["shoppers"].error_rate), 0.0);
    assert!((value(&latency(&results, "shoppers").mean) - 0.02).abs() < 0.001);
    assert!(value(&latency(&results, "analysts").mean) > 10.0);
    let change = ["service.app.operation.report.threads=8", "service.app.operation.report.queue=4"];
    let results = run("noisy-neighbour", &change);
    let reports = &results.workloads["analysts"];
    assert!((value(&reports.error_rate) - 1.0 / 3.0).abs() < 0.05, "{:?}", reports.error_rate);
    assert!((value(&reports.latency.mean) - 2.5).abs() < 0.3);
}

#[test]
fn a_limit_at_the_door_does_the_same() {
    for policy in ["concurrency = { limit = 8 }", "token-bucket = { rate = \"3/s\", burst = 4 }"] {
        let results = run("noisy-neighbour", &[&format!("service.app.operation.report.admit={{ {policy} }}")]);
        assert_eq!(value(&results.workloads["shoppers"].error_rate), 0.0, "{policy}");
        assert!(value(&latency(&results, "shoppers").p99) < 0.2, "{policy}");
    }
}
