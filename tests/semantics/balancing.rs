use super::*;

/// Two workloads, `a` and `b`, that call the replicas of `farm` themselves.
fn farm(keys: &str, a: &str, b: &str) -> Results {
    let workload = |name: &str| format!("[workload.{name}]\nto = \"farm\"\ntrace = \"{name}.csv\"\n");
    let text = format!("{}{}[station.farm]\n{keys}\n{ONCE}", workload("a"), workload("b"));
    run(&text, &[("a.csv", a), ("b.csv", b)])
}

/// `a` keeps one of two replicas busy for long; `b` sends 40 short jobs, one after the other.
fn beside_a_long_job(policy: &str) -> Vec<f64> {
    let mut jobs = String::from("time,service-time\n");
    (1..=40).for_each(|second| jobs.push_str(&format!("{second},0.5\n")));
    let keys = format!("replicas = 2\nbalance = \"{policy}\"");
    ends_of(&farm(&keys, "time,service-time\n0,1000\n", &jobs), "b")
}

#[test]
fn s50_a_caller_knows_only_its_own_requests() {
    let ends = beside_a_long_job("least-outstanding");
    // After the first one that is stuck, the caller knows better.
    assert_eq!(ends.iter().filter(|&&end| end > 1000.0).count(), 1);
}

#[test]
fn s50_a_call_that_has_failed_is_not_outstanding() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\noperations = { long = 0.5, bad = 0.5 }\n\
                [service.app]\nreplicas = 2\nthreads = 9\nbalance = \"least-outstanding\"\n\
                [service.app.operation.long]\nsteps = [{ wait = \"100s\" }]\n\
                [service.app.operation.bad]\nsteps = [{ fail = 1.0 }]\n";
    let bad: String = (1..=20).map(|second| format!("{second},bad\n")).collect();
    let results = replay(text, &format!("time,operation\n0,long\n{bad}"));
    let mut served = [0, 1].map(|replica| served(&results, &format!("app[{replica}].threads")));
    served.sort_by(f64::total_cmp);
    assert_eq!(served, [1.0, 20.0]);
}

#[test]
fn s51_the_true_number_in_system_is_everybodys() {
    for policy in ["join-shortest-queue", "join-idle-queue", "power-of-two"] {
        assert!(beside_a_long_job(policy).iter().all(|&end| end < 41.0), "{policy}");
    }
}

#[test]
fn s51_a_service_counts_those_with_a_thread_and_those_waiting() {
    let keys = "threads = 1\nreplicas = 2\nbalance = \"join-shortest-queue\"\nsteps = [{ wait = \"4s\" }]";
    let results = replay(&app(keys), "time\n0\n1\n2\n3\n");
    let mut ends = ends(&results);
    ends.sort_by(f64::total_cmp);
    assert_eq!(ends, [4.0, 5.0, 8.0, 9.0]);
}

#[test]
fn s52_ties_are_broken_evenly() {
    let rows: String = (0..4000).map(|second| format!("{second}\n")).collect();
    let keys = "replicas = 4\nservice-time = \"0s\"\nbalance = \"join-shortest-queue\"";
    let results = replay(&desk(keys), &format!("time\n{rows}"));
    for replica in 0..4 {
        let share = served(&results, &format!("desk[{replica}]"));
        // Binomial: 5 standard deviations of 27.4.
        assert!((share - 1000.0).abs() < 137.0, "{share}");
    }
}

#[test]
fn s53_round_robin_has_one_pointer_for_all_callers() {
    let keys = "replicas = 2\nservice-time = \"100ms\"\nbalance = \"round-robin\"";
    let results = farm(keys, "time\n0\n", "time\n1\n");
    assert_eq!((served(&results, "farm[0]"), served(&results, "farm[1]")), (1.0, 1.0));
}

#[test]
fn s54_a_balancers_policy_replaces_its_targets_own() {
    let text = "[workload.jobs]\nto = \"edge\"\ntrace = \"jobs.csv\"\n\
                [balancer.edge]\nto = [\"b\", \"a\"]\npolicy = \"round-robin\"\n\
                [station.a]\nreplicas = 2\nbalance = \"random\"\nservice-time = \"1s\"\n\
                [station.b]\nservice-time = \"3s\"\n";
    let results = replay(text, "time\n0\n10\n20\n30\n40\n50\n");
    assert_eq!(ends(&results), [3.0, 11.0, 21.0, 33.0, 41.0, 51.0]);
    assert_eq!((served(&results, "a[0]"), served(&results, "a[1]"), served(&results, "b")), (2.0, 2.0, 2.0));
}

