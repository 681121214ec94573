use super::*;
use knee::experiment::results::ReplicationResult;

/// Clients in Europe of what is in America, one second away.
fn abroad(parts: &str, events: &str) -> String {
    format!(
        "[region.asia]\n[region.eu]\n[region.us]\n[link.atlantic]\nbetween = [\"eu\", \"us\"]\nlatency = \"1s\"\n\
         retransmit-after = \"2s\"\n[link.silk-road]\nbetween = [\"eu\", \"asia\"]\nlatency = \"1s\"\n\
         [workload.jobs]\nregion = \"eu\"\ntrace = \"jobs.csv\"\ntimeout = \"20s\"\n{parts}\n{events}\n"
    )
}

/// A database that does a write in a second and a read in none.
fn orders(replication: &str, events: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"orders\"\noperations = {{ read = 0.5, write = 0.5 }}\ntrace = \"jobs.csv\"\n\
         [database.orders]\nwrite = [{{ wait = \"1s\" }}]\nreplication = {{ {replication} }}\n{events}\n"
    )
}

/// The same with copies in Europe and in America.
fn apart(replication: &str, events: &str) -> String {
    let parts = format!(
        "to = \"orders\"\noperations = {{ read = 0.5, write = 0.5 }}\n\
         [database.orders]\nregions = [\"eu\", \"us\"]\nwrite = [{{ wait = \"1s\" }}]\n\
         replication = {{ {replication} }}\n"
    );
    abroad(&parts, events)
}

fn event(at: &str, length: &str, what: &str) -> String {
    format!("[[event]]\nat = \"{at}\"\nfor = \"{length}\"\n{what}\n")
}

const PARTITION: &str = "partition = [[\"eu\"], [\"us\"]]";
const FAILOVER: &str = "failover = { detect = \"1s\", promote = \"1s\" }";

fn copies(results: &Results) -> &ReplicationResult {
    &results.replication["orders"]
}

/// How many reads there were, and how many of them were stale.
fn reads(results: &Results) -> (f64, f64) {
    let all = copies(results).reads.value.unwrap_or(0.0) * results.scenario.duration_s;
    (all.round(), (copies(results).stale_read_ratio.value.unwrap_or(0.0) * all).round())
}

#[test]
fn f1_nothing_comes_through_a_partition_and_only_timeouts_tell() {
    let parts =
        |region: &str| format!("to = \"app\"\n[service.app]\nregion = \"{region}\"\nsteps = [{{ wait = \"1s\" }}]");
    let cut = event("5s", "30s", PARTITION);
    let results = replay(&abroad(&parts("us"), &cut), "time\n0\n10\n34\n35\n");
    assert_eq!(outcomes(&results), ["ok", "timed-out", "timed-out", "ok"]);
    assert_eq!(ends(&results), [3.0, 30.0, 54.0, 38.0]);
    assert_eq!(served(&results, "app.threads"), 2.0);
    // Who is in no group hears all, and a group has no trouble in itself.
    for region in ["asia", "eu"] {
        let results = replay(&abroad(&parts(region), &cut), "time\n10\n");
        assert_eq!(outcomes(&results), ["ok"], "{region}");
    }
}

#[test]
fn f1_a_partition_is_between_groups_of_regions() {
    let parts = "to = \"app\"\n[service.app]\nsteps = [{ wait = \"1s\" }]";
    for (groups, problem) in [
        ("[[\"eu\"]]", "at least two groups"),
        ("[[\"eu\"], []]", "at least two groups"),
        ("[[\"eu\"], [\"us\", \"eu\"]]", "on both sides"),
        ("[[\"eu\"], [\"mars\"]]", "mars"),
    ] {
        let found = problems(&abroad(parts, &event("0s", "1s", &format!("partition = {groups}"))));
        assert!(found.contains(problem), "{groups}: {found}");
    }
}

#[test]
fn f2_whether_a_message_is_lost_is_decided_when_it_sets_out() {
    let parts = "to = \"app\"\n[service.app]\nregion = \"us\"\nsteps = [{ wait = \"WAIT\" }]";
    let cut = event("0.5s", "3s", PARTITION);
    // The request is under way when the partition begins; the answer sets out at 2 and is lost, or at 5 and is not.
    for (wait, end, outcome) in [("1s", 20.0, "timed-out"), ("4s", 6.0, "ok")] {
        let results = replay(&abroad(&parts.replace("WAIT", wait), &cut), "time\n0\n");
        assert_eq!((ends(&results), outcomes(&results)), (vec![end], vec![outcome]));
        assert_eq!(served(&results, "app.threads"), 1.0);
    }
}

