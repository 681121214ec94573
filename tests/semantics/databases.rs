use super::*;
use knee::experiment::results::ReplicationResult;

/// A database with these keys, and a workload `jobs` that replays reads and writes.
fn orders(keys: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"orders\"\ntrace = \"jobs.csv\"\noperations = {{ read = 0.5, write = 0.5 }}\n\
         [database.orders]\n{keys}\n"
    )
}

fn copies(results: &Results) -> &ReplicationResult {
    &results.replication["orders"]
}

/// How many reads there were, and how many of them were stale.
fn reads(results: &Results) -> (f64, f64) {
    let all = copies(results).reads.value.unwrap_or(0.0) * results.scenario.duration_s;
    (all.round(), (copies(results).stale_read_ratio.value.unwrap_or(0.0) * all).round())
}

fn writes(results: &Results) -> f64 {
    (copies(results).writes.value.unwrap_or(0.0) * results.scenario.duration_s).round()
}

const WAITS: &str = "read = [{ wait = \"1s\" }]\nwrite = [{ wait = \"2s\" }]\n";

#[test]
fn d1_a_call_reads_unless_it_says_write_and_holds_a_connection() {
    let steps = "steps = [{ call = \"orders\" }, { call = \"orders.write\" }]\n";
    let text = app(&format!("{steps}[database.orders]\nconnections = 1\n{WAITS}"));
    assert_eq!(ends(&replay(&text, "time\n0\n")), [3.0]);
    let results = replay(&orders(&format!("connections = 1\n{WAITS}")), "time,operation\n0,write\n0,read\n0,read\n");
    assert_eq!(ends(&results), [2.0, 3.0, 4.0]);
    assert_eq!(served(&results, "orders.primary.connections"), 3.0);
    let results = replay(&orders(&format!("connections = 1\nqueue = 0\n{WAITS}")), "time,operation\n0,write\n1,read\n");
    assert_eq!(outcomes(&results), ["ok", "rejected"]);
}

#[test]
fn d2_an_asynchronous_write_is_done_when_the_primary_has_it() {
    let text = orders(&format!("{WAITS}replication = {{ replicas = 2, lag = \"5s\", reads = \"replicas\" }}"));
    let results = replay(&text, "time,operation\n0,write\n1,read\n6,read\n");
    // The first read is shown the old version before the write is committed, the second one at 7.
    assert_eq!(ends(&results), [2.0, 2.0, 7.0]);
    assert_eq!((writes(&results), reads(&results)), (1.0, (2.0, 0.0)));
    assert_eq!(copies(&results).lag.max, Some(5.0));
}

#[test]
fn d3_a_read_is_stale_if_it_misses_what_was_committed_when_it_began() {
    let text = orders("replication = { lag = \"10s\", reads = \"replicas\" }");
    let results = replay(&text, "time,operation\n0,write\n4,write\n5,read\n10,read\n14,read\n20,read\n");
    // At 5 both writes are missed, the older for 5 s; at 10 only the second, for 6 s.
    assert_eq!(reads(&results), (4.0, 2.0));
    assert_eq!(copies(&results).staleness.value, Some(5.5));
    let within: Vec<_> = copies(&results).within_versions[..3].iter().map(|share| share.value).collect();
    assert_eq!(within, [Some(0.5), Some(0.75), Some(1.0)]);
}

#[test]
fn d4_apply_is_one_at_a_time_in_order() {
    let text = orders("replication = { apply = \"2s\", reads = \"replicas\" }");
    let results = replay(&text, "time,operation\n0,write\n1,write\n3,read\n4,read\n");
    assert_eq!(reads(&results), (2.0, 1.0));
    assert_eq!(copies(&results).staleness.value, Some(2.0));
    assert_eq!((copies(&results).lag.max, served(&results, "orders.replica.apply")), (Some(3.0), 2.0));
}

