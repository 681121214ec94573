use super::*;

/// One service, `app`, that asks the station `leaf` many times at once.
fn fan(keys: &str, leaf: &str) -> String {
    app(&format!(
        "steps = [{{ fan-out = {{ to = \"leaf\", {keys} }} }}]\n[station.leaf]\nservice-time = \"1s\"\n{leaf}\n"
    ))
}

/// Visits to each of the leaf's replicas.
fn visits(results: &Results, replicas: usize) -> Vec<f64> {
    (0..replicas).map(|replica| served(results, &format!("leaf[{replica}]"))).collect()
}

#[test]
fn o7_targets_differ_while_there_are_enough() {
    let results = replay(&fan("count = 2", "replicas = 3"), "time\n0\n");
    assert_eq!(ends(&results), [1.0]);
    let results = replay(&fan("count = 7", "replicas = 3"), "time\n0\n");
    assert_eq!(ends(&results), [3.0]);
    let mut visits = visits(&results, 3);
    visits.sort_by(f64::total_cmp);
    assert_eq!(visits, [2.0, 2.0, 3.0]);
}

#[test]
fn o7_who_gets_more_is_drawn_at_random() {
    let times: String = (0..600).map(|time| format!("{}\n", 10 * time)).collect();
    for (count, each) in [(2, 400.0), (5, 1000.0)] {
        let keys = format!("replicas = 3\nbalance = \"round-robin\"\nservers = {count}");
        let results = replay(&fan(&format!("count = {count}"), &keys), &format!("time\n{times}"));
        for visits in visits(&results, 3) {
            // Five standard deviations of 600 draws with probability 2/3.
            assert!(f64::abs(visits - each) < 58.0, "{visits} of {each}");
        }
    }
}

#[test]
fn o8_without_a_count_everyone_is_asked() {
    let results = replay(&fan("", "replicas = 3"), "time\n0\n0\n");
    assert_eq!(ends(&results), [1.0, 2.0]);
    assert_eq!(visits(&results, 3), [2.0, 2.0, 2.0]);
}

#[test]
fn o9_goes_on_with_the_last_answer_that_is_needed() {
    // Three calls to one server: the answers come one after the other.
    assert_eq!(ends(&replay(&fan("count = 3", ""), "time\n0\n")), [3.0]);
    assert_eq!(ends(&replay(&fan("count = 3, need = 2", ""), "time\n0\n")), [2.0]);
    // With the first answer the server has turned to the second call already; the third waits.
    for (losers, visits) in [("abandon", 3.0), ("cancel-queued", 2.0), ("cancel", 1.0)] {
        let results = replay(&fan(&format!("count = 3, need = 1, losers = \"{losers}\""), ""), "time\n0\n");
        assert_eq!(ends(&results), [1.0], "{losers}");
        assert_eq!(served(&results, "leaf"), visits, "{losers}");
        assert_eq!(results.scenario.duration_s, visits, "{losers}");
    }
}

#[test]
fn o10_fails_when_too_few_are_left() {
    let one_fits = "capacity = 1";
    let results = replay(&fan("count = 2", one_fits), "time\n0\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![0.0], vec!["rejected"]));
    let results = replay(&fan("count = 2, need = 1", one_fits), "time\n0\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![1.0], vec!["ok"]));
}

#[test]
fn o8_one_shard_is_one_call() {
    for more in ["", "replication = { mode = \"async\", replicas = 2, lag = \"1s\", reads = \"any\" }"] {
        for shards in [1, 2] {
            let results = replay(
                &app(&format!(
                    "steps = [{{ fan-out = {{ to = \"store\" }} }}]\n[database.store]\nread = [{{ visit = \"disk\" }}]\n\
                     sharding = {{ shards = {shards}, by = \"hash\" }}\n{more}\n\
                     [station.disk]\nservers = \"infinite\"\nservice-time = \"1s\"\n"
                )),
                "time\n0\n",
            );
            assert_eq!((ends(&results), served(&results, "disk")), (vec![1.0], f64::from(shards)), "{more}");
        }
    }
}
