use super::*;

const ONE: &str = "admit = { concurrency = { limit = 1 } }\n";

/// One server that takes so many seconds, with these keys.
fn slow(seconds: u32, keys: &str) -> String {
    desk(&format!("service-time = \"{seconds}s\"\n{keys}"))
}

/// Endless servers that take this long, with this policy in front of them.
fn behind(time: &str, policy: &str) -> String {
    desk(&format!("servers = \"infinite\"\nservice-time = \"{time}\"\nadmit = {policy}"))
}

#[test]
fn g1_who_is_not_let_in_is_rejected_at_once() {
    let wait = "steps = [{ wait = \"1s\" }]\n";
    let to = |name: &str| format!("[workload.jobs]\nto = \"{name}\"\ntrace = \"jobs.csv\"\n");
    let plain = "[station.desk]\nservice-time = \"1s\"\n";
    for text in [
        slow(1, ONE),
        app(&format!("threads = 1\n{ONE}{wait}")),
        app(&format!("[service.app.operation.buy]\n{ONE}{wait}")),
        format!("{}[balancer.edge]\nto = [\"desk\"]\n{ONE}{plain}", to("edge")),
        format!("{}[database.db]\nread = [{{ wait = \"1s\" }}]\n{ONE}", to("db")),
    ] {
        let results = replay(&text, "time\n0\n0\n");
        assert_eq!((outcomes(&results), ends(&results)), (vec!["ok", "rejected"], vec![1.0, 0.0]), "{text}");
        assert_eq!(results.admission.len(), 1);
        let gate = results.admission.values().next().expect("a gate");
        assert_eq!((gate.admitted, gate.refused), (1, 1));
    }
}

#[test]
fn g1_each_replica_has_a_gate() {
    let text = app(&format!("replicas = 2\nbalance = \"round-robin\"\n{ONE}steps = [{{ wait = \"1s\" }}]"));
    assert_eq!(outcomes(&replay(&text, "time\n0\n0\n0\n")), ["ok", "ok", "rejected"]);
}

#[test]
fn g1_a_visit_within_steps_passes_the_gate_too() {
    let text = app(&format!("steps = [{{ visit = \"desk\" }}]\n[station.desk]\nservice-time = \"1s\"\n{ONE}"));
    assert_eq!(outcomes(&replay(&text, "time\n0\n0\n")), ["ok", "rejected"]);
}

#[test]
fn g2_a_token_is_gone_even_if_a_later_policy_refuses() {
    let policies = "[{ token-bucket = { rate = \"1/s\", burst = 2 } }, { concurrency = { limit = 1 } }]";
    let results = replay(&behind("1s", policies), "time\n0\n0\n0\n1\n1\n");
    assert_eq!(outcomes(&results), ["ok", "rejected", "rejected", "ok", "rejected"]);
    let refused = |name: &str| results.admission[name].refused;
    assert_eq!((refused("desk.token-bucket"), refused("desk.concurrency")), (2, 1));
}

#[test]
fn g2_the_service_is_asked_before_the_operation() {
    let bucket = "admit = { token-bucket = { rate = \"1/h\", burst = 2 } }\n";
    let steps = "steps = [{ wait = \"1s\" }]";
    let results = replay(&app(&format!("{bucket}[service.app.operation.buy]\n{ONE}{steps}")), "time\n0\n0\n0\n");
    assert_eq!((results.admission["app"].refused, results.admission["app.buy"].refused), (1, 1));
}

#[test]
fn g3_a_token_is_there_at_its_tick() {
    let text = behind("1ms", "{ token-bucket = { rate = \"10/s\", burst = 2 } }");
    let results = replay(&text, "time\n0\n0\n0\n0.099999999999\n0.1\n10\n10\n10\n");
    let expected = ["ok", "ok", "rejected", "rejected", "ok", "ok", "ok", "rejected"];
    assert_eq!(outcomes(&results), expected);
}

