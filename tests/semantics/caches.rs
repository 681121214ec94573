//! Caches.

use super::{Results, ends, load, outcomes, replay};

/// A cache with these keys in front of a store that takes a second; requests replay a trace.
fn cached(keys: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"near\"\ntrace = \"jobs.csv\"\n[cache.near]\norigin = \"store\"\n{keys}\n\
         [station.store]\nservers = \"infinite\"\nservice-time = \"1s\"\n"
    )
}

/// The same with a service for an origin, so that it can be written to, and operations for the workload.
fn written(keys: &str, operations: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"near\"\ntrace = \"jobs.csv\"\noperations = {{ {operations} }}\n\
         [cache.near]\norigin = \"store\"\n{keys}\n\
         [service.store.operation.read]\nsteps = [{{ wait = \"1s\" }}]\n\
         [service.store.operation.write]\nsteps = [{{ visit = \"log\" }}]\n\
         [station.log]\nservers = \"infinite\"\nservice-time = \"2s\"\n"
    )
}

/// Hits, misses, coalesced, evictions, expired, refreshed.
fn counts(results: &Results) -> [u64; 6] {
    let cache = &results.caches["near"];
    [cache.hits, cache.misses, cache.coalesced, cache.evictions, cache.expired, cache.refreshed]
}

#[test]
fn c1_a_lookup_takes_its_time_first() {
    let results = replay(&cached("lookup = \"250ms\""), "time,key\n0,1\n2,1\n4,\n6,\n");
    assert_eq!(ends(&results), [1.25, 2.25, 5.25, 6.25]);
    let machine = "machine = \"node\"\nlookup = \"250ms\"\n[machine.node]\nspeed = 0.5\n";
    let results = replay(&cached(machine), "time,key\n0,1\n2,1\n2,1\n");
    assert_eq!(ends(&results), [1.5, 2.5, 3.0]);
}

#[test]
fn c2_until_the_answer_is_back_others_miss_too() {
    let results = replay(&cached(""), "time,key\n0,1\n0.5,1\n1.25,1\n");
    assert_eq!(ends(&results), [1.0, 1.5, 1.25]);
    assert_eq!(counts(&results)[..2], [1, 2]);
}

#[test]
fn c3_one_asks_and_the_others_wait() {
    let results = replay(&cached("coalesce = true"), "time,key\n0,1\n0.5,1\n0.5,2\n1.25,1\n");
    assert_eq!(ends(&results), [1.0, 1.0, 1.5, 1.25]);
    assert_eq!(counts(&results)[..3], [1, 3, 1]);
}

#[test]
fn c3_if_the_first_fails_the_next_asks() {
    let text = cached("coalesce = true").replace("servers = \"infinite\"", "capacity = 1");
    let results = replay(&text, "time,key\n0,1\n0.25,2\n0.5,2\n1.5,2\n");
    // Key 2 is refused at 0.25 and at 0.5, for the store is full until 1.
    assert_eq!(outcomes(&results), ["ok", "rejected", "rejected", "ok"]);
    let results = replay(
        &text.replace("[cache.near]", "timeout = \"700ms\"\nlosers = \"cancel\"\n[cache.near]"),
        "time,key\n0,1\n0.5,1\n",
    );
    // The first gives up at 0.7; the second asks then, and gives up before it is answered.
    assert_eq!(outcomes(&results), ["timed-out", "timed-out"]);
    assert_eq!(results.stations.get("store").map(|store| store.response.mean.value), Some(None));
}

#[test]
fn c4_an_entry_lives_for_its_time() {
    let results = replay(&cached("ttl = \"2s\""), "time,key\n0,1\n2.75,1\n3,1\n");
    assert_eq!(ends(&results), [1.0, 2.75, 4.0]);
    // The second answer, at 1.5, does not make the entry live until 3.5.
    let results = replay(&cached("ttl = \"2s\""), "time,key\n0,1\n0.5,1\n3.25,1\n");
    assert_eq!(counts(&results)[..2], [0, 3]);
    let renewed = cached("ttl = { from-last-use = \"2s\" }");
    let results = replay(&renewed, "time,key\n0,1\n2.75,1\n4.5,1\n6.5,1\n");
    assert_eq!(ends(&results), [1.0, 2.75, 4.5, 7.5]);
}

#[test]
fn c5_what_is_too_old_is_gone_at_that_instant() {
    // There from 1 to 3, and from 6 to 8; the run ends at 7.
    let results = replay(&cached("ttl = \"2s\""), "time,key\n0,1\n5,1\n6,2\n");
    let entries = results.caches["near"].entries.value.unwrap();
    assert!((entries - (2.0 + 1.0) / 7.0).abs() < 1e-12, "{entries}");
    assert_eq!(counts(&results)[4], 1);
}