#[test]
fn f3_a_share_of_messages_is_dropped_and_nobody_is_told() {
    let parts = "to = \"app\"\n[service.app]\nregion = \"us\"\nsteps = [{ wait = \"1s\" }]";
    let all = event("5s", "30s", "drop = { link = \"atlantic\", share = 1.0 }");
    let results = replay(&abroad(parts, &all), "time\n0\n10\n35\n");
    assert_eq!(outcomes(&results), ["ok", "timed-out", "ok"]);
    let jobs = (0..2000).fold("time\n".to_string(), |jobs, at| jobs + &format!("{at}\n"));
    let some = event("0s", "3000s", "drop = { link = \"atlantic\", share = 0.1 }");
    let results = replay(&abroad(parts, &some), &jobs);
    let lost = outcomes(&results).iter().filter(|&&outcome| outcome == "timed-out").count();
    // There and back: 1 − 0.9².
    assert!((lost as f64 / 2000.0 - 0.19).abs() < 0.03, "{lost}");
    let found = problems(&abroad(parts, &event("0s", "1s", "drop = { link = \"app\", share = 0.1 }")));
    assert!(found.contains("`app` is a service"), "{found}");
}

#[test]
fn f4_what_is_sent_to_a_copy_is_kept_until_it_has_it() {
    let lag = |text: &str, jobs: &str| copies(&replay(text, jobs)).lag.max;
    // Committed at 2, sent when the partition is over, and a second under way.
    let cut = event("1.5s", "10s", PARTITION);
    assert_eq!(lag(&apart("lag = \"0s\"", &cut), "time,operation\n1,write\n"), Some(10.5));
    // Lost at 2, at 4 and at 6, and sent again at 8.
    let drop = event("1.5s", "5s", "drop = { link = \"atlantic\", share = 1.0 }");
    assert_eq!(lag(&apart("lag = \"0s\"", &drop), "time,operation\n1,write\n"), Some(7.0));
    // Committed at 2; the copy is back at 10.
    let crash = event("0s", "10s", "crash = \"orders.replica\"");
    assert_eq!(lag(&orders("lag = \"3s\"", &crash), "time,operation\n1,write\n"), Some(8.0));
    // The copy crashes while it applies it, for the second time at 3.
    let crash = event("3s", "10s", "crash = \"orders.replica\"");
    assert_eq!(lag(&orders("apply = \"2s\"", &crash), "time,operation\n1,write\n"), Some(13.0));
}

#[test]
fn f4_what_was_kept_is_sent_in_order() {
    let crash = event("0s", "10s", "crash = \"orders.replica\"");
    let text = orders("apply = \"2s\", reads = \"replicas\"", &crash);
    let results = replay(&text, "time,operation\n1,write\n2,write\n3,write\n15,read\n17,read\n");
    // At 15 two of three are applied.
    assert_eq!(reads(&results), (2.0, 1.0));
    assert_eq!(copies(&results).lag.max, Some(12.0));
}

#[test]
fn f5_a_synchronous_write_waits_for_a_copy_that_is_down_or_cut_off() {
    let crash = event("0s", "10s", "crash = \"orders.replica\"");
    let text = orders("mode = \"sync\"", &crash);
    assert_eq!(ends(&replay(&text, "time,operation\n1,write\n")), [11.0]);
    let hurried = text.replace("trace", "timeout = \"5s\"\ntrace");
    let results = replay(&hurried, "time,operation\n1,write\n20,write\n");
    assert_eq!(outcomes(&results), ["timed-out", "ok"]);
    let cut = event("0s", "10s", PARTITION);
    // A second under way, one to do it, one back.
    assert_eq!(ends(&replay(&apart("mode = \"sync\"", &cut), "time,operation\n1,write\n")), [13.0]);
    let semi = orders("mode = \"semi-sync\", replicas = 2", &crash.replace("replica", "replica[1]"));
    assert_eq!(ends(&replay(&semi, "time,operation\n1,write\n")), [2.0]);
}

