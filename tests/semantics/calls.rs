use super::*;

/// A workload that calls `work` with these options, and what is behind it.
fn call(options: &str, parts: &str) -> String {
    app(&format!("steps = [{{ call = {{ to = \"work\", {options} }} }}]\n{parts}"))
}

const SLOW: &str = "[service.work]\nsteps = [{ wait = \"10s\" }]\n";
const BROKEN: &str = "[service.work]\nsteps = [{ fail = 1.0 }]\n";

#[test]
fn s42_a_timeout_is_for_each_attempt_and_a_deadline_for_all() {
    for (options, end) in [
        ("timeout = \"1s\"", 1.0),
        ("timeout = \"1s\", retry = { attempts = 3 }", 3.0),
        ("timeout = \"1s\", deadline = \"2.5s\", retry = { attempts = 3 }", 2.5),
        (
            "timeout = \"1s\", deadline = \"2.5s\", retry = { attempts = \"unlimited\", backoff = { delay = \"5s\" } }",
            2.5,
        ),
    ] {
        let results = replay(&call(options, SLOW), "time\n0\n");
        assert_eq!(ends(&results), [end], "{options}");
        assert_eq!(outcomes(&results), ["timed-out"], "{options}");
    }
}

#[test]
fn s43_a_rejection_is_tried_again() {
    let retry = "retry = { attempts = 2, backoff = { delay = \"3s\" } }";
    let text = format!("[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n{retry}\n[station.desk]\ncapacity = 1\n");
    let results = replay(&text, "time,service-time\n0,2\n0,2\n");
    assert_eq!(ends(&results), [2.0, 5.0]);
    assert_eq!(outcomes(&results), ["ok", "ok"]);
    assert_eq!(results.stations.get("desk").and_then(|desk| desk.rejected), Some(1));
}

#[test]
fn s43_each_attempt_chooses_its_target() {
    let parts = "[balancer.work]\nto = [\"good\", \"bad\"]\npolicy = \"round-robin\"\n\
                 [service.bad]\nsteps = [{ fail = 1.0 }]\n[service.good]\nsteps = [{ wait = \"1s\" }]\n";
    let results = replay(&call("retry = { attempts = 2 }", parts), "time\n0\n0\n0\n");
    assert_eq!(outcomes(&results), ["ok", "ok", "ok"]);
}

#[test]
fn s43_who_tries_again_lines_up_anew() {
    let workload = |name: &str, keys: &str| format!("[workload.{name}]\nto = \"desk\"\ntrace = \"{name}.csv\"\n{keys}");
    let retry = "timeout = \"8s\"\nretry = { attempts = 2 }\nlosers = \"cancel-queued\"\n";
    let workloads = workload("a", "") + &workload("b", retry) + &workload("c", "");
    let text = format!("{workloads}[station.desk]\nservice-time = \"1s\"\n{ONCE}");
    let jobs = |time: u32, service: u32| format!("time,service-time\n{time},{service}\n");
    let (a, b, c) = (jobs(0, 10), jobs(1, 1), jobs(2, 1));
    let results = run(&text, &[("a.csv", &a), ("b.csv", &b), ("c.csv", &c)]);
    // The place of the first attempt is nobody's.
    assert_eq!((ends_of(&results, "c"), ends_of(&results, "b")), (vec![11.0], vec![12.0]));
}

#[test]
fn s44_a_retry_is_no_new_request() {
    let options = "timeout = \"1s\", retry = { attempts = 2 }";
    let parts = "[balancer.work]\nto = [\"slow\", \"fast\"]\npolicy = \"round-robin\"\n\
                 [service.slow]\nsteps = [{ wait = \"10s\" }]\n[service.fast]\nsteps = [{ wait = \"500ms\" }]\n";
    let results = replay(&call(options, parts), "time\n0\n");
    let jobs = &results.workloads["jobs"];
    assert_eq!(jobs.latency.mean.value, Some(1.5));
    assert_eq!(jobs.offered.value, Some(1.0 / results.scenario.duration_s));
    assert_eq!(jobs.error_rate.value, Some(0.0));
}

#[test]
fn s45_back_off_grows_to_its_cap() {
    let backoff = "backoff = { exponential = { base = \"1s\", factor = 2, cap = \"3s\" } }";
    let options = format!("retry = {{ attempts = 5, {backoff} }}");
    let results = replay(&call(&options, BROKEN), "time\n0\n");
    assert_eq!(ends(&results), [1.0 + 2.0 + 3.0 + 3.0]);
    assert_eq!(outcomes(&results), ["failed"]);
}