#[test]
fn c6_a_hit_on_an_old_entry_asks_for_a_new_one() {
    let keys = "ttl = \"10s\"\nrefresh-after = \"2s\"";
    let results = replay(&cached(keys), "time,key\n0,1\n2,1\n3,1\n3.5,1\n12,1\n");
    // Asked for at 3, there at 4: the entry lives until 14.
    assert_eq!(ends(&results), [1.0, 2.0, 3.0, 3.5, 12.0]);
    assert_eq!(counts(&results)[5], 2);
}

#[test]
fn c7_writes_reach_the_origin_and_the_entry() {
    let trace = "time,key,operation\n0,1,read\n2,1,write\n5,1,read\n";
    for (writes, last) in [("invalidate", 6.0), ("through", 5.0), ("around", 5.0)] {
        let text = written(&format!("writes = \"{writes}\""), "read = 0.5, write = 0.5");
        assert_eq!(ends(&replay(&text, trace)), [1.0, 4.0, last], "{writes}");
    }
    let text = written("writes = \"through\"", "read = 0.5, delete = 0.5");
    let deleted = replay(&text, &trace.replace("write", "delete"));
    assert_eq!(ends(&deleted), [1.0, 4.0, 6.0]);
}

#[test]
fn c7_write_back_writes_later() {
    let logged = |keys: &str, trace: &str| {
        let text = written(&format!("writes = \"back\"\n{keys}"), "read = 0.5, write = 0.5");
        let results = replay(&text, trace);
        (ends(&results), super::served(&results, "log"))
    };
    let trace = "time,key,operation\n0,1,write\n1,1,write\n2,2,write\n3,1,read\n";
    // With room for one, key 1 is written when key 2 comes, and key 2 when key 1 is read.
    assert_eq!(logged("capacity = 1", trace), (vec![0.0, 1.0, 2.0, 4.0], 2.0));
    assert_eq!(logged("", trace).1, 0.0);
    assert_eq!(logged("flush-after = \"5s\"", trace).1, 2.0);
}

#[test]
fn c8_evictions_make_room() {
    let results = replay(&cached("capacity = 2\neviction = \"fifo\""), "time,key\n0,1\n0,2\n2,3\n4,1\n6,3\n");
    assert_eq!(ends(&results), [1.0, 1.0, 3.0, 5.0, 6.0]);
    assert_eq!(counts(&results)[..4], [1, 4, 0, 2]);
    let keys = "capacity = \"10B\"";
    let results = replay(&cached(keys), "time,key,size\n0,1,11\n2,1,11\n");
    assert_eq!(counts(&results)[..4], [0, 2, 0, 0]);
}

#[test]
fn c9_each_replica_of_a_caller_has_its_own() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n\
                [service.app]\nreplicas = 2\nbalance = \"round-robin\"\nsteps = [{ call = \"near\" }]\n\
                [cache.near]\norigin = \"store\"\nscope = \"per-replica\"\n\
                [station.store]\nservers = \"infinite\"\nservice-time = \"1s\"\n";
    let results = replay(text, "time,key\n0,1\n2,1\n4,1\n6,1\n");
    assert_eq!(ends(&results), [1.0, 3.0, 4.0, 6.0]);
}

#[test]
fn c10_look_aside_puts_in_what_it_found() {
    let text = |steps: &str| {
        format!(
            "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[cache.near]\nlookup = \"250ms\"\n\
             [service.app]\nsteps = [{{ look-aside = {{ cache = \"near\", miss = [{steps}] }} }}]\n"
        )
    };
    // It looks and does the steps, each of which takes its time.
    let results = replay(&text("{ wait = \"1s\" }"), "time,key\n0,1\n2,1\n");
    assert_eq!(ends(&results), [1.25, 2.25]);
    let results = replay(&text("{ fail = 1.0 }"), "time,key\n0,1\n2,1\n");
    assert_eq!(outcomes(&results), ["failed", "failed"]);
    assert_eq!(counts(&results)[..2], [0, 2]);
}

