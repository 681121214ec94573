//! Scenarios about data that is divided.

use knee::experiment::Results;

use super::common::{below, busy, latency, run, value};

/// The utilization of the busiest shard and the average over all.
fn hottest(results: &Results, shards: u32) -> (f64, f64) {
    let each = (0..shards).map(|shard| busy(results, &format!("shard[{shard}]")));
    (each.fold(0.0, f64::max), busy(results, "shard"))
}

#[test]
fn more_shards_do_not_divide_a_celebrity() {
    let few = run("hot-shard", &[]);
    let many = run("hot-shard", &["station.shard.replicas=32"]);
    let ((hot, mean), (hot_of_many, mean_of_many)) = (hottest(&few, 4), hottest(&many, 32));
    assert!(hot > 1.2 * mean && hot_of_many > 3.5 * mean_of_many, "{hot_of_many} {mean_of_many}");
    // Eight times the shards divide the average by eight, the hottest not even by three.
    assert!((mean / mean_of_many - 8.0).abs() < 0.3 && hot / hot_of_many < 3.0, "{hot} {hot_of_many}");
}

#[test]
fn a_query_to_every_shard_gains_nothing_from_more_of_them() {
    let run =
        |shards: &str| run("cross-shard-query", &[&format!("station.shard.replicas={shards}"), "run.replications=5"]);
    let (eight, thirty_two) = (run("8"), run("32"));
    assert!(below(&latency(&thirty_two, "lookups").mean, &latency(&eight, "lookups").mean));
    assert!(below(&latency(&eight, "reports").mean, &latency(&thirty_two, "reports").mean));
    // The largest of eight: H(8) times one.
    let ratio = value(&latency(&eight, "reports").mean) / value(&latency(&eight, "lookups").mean);
    assert!((ratio - 2.717).abs() < 0.15, "{ratio}");
}

#[test]
fn cold_data_can_live_on_slow_disks() {
    let usual = run("hot-and-cold", &[]);
    assert!(usual.objectives.iter().all(|objective| objective.met == Some(true)));
    // Two of three requests are for a hundredth of the keys.
    let share = value(&usual.stations.get("hot.disk").expect("a disk").throughput) / 150.0;
    assert!((share - 0.68).abs() < 0.01, "{share}");
    let all_cold = run("hot-and-cold", &["balancer.store.policy.range.hot=1", "run.replications=2"]);
    assert!(busy(&all_cold, "cold.disk") > 0.99);
    let latency = latency(&usual, "users");
    assert!(value(&latency.p50) < 0.001 && value(&latency.p99) > 0.01);
}

#[test]
fn a_modulus_moves_four_keys_of_five_and_a_ring_one() {
    let moved = |by: &str| {
        let by = format!("database.accounts.sharding.by={by}");
        let results = run("resharding", &[&by, "run.replications=2", "run.duration=5s"]);
        let sharding = &results.sharding["accounts"];
        (sharding.moved_by_one_more.expect("known keys"), sharding.hottest_share.expect("known keys"))
    };
    let ((modulo, even), (ring, uneven)) = (moved("modulo"), moved("consistent-hash"));
    assert!((modulo - 0.8).abs() < 1e-9 && (ring - 0.2).abs() < 0.03, "{modulo} {ring}");
    assert!((even - 0.25).abs() < 1e-9 && uneven > 0.25 && uneven < 0.33, "{even} {uneven}");
    let five = run("resharding", &["database.accounts.sharding.shards=5"]);
    assert!((busy(&five, "accounts.primary.cpu") - 0.6).abs() < 0.01);
}
