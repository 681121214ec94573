use super::*;
use knee::experiment::results::CallResult;

/// A workload that calls `work` with these options, and what is behind it.
fn call(options: &str, parts: &str) -> String {
    app(&format!("steps = [{{ call = {{ to = \"work\", {options} }} }}]\n{parts}"))
}

fn counted(results: &Results) -> &CallResult {
    &results.calls["app -> work"]
}

const SLOW: &str = "[service.work]\nsteps = [{ wait = \"10s\" }]\n";
const BROKEN: &str = "[service.work]\nsteps = [{ fail = 1.0 }]\n";
/// The first call takes 10 s, the second 2 s, and so on.
const IN_TURN: &str = "[balancer.work]\nto = [\"slow\", \"fast\"]\npolicy = \"round-robin\"\n\
                       [service.slow]\nsteps = [{ wait = \"10s\" }]\n[service.fast]\nsteps = [{ wait = \"2s\" }]\n";

/// One server, `desk`, that a blocker keeps busy for so long; whoever else comes then is rejected.
fn run_full(seconds: f64, workload: &str, jobs: &str) -> Results {
    let text = format!(
        "[workload.blocker]\nto = \"desk\"\ntrace = \"blocker.csv\"\n\
         [workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n{workload}\n[station.desk]\ncapacity = 1\n{ONCE}"
    );
    let blocker = format!("time,service-time\n0,{seconds}\n");
    run(&text, &[("blocker.csv", &blocker), ("jobs.csv", jobs)])
}

/// Requests at these seconds, each of so short a service.
fn jobs_at(times: impl IntoIterator<Item = f64>) -> String {
    times.into_iter().fold("time,service-time\n".to_string(), |text, time| text + &format!("{time},0.001\n"))
}

fn outcomes_of(results: &Results, workload: &str) -> Vec<&'static str> {
    results.jobs.iter().filter(|job| job.workload == workload).map(|job| job.outcome).collect()
}

#[test]
fn k1_the_shells_of_a_call_from_outside_in() {
    // A timeout each attempt, hedges within it, retries around both, one deadline and one fallback for all.
    let options = "timeout = \"3s\", hedge = { after = \"1s\" }, retry = { attempts = 5 }, deadline = \"7s\", \
                   breaker = { consecutive = { failures = 2, open = \"1s\" } }, fallback = [{ wait = \"1s\" }]";
    let results = replay(&call(options, SLOW), "time\n0\n");
    // Two attempts time out and open the breaker, which rejects the other three at once; then the fallback.
    assert_eq!(ends(&results), [7.0]);
    assert_eq!(outcomes(&results), ["ok"]);
    let counted = counted(&results);
    assert_eq!((counted.attempts, counted.hedges, counted.breaker_rejected, counted.fallbacks), (5, 2, 3, 1));
}

#[test]
fn k1_a_deadline_without_retries_is_a_timeout_to_the_breaker() {
    let breaker = "breaker = { consecutive = { failures = 1, open = \"9s\" } }";
    let results = replay(&call(&format!("deadline = \"1s\", {breaker}"), SLOW), "time\n0\n2\n");
    assert_eq!(outcomes(&results), ["timed-out", "rejected"]);
}

#[test]
fn k2_a_retry_needs_what_first_attempts_have_saved() {
    let options = "retry = { attempts = 2, budget = { ratio = 0.5, burst = 1 } }";
    let results = replay(&call(options, BROKEN), "time\n0\n1\n2\n3\n4\n");
    // One is there at the start, and every second call brings another one.
    let counted = counted(&results);
    assert_eq!((counted.calls, counted.retries, counted.retries_denied), (5, 3, 2));
    assert_eq!(outcomes(&results), ["failed"; 5]);
}

#[test]
fn k2_a_budget_written_as_a_share_saves_up_ten() {
    for budget in ["0.0", "\"0%\"", "{ ratio = 0.0 }", "{ ratio = 0.0, burst = 10 }"] {
        let options = format!("retry = {{ attempts = \"unlimited\", budget = {budget} }}");
        let results = replay(&call(&options, BROKEN), "time\n0\n1\n");
        let counted = counted(&results);
        assert_eq!((counted.retries, counted.retries_denied), (10, 2), "{budget}");
    }
}