#[test]
fn d5_a_replica_without_lag_or_apply_does_the_write_again() {
    let text = "[machine.node]\ncores = 1\n".to_string()
        + &orders(
            "machine = \"node\"\nwrite = [{ cpu = \"2s\" }]\nread = [{ cpu = \"1s\" }]\n\
                   replication = { replicas = 2, reads = \"replicas\", balance = \"join-shortest-queue\" }",
        );
    let results = replay(&text, "time,operation\n0,write\n2,read\n");
    // The read finds a replica that is busy with the write until 4.
    assert_eq!(ends(&results), [2.0, 5.0]);
    assert_eq!((served(&results, "orders.replica.cpu"), served(&results, "orders.replica.connections")), (3.0, 1.0));
}

#[test]
fn d6_synchronous_writes_wait_for_replicas_at_the_same_time_as_for_the_primary() {
    let end = |replication: &str| {
        let text = orders(&format!("{WAITS}replication = {{ replicas = 2, lag = \"3s\", {replication} }}"));
        ends(&replay(&text, "time,operation\n0,write\n"))[0]
    };
    assert_eq!(end("mode = \"async\""), 2.0);
    assert_eq!(end("mode = \"semi-sync\", ack = \"1s\""), 4.0);
    assert_eq!(end("mode = \"sync\", write = \"5s\""), 8.0);
}

#[test]
fn d7_a_quorum_asks_all_and_waits_for_some() {
    let text = |more: &str| {
        let legs = "write = \"1s\", ack = \"2s\", read = \"3s\", response = \"4s\"";
        orders(&format!("{WAITS}replication = {{ mode = \"quorum\", {legs}, {more} }}"))
    };
    let jobs = "time,operation\n0,write\n10,read\n";
    let results = replay(&text("n = 3, r = 1, w = 2"), jobs);
    assert_eq!(ends(&results), [5.0, 18.0]);
    assert_eq!(served(&results, "orders.replica.connections"), 6.0);
    let results = replay(&text("n = 3, r = 1, w = 2, spread = \"quorum\""), jobs);
    assert_eq!(served(&results, "orders.replica.connections"), 3.0);
}

/// Random reads and writes of a few keys, in closed loops, against a database with these keys.
fn under_load(keys: &str) -> Results {
    run(
        &format!(
            "[workload.users]\nto = \"orders\"\nusers = 20\nthink-time = {{ exponential = \"5ms\" }}\n\
             operations = {{ read = 0.7, write = 0.3 }}\nkeys = {{ uniform = 5 }}\n[database.orders]\n{keys}\n\
             [run]\nduration = \"5s\"\nwarm-up = \"1s\"\nreplications = 2\n"
        ),
        &[],
    )
}

#[test]
fn d8_no_read_is_stale_where_all_copies_or_overlapping_quorums_are_waited_for() {
    let steps = "read = [{ wait = { exponential = \"1ms\" } }]\nwrite = [{ wait = { exponential = \"3ms\" } }]\n";
    for replication in [
        "mode = \"sync\", replicas = 3, reads = \"any\"",
        "mode = \"sync\", replicas = 2, lag = { exponential = \"9ms\" }, reads = \"replicas\"",
        "mode = \"quorum\", n = 3, write = { exponential = \"5ms\" }, read = { exponential = \"2ms\" }",
        "mode = \"quorum\", n = 5, r = 1, w = 5, response = { exponential = \"2ms\" }",
        "mode = \"quorum\", n = 3, r = 2, w = 2, spread = \"quorum\", ack = { exponential = \"2ms\" }",
        "mode = \"async\", replicas = 2, lag = \"0s\", reads = \"replicas\"",
        "mode = \"async\", replicas = 2, lag = \"1s\", reads = \"primary\"",
    ] {
        let results = under_load(&format!("{steps}replication = {{ {replication} }}"));
        assert!(reads(&results).0 > 5000.0, "{replication}");
        assert_eq!(copies(&results).stale_read_ratio.value, Some(0.0), "{replication}");
        assert_eq!(copies(&results).read_your_writes_violations.value, Some(0.0), "{replication}");
    }
    let quorum = under_load(&format!("{steps}replication = {{ mode = \"quorum\", n = 3, r = 1, w = 1 }}"));
    assert!(copies(&quorum).stale_read_ratio.value > Some(0.0));
}

