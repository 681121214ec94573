use super::*;
use crate::experiment::law;
use crate::experiment::results::*;
use crate::report::terminal::WIDTH;
use crate::report::{crowd, fixture};

const LONG: &str = "a-workload-with-a-name-that-is-far-too-long-for-any-chart";

/// No wider than a terminal, no higher than it takes, and in the same letters with colour.
fn check(draw: &dyn Fn(bool) -> String) -> String {
    let text = draw(false);
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
    assert!(!text.contains('\u{1b}') && draw(true).contains('\u{1b}'), "{text}");
    text
}

#[test]
fn a_run_shows_how_many_take_longer() {
    let text = check(&|color| run(&fixture::run(), color));
    assert!(text.starts_with("How long requests take  share of requests that take longer\n 100 % ┤"), "{text}");
    assert!(text.contains(" customers\n") && text.ends_with("latency\n"), "{text}");
    assert_eq!(text.lines().count(), 1 + ROWS + 3, "{text}");
}

#[test]
fn a_series_has_a_chart_of_its_own() {
    let mut results = fixture::run();
    let estimate = |value| Estimate { value: Some(value), ci95: None };
    let errors = || ErrorRates {
        rejected: Estimate::default(),
        timed_out: Estimate::default(),
        failed: Estimate::default(),
        abandoned: Estimate::default(),
    };
    let own = |p99| WorkloadWindow {
        offered: estimate(1.0),
        throughput: estimate(1.0),
        error_rate: estimate(0.0),
        errors: errors(),
        in_flight: estimate(1.0),
        latency_mean: estimate(p99),
        latency_p50: estimate(p99),
        latency_p99: estimate(p99),
    };
    let window = |at: f64, p99: f64| SeriesWindow {
        at_s: at,
        to_s: at + 10.0,
        workloads: [("customers".into(), own(p99))].into(),
        stations: Default::default(),
    };
    results.series = vec![window(0.0, 0.2), window(10.0, 0.9), window(20.0, 0.4)];
    let text = check(&|color| run(&results, color));
    assert!(text.contains("\n\nHow long it takes over time  99th percentile of latency\n"), "{text}");
    assert!(text.ends_with("time since warm-up\n"), "{text}");
}

#[test]
fn a_sweep_has_its_knee_its_overload_and_a_name_for_each_line() {
    let text = check(&|color| sweep(&fixture::sweep(), color));
    for said in ["knee at 0.6/s", "overloaded", " mean", " p50", " p95", " p99", "░", "┊"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.ends_with("workload.customers.arrivals.poisson\n"), "{text}");
}

#[test]
fn curves_are_told_apart_and_their_knees_ringed() {
    let text = check(&|color| sweep(&fixture::curves(), color));
    assert!(text.contains("servers 1 overloaded") && text.contains("servers 2"), "{text}");
    assert_eq!(text.matches('◎').count(), 2, "{text}");
}

#[test]
fn long_names_leave_room_for_the_lines() {
    let mut results = fixture::run();
    results.curves.survival[0].0 = LONG.into();
    let own = results.workloads["customers"].clone();
    results.workloads = [(LONG.into(), own.clone())].into();
    let text = check(&|color| run(&results, color));
    assert!(text.contains("a-workload-wit…"), "{text}");
    let twin = LONG.replace("far", "just");
    results.workloads.insert(twin.clone(), own);
    results.curves.survival.push((twin, results.curves.survival[0].1.clone()));
    let text = check(&|color| run(&results, color));
    assert!(text.contains(" …far-too-") && text.contains(" …just-too-"), "{text}");
    let mut results = fixture::sweep();
    results.axis[0].path = format!("workload.{LONG}.arrivals.poisson.{LONG}");
    results.axis[0].labels = results.axis[0].labels.iter().map(|label| format!("{label} {LONG}")).collect();
    results.axis[0].ordered = false;
    check(&|color| sweep(&results, color));
}

#[test]
fn costs_and_laws() {
    let text = check(&|color| optimize(&fixture::optimize(), color));
    assert!(text.contains("cheapest: $0.60") && text.contains("● holds") && text.contains("× fails"), "{text}");
    let answers = [
        law::amdahl(0.05, None, &[]),
        law::staffing(100.0, None, &[], &[1.0]).unwrap(),
        law::queue(80.0, 0.01, &[1, 2]),
    ];
    answers.iter().for_each(|answer| drop(check(&|color| law(answer, color))));
}

#[test]
fn nothing_to_draw_is_not_an_error() {
    let mut empty = fixture::run();
    empty.curves = Default::default();
    assert!(run(&empty, false).ends_with("share of requests that take longer\nnothing was answered\n"));
    let mut none = fixture::sweep();
    none.points.clear();
    none.knee = None;
    assert!(sweep(&none, false).ends_with("no point is stable\n"));
    let mut over = fixture::sweep();
    over.points.retain(|point| !point.result.unstable.is_empty());
    assert!(!over.points.is_empty() && !sweep(&over, false).contains('░'), "{}", sweep(&over, false));
}

#[test]
fn nothing_is_drawn_over_the_name_of_a_limit() {
    let mut results = fixture::capacity();
    // The highest dot is in the first row, where the name would be.
    results.capacity = Some(Limit { value: 1.2, interval: [1.2, 1.3] });
    let text = check(&|color| capacity(&results, color));
    assert_eq!(text.matches("holds up to 1.2").count(), 2, "{text}");
    assert!(text.contains('×'), "{text}");
}

#[test]
fn of_many_workloads_those_with_most_to_say_are_drawn() {
    let text = check(&|color| run(&crowd::many(14), color));
    assert!(text.lines().next().is_some_and(|line| line.ends_with("(6 of 14 workloads)")), "{text}");
    assert!(text.contains("group-13") && !text.contains("group-0"), "{text}");
}
