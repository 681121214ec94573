use super::*;

#[test]
fn s1_long_runs_have_coarser_ticks() {
    let ticks = |days: u32| {
        let queue = "[workload.w]\nto = \"s\"\narrivals = { constant = \"1/h\" }\n[station.s]\nservice-time = \"1s\"\n";
        let text = format!("{queue}[run]\nduration = \"{days}day\"\nwarm-up = \"0s\"\n");
        load(&text, &[]).0.expect("a model").ticks_per_second
    };
    assert_eq!(ticks(100), 1e12);
    assert_eq!(ticks(101), 1e9);
    assert_eq!(ticks(100_000), 1e9);
}

#[test]
fn s1_what_the_clock_does_not_reach_is_refused() {
    let run = |keys: &str| {
        let queue = "[workload.w]\nto = \"s\"\narrivals = { constant = \"1/h\" }\n[station.s]\nservice-time = \"1s\"\n";
        format!("{queue}[run]\n{keys}\n")
    };
    for (keys, what) in [
        ("duration = \"100001day\"\nwarm-up = \"0s\"", "`duration` is too long"),
        ("duration = \"1e308s\"\nwarm-up = \"1s\"", "`duration` is too long"),
        ("duration = \"1s\"\nwarm-up = \"1e12s\"", "`warm-up` is too long"),
    ] {
        let said = problems(&run(keys));
        assert!(said.contains(what) && said.contains("at most 100000day"), "{said}");
    }
}

#[test]
fn s1_a_replay_of_late_jobs_has_coarser_ticks() {
    let results = replay(&desk(""), "time,service-time\n1700000000,1\n1700000001,1\n");
    assert_eq!(outcomes(&results), ["ok", "ok"]);
    assert_eq!(ends(&results), [1_700_000_001.0, 1_700_000_002.0]);
}

#[test]
fn s2_what_is_not_zero_does_not_become_zero() {
    let said = problems(&format!("{}{ONCE}", desk("service-time = \"0.0001ns\"")));
    assert!(said.contains("shorter than the simulator's clock"), "{said}");
}

#[test]
fn s3_a_service_of_no_length_makes_room_for_an_arrival_of_its_instant() {
    let results = replay(&desk("capacity = 1"), "time,service-time\n0,0\n0,1\n");
    assert_eq!(outcomes(&results), ["ok", "ok"]);
    assert_eq!(ends(&results), [0.0, 1.0]);
}

#[test]
fn s4_what_happens_at_one_instant_has_an_order() {
    let desk = |options: &str, keys: &str| {
        format!("[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n{options}\n[station.desk]\n{keys}\n")
    };
    let outcome = |options: &str, keys: &str, jobs: &str| {
        outcomes(&replay(&desk(options, keys), &format!("time,service-time\n{jobs}"))).join(" ")
    };
    // A service ends before its deadline, and the next begins; an arrival comes before patience ends, and that before
    // a timeout.
    assert_eq!(outcome("timeout = \"1s\"", "", "0,1\n"), "ok");
    assert_eq!(outcome("", "capacity = 2\npatience = \"1s\"", "0,2\n0,1\n1,1\n"), "ok abandoned rejected");
    assert_eq!(outcome("timeout = \"1s\"", "patience = \"1s\"", "0,1\n0,1\n0,1\n"), "ok timed-out abandoned");
    // Whoever gives up sends no copy, however many give up.
    let hedged = desk("timeout = \"1s\"\nhedge = { after = \"1s\" }", "servers = \"infinite\"\nreplicas = 2");
    let results = replay(&hedged, "time,service-time\n0,2\n0,2\n0,2\n");
    assert_eq!(outcomes(&results), ["timed-out"; 3]);
    assert!(results.calls.values().all(|calls| calls.hedges == 0));
}

#[test]
fn s5_open_workloads_arrive_in_the_order_of_their_names_then_users() {
    let workload = |name: &str, file: &str| format!("[workload.{name}]\nto = \"desk\"\ntrace = \"{file}\"\n");
    let text = [
        workload("c", "jobs.csv"),
        workload("b", "jobs.csv"),
        "[workload.a]\nto = \"desk\"\nusers = 1\nthink-time = \"1s\"\n".into(),
        "[station.desk]\nservice-time = \"1s\"\n[run]\nduration = \"5s\"\nwarm-up = \"0s\"\nreplications = 1\n".into(),
    ];
    let results = run(&text.concat(), &[("jobs.csv", "time\n1\n")]);
    assert_eq!(ends_of(&results, "b"), [2.0]);
    assert_eq!(ends_of(&results, "c"), [3.0]);
    assert_eq!(ends_of(&results, "a"), [4.0]);
}

#[test]
fn s6_a_departure_makes_room_for_an_arrival_of_the_same_instant() {
    let results = replay(&desk("capacity = 1\nservice-time = \"1s\""), "time\n0\n1\n");
    assert_eq!(ends(&results), [1.0, 2.0]);
    assert_eq!(outcomes(&results), ["ok", "ok"]);
}

#[test]
fn s7_an_arrival_is_ahead_of_a_quantum_that_expires_then() {
    let desk = desk("discipline = { round-robin = { quantum = \"1s\" } }");
    let results = replay(&desk, "time,service-time\n0,2\n1,1\n");
    assert_eq!(ends(&results), [3.0, 2.0]);
}

#[test]
fn s8_patience_that_ends_as_the_turn_comes_is_enough() {
    let results = replay(&desk("patience = \"5s\""), "time,service-time\n0,5\n0,1\n");
    assert_eq!(outcomes(&results), ["ok", "ok"]);
    assert_eq!(ends(&results), [5.0, 6.0]);
}

#[test]
fn s9_an_answer_at_the_deadline_is_in_time() {
    for limit in ["timeout = \"2s\"", "deadline = \"2s\""] {
        let text = format!("[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n{limit}\n[station.desk]\n");
        let results = replay(&text, "time,service-time\n0,2\n");
        assert_eq!(outcomes(&results), ["ok"]);
        let late = replay(&text, "time,service-time\n0,2.000000000001\n");
        assert_eq!(outcomes(&late), ["timed-out"]);
    }
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\ntimeout = \"2s\"\n[service.app]\nsteps = [{ wait = \"2s\" }]\n";
    assert_eq!(outcomes(&replay(text, "time\n0\n")), ["ok"]);
}

#[test]
fn s10_arms_start_in_the_order_in_which_they_are_written() {
    let arm = |time: &str| format!("[{{ visit = {{ station = \"desk\", service-time = \"{time}\" }} }}]");
    for (first, second, end) in [("1s", "3s", 1.0), ("3s", "1s", 3.0)] {
        let steps = format!("[{{ parallel = {{ need = 1, arms = [{}, {}] }} }}]", arm(first), arm(second));
        let results = replay(&app(&format!("steps = {steps}\n[station.desk]")), "time\n0\n");
        assert_eq!(ends(&results), [end]);
    }
}

#[test]
fn s10_who_lets_go_goes_on_before_who_takes_over() {
    let steps = r#"[{ hold = { of = "one", steps = [{ wait = "1s" }] } }, { visit = "desk" }]"#;
    let parts = "[lock.one]\n[station.desk]\nservice-time = \"2s\"\n";
    let results = replay(&app(&format!("steps = {steps}\n{parts}")), "time\n0\n0\n");
    assert_eq!(ends(&results), [3.0, 5.0]);
}
