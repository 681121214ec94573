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
        ("reads = \"nearest\"", "`nearest` is not built yet"),
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
