use super::common::{below, latency, run, value};

const AFTER: &str = "service.reader.steps[0].call.hedge.after";

#[test]
fn second_copies_take_the_tail_away_at_scale() {
    let after = |time: &str| run("tail-at-scale", &[&format!("{AFTER}={time}")]);
    let (hedged, plain) = (run("tail-at-scale", &[]), after("1h"));
    let copies =
        |results: &knee::experiment::results::Results| value(&results.calls["reader -> leaf"].hedges_per_attempt);
    assert!(below(&latency(&hedged, "searches").p99, &latency(&plain, "searches").p99));
    assert!(value(&latency(&plain, "searches").p50) > 0.012);
    assert!(value(&latency(&hedged, "searches").p99) < 0.4 * value(&latency(&plain, "searches").p99));
    assert!((0.04..0.06).contains(&copies(&hedged)) && copies(&plain) == 0.0);
    let (soon, late) = (after("2ms"), after("20ms"));
    assert!(copies(&soon) > 0.2 && copies(&late) < 0.01);
    assert!(value(&latency(&soon, "searches").p99) > 0.7 * value(&latency(&after("5ms"), "searches").p99));
    assert!((0.020..0.027).contains(&value(&latency(&late, "searches").p99)));
}

#[test]
fn a_breaker_saves_the_caller() {
    let failures = "service.app.operation.buy.steps[1].call.breaker.consecutive.failures=1000000";
    let (with, without) = (run("circuit-breaker", &[]), run("circuit-breaker", &[failures]));
    let errors = |results: &knee::experiment::results::Results| value(&results.workloads["browsers"].error_rate);
    assert!(errors(&without) > 0.1 && errors(&with) < 0.02, "{} {}", errors(&without), errors(&with));
    assert!(below(&with.workloads["browsers"].error_rate, &without.workloads["browsers"].error_rate));
    assert!(below(&latency(&with, "browsers").p99, &latency(&without, "browsers").p99));
    let calls = &with.calls["app -> partner"];
    assert!(calls.breaker_rejected > 0 && calls.fallbacks >= calls.breaker_rejected);
    assert_eq!(without.calls["app -> partner"].breaker_rejected, 0);
    assert_eq!(with.objectives[0].met, Some(true));
}