#[test]
fn f6_a_quorum_needs_enough_nodes_on_its_side() {
    let quorum = |events: &str| orders("mode = \"quorum\", n = 3", events);
    let down = |node: u32| event("0s", "10s", &format!("crash = \"orders.replica[{node}]\""));
    let jobs = "time,operation\n1,write\n2,read\n";
    assert_eq!(outcomes(&replay(&quorum(&down(0)), jobs)), ["ok", "ok"]);
    let results = replay(&quorum(&(down(0) + &down(2))), jobs);
    assert_eq!((outcomes(&results), ends(&results)), (vec!["failed", "failed"], vec![1.0, 2.0]));
    // One node in Europe, two in America.
    let cut = event("0s", "100s", PARTITION);
    let minority =
        apart("mode = \"quorum\", n = 3", &cut).replace("[\"eu\", \"us\"]\nwrite", "[\"eu\", \"us\", \"us\"]\nwrite");
    let results = replay(&minority, jobs);
    assert_eq!((outcomes(&results), ends(&results)), (vec!["timed-out", "timed-out"], vec![21.0, 22.0]));
    let results = replay(&minority.replace("region = \"eu\"", "region = \"us\""), jobs);
    assert_eq!((outcomes(&results), reads(&results)), (vec!["ok", "ok"], (1.0, 0.0)));
}

#[test]
fn f7_several_primaries_go_on_by_themselves_and_collide() {
    let replication = "mode = \"multi-primary\", replicas = 2, lag = \"0s\", writes = \"nearest\", reads = \"nearest\"";
    let run = |events: &str| {
        let text = apart(replication, events);
        let other = "[workload.others]\nregion = \"us\"\nto = \"orders.write\"\ntrace = \"others.csv\"\n";
        let files = [("jobs.csv", "time,operation\n10,read\n"), ("others.csv", "time\n1\n5\n")];
        let both = text.replace(
            "[database",
            "[workload.mine]\nregion = \"eu\"\nto = \"orders.write\"\ntrace = \"mine.csv\"\n[database",
        );
        super::run(&format!("{both}{other}{ONCE}"), &[&files[..], &[("mine.csv", "time\n3\n")]].concat())
    };
    // Three seconds apart, they know of each other; a partition hides the others' writes from both.
    let results = run("");
    assert_eq!((copies(&results).conflicts, reads(&results)), (0, (1.0, 0.0)));
    let results = run(&event("0s", "20s", PARTITION));
    assert_eq!((copies(&results).conflicts, copies(&results).lost_writes, reads(&results)), (2, 2, (1.0, 1.0)));
    let results = run(&event("0s", "8s", PARTITION));
    assert_eq!((copies(&results).conflicts, reads(&results)), (2, (1.0, 0.0)));
}

#[test]
fn f8_without_failover_nothing_is_lost_with_a_primary_that_comes_back() {
    let crash = event("3s", "10s", "crash = \"orders.primary\"");
    let text = orders("lag = \"5s\", reads = \"replicas\"", &crash);
    let results = replay(&text, "time,operation\n0,write\n5,write\n12,read\n13,read\n");
    // Committed at 1, not yet sent at 3, sent at 13.
    assert_eq!(outcomes(&results), ["ok", "failed", "ok", "ok"]);
    assert_eq!((copies(&results).lag.max, copies(&results).lost_writes), (Some(12.0), 0));
    assert_eq!(reads(&results), (2.0, 1.0));
    // Of several primaries each has a log of its own.
    let several = "mode = \"multi-primary\", lag = \"5s\", writes = \"home\"";
    for (crashed, lag) in [("[0]", 12.0), ("[1]", 8.5)] {
        let text = orders(
            &several.replace("lag", "replicas = 3, lag"),
            &crash.replace(".primary", &format!(".primary{crashed}")),
        );
        let results = replay(&text, "time,operation\n0,write\n");
        assert_eq!(copies(&results).lag.mean.value, Some(lag), "{crashed}");
    }
    // What is on its way arrives.
    let sent = orders("write = \"5s\", apply = \"1s\"", &crash);
    assert_eq!(copies(&replay(&sent, "time,operation\n0,write\n")).lag.max, Some(6.0));
}

