use knee::experiment::results::{Estimate, ReplicationResult, Results};

use super::common::run;

fn value(estimate: &Estimate) -> f64 {
    estimate.value.expect("a value")
}

fn copies<'a>(results: &'a Results, name: &str) -> &'a ReplicationResult {
    &results.replication[name]
}

fn mean(results: &Results, workload: &str) -> f64 {
    value(&results.workloads[workload].latency.mean)
}

fn busy(results: &Results, station: &str) -> f64 {
    value(&results.stations.get(station).expect("a station").utilization)
}

#[test]
fn replicas_carry_reads_besides_all_writes() {
    let three = run("read-replicas", &[]);
    assert!((busy(&three, "orders.replica.cpu") - 0.9).abs() < 0.03);
    assert!((busy(&three, "orders.primary.cpu") - 0.4).abs() < 0.02);
    let two = run("read-replicas", &["database.orders.replication.replicas=2"]);
    assert_eq!(two.unstable, ["orders.replica.cpu"]);
}

#[test]
fn the_busier_a_replica_the_older_what_it_shows() {
    let stale = |replicas: u32| {
        let set = format!("database.orders.replication.replicas={replicas}");
        value(&copies(&run("read-replicas", &[&set]), "orders").stale_read_ratio)
    };
    assert!(stale(3) > 1.8 * stale(6));
    let sync = run("read-replicas", &["database.orders.replication.mode=sync"]);
    assert_eq!(value(&copies(&sync, "orders").stale_read_ratio), 0.0);
    assert!(value(&sync.workloads["shop"].operations["write"].latency.mean) > 0.03);
}

#[test]
fn waiting_for_replicas_costs_latency_and_saves_writes() {
    let of = |mode: &str| run("sync-async", &[&format!("database.ledger.replication.mode={mode}")]);
    let (asynchronous, semi, sync) = (of("async"), of("semi-sync"), of("sync"));
    assert!((mean(&asynchronous, "bank") - 0.004).abs() < 0.0002);
    assert!(mean(&semi, "bank") > 1.4 * mean(&asynchronous, "bank"));
    assert!(mean(&sync, "bank") > 1.2 * mean(&semi, "bank"));
    assert!(value(&copies(&asynchronous, "ledger").in_flight) > 3.0);
    let stale = [&asynchronous, &semi, &sync].map(|results| value(&copies(results, "ledger").stale_read_ratio));
    assert!(stale[0] > stale[1] && stale[1] > 0.0 && stale[2] == 0.0, "{stale:?}");
}

#[test]
fn a_quorum_buys_consistency_with_latency() {
    let consistent = |results: &Results| -> Vec<f64> {
        copies(results, "profiles").probes["visible"].iter().map(|point| value(&point.consistent)).collect()
    };
    let one = run("quorum", &[]);
    let seen = consistent(&one);
    assert!((seen[0] - 0.437).abs() < 0.02 && (seen[1] - 0.926).abs() < 0.01 && seen[2] > 0.997, "{seen:?}");
    let two = run("quorum", &["database.profiles.replication.r=2", "database.profiles.replication.w=2"]);
    assert_eq!(consistent(&two), [1.0, 1.0, 1.0]);
    assert!(mean(&two, "writers") > 1.9 * mean(&one, "writers"));
}

#[test]
fn conflicts_grow_with_the_square_of_the_load() {
    let once = run("multi-primary", &[]);
    let share = value(&copies(&once, "documents").conflict_ratio[0]);
    assert!((share - 0.062).abs() < 0.004, "{share}");
    let rate = value(&copies(&once, "documents").conflict_rate);
    assert!((rate - 1.28).abs() < 0.08, "{rate}");
    let load = ["americas", "europe"].map(|who| format!("workload.{who}.arrivals.poisson=40/s"));
    let twice = run("multi-primary", &[&load[0], &load[1]]);
    let ratio = value(&copies(&twice, "documents").conflict_rate) / rate;
    assert!((3.6..4.4).contains(&ratio), "{ratio}");
}