#[test]
fn d9_a_session_is_a_user_or_a_request_by_itself() {
    let database = "[database.orders]\nreplication = { lag = \"1000s\", reads = \"replicas\" }\n";
    let results = run(
        &format!(
            "[workload.both]\nto = \"orders\"\nusers = 1\nthink-time = \"1s\"\noperations = {{ read = 0.5, write = 0.5 }}\n\
             {database}[run]\nduration = \"100s\"\nwarm-up = \"10s\"\nreplications = 1\n"
        ),
        &[],
    );
    assert_eq!(copies(&results).read_your_writes_violations.value, Some(1.0));
    let results = run(
        &format!(
            "[workload.a]\nto = \"orders\"\nusers = 1\nthink-time = \"1s\"\n\
             [workload.b]\nto = \"orders.write\"\nusers = 1\nthink-time = \"1s\"\n\
             {database}[run]\nduration = \"100s\"\nwarm-up = \"10s\"\nreplications = 1\n"
        ),
        &[],
    );
    assert_eq!(copies(&results).stale_read_ratio.value, Some(1.0));
    assert_eq!(copies(&results).read_your_writes_violations.value, Some(0.0));
    let steps = "steps = [{ call = \"orders.write\" }, { wait = \"1s\" }, { parallel = [[{ call = \"orders\" }]] }]\n";
    let results = replay(&app(&format!("{steps}{database}")), "time\n0\n");
    assert_eq!(copies(&results).read_your_writes_violations.value, Some(1.0));
}

#[test]
fn d10_updates_that_have_not_seen_each_other_are_in_conflict_and_the_older_is_lost() {
    let text = |lag: &str| {
        format!(
            "[workload.a]\nto = \"orders.write\"\ntrace = \"a.csv\"\n[workload.b]\nto = \"orders.write\"\n\
             trace = \"b.csv\"\n[database.orders]\n\
             replication = {{ mode = \"multi-primary\", lag = \"{lag}\", writes = \"home\" }}\n{ONCE}"
        )
    };
    let files = [("a.csv", "time,key\n0,1\n10,1\n"), ("b.csv", "time,key\n3,1\n20,1\n20,2\n")];
    let results = run(&text("2s"), &files);
    assert_eq!((copies(&results).conflicts, copies(&results).lost_writes), (0, 0));
    let results = run(&text("4s"), &files);
    assert_eq!((copies(&results).conflicts, copies(&results).lost_writes), (1, 1));
    let shares: Vec<_> = copies(&results).conflict_ratio.iter().map(|share| share.value).collect();
    assert_eq!(shares, [Some(0.5), Some(1.0 / 3.0)]);
    // Each update goes to the other primary only.
    assert_eq!(copies(&results).lag.max, Some(4.0));
    // So does one that ends after a later one.
    let late = orders(
        "write = [{ wait = { uniform = [\"1s\", \"9s\"] } }]\n\
         replication = { mode = \"multi-primary\", replicas = 1, lag = \"4s\" }",
    );
    let jobs: String = (0..20).map(|at| format!("{at},write\n")).collect();
    let results = replay(&late, &format!("time,operation\n{jobs}"));
    assert_eq!((writes(&results), copies(&results).lag.max), (20.0, None));
}

