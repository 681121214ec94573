use super::common::{below, mean_ms, run, value};
use knee::experiment::results::Results;

fn failed(results: &Results, workload: &str) -> f64 {
    results.workloads[workload].errors.failed as f64 / f64::from(results.scenario.replications)
}

#[test]
fn a_failover_refuses_writes_for_half_a_minute_and_async_loses_some() {
    let lazy = run("failover", &["run.replications=4"]);
    let eager = run("failover", &["run.replications=4", "database.ledger.replication.mode=sync"]);
    for results in [&lazy, &eager] {
        let ledger = &results.replication["ledger"];
        assert_eq!(ledger.failovers, Some(4));
        assert_eq!(ledger.unavailable_s.and_then(|time| time.value), Some(30.0));
        assert!((failed(results, "bank") / 6000.0 - 1.0).abs() < 0.05, "{}", failed(results, "bank"));
    }
    let lost = lazy.replication["ledger"].lost_writes;
    assert!((8..=60).contains(&lost), "{lost} in four failovers");
    assert_eq!(eager.replication["ledger"].lost_writes, 0);
    let [quick, slow] = [&lazy, &eager].map(|results| mean_ms(results, "bank"));
    assert!((quick - 2.0).abs() < 0.1 && (slow - 66.7).abs() < 3.0, "{quick} and {slow}");
}

#[test]
fn heartbeats_notice_sooner() {
    let beats = run(
        "failover",
        &["run.replications=2", "database.ledger.replication.failover.detect={ every = \"2s\", missed = 3 }"],
    );
    assert_eq!(beats.replication["ledger"].unavailable_s.and_then(|time| time.value), Some(26.0));
}

#[test]
fn a_partition_stops_the_minority_of_a_quorum_and_nobody_reads_anything_stale() {
    let results = run("partition", &["run.replications=4"]);
    let errors = |workload: &str| value(&results.workloads[workload].error_rate);
    assert!((errors("european-payments") - 1.0 / 3.0).abs() < 0.03, "{}", errors("european-payments"));
    assert_eq!(errors("american-payments"), 0.0);
    assert_eq!(value(&results.replication["ledger"].stale_read_ratio), 0.0);
    let moved = run("partition", &["run.replications=4", "database.ledger.regions=[\"us\", \"eu\", \"eu\"]"]);
    assert_eq!(value(&moved.workloads["european-payments"].error_rate), 0.0);
    assert!(value(&moved.workloads["american-payments"].error_rate) > 0.3);
}

#[test]
fn a_partition_makes_primaries_stale_and_collide_but_serves_all() {
    let cut = run("partition", &["run.replications=4"]);
    let whole = run("partition", &["run.replications=4", "event[0].for=1ms"]);
    for results in [&cut, &whole] {
        for workload in ["european-shoppers", "american-shoppers"] {
            assert_eq!(value(&results.workloads[workload].error_rate), 0.0);
            assert!(mean_ms(results, workload) < 2.0);
        }
    }
    let [cut, whole] = [&cut, &whole].map(|results| &results.replication["baskets"]);
    assert!(below(&whole.stale_read_ratio, &cut.stale_read_ratio));
    assert!(value(&cut.stale_read_ratio) > 0.02, "{:?}", cut.stale_read_ratio);
    assert!(cut.conflicts > 20 * whole.conflicts.max(1), "{} and {}", cut.conflicts, whole.conflicts);
    assert!(cut.lost_writes > whole.lost_writes);
}