#[test]
fn k3_each_replica_of_the_caller_remembers_for_itself() {
    let options = "breaker = { consecutive = { failures = 1, open = \"100s\" } }";
    let keys =
        format!("replicas = 2\nbalance = \"round-robin\"\nsteps = [{{ call = {{ to = \"work\", {options} }} }}]");
    let results = replay(&app(&format!("{keys}\n{BROKEN}")), "time\n0\n1\n2\n3\n");
    assert_eq!(outcomes(&results), ["failed", "failed", "rejected", "rejected"]);
}

#[test]
fn k3_a_workload_is_one_client_and_each_step_is_another() {
    let breaker = "breaker = { consecutive = { failures = 1, open = \"100s\" } }";
    let operations = "[service.app.operation.a]\nsteps = [{ fail = 1.0 }]\n\
                      [service.app.operation.b]\nsteps = [{ fail = 1.0 }]\n";
    let text = format!(
        "[workload.jobs]\nto = \"app\"\noperations = {{ a = 0.5, b = 0.5 }}\ntrace = \"jobs.csv\"\n{breaker}\n{operations}"
    );
    let results = replay(&text, "time,operation\n0,a\n1,b\n2,a\n");
    assert_eq!(outcomes(&results), ["failed", "rejected", "rejected"]);
    assert_eq!(results.calls["jobs -> app"].calls, 3);
    let step = format!("{{ call = {{ to = \"work\", {breaker}, fallback = [] }} }}");
    let results = replay(&app(&format!("steps = [{step}, {step}]\n{BROKEN}")), "time\n0\n");
    assert_eq!(results.calls.keys().collect::<Vec<_>>(), ["app -> work", "app -> work (2)"]);
    assert!(results.calls.values().all(|call| call.breaker_opened == 1 && call.breaker_rejected == 0));
}

#[test]
fn k4_a_copy_is_sent_when_there_is_no_answer() {
    let results = replay(&call("hedge = { after = \"3s\" }", IN_TURN), "time\n0\n");
    assert_eq!(ends(&results), [5.0]);
    assert_eq!((counted(&results).hedges, counted(&results).hedge_wins), (1, 1));
    let work = "[service.work]\nreplicas = 9\nsteps = [{ wait = \"10s\" }]\n";
    for (most, after, copies) in [(1, "4s", 1), (2, "4s", 2), (5, "4s", 2), (3, "3s", 3), (4, "2.5s", 3), (1, "10s", 0)]
    {
        let results = replay(&call(&format!("hedge = {{ after = \"{after}\", most = {most} }}"), work), "time\n0\n");
        assert_eq!(counted(&results).hedges, copies, "{most} after {after}");
        assert_eq!(ends(&results), [10.0]);
    }
}