#[test]
fn d11_each_shard_is_a_set_of_nodes_and_a_key_stays_on_one() {
    let keys = format!(
        "connections = 1\n{WAITS}sharding = {{ shards = 2, by = \"hash\" }}\n\
         replication = {{ replicas = 2, lag = \"1s\", reads = \"replicas\" }}"
    );
    let results = replay(&orders(&keys), "time,key,operation\n0,1,write\n0,1,write\n9,1,read\n9,1,read\n9,1,read\n");
    assert_eq!(ends(&results)[..2], [2.0, 4.0]);
    assert_eq!(reads(&results), (3.0, 0.0));
    for station in ["orders[1].primary.connections", "orders[1].replica[1].connections"] {
        assert!(results.stations.get(station).is_some(), "{station}");
    }
    let writes = |shard: u32| served(&results, &format!("orders[{shard}].primary.connections"));
    assert_eq!((writes(0) - writes(1)).abs(), 2.0);
    let one_copy = format!("connections = 1\n{WAITS}sharding = {{ shards = 2 }}");
    let results = replay(&orders(&one_copy), "time,key,operation\n0,1,read\n0,2,read\n0,3,read\n0,4,read\n0,1,read\n");
    let reads = |shard: u32| served(&results, &format!("orders[{shard}].primary.connections"));
    assert!(reads(0) > 0.0 && reads(1) > 0.0 && reads(0) + reads(1) == 5.0);
    let steps = "steps = [{ fan-out = { to = \"orders\" } }]\n";
    let results = replay(&app(&format!("{steps}[database.orders]\n{keys}\n")), "time\n0\n");
    assert_eq!(served(&results, "orders.replica.connections"), 2.0);
}

#[test]
fn d12_probes_are_reads_that_count_apart() {
    let text = orders(&format!("{WAITS}replication = {{ lag = \"5s\", reads = \"replicas\" }}"))
        + "[probe.seen]\nof = \"orders\"\nafter = [\"0s\", \"3s\", \"4s\"]\n";
    let results = replay(&text, "time,operation\n0,write\n");
    let points = &copies(&results).probes["seen"];
    let seen: Vec<_> = points.iter().map(|point| (point.after_s, point.consistent.value)).collect();
    // Reads take 1 s, and the write arrives 5 s after its commit.
    assert_eq!(seen, [(0.0, Some(0.0)), (3.0, Some(0.0)), (4.0, Some(1.0))]);
    assert_eq!(reads(&results).0, 0.0);
    assert_eq!(served(&results, "orders.replica.connections"), 3.0);
}

#[test]
fn d13_a_write_that_fails_is_never_committed_and_one_that_is_abandoned_may_be() {
    let failing = "write = [{ wait = \"1s\" }, { fail = 1.0 }]\nreplication = { reads = \"any\" }";
    let results = replay(&orders(failing), "time,operation\n0,write\n5,read\n");
    assert_eq!((outcomes(&results)[0], writes(&results), reads(&results)), ("failed", 0.0, (1.0, 0.0)));
    for (losers, committed) in [("abandon", 1.0), ("cancel", 0.0)] {
        let text = orders("write = [{ wait = \"5s\" }]\nreplication = { mode = \"sync\", reads = \"any\" }").replacen(
            "to =",
            &format!("timeout = \"1s\"\nlosers = \"{losers}\"\nto ="),
            1,
        );
        let results = replay(&text, "time,operation\n0,write\n9,read\n");
        assert_eq!((outcomes(&results)[0], writes(&results)), ("timed-out", committed), "{losers}");
        assert_eq!(reads(&results), (1.0, 0.0), "{losers}");
        assert!(results.checks.little && results.checks.utilization_law);
    }
}

#[test]
fn d13_a_write_that_gives_up_on_another_database_remains_itself() {
    let text = "[workload.jobs]\nto = \"orders.write\"\ntrace = \"jobs.csv\"\n\
                [database.orders]\nreplication = { lag = \"5s\", reads = \"replicas\" }\n\
                write = [{ call = { to = \"audit.write\", timeout = \"1s\", retry = { attempts = \"unlimited\" } } }]\n\
                [probe.seen]\nof = \"orders\"\nafter = [\"0s\", \"6s\"]\n\
                [database.audit]\nreplication = { lag = \"1s\" }\n\
                write = [{ wait = { mixture = [[0.5, \"0s\"], [0.5, \"2s\"]] } }]\n";
    let jobs: String = (0..20).map(|at| format!("{}\n", 100 * at)).collect();
    let results = replay(text, &format!("time\n{jobs}"));
    assert!(results.replication["audit"].writes.value > copies(&results).writes.value);
    let seen: Vec<_> = copies(&results).probes["seen"].iter().map(|point| point.consistent.value).collect();
    // Versions of one database say nothing about those of another.
    assert_eq!(seen, [Some(0.0), Some(1.0)]);
}