#[test]
fn g3_no_window_has_more_than_the_burst_and_what_comes_meanwhile() {
    let text = "[workload.jobs]\nto = \"desk\"\narrivals = { poisson = \"120/s\" }\n[station.desk]\nservers = \"infinite\"\n\
                service-time = \"1ms\"\nadmit = { token-bucket = { rate = \"100/s\", burst = 20 } }\n\
                [run]\nduration = \"200s\"\nwarm-up = \"0s\"\nreplications = 1\n";
    let results = run(text, &[]);
    let passed = results.jobs.iter().filter(|job| job.outcome == "ok");
    let mut passed: Vec<f64> = passed.map(|job| job.issued_s).collect();
    passed.sort_by(f64::total_cmp);
    let within = |&from: &f64| passed.partition_point(|&t| t < from + 1.0) - passed.partition_point(|&t| t < from);
    let most = passed.iter().map(within).max().expect("some");
    assert!((105..=120).contains(&most), "{most}");
}

#[test]
fn g4_a_leaky_bucket_lets_one_after_another_in() {
    let text = behind("500ms", "{ leaky-bucket = { rate = \"1/s\", queue = 2 } }");
    let results = replay(&text, "time\n0\n0\n0\n0\n");
    assert_eq!(ends(&results), [0.5, 1.5, 2.5, 0.0]);
    assert_eq!(outcomes(&results), ["ok", "ok", "ok", "rejected"]);
    let wait = results.admission["desk"].wait.expect("a wait");
    assert_eq!(wait.mean.value, Some(1.0));
}

#[test]
fn g4_the_turn_of_one_who_gave_up_is_lost() {
    for losers in ["cancel", "cancel-queued"] {
        let text = behind("500ms", "{ leaky-bucket = { rate = \"1/s\", queue = 2 } }");
        let patient = format!("[workload.jobs]\ntimeout = \"1800ms\"\nlosers = \"{losers}\"\n");
        let text = text.replace("[workload.jobs]\n", &patient);
        let results = replay(&text, "time\n0\n0\n0\n1.9\n");
        assert_eq!(ends(&results), [0.5, 1.5, 1.8, 3.5]);
        assert_eq!(results.stations.get("desk").expect("a desk").throughput.value, Some(3.0 / 3.5), "{losers}");
    }
}

#[test]
fn g5_who_fails_or_is_taken_out_is_inside_no_more() {
    let failing = app(&format!("{ONE}steps = [{{ wait = \"1s\" }}, {{ fail = 1.0 }}]"));
    assert_eq!(outcomes(&replay(&failing, "time\n0\n0.5\n1\n")), ["failed", "rejected", "failed"]);
    for (losers, second) in [("abandon", "rejected"), ("cancel", "timed-out")] {
        let text = slow(3, ONE);
        let hasty = format!("[workload.jobs]\ntimeout = \"1s\"\nlosers = \"{losers}\"\n");
        let text = text.replace("[workload.jobs]\n", &hasty);
        assert_eq!(outcomes(&replay(&text, "time\n0\n2\n")), ["timed-out", second]);
    }
    // So it is where a workload visits a station by itself.
    let text = desk("service-time = \"3s\"\nservers = \"infinite\"\nadmit = { concurrency = { limit = 1 } }");
    let text = text.replace("[station", "timeout = \"1s\"\n[station");
    assert_eq!(outcomes(&replay(&text, "time\n0\n1.5\n3\n")), ["timed-out", "rejected", "timed-out"]);
}

#[test]
fn g6_late_answers_of_one_round_cut_once() {
    let text = behind("2s", "{ aimd = { target = \"1s\", initial = 2, decrease = 0.5 } }");
    assert_eq!(outcomes(&replay(&text, "time\n0\n0\n3\n3\n")), ["ok", "ok", "ok", "rejected"]);
}

