use super::*;

#[test]
fn s31_a_thread_is_held_through_waits_and_calls() {
    let behind = "[service.behind]\nsteps = [{ wait = \"1s\" }]\n";
    for steps in [r#"[{ wait = "1s" }]"#, r#"[{ call = "behind" }]"#] {
        let results = replay(&app(&format!("threads = 1\nsteps = {steps}\n{behind}")), "time\n0\n0\n");
        assert_eq!(ends(&results), [1.0, 2.0]);
        let threads = results.stations.get("app.threads").expect("threads");
        assert_eq!(threads.utilization.value, Some(1.0));
    }
}

#[test]
fn s32_beyond_the_queue_requests_are_rejected() {
    let threads = app("threads = 1\nqueue = 1\nsteps = [{ wait = \"1s\" }]");
    let pool =
        app("steps = [{ hold = { of = \"pool\", steps = [{ wait = \"1s\" }] } }]\n[pool.pool]\nsize = 1\nqueue = 1");
    for text in [threads, pool] {
        let results = replay(&text, "time\n0\n0\n0\n");
        assert_eq!(outcomes(&results), ["ok", "ok", "rejected"]);
    }
}

#[test]
fn s33_a_faster_machine_takes_less_time() {
    let steps = "machine = \"box\"\nsteps = [{ cpu = \"4s\" }]\n[machine.box]\ncores = 1\nspeed = 2.0\n";
    assert_eq!(ends(&replay(&app(steps), "time\n0\n")), [2.0]);
}

#[test]
fn s34_what_is_held_is_given_back_at_a_failure() {
    let failing = r#"steps = [{ wait = "1s" }, { fail = 1.0 }, { wait = "9s" }]"#;
    let lock = app(&format!("steps = [{{ hold = {{ of = \"one\", {failing} }} }}]\n[lock.one]"));
    let thread = app(&format!("threads = 1\n{failing}"));
    for text in [lock, thread] {
        let results = replay(&text, "time\n0\n0\n");
        assert_eq!(ends(&results), [1.0, 2.0]);
        assert_eq!(outcomes(&results), ["failed", "failed"]);
    }
}

#[test]
fn s35_a_lock_by_key_is_one_for_each_key() {
    let text = app("steps = [{ hold = { of = \"row\", steps = [{ wait = \"1s\" }] } }]\n[lock.row]\nby = \"key\"");
    let results = replay(&text, "time,key\n0,a\n0,a\n0,b\n0,a\n");
    assert_eq!(ends(&results), [1.0, 2.0, 1.0, 3.0]);
}

#[test]
fn s36_a_message_goes_its_own_way() {
    let queue =
        "[queue.mail]\nacknowledge = \"1s\"\nconsumer = \"mailer\"\n[service.mailer]\nsteps = [{ wait = \"5s\" }]\n";
    let results = replay(&app(&format!("steps = [{{ publish = \"mail\" }}]\n{queue}")), "time\n0\n");
    assert_eq!(ends(&results), [1.0]);
    assert_eq!(results.scenario.duration_s, 6.0);
    assert_eq!(results.workloads["jobs"].latency.mean.value, Some(1.0));
}

/// A `parallel` with these keys, whose second arm visits `slow`, which takes 5 s.
fn race(keys: &str) -> Results {
    let arms = r#"arms = [[{ wait = "1s" }], [{ visit = "slow" }]]"#;
    let slow = "[station.slow]\nservice-time = \"5s\"\n";
    replay(&app(&format!("steps = [{{ parallel = {{ {keys} {arms} }} }}]\n{slow}")), "time\n0\n")
}

#[test]
fn s37_parallel_goes_on_when_enough_arms_are_done() {
    assert_eq!(ends(&race("")), [5.0]);
    assert_eq!(ends(&race("need = 2,")), [5.0]);
    assert_eq!(ends(&race("need = 1,")), [1.0]);
}

#[test]
fn s38_losers_go_on_unless_they_are_cancelled() {
    assert_eq!(race("need = 1,").scenario.duration_s, 5.0);
    assert_eq!(race("need = 1, losers = \"cancel-queued\",").scenario.duration_s, 5.0);
    let cancelled = race("need = 1, losers = \"cancel\",");
    assert_eq!(cancelled.scenario.duration_s, 1.0);
    assert_eq!(served(&cancelled, "slow"), 0.0);
}

#[test]
fn s39_parallel_fails_when_too_few_arms_are_left() {
    let fails = r#"[{ wait = "1s" }, { fail = 1.0 }]"#;
    let arms =
        |need: u32| format!("steps = [{{ parallel = {{ need = {need}, arms = [{fails}, [{{ wait = \"5s\" }}]] }} }}]");
    let all = replay(&app(&arms(2)), "time\n0\n");
    assert_eq!((ends(&all), outcomes(&all)), (vec![1.0], vec!["failed"]));
    let one = replay(&app(&arms(1)), "time\n0\n");
    assert_eq!((ends(&one), outcomes(&one)), (vec![5.0], vec!["ok"]));
}

#[test]
fn s40_repeat_makes_as_many_passes_as_it_says() {
    let results = replay(&app("steps = [{ repeat = { times = 3, steps = [{ wait = \"1s\" }] } }]"), "time\n0\n");
    assert_eq!(ends(&results), [3.0]);
}

#[test]
fn s40_repeat_again_is_geometric() {
    let rows = "0\n".repeat(20_000);
    let text = app("steps = [{ repeat = { again = 0.75, steps = [{ wait = \"1s\" }] } }]");
    let results = replay(&text, &format!("time\n{rows}"));
    let passes = results.workloads["jobs"].latency.mean.value.expect("a mean");
    // Mean 4, standard deviation √12: 5 of 0.0245.
    assert!((passes - 4.0).abs() < 0.123, "{passes}");
    assert!(ends(&results).iter().all(|&end| end >= 1.0));
}

#[test]
fn s41_a_failure_ends_the_request_unless_it_is_tried_again() {
    let results = replay(&app("steps = [{ fail = 1.0 }, { wait = \"1s\" }]"), "time\n0\n");
    assert_eq!((outcomes(&results), ends(&results)), (vec!["failed"], vec![0.0]));
    let again = app("steps = [{ call = { to = \"coin\", retry = { attempts = \"unlimited\" } } }]\n\
         [service.coin]\nsteps = [{ wait = \"1s\" }, { fail = 0.5 }]");
    let results = replay(&again, &format!("time\n{}", "0\n".repeat(50)));
    assert_eq!(outcomes(&results), ["ok"; 50]);
    assert!(ends(&results).iter().any(|&end| end >= 2.0));
}