#[test]
fn d14_mistakes_of_replication_are_found_before_the_run() {
    for (replication, problem) in [
        ("mode = \"quorum\", n = 3, r = 4", "4 answers are waited for of 3 nodes"),
        ("mode = \"quorum\", w = 4", "4 acknowledgements are waited for of 3 nodes"),
        ("mode = \"semi-sync\", replicas = 2, acks = 3", "3 acknowledgements are waited for of 2 replicas"),
        ("n = 3", "`n` means nothing with `mode = \"async\"`"),
        ("mode = \"sync\", acks = 1", "`acks` means nothing with `mode = \"sync\"`"),
        ("replicas = 0, reads = \"replicas\"", "there are no replicas to read"),
        ("lag = \"1s\", apply = \"1s\"", "a copy has a `lag`, or applies writes one at a time"),
        ("reads = \"nearest\"", "no node is nearer than another one"),
        ("balance = \"random\"", "there is nothing to balance"),
        ("replicas = 4000000000", "too many replicas"),
        ("mode = \"multi-primary\", replicas = 100", "too many replicas"),
    ] {
        let said = problems(
            &orders(&format!("replication = {{ {replication} }}")).replace("trace = \"jobs.csv\"", "users = 1"),
        );
        assert!(said.contains(problem) && said.ends_with("1 error\n"), "{replication}:\n{said}");
    }
}

/// A database over three regions with these keys, and jobs that come from one of them; `eu` and `us` are 40 ms
/// apart, `ap` is 70 ms from `us` and 100 ms from `eu`.
fn world(from: &str, keys: &str) -> String {
    let region = format!("region = \"{from}\"\ntrace");
    "[region.ap]\n[region.eu]\n[region.us]\n\
     [link.a]\nbetween = [\"eu\", \"us\"]\nlatency = \"40ms\"\n\
     [link.b]\nbetween = [\"ap\", \"us\"]\nlatency = \"70ms\"\n\
     [link.c]\nbetween = [\"ap\", \"eu\"]\nlatency = \"100ms\"\n"
        .to_string()
        + &orders(keys).replacen("trace", &region, 1)
}

/// When one job ends, in milliseconds.
fn end_ms(text: &str, operation: &str) -> f64 {
    let results = replay(text, &format!("time,operation\n0,{operation}\n"));
    (ends(&results)[0] * 1e6).round() / 1e3
}

const QUICK: &str = "read = [{ wait = \"1ms\" }]\nwrite = [{ wait = \"2ms\" }]\n";
const SPREAD: &str = "regions = [\"eu\", \"us\", \"ap\"]\nread = [{ wait = \"1ms\" }]\nwrite = [{ wait = \"2ms\" }]\n";

#[test]
fn d15_a_request_crosses_to_the_node_that_does_the_work_and_its_answer_back() {
    for (from, read, write) in [("eu", 1.0, 2.0), ("us", 81.0, 82.0), ("ap", 201.0, 202.0)] {
        let replicated = format!("{SPREAD}replication = {{ replicas = 2, reads = \"primary\" }}");
        for keys in [replicated, format!("region = \"eu\"\n{QUICK}"), SPREAD.to_string()] {
            assert_eq!(end_ms(&world(from, &keys), "read"), read, "{from}: {keys}");
            assert_eq!(end_ms(&world(from, &keys), "write"), write, "{from}: {keys}");
        }
    }
    // Whoever is nowhere is next to everything.
    let text = world("eu", SPREAD).replacen("region = \"eu\"\n", "", 1);
    assert_eq!(end_ms(&text, "write"), 2.0);
}