#[test]
fn f9_a_replica_becomes_primary_when_the_crash_has_been_noticed_and_a_while_later() {
    let crash = event("10s", "100s", "crash = \"orders.primary\"");
    let failover = "lag = \"0s\", replicas = 2, failover = { detect = \"10s\", promote = \"20s\" }";
    let results =
        replay(&orders(failover, &crash), "time,operation\n0,write\n10,write\n39.9,write\n40,write\n41,read\n");
    assert_eq!(outcomes(&results), ["ok", "failed", "failed", "ok", "ok"]);
    assert_eq!(ends(&results)[1..4], [10.0, 39.9, 41.0]);
    assert_eq!((copies(&results).failovers, copies(&results).lost_writes), (Some(1), 0));
    assert_eq!(copies(&results).unavailable_s.and_then(|time| time.value), Some(30.0));
    // Beats at 10, 12 and 14 are missed.
    let crash = event("9s", "100s", "crash = \"orders.primary\"");
    let beats = "lag = \"0s\", failover = { detect = { every = \"2s\", missed = 3 }, promote = \"1s\" }";
    let results = replay(&orders(beats, &crash), "time,operation\n14.9,write\n15,write\n");
    assert_eq!(outcomes(&results), ["failed", "ok"]);
}

#[test]
fn f9_each_shard_and_each_place_has_a_primary_of_its_own() {
    let crash = event("2s", "100s", "crash = \"orders[1].primary\"");
    let text = orders(&format!("lag = \"0s\", {FAILOVER}"), &crash)
        .replace("[database.orders]", "[database.orders]\nsharding = { shards = 2, by = \"modulo\" }");
    let jobs = "time,operation,key\n3,write,0\n3,write,1\n5,write,0\n5,write,1\n";
    assert_eq!(outcomes(&replay(&text, jobs)), ["ok", "failed", "ok", "ok"]);
    let crash = event("2s", "100s", "crash = \"eu\"");
    let results =
        replay(&apart(&format!("lag = \"0s\", {FAILOVER}"), &crash), "time,operation\n0,write\n5,write\n10,read\n");
    assert_eq!(ends(&results), [1.0, 8.0, 12.0]);
}

#[test]
fn f10_the_copy_that_is_up_and_has_most_becomes_primary() {
    // The first replica was down when the write was made, and has not had it when the primary is down.
    let events = |replica: &str| {
        event("0s", "11s", &format!("crash = \"orders.replica{replica}\""))
            + &event("10s", "100s", "crash = \"orders.primary\"")
    };
    let jobs = "time,operation\n2,write\n50,write\n";
    let results = replay(&orders(&format!("replicas = 2, {FAILOVER}"), &events("[0]")), jobs);
    assert_eq!((copies(&results).lost_writes, outcomes(&results)), (0, vec!["ok", "ok"]));
    let results = replay(&orders(&format!("replicas = 1, {FAILOVER}"), &events("")), jobs);
    assert_eq!((copies(&results).lost_writes, outcomes(&results)), (1, vec!["ok", "ok"]));
    // Under `sync` a copy that lacks something never becomes primary.
    let results = replay(&orders(&format!("replicas = 1, mode = \"sync\", {FAILOVER}"), &events("")), jobs);
    assert_eq!((copies(&results).lost_writes, outcomes(&results)), (0, vec!["ok", "failed"]));
    // The first of several that have the same.
    let second =
        event("20s", "5s", "crash = \"orders.replica[0]\"") + &event("10s", "100s", "crash = \"orders.primary\"");
    let results = replay(
        &orders(&format!("lag = \"0s\", replicas = 2, {FAILOVER}"), &second),
        "time,operation\n15,write\n21,write\n",
    );
    assert_eq!(outcomes(&results), ["ok", "failed"]);
}

#[test]
fn f11_what_the_new_primary_lacks_is_lost_and_nobody_misses_it() {
    let crash = event("3s", "10s", "crash = \"orders.primary\"");
    let text = |mode: &str| orders(&format!("{mode}lag = \"5s\", reads = \"any\", {FAILOVER}"), &crash);
    let jobs = "time,operation\n0,write\n6,read\n20,read\n20,read\n20,read\n20,read\n";
    let results = replay(&text(""), jobs);
    assert_eq!((copies(&results).lost_writes, copies(&results).failovers), (1, Some(1)));
    assert_eq!(reads(&results), (5.0, 0.0));
    // A synchronous write was not committed yet: it fails with the primary.
    let results = replay(&text("mode = \"sync\", "), jobs);
    assert_eq!((copies(&results).lost_writes, outcomes(&results)[0], ends(&results)[0]), (0, "failed", 3.0));
    // What is on its way is not lost.
    let sent = orders(&format!("write = \"1s\", apply = \"5s\", {FAILOVER}"), &crash);
    assert_eq!(copies(&replay(&sent, jobs)).lost_writes, 0);
}