#[test]
fn g6_quick_answers_add_their_share() {
    // From 2 to 3 and to 3 + 2/3.
    let text = behind("500ms", "{ aimd = { target = \"1s\", initial = 2, increase = 2.0 } }");
    let results = replay(&text, "time\n0\n0\n3\n3\n3\n3\n");
    assert_eq!(outcomes(&results)[2..], ["ok", "ok", "ok", "rejected"]);
}

#[test]
fn g7_the_gradient_adds_its_queue_while_answers_take_as_long_as_usual() {
    // From 2 to 4 and to 6.
    let text = behind("500ms", "{ gradient = { initial = 2, smoothing = 0.5, queue = 4 } }");
    let results = replay(&text, &format!("time\n0\n0\n{}", "3\n".repeat(7)));
    assert_eq!(results.admission["desk"].refused, 1);
    assert_eq!(outcomes(&results)[8], "rejected");
}

#[test]
fn g8_each_key_has_a_bucket() {
    let text = behind("1ms", "{ token-bucket = { rate = \"1/s\", per = \"key\" } }");
    let results = replay(&text, "time,key\n0,a\n0,a\n0,b\n0,\n0,\n");
    assert_eq!(outcomes(&results), ["ok", "rejected", "ok", "ok", "rejected"]);
}

#[test]
fn g8_each_workload_has_a_limit() {
    let other = "[workload.others]\nto = \"desk\"\ntrace = \"jobs.csv\"\n";
    let text = behind("1s", "{ concurrency = { limit = 1, per = \"workload\" } }") + "\n" + other;
    let results = replay(&text, "time\n0\n0\n");
    assert_eq!((results.admission["desk"].admitted, results.admission["desk"].refused), (2, 2));
    assert_eq!(results.workloads["others"].errors.rejected, 1);
}

#[test]
fn g9_who_is_there_at_the_start_is_not_inside() {
    let results = replay(&slow(1, &format!("initial = 2\n{ONE}")), "time\n0\n");
    assert_eq!(ends(&results), [3.0]);
    assert_eq!(results.admission["desk"].admitted, 1);
}

#[test]
fn g10_who_is_shed_is_rejected_and_counted_apart() {
    let results = replay(&slow(10, "shed = { queue-timeout = { timeout = \"2s\" } }"), "time\n0\n0\n");
    assert_eq!((outcomes(&results), ends(&results)), (vec!["ok", "rejected"], vec![10.0, 2.0]));
    let desk = results.stations.get("desk").expect("a desk");
    assert_eq!((desk.shed, desk.rejected, desk.abandoned), (Some(1), Some(0), None));
}

#[test]
fn g11_codel_sheds_ever_more_often() {
    let codel = "shed = { codel = { target = \"1s\", interval = \"4s\" } }";
    let in_line = slow(1, codel);
    let threads = app(&format!("threads = 1\n{codel}\nsteps = [{{ wait = \"1s\" }}]"));
    for text in [in_line, threads] {
        let results = replay(&text, &format!("time\n{}", "0\n".repeat(20)));
        let shed = results.jobs.iter().filter(|job| job.outcome == "rejected");
        let shed: Vec<(u64, f64)> = shed.map(|job| (job.index, job.ended_s)).collect();
        // 4 s after the first long wait; then due at 9, 9 + 4/√2 = 11.8, 11.8 + 4/√3 = 14.1. The last one is served.
        assert_eq!(shed, [(5, 5.0), (10, 9.0), (14, 12.0), (18, 15.0)]);
        assert_eq!(results.scenario.duration_s, 16.0);
    }
}

#[test]
fn g12_patience_is_short_while_the_line_stands() {
    let limits = "shed = { queue-timeout = { timeout = \"2s\", overloaded = \"500ms\" } }";
    let results = replay(&slow(100, limits), "time\n0\n0\n1\n2.5\n3.2\n");
    assert_eq!(ends(&results), [100.0, 2.0, 3.0, 3.0, 5.2]);
}