#[test]
fn d15_callers_in_several_regions_and_behind_balancers_cross_from_where_they_are() {
    for (service, end) in [
        ("region = \"us\"\nsteps = [{ call = \"orders\" }]", 80.0 + 81.0),
        ("regions = [\"ap\", \"eu\"]\nreplicas = 2\nbalance = \"nearest\"\nsteps = [{ call = \"front\" }]", 1.0),
        ("region = \"ap\"\nsteps = [{ call = \"front\" }]", 200.0 + 201.0),
        ("region = \"ap\"\nsteps = [{ parallel = [[{ call = \"orders\" }]] }]", 200.0 + 201.0),
        ("region = \"us\"\nsteps = [{ fan-out = { to = \"orders\", count = 1 } }]", 80.0 + 81.0),
    ] {
        let text = world("eu", &format!("{SPREAD}[balancer.front]\nto = [\"orders\"]\n[service.app]\n{service}"));
        let text =
            text.replace("to = \"orders\"\n", "to = \"app\"\n").replace("operations = { read = 0.5, write = 0.5 }", "");
        let results = replay(&text, "time\n0\n");
        assert_eq!((ends(&results)[0] * 1e6).round() / 1e3, end, "{service}");
    }
}

#[test]
fn d15_a_failure_at_a_node_is_known_when_the_news_is_back() {
    let text = world("us", "region = \"eu\"\nwrite = [{ wait = \"2ms\" }, { fail = 1.0 }]\nreplication = {}");
    let results = replay(&text, "time,operation\n0,write\n1,read\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![0.082, 1.08], vec!["failed", "ok"]));
    assert_eq!((writes(&results), reads(&results)), (0.0, (1.0, 0.0)));
}

#[test]
fn d15_what_a_call_sends_takes_time_on_the_link() {
    let text = world("eu", "region = \"us\"").replacen("latency", "bandwidth = \"8kbit/s\"\nlatency", 1);
    let text = text.replacen("trace", "request = \"1000B\"\nresponse = \"2000B\"\ntrace", 1);
    assert_eq!(end_ms(&text, "read"), 3080.0);
}

#[test]
fn d16_copies_are_sent_from_node_to_node_over_the_links() {
    let lag = |replication: &str| {
        let keys = format!("regions = [\"eu\", \"ap\"]\nreplication = {{ {replication} }}");
        let results = replay(&world("eu", &keys), "time,operation\n0,write\n");
        copies(&results).lag.max.map(|lag| (lag * 1e6).round() / 1e3)
    };
    assert_eq!(lag("reads = \"replicas\""), Some(100.0));
    assert_eq!(lag("lag = \"5ms\", write = \"3ms\""), Some(108.0));
    assert_eq!(lag("apply = \"7ms\""), Some(107.0));
    assert_eq!(lag("mode = \"multi-primary\""), Some(100.0));
    // Within one region nothing is added.
    let results = replay(&world("us", "region = \"eu\"\nreplication = { lag = \"5ms\" }"), "time,operation\n0,write\n");
    assert_eq!(copies(&results).lag.max, Some(0.005));
}

#[test]
fn d16_a_write_is_committed_where_the_primary_is_and_sets_out_from_there() {
    // From `us`: at the primary at 40 ms, done at 42, in `ap` at 142 and in `us` at 82.
    let text = world("us", &format!("{SPREAD}replication = {{ replicas = 2, lag = \"0s\", reads = \"nearest\" }}"));
    let results = replay(&text, "time,operation\n0,write\n0.0405,read\n0.0415,read\n0.0425,read\n0.0815,read\n");
    // Two reads miss what was committed when they began; that of 81.5 ms is done when the copy has it.
    assert_eq!(reads(&results), (4.0, 1.0));
    assert!((copies(&results).staleness.value.unwrap() - 0.0015).abs() < 1e-9);
    assert!((copies(&results).in_flight.value.unwrap() * results.scenario.duration_s - 0.14).abs() < 1e-9);
}

#[test]
fn d16_synchronous_writes_wait_for_the_way_to_the_copies_and_back() {
    let end = |from: &str, replication: &str| {
        end_ms(
            &world(from, &format!("{SPREAD}replication = {{ replicas = 2, lag = \"5ms\", {replication} }}")),
            "write",
        )
    };
    assert_eq!(end("eu", "mode = \"sync\""), 205.0);
    assert_eq!(end("eu", "mode = \"semi-sync\", ack = \"1ms\""), 86.0);
    assert_eq!(end("us", "mode = \"semi-sync\""), 80.0 + 85.0);
}

#[test]
fn d17_the_nearest_node_is_read_and_the_nearest_primary_written() {
    for (from, read) in [("eu", 1.0), ("us", 1.0), ("ap", 1.0)] {
        let keys = format!("{SPREAD}replication = {{ replicas = 2, reads = \"nearest\" }}");
        assert_eq!(end_ms(&world(from, &keys), "read"), read, "{from}");
    }
    let two = QUICK.to_string() + "regions = [\"ap\", \"us\"]\nreplication = { reads = \"nearest\" }";
    assert_eq!((end_ms(&world("eu", &two), "read"), end_ms(&world("eu", &two), "write")), (81.0, 202.0));
    let primaries = |keys: &str| format!("{SPREAD}replication = {{ mode = \"multi-primary\", replicas = 3, {keys} }}");
    for from in ["eu", "us", "ap"] {
        let both = world(from, &primaries("reads = \"nearest\", writes = \"nearest\""));
        assert_eq!((end_ms(&both, "read"), end_ms(&both, "write")), (1.0, 2.0), "{from}");
        let home = world(from, &primaries("reads = \"nearest\", writes = \"home\""));
        assert_eq!(end_ms(&home, "read"), 1.0, "{from}");
    }
    let home = world("us", &primaries("reads = \"home\", writes = \"nearest\""));
    assert_eq!((end_ms(&home, "read"), end_ms(&home, "write")), (81.0, 2.0));
    let sharded =
        "sharding = { shards = 3 }\n".to_string() + SPREAD + "replication = { replicas = 2, reads = \"nearest\" }";
    assert_eq!(end_ms(&world("us", &sharded), "read"), 1.0);
}

#[test]
fn d17_two_that_write_at_their_nearest_primaries_have_not_seen_each_other() {
    let text = world(
        "eu",
        &(SPREAD.to_string() + "replication = { mode = \"multi-primary\", replicas = 3, writes = \"nearest\" }"),
    ) + "[workload.other]\nto = \"orders.write\"\nregion = \"us\"\ntrace = \"other.csv\"\n"
        + ONCE;
    for (at, conflicts) in [("0.041", 1), ("0.043", 0)] {
        let files = [("jobs.csv", "time,operation,key\n0,write,1\n"), ("other.csv", &*format!("time,key\n{at},1\n"))];
        // The first is written in `eu` at 2 ms, and in `us` at 44: 42 and the steps of a write.
        assert_eq!(copies(&run(&text, &files)).conflicts, conflicts, "{at}");
    }
}

#[test]
fn d18_a_quorum_takes_as_long_as_the_nearest_nodes_that_it_needs() {
    for (from, r, read, write) in
        [("eu", 1, 1.0, 202.0), ("eu", 2, 81.0, 82.0), ("us", 2, 81.0, 82.0), ("ap", 2, 141.0, 142.0)]
    {
        let w = 4 - r;
        let keys = format!("{SPREAD}replication = {{ mode = \"quorum\", r = {r}, w = {w} }}");
        assert_eq!(end_ms(&world(from, &keys), "read"), read, "{from} {r}");
        assert_eq!(end_ms(&world(from, &keys), "write"), write, "{from} {w}");
    }
    // Shown are the answers that are waited for: the nearest one has nothing yet, the second has.
    let keys = "regions = [\"ap\", \"us\", \"eu\"]\nreplication = { mode = \"quorum\", w = 1, r = 1, write = \"1s\" }";
    let results = replay(&world("eu", keys), "time,operation\n0,write\n1.01,read\n1.05,read\n");
    assert_eq!(reads(&results), (2.0, 0.0));
}

#[test]
fn d19_by_region_the_shards_are_spread_over_regions() {
    let keys = "regions = [\"ap\", \"eu\", \"us\"]\nsharding = { shards = 3, by = \"region\" }\n".to_string()
        + QUICK
        + "replication = { mode = \"sync\", replicas = 2 }";
    for from in ["eu", "us", "ap"] {
        assert_eq!((end_ms(&world(from, &keys), "read"), end_ms(&world(from, &keys), "write")), (1.0, 2.0), "{from}");
    }
    let astray =
        world("eu", &keys.replace("\"ap\", \"eu\"", "\"eu\", \"ap\"")).replace("trace = \"jobs.csv\"", "users = 1");
    assert!(problems(&astray).contains("the data of `eu` would be in `ap`"), "{}", problems(&astray));
}

#[test]
fn d20_probes_read_from_where_the_write_came() {
    let text = world("us", &format!("{SPREAD}replication = {{ replicas = 2, lag = \"0s\", reads = \"nearest\" }}"))
        + "[probe.seen]\nof = \"orders\"\nafter = [\"0ms\", \"38ms\", \"39ms\", \"50ms\"]\n";
    let results = replay(&text, "time,operation\n0,write\n");
    let seen: Vec<_> = copies(&results).probes["seen"].iter().map(|point| point.consistent.value).collect();
    // The copy in `us` has the write 40 ms after its commit, and reads take 1 ms.
    assert_eq!(seen, [Some(0.0), Some(0.0), Some(1.0), Some(1.0)]);
}

#[test]
fn d21_links_under_a_database_have_an_expected_load_and_are_missed() {
    let text = world("us", "region = \"eu\"")
        .replace("trace = \"jobs.csv\"", "arrivals = { poisson = \"10/s\" }\nresponse = \"1MB\"")
        .replacen("latency", "bandwidth = \"160Mbit/s\"\nlatency", 1);
    let model = load(&text, &[]).0.expect("a model");
    let load_of = |name: &str| {
        let groups = model.groups.iter().zip(&model.forecast.groups);
        groups.filter(|(group, _)| group.name() == name).map(|(_, forecast)| forecast.load).next().flatten()
    };
    assert_eq!((load_of("a.eu-us"), load_of("a.us-eu")), (Some(0.5), Some(0.0)));
    let unlinked = |text: &str| text.replace("[link.a]\nbetween = [\"eu\", \"us\"]\nlatency = \"40ms\"\n", "");
    let users = |from: &str, keys: &str| unlinked(&world(from, keys).replace("trace = \"jobs.csv\"", "users = 1"));
    let said = problems(&users("us", "region = \"eu\""));
    assert!(said.contains("no link between `us` and `eu`") && said.contains("callers of `orders` in `us`"), "{said}");
    let said = problems(&users("eu", "regions = [\"eu\", \"us\"]\nreplication = {}"));
    assert!(said.contains("`orders.primary` in `eu` calls `orders.replica` in `us`"), "{said}");
    for (keys, problem) in [
        ("region = \"mars\"", "there is no region `mars`"),
        ("region = \"eu\"\nregions = [\"us\"]", "at one place and at several"),
        ("replication = { reads = \"nearest\" }", "no node is nearer than another"),
        ("region = \"us\"\nreplication = { reads = \"nearest\", balance = \"random\" }", "there is nothing to balance"),
    ] {
        let text = world("us", keys).replace("trace = \"jobs.csv\"", "users = 1");
        assert!(problems(&text).contains(problem), "{}", problems(&text));
    }
}