#[test]
fn s46_jitter_stays_within_its_bounds() {
    for (jitter, low, high, mean) in
        [("full", 0.0, 2.0, 1.0), ("equal", 1.0, 2.0, 1.5), ("decorrelated", 2.0, 6.0, 4.0)]
    {
        let backoff = format!("backoff = {{ exponential = {{ base = \"2s\", jitter = \"{jitter}\" }} }}");
        let options = format!("retry = {{ attempts = 2, {backoff} }}");
        let rows = "0\n".repeat(1000);
        let ends = ends(&replay(&call(&options, BROKEN), &format!("time\n{rows}")));
        assert!(ends.iter().all(|end| (low..=high).contains(end)), "{jitter}");
        let average = ends.iter().sum::<f64>() / 1000.0;
        // 5 standard deviations of the mean of so many uniform numbers.
        assert!((average - mean).abs() < 5.0 * (high - low) / 12f64.sqrt() / 1000f64.sqrt(), "{jitter}: {average}");
    }
}

/// One server; clients give up after 5 s.
fn impatient(losers: &str, jobs: &str) -> Results {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\ntimeout = \"5s\"\nlosers = \"{losers}\"\n[station.desk]\n"
    );
    replay(&text, jobs)
}

#[test]
fn s47_what_becomes_of_work_that_nobody_waits_for() {
    for (losers, outcome, server, visits) in
        [("abandon", "timed-out", 10.5, 2.0), ("cancel-queued", "timed-out", 10.0, 1.0), ("cancel", "ok", 5.5, 1.0)]
    {
        let results = impatient(losers, "time,service-time\n0,10\n1,0.5\n");
        assert_eq!(outcomes(&results), ["timed-out", outcome], "{losers}");
        assert_eq!(results.scenario.duration_s, server, "{losers}");
        assert_eq!(served(&results, "desk"), visits, "{losers}");
        assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law, "{losers}");
    }
}

#[test]
fn s47_cancelled_work_leaves_shared_and_preemptive_stations_too() {
    for discipline in ["processor-sharing", "preemptive-lifo", "{ round-robin = { quantum = \"1s\" } }"] {
        let discipline = if discipline.starts_with('{') { discipline.into() } else { format!("\"{discipline}\"") };
        let text = format!(
            "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\ntimeout = \"5s\"\nlosers = \"cancel\"\n\
             [station.desk]\ndiscipline = {discipline}\n"
        );
        let results = replay(&text, "time,service-time\n0,10\n0,20\n6,1\n");
        assert_eq!(ends(&results), [5.0, 5.0, 7.0], "{discipline}");
        assert!(results.checks.little && results.checks.flow_balance && results.checks.utilization_law, "{discipline}");
    }
}

#[test]
fn s47_cancelling_a_call_cancels_its_arms() {
    let arm = "[{ visit = \"desk\" }]";
    let parts = format!(
        "[service.work]\nsteps = [{{ parallel = [{arm}, {arm}] }}]\n[station.desk]\nservers = 2\nservice-time = \"10s\"\n"
    );
    let results = replay(&call("timeout = \"1s\", losers = \"cancel\"", &parts), "time\n0\n");
    assert_eq!(results.scenario.duration_s, 1.0);
    assert_eq!(served(&results, "desk"), 0.0);
}

#[test]
fn s48_who_is_taken_out_makes_room_at_once() {
    let text = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\ntimeout = \"5s\"\nlosers = \"cancel\"\n\
                [station.desk]\ncapacity = 2\n";
    // The first is in service and the second waits; both are out at 5 s.
    let results = replay(text, "time,service-time\n0,9\n0,9\n5,1\n5.5,1\n5.5,1\n5.5,1\n");
    assert_eq!(outcomes(&results), ["timed-out", "timed-out", "rejected", "ok", "ok", "rejected"]);
}

#[test]
fn s49_cancelled_work_gives_back_what_it_holds() {
    let steps = "steps = [{ hold = { of = \"pool\", steps = [{ wait = \"10s\" }] } }]\n";
    let parts = format!("[service.work]\n{steps}[pool.pool]\nsize = 1\n");
    for (losers, end) in [("cancel", 3.0), ("abandon", 20.0)] {
        let options = format!("timeout = \"2s\", losers = \"{losers}\"");
        let results = replay(&call(&options, &parts), "time\n0\n1\n");
        assert_eq!(ends(&results), [2.0, 3.0], "{losers}");
        assert_eq!(results.scenario.duration_s, end, "{losers}");
    }
}