#[test]
fn k4_an_attempt_is_one_whatever_its_copies() {
    let options = "hedge = { after = \"1s\" }, timeout = \"4s\", retry = { attempts = 2 }";
    let results = replay(&call(options, SLOW), "time\n0\n");
    assert_eq!(ends(&results), [8.0]);
    assert_eq!((counted(&results).attempts, counted(&results).hedges), (2, 2));
    let workload = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\nhedge = { after = \"1s\" }\n\
                    [station.desk]\nreplicas = 2\nservice-time = \"3s\"\n";
    let results = replay(workload, "time\n0\n");
    assert_eq!((ends(&results), served(&results, "desk")), (vec![3.0], 2.0));
    assert_eq!(results.workloads["jobs"].offered.value, Some(1.0 / results.scenario.duration_s));
}

#[test]
fn k5_copies_go_to_different_targets() {
    for balance in ["random", "round-robin", "least-outstanding", "consistent-hash", "join-shortest-queue"] {
        let text = format!(
            "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\nhedge = {{ after = \"1s\", most = 3 }}\n\
             [station.desk]\nreplicas = 3\nbalance = \"{balance}\"\nservice-time = \"10s\"\n"
        );
        // The fourth copy waits behind the one of its target.
        let results = replay(&text, "time,key\n0,7\n");
        assert_eq!(ends(&results), [10.0], "{balance}");
        assert!(results.scenario.duration_s > 12.0, "{balance}");
        for replica in 0..3 {
            assert!(served(&results, &format!("desk[{replica}]")) >= 1.0, "{balance}");
        }
    }
}

#[test]
fn k6_a_failure_decides_when_no_copy_is_left() {
    let parts = |first: &str, second: &str| {
        format!(
            "[balancer.work]\nto = [\"one\", \"two\"]\npolicy = \"round-robin\"\n\
             [service.one]\nsteps = [{first}]\n[service.two]\nsteps = [{second}]\n"
        )
    };
    let fails = |after: &str| format!("{{ wait = \"{after}\" }}, {{ fail = 1.0 }}");
    for (first, second, end, outcome, hedges) in [
        (fails("1s"), "{ wait = \"1s\" }".to_string(), 1.0, "failed", 0),
        (fails("3s"), "{ wait = \"5s\" }".to_string(), 7.0, "ok", 1),
        ("{ wait = \"5s\" }".to_string(), fails("1s"), 5.0, "ok", 1),
        (fails("3s"), fails("4s"), 6.0, "failed", 1),
    ] {
        let results = replay(&call("hedge = { after = \"2s\" }", &parts(&first, &second)), "time\n0\n");
        assert_eq!((ends(&results), outcomes(&results)), (vec![end], vec![outcome]), "{first} and {second}");
        assert_eq!(counted(&results).hedges, hedges, "{first} and {second}");
    }
}

#[test]
fn k7_what_becomes_of_the_copies_under_way() {
    for (losers, duration) in [("", 10.0), (", losers = \"abandon\"", 10.0), (", losers = \"cancel\"", 5.0)] {
        let options = format!("hedge = {{ after = \"3s\"{losers} }}");
        let results = replay(&call(&options, IN_TURN), "time\n0\n");
        assert_eq!((ends(&results), results.scenario.duration_s), (vec![5.0], duration), "{losers}");
    }
    // Who gives up further out decides.
    let options = "hedge = { after = \"3s\" }, timeout = \"4s\", losers = \"cancel\"";
    let results = replay(&call(options, IN_TURN), "time\n0\n");
    assert_eq!((ends(&results), results.scenario.duration_s), (vec![4.0], 4.0));
    // Only what waits is taken out.
    let text = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n\
                hedge = { after = \"1s\", losers = \"cancel-queued\" }\n\
                [station.desk]\nreplicas = 2\nbalance = \"round-robin\"\n";
    let results = replay(text, "time,service-time\n0,4\n0,3\n");
    // The second one's copy never begins; the first one's does, at 3 s.
    assert_eq!((ends(&results), results.scenario.duration_s), (vec![4.0, 3.0], 7.0));
    assert_eq!(served(&results, "desk"), 3.0);
}

#[test]
fn k8_a_percentile_of_what_first_copies_took() {
    let work = "[service.work]\nreplicas = 2\nsteps = [{ wait = { uniform = [\"0s\", \"1s\"] } }]\n";
    for losers in ["abandon", "cancel"] {
        let options = format!("hedge = {{ after = \"p90\", losers = \"{losers}\" }}");
        let times: String = (0..5000).map(|second| format!("{}\n", second * 2)).collect();
        let results = replay(&call(&options, work), &format!("time\n{times}"));
        let counted = counted(&results);
        // Five standard deviations of the share, and what the estimate of a percentile adds.
        let share = counted.hedges as f64 / 4900.0;
        assert!((share - 0.1).abs() < 0.025, "{losers}: {share}");
    }
    let times: String = (0..100).map(|second| format!("{}\n", second * 2)).collect();
    let results = replay(&call("hedge = { after = \"p50\" }", work), &format!("time\n{times}"));
    assert_eq!(counted(&results).hedges, 0);
}

#[test]
fn k9_a_breaker_opens_after_failures_in_a_row() {
    let breaker = "breaker = { consecutive = { failures = 3, open = \"2s\" } }";
    // Full until 3.5 s: rejected at 1, 2 and 3 s, and the breaker is open from 3 to 5 s.
    let results = run_full(3.5, breaker, &jobs_at([1.0, 2.0, 3.0, 4.0, 4.9, 5.0, 6.0]));
    assert_eq!(outcomes_of(&results, "jobs"), ["rejected", "rejected", "rejected", "rejected", "rejected", "ok", "ok"]);
    let counted = &results.calls["jobs -> desk"];
    assert_eq!((counted.breaker_rejected, counted.breaker_opened), (2, 1));
    assert_eq!(results.stations.get("desk").and_then(|desk| desk.rejected), Some(3));
}

#[test]
fn k10_a_breaker_opens_when_too_large_a_share_fails() {
    let breaker = "breaker = { ratio = { threshold = 0.5, window = \"10s\", minimum = 4, open = \"100s\" } }";
    let opened = |results: &Results| results.calls["jobs -> desk"].breaker_opened;
    let rejected = |results: &Results| results.calls["jobs -> desk"].breaker_rejected;
    // Too few, then enough.
    let results = run_full(50.0, breaker, &jobs_at([1.0, 2.0, 3.0, 4.0, 5.0]));
    assert_eq!((opened(&results), rejected(&results)), (1, 1));
    // Those that are a window old do not count any more.
    let results = run_full(50.0, breaker, &jobs_at([1.0, 2.0, 3.0, 14.0, 15.0, 16.0]));
    assert_eq!((opened(&results), rejected(&results)), (0, 0));
    // Fewer than half fail.
    let results = run_full(50.0, breaker, &jobs_at([45.0, 46.0, 47.0, 51.0, 52.0, 53.0, 54.0]));
    assert_eq!((opened(&results), rejected(&results)), (0, 0));
}

#[test]
fn k11_probes_decide_whether_it_closes() {
    let full = "breaker = { consecutive = { failures = 1, open = \"2s\", probes = 1 } }";
    // Opens at 1 s, probes in vain at 3 s and 5 s, and with success at 7 s.
    let results = run_full(6.0, full, &jobs_at([1.0, 2.0, 3.0, 4.0, 5.0, 6.5, 7.0, 7.5]));
    let counted = &results.calls["jobs -> desk"];
    assert_eq!((counted.breaker_rejected, counted.breaker_opened), (3, 3));
    assert_eq!(outcomes_of(&results, "jobs")[5..], ["rejected", "ok", "ok"]);
    // Of three at once two are let through, and only one of them finds room.
    let two = full.replace("probes = 1", "probes = 2");
    let results = run_full(2.0, &two, &jobs_at([1.0, 3.0, 3.0, 3.0]));
    let counted = &results.calls["jobs -> desk"];
    assert_eq!((counted.breaker_rejected, counted.breaker_opened), (1, 2));
}

#[test]
fn k12_late_news_and_those_who_give_up_count_for_nothing() {
    let breaker = "breaker = { consecutive = { failures = 1, open = \"2s\" } }";
    // Ten seconds of work; the first fails at 10 s, the second at 10.5 s, when the breaker is open already.
    let parts = "[service.work]\nsteps = [{ wait = \"10s\" }, { fail = 1.0 }]\n";
    let results = replay(&call(breaker, parts), "time\n0\n0.5\n11\n");
    assert_eq!(outcomes(&results), ["failed", "failed", "rejected"]);
    assert_eq!(counted(&results).breaker_opened, 1);
    // The caller's caller gives up on a call: the breaker has seen no failure.
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\ntimeout = \"1s\"\nlosers = \"cancel\"\n";
    let text = format!("{text}[service.app]\nsteps = [{{ call = {{ to = \"work\", {breaker} }} }}]\n{SLOW}");
    let results = replay(&text, "time\n0\n2\n");
    assert_eq!(outcomes(&results), ["timed-out", "timed-out"]);
    assert_eq!(counted(&results).breaker_opened, 0);
}

#[test]
fn k13_a_fallback_is_done_instead() {
    for (options, end, outcome) in [
        ("fallback = []", 0.0, "ok"),
        ("fallback = [{ wait = \"2s\" }]", 2.0, "ok"),
        ("fallback = [{ wait = \"2s\" }], retry = { attempts = 3, backoff = { delay = \"1s\" } }", 4.0, "ok"),
        ("fallback = [{ wait = \"1s\" }, { fail = 1.0 }]", 1.0, "failed"),
    ] {
        let results = replay(&call(options, BROKEN), "time\n0\n");
        assert_eq!((ends(&results), outcomes(&results)), (vec![end], vec![outcome]), "{options}");
        assert_eq!(counted(&results).fallbacks, 1, "{options}");
    }
    let results =
        replay(&call("fallback = [{ wait = \"2s\" }]", "[service.work]\nsteps = [{ wait = \"1s\" }]\n"), "time\n0\n");
    assert_eq!((ends(&results), counted(&results).fallbacks), (vec![1.0], 0));
}

#[test]
fn k13_a_workload_has_no_fallback() {
    let text = "[workload.jobs]\nto = \"desk\"\narrivals = { poisson = \"1/s\" }\nfallback = []\n\
                [station.desk]\nservice-time = \"1s\"\n";
    assert!(problems(text).contains("fallback"), "{}", problems(text));
}

#[test]
fn k14_work_whose_deadline_has_passed_never_begins() {
    let steps = "[service.work]\nsteps = [{ visit = \"desk\" }, { visit = \"desk\" }]\n\
                 [station.desk]\nservice-time = \"4s\"\n";
    for (deadline, duration, visits, late) in [
        ("\"5s\"", 16.0, 4.0, 0),
        // At 5 s the second request is being served, and the first waits for its second visit.
        ("{ time = \"5s\", propagate = true }", 8.0, 2.0, 2),
    ] {
        let results = replay(&call(&format!("deadline = {deadline}"), steps), "time\n0\n0\n");
        assert_eq!((ends(&results), outcomes(&results)), (vec![5.0, 5.0], vec!["timed-out"; 2]));
        assert_eq!((results.scenario.duration_s, served(&results, "desk")), (duration, visits), "{deadline}");
        assert_eq!(results.calls.get("app -> work").map_or(0, |call| call.expired), late, "{deadline}");
        assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law);
    }
}

#[test]
fn k14_attempts_that_were_abandoned_and_arms_are_dropped_too() {
    let deadline = "deadline = { time = \"5s\", propagate = true }";
    let steps =
        "[service.work]\nsteps = [{ hold = { of = \"seat\", steps = [{ wait = \"4s\" }] } }]\n[pool.seat]\nsize = 1\n";
    let options = format!("{deadline}, timeout = \"2s\", retry = {{ attempts = 5 }}");
    let results = replay(&call(&options, steps), "time\n0\n");
    // The first attempt has the seat until 4 s, the second until 8 s, the third waits in vain.
    assert_eq!((ends(&results), results.scenario.duration_s), (vec![5.0], 8.0));
    assert_eq!(counted(&results).expired, 2);
    let arm = "[{ visit = \"desk\" }, { visit = \"desk\" }]";
    let parts = format!(
        "[service.work]\nsteps = [{{ parallel = [{arm}, {arm}, {arm}] }}]\n[station.desk]\nservice-time = \"3s\"\n"
    );
    let results = replay(&call(deadline, &parts), "time\n0\n");
    assert_eq!((results.scenario.duration_s, served(&results, "desk")), (6.0, 2.0));
}

#[test]
fn k15_what_is_counted_of_calls() {
    let options = "retry = { attempts = 4 }, breaker = { consecutive = { failures = 2, open = \"1s\" } }";
    let results = replay(&call(options, BROKEN), "time\n0\n");
    let counted = counted(&results);
    assert_eq!((counted.calls, counted.attempts, counted.retries, counted.breaker_rejected), (1, 4, 3, 2));
    assert_eq!(counted.attempts_per_call.value, Some(4.0));
    let plain = replay(&call("timeout = \"1s\"", BROKEN), "time\n0\n");
    assert!(plain.calls.is_empty());
}

#[test]
fn k14_what_is_granted_at_the_deadline_is_given_back() {
    let arms = "[{ visit = \"desk\" }], [{ hold = { of = \"seat\", steps = [{ visit = \"desk\" }] } }], \
                [{ hold = { of = \"seat\", steps = [{ wait = \"1s\" }] } }]";
    let text = format!(
        "[workload.jobs]\nto = \"app\"\noperations = {{ a = 0.5, b = 0.5 }}\ntrace = \"jobs.csv\"\n\
         [service.app.operation.a]\n\
         steps = [{{ call = {{ to = \"work\", deadline = {{ time = \"5s\", propagate = true }} }} }}]\n\
         [service.app.operation.b]\nsteps = [{{ hold = {{ of = \"seat\", steps = [{{ wait = \"1s\" }}] }} }}]\n\
         [service.work]\nsteps = [{{ parallel = [{arms}] }}]\n\
         [station.desk]\nservice-time = \"10s\"\n[pool.seat]\nsize = 1\n"
    );
    let results = replay(&text, "time,operation\n0,a\n20,b\n");
    assert_eq!(ends(&results), [5.0, 21.0]);
    assert_eq!(served(&results, "desk"), 1.0);
}
