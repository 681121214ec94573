//! Scenarios about caches.

use super::common::{below, busy, latency, run, value};

#[test]
fn a_cache_takes_most_of_the_load_off_a_database() {
    let usual = run("cache-and-database", &[]);
    // Che's approximation for a tenth of 100,000 objects (Che, Tung & Wang 2002).
    assert!((value(&usual.caches["objects"].hit_ratio) - 0.6052).abs() < 0.005);
    assert!((busy(&usual, "database") - 0.79).abs() < 0.02);
    let small = run("cache-and-database", &["cache.objects.capacity=1000", "run.replications=4"]);
    // 34 % at best: answers that are late, because the database cannot keep up, are put in late.
    assert!(value(&small.caches["objects"].hit_ratio) < 0.35);
    assert!(busy(&small, "database") > 0.99 && below(&latency(&usual, "readers").p99, &latency(&small, "readers").p99));
    let large = run("cache-and-database", &["cache.objects.capacity=30000", "run.replications=4"]);
    assert!((value(&large.caches["objects"].hit_ratio) - 0.76).abs() < 0.01);
}

#[test]
fn a_stampede_is_prevented_by_coalescing_and_by_early_refreshing() {
    let short = "run.duration=300s";
    let stampede = run("cache-stampede", &[short]);
    let coalesced = run("cache-stampede", &[short, "cache.page.coalesce=true"]);
    let refreshed = run("cache-stampede", &[short, "cache.page.coalesce=true", "cache.page.refresh-after=8s"]);
    let renderings = |results| busy(results, "renderer");
    assert!(renderings(&stampede) > 30.0 * renderings(&coalesced));
    let longest = |results| latency(results, "readers").max.expect("a longest");
    assert!(longest(&stampede) > 1.5 && (longest(&coalesced) - 0.2).abs() < 1e-9 && longest(&refreshed) < 1e-9);
    // 40 more requests come in the 200 ms of a rendering.
    let per_expiry = stampede.caches["page"].misses as f64 / stampede.caches["page"].expired as f64;
    assert!(per_expiry > 40.0, "{per_expiry}");
}

#[test]
fn a_shared_cache_saves_the_database_more_and_a_local_one_the_network() {
    let private = ["cache.objects.scope=per-replica", "cache.objects.capacity=5000", "cache.objects.lookup=1us"];
    let (shared, local) = (run("local-and-shared-cache", &[]), run("local-and-shared-cache", &private));
    let hits = |results: &knee::experiment::Results| value(&results.caches["objects"].hit_ratio);
    assert!((hits(&shared) - 0.70).abs() < 0.01 && (hits(&local) - 0.52).abs() < 0.01, "{}", hits(&local));
    assert!(busy(&local, "database") > 1.5 * busy(&shared, "database"));
    let (shared, local) = (latency(&shared, "users"), latency(&local, "users"));
    assert!(below(&local.p50, &shared.p50) && below(&shared.p99, &local.p99));
}

#[test]
fn edges_save_most_readers_the_ocean_and_the_origin_most_of_the_work() {
    let (usual, bare) = (run("cdn", &[]), run("cdn", &["cache.edge.capacity=1", "run.replications=3"]));
    assert!((value(&usual.caches["edge"].hit_ratio) - 0.62).abs() < 0.01);
    let origin = |results| value(&renderer(results).throughput);
    assert!((origin(&usual) / 1000.0 - 0.38).abs() < 0.01 && origin(&bare) > 2.0 * origin(&usual));
    for (region, ocean) in [("europe", 0.08), ("asia", 0.15)] {
        let (usual, bare) = (latency(&usual, region), latency(&bare, region));
        assert!(value(&usual.p50) < 0.0011 && value(&bare.p50) > ocean);
        // The slowest requests cross the ocean with or without edges.
        assert!(value(&usual.p99) > ocean && value(&bare.p99) < 1.1 * value(&usual.p99));
    }
}

fn renderer(results: &knee::experiment::Results) -> &knee::experiment::StationResult {
    results.stations.get("renderer").expect("a renderer")
}
