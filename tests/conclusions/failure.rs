//! When things go wrong: crashes, pauses, restarts, deployments, storms.

use super::common::{below, latency, run, value};
use knee::experiment::results::Results;

fn errors(results: &Results, workload: &str) -> f64 {
    value(&results.workloads[workload].error_rate)
}

#[test]
fn headroom_makes_a_crash_a_small_thing() {
    let results = run("failure-headroom", &[]);
    let (tight, roomy) = (errors(&results, "shoppers-tight"), errors(&results, "shoppers-roomy"));
    assert!(roomy < 0.04, "{roomy}");
    assert!(tight > 5.0 * roomy && tight > 0.15, "{tight} {roomy}");
    let five = run("failure-headroom", &["service.tight.replicas=5"]);
    assert!(errors(&five, "shoppers-tight") < 0.04);
}

#[test]
fn one_region_carries_both_if_there_is_room() {
    let results = run("region-lost", &[]);
    let (eu, us) = (errors(&results, "eu-shoppers"), errors(&results, "us-shoppers"));
    // Two to four of 180 s.
    assert!((0.008..0.025).contains(&eu), "{eu}");
    assert!(us < 0.001, "{us}");
    assert!(below(&latency(&results, "us-shoppers").mean, &latency(&results, "eu-shoppers").mean));
    let both = run("region-lost", &["service.app.replicas=2"]);
    assert!(errors(&both, "us-shoppers") > 0.2, "{}", errors(&both, "us-shoppers"));
}

#[test]
fn pauses_are_seen_in_percentiles_rather_than_in_the_mean() {
    let at = |length: &str| run("gc-pauses", &[&format!("service.app.pauses.for={length}")]);
    let p99 = |results: &Results| value(&latency(results, "calls").p99);
    let (short, long) = (at("50ms"), at("300ms"));
    assert!(p99(&short) < 0.065, "{}", p99(&short));
    assert!((0.15..0.3).contains(&p99(&long)), "{}", p99(&long));
    let often = run("gc-pauses", &["service.app.pauses.for=30ms", "service.app.pauses.every.exponential=1s"]);
    assert!(p99(&often) < 0.1, "{}", p99(&often));
    let mean = |results: &Results| value(&latency(results, "calls").mean);
    assert!(mean(&long) - mean(&short) < 0.01, "{} {}", mean(&long), mean(&short));
}

#[test]
fn coalescing_saves_the_database_from_the_herd() {
    let results = run("cache-restart", &[]);
    let (plain, guarded) = (errors(&results, "plain-readers"), errors(&results, "guarded-readers"));
    assert!(guarded < 0.02 && plain > 0.05, "{plain} {guarded}");
}

#[test]
fn a_deployment_needs_as_much_headroom_as_it_takes_away() {
    let results = run("rolling-deployment", &[]);
    let (careful, hasty) = (errors(&results, "careful-shoppers"), errors(&results, "hasty-shoppers"));
    assert!(careful < 0.02 && hasty > 0.1, "{careful} {hasty}");
}

#[test]
fn a_retry_storm_outlives_its_cause() {
    let results = run("retry-storm", &[]);
    let (patient, stubborn) = (errors(&results, "patient"), errors(&results, "stubborn"));
    // 10 s of pause and about 15 s of backlog, of 600 s; all of the 500 s from the pause on.
    assert!((0.03..0.06).contains(&patient), "{patient}");
    assert!(stubborn > 0.75, "{stubborn}");
    // Three retries as well, but only one for every ten requests: the backlog goes at 34/s rather than at 40/s.
    let thrifty = errors(&results, "thrifty");
    assert!((0.03..0.07).contains(&thrifty), "{thrifty}");
    let recovery = |workload: &str| {
        results.recovery.iter().find(|course| course.workload == workload).expect("a course of each workload")
    };
    let back = |workload: &str| recovery(workload).recovered;
    assert_eq!((back("patient"), back("thrifty"), back("stubborn")), (Some(true), Some(true), Some(false)));
    assert!(recovery("stubborn").verdict.contains("metastable"), "{}", recovery("stubborn").verdict);
    // One retry of 45/s is 90/s at most: the backlog is worked off, slowly. One of 60/s is too much.
    let once = |rate: &str| run("retry-storm", &["workload.stubborn.retry.attempts=2", rate]);
    let (less, more) =
        (once("workload.stubborn.arrivals.poisson=45/s"), once("workload.stubborn.arrivals.poisson=60/s"));
    assert!(errors(&less, "stubborn") < 0.2, "{}", errors(&less, "stubborn"));
    assert!(errors(&more, "stubborn") > 0.75, "{}", errors(&more, "stubborn"));
}