#[test]
fn f11_the_old_primary_comes_back_as_a_replica_and_catches_up() {
    let events = event("3s", "10s", "crash = \"orders.primary\"") + &event("30s", "10s", "crash = \"orders.replica\"");
    let text = orders(&format!("lag = \"0s\", {FAILOVER}"), &events);
    let results = replay(&text, "time,operation\n0,write\n6,write\n31,write\n33,write\n35,read\n");
    assert_eq!(outcomes(&results), ["ok", "ok", "failed", "ok", "ok"]);
    assert_eq!((copies(&results).failovers, copies(&results).lost_writes, reads(&results)), (Some(2), 0, (1.0, 0.0)));
}

#[test]
fn f12_nobody_waits_for_a_copy_nor_reads_it_once_it_is_known_to_be_down() {
    let crash = event("0.2s", "50s", "crash = \"orders.replica[0]\"");
    let noticed = "failover = { detect = \"5s\", promote = \"1s\" }";
    let text = orders(&format!("mode = \"sync\", {noticed}"), &crash.replace("[0]", ""));
    assert_eq!(ends(&replay(&text, "time,operation\n0,write\n6,write\n")), [5.2, 7.0]);
    let reading = format!("lag = \"0s\", replicas = 2, reads = \"replicas\", balance = \"round-robin\", {noticed}");
    let jobs = "time,operation\n1,read\n1,read\n6,read\n6,read\n6,read\n6,read\n";
    assert_eq!(outcomes(&replay(&orders(&reading, &crash), jobs)), ["failed", "ok", "ok", "ok", "ok", "ok"]);
    // The copy is back at 50.2 s, and has applied the write 5 s later.
    let late =
        orders(&format!("mode = \"sync\", apply = \"5s\", reads = \"replicas\", {noticed}"), &crash.replace("[0]", ""));
    let results = replay(&late, "time,operation\n10,write\n52,read\n56,read\n");
    assert_eq!((ends(&results)[0], reads(&results)), (11.0, (2.0, 1.0)));
    // If no replica is left the primary is read.
    let alone = format!("lag = \"0s\", reads = \"replicas\", {noticed}");
    let results = replay(&orders(&alone, &crash.replace("[0]", "")), jobs);
    assert_eq!(outcomes(&results), ["failed", "failed", "ok", "ok", "ok", "ok"]);
}

#[test]
fn f13_a_primary_that_is_back_in_time_stays_and_only_crashes_count() {
    let failover = "lag = \"0s\", failover = { detect = \"1s\", promote = \"20s\" }";
    let jobs = "time,operation\n0,write\n20,write\n40,write\n";
    for (what, length) in [("crash = \"orders.primary\"", "5s"), ("pause = \"orders.primary\"", "15s")] {
        let results = replay(&orders(failover, &event("10s", length, what)), jobs);
        assert_eq!((outcomes(&results), copies(&results).failovers), (vec!["ok", "ok", "ok"], Some(0)), "{what}");
    }
    let results = replay(&apart(failover, &event("10s", "100s", PARTITION)), jobs);
    assert_eq!((outcomes(&results), copies(&results).failovers), (vec!["ok", "ok", "ok"], Some(0)));
}

#[test]
fn f14_a_silent_crash_is_noticed_as_any_other_and_who_asks_meanwhile_hears_nothing() {
    let crash = event("10s", "100s", "crash = { what = \"orders.primary\", silent = true }");
    let text = orders(&format!("lag = \"0s\", {FAILOVER}"), &crash).replace("trace", "timeout = \"3s\"\ntrace");
    let results = replay(&text, "time,operation\n11,write\n12,write\n");
    assert_eq!((outcomes(&results), ends(&results)), (vec!["timed-out", "ok"], vec![14.0, 13.0]));
}

#[test]
fn f15_failover_needs_one_primary_and_somebody_to_take_its_place() {
    for (replication, problem) in [
        ("mode = \"quorum\"", "`failover` means nothing"),
        ("mode = \"multi-primary\"", "`failover` means nothing"),
        ("replicas = 0", "no replica"),
    ] {
        let found = problems(&orders(&format!("{replication}, {FAILOVER}"), ""));
        assert!(found.contains(problem), "{replication}: {found}");
    }
}