#[test]
fn s54_a_balancer_may_stand_behind_a_balancer() {
    let text = "[workload.jobs]\nto = \"edge\"\ntrace = \"jobs.csv\"\n\
                [balancer.edge]\nto = [\"inner\", \"other\"]\npolicy = \"round-robin\"\n\
                [balancer.inner]\nto = [\"a\", \"b\"]\npolicy = \"round-robin\"\n\
                [station.a]\nservice-time = \"1s\"\n[station.b]\nservice-time = \"1s\"\n\
                [station.other]\nservice-time = \"1s\"\n";
    let results = replay(text, "time\n0\n10\n20\n30\n");
    assert_eq!((served(&results, "a"), served(&results, "b"), served(&results, "other")), (1.0, 1.0, 2.0));
}

#[test]
fn s55_weighted_turns_are_spread_over_the_round() {
    let text = "[workload.jobs]\nto = \"edge\"\ntrace = \"jobs.csv\"\n\
                [balancer.edge]\nto = [\"a\", \"b\", \"c\"]\npolicy = { weighted = { a = 5, b = 1, c = 1 } }\n\
                [station.a]\nservice-time = \"1s\"\n[station.b]\nservice-time = \"2s\"\n[station.c]\nservice-time = \"3s\"\n";
    let results = replay(text, "time\n0\n10\n20\n30\n40\n50\n60\n");
    let took: Vec<f64> = results.jobs.iter().map(|job| job.ended_s - job.issued_s).collect();
    assert_eq!(took, [1.0, 1.0, 2.0, 1.0, 3.0, 1.0, 1.0]);
}

#[test]
fn s56_sticky_goes_by_the_key() {
    let keys = "replicas = 4\nservice-time = \"1s\"\nbalance = \"sticky\"";
    let results = replay(&desk(keys), "time,key\n0,7\n0,7\n0,7\n0,7\n");
    assert_eq!(ends(&results), [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn s56_each_key_has_a_target_of_its_own() {
    let by = |balance: &str| {
        let keys = format!("replicas = 3\nservice-time = \"1s\"\nbalance = {balance}");
        let results = replay(&desk(&keys), "time,key\n0,0\n0,1\n0,2\n0,3\n0,4\n0,5\n0,0\n");
        [0, 1, 2].map(|replica| served(&results, &format!("desk[{replica}]")))
    };
    assert_eq!(by("\"modulo\""), [3.0, 2.0, 2.0]);
    assert_eq!(by("{ range = { keys = 9 } }"), [4.0, 3.0, 0.0]);
    assert_eq!(by("\"hash\""), by("\"sticky\""));
    for word in ["\"hash\"", "\"consistent-hash\"", "{ range = { keys = 3 } }"] {
        let one = format!("replicas = 3\nservice-time = \"1s\"\nbalance = {word}");
        assert_eq!(ends(&replay(&desk(&one), "time,key\n0,2\n0,2\n0,2\n")), [1.0, 2.0, 3.0], "{word}");
    }
}

#[test]
fn s56_a_bounded_load_sends_on_to_others() {
    let one = "replicas = 3\nservice-time = \"1s\"\nbalance = \"bounded-load-hash\"";
    let results = replay(&desk(one), "time,key\n0,2\n0,2\n0,2\n0,2\n");
    // Bounds of ⌈1.25 · 1 / 3⌉, ⌈1.25 · 2 / 3⌉, ⌈1.25 · 3 / 3⌉ = 2 and ⌈1.25 · 4 / 3⌉ = 2 customers.
    assert_eq!(ends(&results), [1.0, 1.0, 2.0, 2.0]);
}

#[test]
fn s57_the_choice_is_random_unless_said_otherwise() {
    let rows: String = (0..50).map(|second| format!("{second},0.5\n")).collect();
    let run = |balance: &str| {
        let results = replay(&desk(&format!("replicas = 3\n{balance}")), &format!("time,service-time\n{rows}"));
        [0, 1, 2].map(|replica| served(&results, &format!("desk[{replica}]")))
    };
    assert_eq!(run(""), run("balance = \"random\""));
}