#[test]
fn c10_the_first_who_misses_a_key_does_the_steps() {
    let text = |scope: &str| {
        format!(
            "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[cache.near]\ncoalesce = true\n{scope}\n\
             [service.app]\nreplicas = 2\nbalance = \"round-robin\"\n\
             steps = [{{ look-aside = {{ cache = \"near\", miss = [{{ wait = \"2s\" }}] }} }}]\n"
        )
    };
    let rows = "time,key\n0,1\n1,1\n1,2\n1,1\n5,1\n";
    let results = replay(&text(""), rows);
    assert_eq!(ends(&results), [2.0, 2.0, 3.0, 2.0, 5.0]);
    let near = &results.caches["near"];
    assert_eq!((near.hits, near.misses, near.coalesced), (1, 4, 2));
    // Where each replica has contents of its own, the second one fetches too.
    let results = replay(&text("scope = \"per-replica\""), rows);
    assert_eq!(ends(&results), [2.0, 3.0, 3.0, 3.0, 5.0]);
    assert_eq!(results.caches["near"].coalesced, 1);
    // If the first fails, the next one does them.
    let failing = text("").replace("{ wait = \"2s\" }", "{ wait = \"2s\" }, { fail = 1.0 }");
    let results = replay(&failing, "time,key\n0,1\n1,1\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![2.0, 4.0], vec!["failed", "failed"]));
}

#[test]
fn c11_a_stated_hit_ratio_keeps_nothing() {
    let results = replay(&cached("hit-ratio = 1.0"), "time,key\n0,1\n1,2\n");
    assert_eq!(ends(&results), [0.0, 1.0]);
    assert_eq!(results.caches["near"].entries.value, Some(0.0));
}

#[test]
fn c12_a_warm_cache_holds_the_most_popular_keys() {
    let results = replay(&cached("capacity = 2\nstart = \"warm\""), "time,key\n0,8\n0,9\n0,8\n0,7\n");
    // Keys 8 and 9 appear first.
    assert_eq!(ends(&results), [0.0, 0.0, 0.0, 1.0]);
    let ranks = cached("capacity = 3\nstart = \"warm\"")
        .replace("trace = \"jobs.csv\"", "arrivals = { constant = \"1/s\" }\nkeys = { uniform = 3 }");
    let (model, _) = load(&ranks, &[]);
    assert_eq!(model.unwrap().contents[0].warm, [0, 1, 2]);
    let said = |capacity: &str| {
        let text = ranks.replace("uniform = 3", "uniform = 20000000").replace("capacity = 3", capacity);
        load(&text, &[]).0.unwrap().warnings().collect::<Vec<_>>().concat()
    };
    assert!(
        said("capacity = 10000001").starts_with("near: warm at the start with the 10000000 most popular keys only")
    );
    assert_eq!(said("capacity = 10000000"), "");
}

#[test]
fn c13_entries_have_the_size_of_the_request_that_brings_them() {
    let keys = "capacity = \"10B\"\nentry = \"5B\"";
    let results = replay(&cached(keys), "time,key,size\n0,1,4\n2,2,\n4,3,1\n6,4,10\n");
    // 4 + 5 + 1 bytes fit; the last takes the place of all three.
    assert_eq!(counts(&results)[3], 3);
}

#[test]
fn c14_a_lost_node_comes_back_empty() {
    let keys = "replicas = 2\nbalance = \"modulo\"\noutages = [{ at = \"2s\", for = \"4s\", node = 0 }]";
    let results = replay(&cached(keys), "time,key\n0,0\n0,1\n3,0\n5,0\n6,0\n8,0\n8,1\n");
    // Key 0 is fetched by node 0, by node 1 while the other is out, and by node 0 again.
    assert_eq!(ends(&results), [1.0, 1.0, 4.0, 5.0, 7.0, 8.0, 8.0]);
    assert_eq!(results.caches["near"].lost, 1);
    let all = "outages = [{ at = \"2s\", for = \"4s\" }]";
    let results = replay(&cached(all), "time,key\n0,0\n1.5,7\n3,0\n6,0\n8,7\n");
    // What was fetched when the node was lost is not kept.
    assert_eq!(outcomes(&results), ["ok", "ok", "failed", "ok", "ok"]);
    assert_eq!(ends(&results), [1.0, 2.5, 3.0, 7.0, 9.0]);
}

#[test]
fn c7_who_looks_aside_deletes_without_an_origin() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[cache.near]\n[service.app]\nsteps = [\n\
                { look-aside = { cache = \"near\", miss = [{ wait = \"1s\" }] } }, { call = \"near.delete\" }]\n";
    let results = replay(text, "time,key\n0,7\n2,7\n");
    assert_eq!(counts(&results)[..2], [0, 2]);
    assert_eq!(ends(&results), [1.0, 3.0]);
}

#[test]
fn c3_who_looks_again_has_looked_once() {
    let keys = "capacity = 1\neviction = { lfu = { remember = 1 } }\ncoalesce = true";
    let results = replay(&cached(keys), "time,key\n0,1\n2,1\n3,2\n5,2\n");
    // Key 1 is used twice before key 2 is, and stays.
    assert_eq!(counts(&results)[..4], [1, 3, 0, 0]);
}

#[test]
fn c9_a_private_cache_of_a_private_cache_is_its_own_too() {
    for (first, second) in [(4, 1), (1, 4)] {
        for origin in ["far", "store"] {
            let text = format!(
                "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[workload.more]\nto = \"web\"\ntrace = \"jobs.csv\"\n\
                 [service.app]\nreplicas = {first}\nsteps = [{{ call = \"near\" }}]\n\
                 [service.web]\nreplicas = {second}\nsteps = [{{ call = \"near\" }}]\n\
                 [cache.near]\norigin = \"{origin}\"\nscope = \"per-replica\"\n\
                 [cache.far]\norigin = \"store\"\nscope = \"per-replica\"\n\
                 [station.store]\nservers = \"infinite\"\nservice-time = \"1s\"\nreplicas = 2\nbalance = \"least-outstanding\"\n"
            );
            let trace = "time,key\n0,1\n2,1\n4,1\n6,1\n8,1\n10,1\n12,1\n14,1\n";
            // A cache behind another one's misses finds nothing that it was not asked for.
            assert_eq!(replay(&text, trace).caches["far"].hits, 0, "{first}, {second}, {origin}");
        }
    }
}

#[test]
fn c11_what_is_not_kept_is_not_waited_for_or_written_later() {
    for keys in ["coalesce = true", "writes = \"back\""] {
        let problems = super::problems(&cached(&format!("hit-ratio = 0.5\n{keys}")));
        assert!(problems.contains("means nothing where the hit ratio is stated"), "{keys}: {problems}");
    }
}

#[test]
fn c7_what_has_changed_is_written_before_it_is_too_old() {
    let back = |keys: &str| super::problems(&cached(&format!("writes = \"back\"\nttl = \"2s\"\n{keys}")));
    for keys in ["", "flush-after = \"2s\""] {
        assert!(back(keys).contains("gone before they are written"), "{keys}");
    }
    assert!(!back("flush-after = \"1s\"").contains("gone before"));
}

#[test]
fn c12_no_node_evicts_what_it_is_warm_with() {
    let keys = "capacity = 20\nreplicas = 3\nstart = \"warm\"";
    let text =
        cached(keys).replace("trace = \"jobs.csv\"", "arrivals = { constant = \"1/s\" }\nkeys = { uniform = 1000 }");
    let text = format!("{text}[run]\nduration = \"500ms\"\nwarm-up = \"0s\"\nreplications = 1\n");
    let near = super::run(&text, &[]).caches["near"].clone();
    assert_eq!((near.evictions, near.entries.value), (0, Some(60.0)));
}

/// What depends on what caches hold is expected, but neither certain nor a model of a textbook.
#[test]
fn c5_loads_behind_a_cache_are_expected() {
    let text = |ttl: &str| {
        format!(
            "[workload.w]\nto = \"near\"\narrivals = {{ poisson = \"900/s\" }}\nkeys = {{ uniform = 1000000 }}\n\
             [workload.v]\nto = \"store\"\narrivals = {{ poisson = \"100/s\" }}\n[cache.near]\norigin = \"store\"\n{ttl}\n\
             [station.store]\nservice-time = {{ exponential = \"2ms\" }}\n\
             [run]\nduration = \"1s\"\nwarm-up = \"100ms\"\nreplications = 2\n"
        )
    };
    for (ttl, visits) in [("ttl = \"1s\"", 999.2), ("", 100.0), ("ttl = { from-last-use = \"1s\" }", 999.2)] {
        let (model, _) = load(&text(ttl), &[]);
        let forecast = model.unwrap().forecast;
        let store = forecast.groups[0];
        assert!((store.visits - visits).abs() < 0.1, "{ttl}: {}", store.visits);
        assert!(forecast.unstable.is_empty());
        assert!(super::run(&text(ttl), &[]).theory.is_empty(), "{ttl}");
    }
}

#[test]
fn c12_the_least_popular_key_is_the_oldest() {
    // Keys 8 and 9 are there; key 7 takes the place of 9, which appears later.
    let results =
        replay(&cached("capacity = 2\nstart = \"warm\"\neviction = \"fifo\""), "time,key\n0,8\n0,9\n0,7\n2,8\n");
    assert_eq!(ends(&results), [0.0, 0.0, 1.0, 2.0]);
    for policy in ["lru", "fifo", "lfu", "clock", "sieve", "s3-fifo", "arc", "w-tinylfu", "lru-k"] {
        let keys = "arrivals = { constant = \"100/s\" }\nkeys = { zipf = { count = 5000, exponent = 0.8 } }";
        let text = cached(&format!("capacity = 1000\nstart = \"warm\"\neviction = \"{policy}\""))
            .replace("trace = \"jobs.csv\"", keys);
        let results =
            super::run(&format!("{text}[run]\nduration = \"1s\"\nwarm-up = \"0s\"\nreplications = 100\n"), &[]);
        // The thousand most popular keys are asked for in 67.2 % of lookups; 10,000 lookups leave 0.5 % to chance, and the
        // newcomers among the first hundred take the place of the least popular.
        let hits = results.caches["near"].hit_ratio.value.unwrap();
        assert!((0.652..0.69).contains(&hits), "{policy}: {hits}");
    }
}
