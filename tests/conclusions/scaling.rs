use knee::experiment::results::Results;

use super::common::{below, run, value};

const SCHEDULE: &str = "service.app.autoscale.schedule=[[\"19:45\", 9], [\"22:00\", 1]]";

fn errors(results: &Results) -> f64 {
    value(&results.workloads["viewers"].error_rate)
}

#[test]
fn an_autoscaler_is_late_for_the_match_and_a_schedule_is_not() {
    let (late, scheduled) = (run("autoscaler-too-slow", &[]), run("autoscaler-too-slow", &[SCHEDULE]));
    let always = run("autoscaler-too-slow", &["service.app.autoscale.min=9"]);
    assert!(below(&scheduled.workloads["viewers"].error_rate, &late.workloads["viewers"].error_rate));
    assert!(errors(&late) > 0.005 && errors(&scheduled) < 0.0003 && errors(&always) < 0.0001);
    let costs = [&late, &scheduled, &always].map(|results| results.cost.per_hour);
    assert!(costs[0] < costs[1] && costs[1] < 1.1 * costs[0], "{costs:?}");
    assert!((2.9..3.3).contains(&(costs[2] / costs[0])), "{costs:?}");
    assert!(late.scaling["app"].max >= 9);
}

#[test]
fn a_quicker_boot_helps_more_than_a_quicker_look() {
    let late = errors(&run("autoscaler-too-slow", &[]));
    let look = errors(&run("autoscaler-too-slow", &["service.app.autoscale.every=15s"]));
    let boot = errors(&run("autoscaler-too-slow", &["service.app.autoscale.boot=20s"]));
    assert!(look > 0.5 * late && boot < 0.3 * late, "{late} {look} {boot}");
}