#[test]
fn g13_the_least_urgent_are_shed_first() {
    let levels = "shed = { priority = { levels = [{ from = 1, queue = 1 }] } }";
    let results = replay(&slow(1, levels), "time,priority\n0,1\n0,1\n0,1\n0,0\n");
    assert_eq!(outcomes(&results), ["ok", "ok", "rejected", "ok"]);
    assert_eq!(ends(&results), [1.0, 2.0, 0.0, 3.0]);
}

#[test]
fn g14_beyond_the_threshold_the_latest_is_next() {
    let adaptive = slow(1, "discipline = { adaptive-lifo = { threshold = 2 } }");
    assert_eq!(ends(&replay(&adaptive, "time\n0\n0\n0\n0\n0\n")), [1.0, 4.0, 5.0, 3.0, 2.0]);
}

const TWO: &str = "[workload.readers]\nto = \"app.read\"\ntrace = \"jobs.csv\"\n[workload.jobs]\nto = \"app.report\"\n\
                   trace = \"jobs.csv\"\n[service.app.operation.read]\nsteps = [{ wait = \"1s\" }]\n";

#[test]
fn g15_a_bulkhead_has_threads_and_a_line_of_its_own() {
    let text = format!(
        "{TWO}[service.app]\nthreads = 1\n[service.app.operation.report]\nthreads = 1\nqueue = 1\n\
         steps = [{{ wait = \"5s\" }}]\n"
    );
    let results = replay(&text, "time\n0\n0\n0\n");
    assert_eq!(ends_of(&results, "readers"), [1.0, 2.0, 3.0]);
    assert_eq!(ends(&results), [5.0, 10.0, 0.0]);
    assert_eq!((served(&results, "app.threads"), served(&results, "app.report.threads")), (3.0, 2.0));
}

#[test]
fn g15_the_discipline_of_the_service_holds_there_too() {
    let text = format!(
        "{TWO}[service.app]\nthreads = 1\ndiscipline = \"lifo\"\n[service.app.operation.report]\nthreads = 1\n\
         steps = [{{ wait = \"5s\" }}]\n"
    );
    assert_eq!(ends(&replay(&text, "time\n0\n0\n0\n")), [5.0, 15.0, 10.0]);
}

#[test]
fn g16_threads_go_to_whom_the_discipline_says() {
    let jobs = "time,priority\n0,1\n0,1\n0,0\n";
    for (discipline, expected) in [("fifo", [1.0, 2.0, 3.0]), ("lifo", [1.0, 3.0, 2.0]), ("priority", [1.0, 3.0, 2.0])]
    {
        let text = app(&format!("threads = 1\ndiscipline = \"{discipline}\"\nsteps = [{{ wait = \"1s\" }}]"));
        assert_eq!(ends(&replay(&text, jobs)), expected, "{discipline}");
    }
    let said = problems(
        &app("threads = 1\ndiscipline = \"round-robin\"\nsteps = []")
            .replace("\"round-robin\"", "\"processor-sharing\""),
    );
    assert!(said.contains("a thread is held"), "{said}");
}

#[test]
fn g17_what_is_behind_a_gate_is_not_called_overloaded() {
    let unstable = |keys: &str| {
        let text = format!(
            "[workload.jobs]\nto = \"desk\"\narrivals = {{ poisson = \"2/s\" }}\n[station.desk]\nservice-time = \"1s\"\n{keys}\n\
             [run]\nduration = \"10s\"\nwarm-up = \"1s\"\nreplications = 1\n"
        );
        run(&text, &[]).unstable
    };
    assert_eq!(unstable(""), ["desk"]);
    for keys in
        [ONE, "admit = { token-bucket = { rate = \"0.5/s\" } }", "shed = { queue-timeout = { timeout = \"9s\" } }"]
    {
        assert_eq!(unstable(keys), [""; 0], "{keys}");
    }
}
