use super::*;

/// What happens, added to a scenario.
fn with(text: &str, event: &str) -> String {
    format!("{text}[[event]]\n{event}\n")
}

const SLOW: &str = "at = \"2s\"\nfor = \"6s\"\nslow = { what = \"desk\", factor = 3 }";

#[test]
fn e20_what_is_slow_takes_a_factor_longer_for_what_is_left_of_a_service() {
    // The first has 2 s left at 2 s, which take 6 s.
    let results = replay(&with(&desk(""), SLOW), "time,service-time\n0,4\n1,4\n");
    assert_eq!(ends(&results), [8.0, 12.0]);
    // The second has done 5/3 s of its work by 8 s.
    let results = replay(&with(&desk(""), SLOW), "time,service-time\n0,2\n3,4\n");
    let ends = ends(&results);
    assert!(ends[0] == 2.0 && (ends[1] - (8.0 + 7.0 / 3.0)).abs() < 1e-9, "{ends:?}");
}

#[test]
fn e20_what_is_shared_or_taken_in_turns_is_slow_as_well() {
    for keys in [
        "discipline = \"processor-sharing\"",
        "discipline = \"weighted-processor-sharing\"",
        "discipline = { round-robin = { quantum = \"0.001s\" } }",
    ] {
        let results = replay(&with(&desk(keys), SLOW), "time,service-time\n0,2\n0,2\n");
        // Each has 1 s left at 2 s.
        assert!(ends(&results).iter().all(|end| (end - 8.0).abs() < 0.01), "{keys}: {:?}", ends(&results));
        assert!(results.checks.utilization_law, "{keys}");
    }
    let results = replay(&with(&desk("batch = { max = 3 }"), SLOW), "time,service-time\n0,2\n1,2\n1,2\n");
    assert_eq!(ends(&results), [2.0, 8.0, 8.0]);
}

#[test]
fn e20_the_time_with_a_server_counts_as_service() {
    for keys in ["", "discipline = \"processor-sharing\"", "discipline = \"shortest-remaining-first\""] {
        let results = replay(&with(&desk(keys), SLOW), "time,service-time\n0,3\n2,2\n9,1\n");
        let station = results.stations.get("desk").expect("a desk");
        assert!(results.checks.utilization_law && results.checks.little, "{keys}");
        assert!((station.utilization.value.expect("a utilization") - 1.0).abs() < 0.2, "{keys}");
    }
}

#[test]
fn e21_slownesses_multiply_and_less_than_one_is_faster() {
    let twice = format!("{SLOW}\n[[event]]\nat = \"2s\"\nfor = \"3s\"\nslow = {{ what = \"desk\", factor = 2 }}");
    // 4 s are left at 2 s: half a second by 5 s, one by 8 s.
    assert_eq!(ends(&replay(&with(&desk(""), &twice), "time,service-time\n0,6\n")), [10.5]);
    let fast = "at = \"2s\"\nslow = { what = \"desk\", factor = 0.5 }";
    assert_eq!(ends(&replay(&with(&desk(""), fast), "time,service-time\n0,6\n")), [4.0]);
}

#[test]
fn e22_a_part_may_be_slow_and_threads_and_waits_are_not() {
    let text = "[machine.box]\ncores = 1\ndisk = { latency = \"1s\" }\n[service.app]\nmachine = \"box\"\nthreads = 1\nreplicas = 2\n\
                balance = \"round-robin\"\nsteps = [{ cpu = \"1s\" }, { disk = { read = \"1B\" } }, { wait = \"1s\" }]\n\
                [workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n";
    let end = |what: &str| {
        let event = format!("at = \"0s\"\nslow = {{ what = \"{what}\", factor = 3 }}");
        ends(&replay(&with(text, &event), "time\n0\n0\n")).iter().map(|end| end.round()).collect::<Vec<f64>>()
    };
    assert_eq!(end("app.cpu"), [5.0, 5.0]);
    assert_eq!(end("app[1].cpu"), [3.0, 5.0]);
    assert_eq!(end("app[0].disk"), [5.0, 3.0]);
    assert_eq!(end("app"), [7.0, 7.0]);
    let nothing = with(&app("steps = [{ wait = \"1s\" }]"), "at = \"0s\"\nslow = { what = \"app\", factor = 3 }");
    assert!(problems(&nothing).contains("nothing that could be slow"));
}

#[test]
fn e23_values_are_set_for_a_time_and_what_has_begun_keeps_its_own() {
    let set = "at = \"2s\"\nfor = \"4s\"\nset = { \"station.desk.service-time\" = \"2s\" }";
    let results = replay(&with(&desk("service-time = \"1.5s\""), set), "time\n1\n3\n5.5\n8\n");
    assert_eq!(ends(&results), [2.5, 5.0, 7.5, 9.5]);
    let text = desk("service-time = \"3s\"").replace("[station", "timeout = \"2s\"\n[station");
    let set = "at = \"1s\"\nset = { \"workload.jobs.timeout\" = \"1s\" }";
    assert_eq!(ends(&replay(&with(&text, set), "time\n0.5\n1.2\n")), [2.5, 2.2]);
}

#[test]
fn e24_the_value_of_the_event_that_began_last_holds() {
    let set = |at: &str, time: &str| {
        format!("at = \"{at}\"\nfor = \"10s\"\nset = {{ \"station.desk.service-time\" = \"{time}\" }}")
    };
    let events = format!("{}\n[[event]]\n{}", set("4s", "3s"), set("2s", "2s"));
    let results = replay(&with(&desk("service-time = \"1s\""), &events), "time\n0\n3\n6\n13\n20\n");
    assert_eq!(ends(&results), [1.0, 5.0, 9.0, 16.0, 21.0]);
    let events = format!("{}\n[[event]]\n{}", set("2s", "2s"), set("2s", "3s"));
    assert_eq!(ends(&replay(&with(&desk("service-time = \"1s\""), &events), "time\n3\n")), [6.0]);
}

#[test]
fn e25_an_interval_that_has_begun_is_stretched_in_proportion() {
    let text = |profile: &str| {
        format!(
            "[workload.jobs]\nto = \"desk\"\narrivals = {{ constant = \"1/s\" }}\n{profile}[station.desk]\nservice-time = \"1ms\"\n\
             [run]\nwarm-up = \"0s\"\nduration = \"7s\"\nreplications = 1\n"
        )
    };
    let set = "at = \"2.5s\"\nfor = \"2s\"\nset = { \"workload.jobs.arrivals.constant\" = \"2/s\" }";
    let set = |profile: &str| issues(&run(&with(&text(profile), set), &[]));
    assert_eq!(set(""), [1.0, 2.0, 2.75, 3.25, 3.75, 4.25, 5.0, 6.0]);
    let twice = set("profile = { steps = [[\"0s\", 1.0], [\"3s\", 2.0]] }\n");
    // Half an interval is left at 2.5 s: a quarter of a second, and then twice as many.
    assert_eq!(twice[..6], [1.0, 2.0, 2.75, 3.125, 3.375, 3.625]);
}

#[test]
fn e26_servers_come_at_once_and_go_when_they_are_done() {
    let set = |servers: u32| format!("at = \"1s\"\nfor = \"3s\"\nset = {{ \"station.desk.servers\" = {servers} }}");
    let jobs = "time,service-time\n0,2\n0,2\n0,2\n0,2\n";
    let results = replay(&with(&desk("servers = 1"), &set(3)), jobs);
    assert_eq!(ends(&results), [2.0, 3.0, 3.0, 4.0]);
    assert!(results.checks.utilization_law);
    let results = replay(&with(&desk("servers = 2"), &set(1)), jobs);
    assert_eq!(ends(&results), [2.0, 2.0, 4.0, 6.0]);
    let shared = "discipline = \"processor-sharing\"\nservers = ";
    assert_eq!(ends(&replay(&with(&desk(&format!("{shared}1")), &set(4)), jobs)), [2.75; 4]);
}

#[test]
fn e27_a_large_system_has_few_values_set() {
    let events = |count: u32, replicas: u32| {
        let event = |at: u32| {
            let set = format!("{{ \"station.desk.service-time\" = \"{}ms\" }}", at + 2);
            format!("[[event]]\nat = \"{at}s\"\nfor = \"1s\"\nset = {set}\n")
        };
        let desk = format!("[station.desk]\nreplicas = {replicas}\nservice-time = \"1ms\"\n[run]\nwarm-up = \"0s\"\n");
        let all: String = (0..count).map(event).collect();
        format!("[workload.jobs]\nto = \"desk\"\narrivals = {{ poisson = \"1/s\" }}\n{desk}{all}")
    };
    assert!(load(&events(10, 1000), &[]).0.is_some());
    let found = problems(&events(300, 100_000));
    assert!(found.contains("too many values are set by events for a system of this size"), "{found}");
    assert!(found.contains("the last of 300 events"), "{found}");
}

#[test]
fn e27_only_numbers_are_set() {
    let text = "[workload.jobs]\nto = \"app\"\narrivals = { poisson = \"1/s\" }\n[service.app]\nreplicas = 2\n\
                balance = \"random\"\nsteps = [{ wait = \"1s\" }]\n[run]\nwarm-up = \"0s\"\n";
    let set = |set: &str| problems(&with(text, &format!("at = \"1s\"\nset = {{ {set} }}")));
    assert!(set("\"service.app.replicas\" = 3").contains("use `scale`"));
    // One that changes something does not hide another that does not.
    let gated = text.replace("replicas = 2\n", "replicas = 2\nadmit = { concurrency = { limit = 5 } }\n");
    let both = "\"service.app.admit.concurrency.limit\" = 1, \"workload.jobs.arrivals.poisson\" = \"2/s\"";
    let found = problems(&with(&gated, &format!("at = \"1s\"\nset = {{ {both} }}")));
    assert!(found.contains("cannot change while the simulation runs"), "{found}");
    for value in ["\"service.app.balance\" = \"round-robin\"", "\"service.app.steps\" = []"] {
        assert!(set(value).contains("cannot change while the simulation runs"), "{value}");
    }
    assert!(set("\"workload.jobs.arrivals.poisson\" = \"5ms\"").contains("test.toml:12"));
    assert!(set("\"service.ap.replicas\" = 3").contains("did you mean `app`"));
    assert!(set("\"run.seed\" = 3").contains("no part of the system"));
}

/// Two replicas, of which the first is down from 2.5 s to 7.5 s; requests come in turn.
fn two(keys: &str, event: &str) -> String {
    let text = format!("replicas = 2\nservice-time = \"0.1s\"\nbalance = \"round-robin\"\n{keys}");
    with(&desk(&text), &format!("at = \"2.5s\"\nfor = \"5s\"\n{event} = \"desk[0]\""))
}

/// Eight requests that arrive at 2.6 s, 3.6 s, …
const EIGHT: &str = "time\n2.6\n3.6\n4.6\n5.6\n6.6\n7.6\n8.6\n9.6\n";

#[test]
fn e28_what_does_not_answer_probes_is_not_chosen_until_it_does() {
    let failed = |keys: &str| {
        let results = replay(&two(keys, "crash"), EIGHT);
        outcomes(&results).iter().map(|&outcome| u32::from(outcome == "failed")).collect::<Vec<u32>>()
    };
    assert_eq!(failed("health-check = { every = \"1s\" }"), [1, 0, 0, 0, 0, 0, 0, 0]);
    // The third probe without an answer is at 5 s.
    assert_eq!(failed("health-check = { every = \"1s\", failures = 3 }"), [1, 0, 1, 0, 0, 0, 0, 0]);
    // At 10 s it answers for the third time.
    let late = "health-check = { every = \"1s\", successes = 3 }";
    assert_eq!(served_by_first(&two(late, "crash"), &(EIGHT.to_owned() + "10.6\n11.6\n")), 1);
    assert_eq!(served_by_first(&two("", "crash"), EIGHT), 1);
    // A pause is no answer either: the first request waits for its end.
    let results = replay(&two("health-check = { every = \"1s\" }", "pause"), "time\n2.6\n3.6\n4.6\n5.6\n");
    assert_eq!(ends(&results).iter().map(|end| (end * 10.0).round()).collect::<Vec<f64>>(), [76.0, 37.0, 47.0, 57.0]);
}

/// How many requests the first replica served, if it is slow.
fn served_by_first(text: &str, jobs: &str) -> usize {
    let results = replay(&with(text, "at = \"0s\"\nslow = { what = \"desk[0]\", factor = 5 }"), jobs);
    results.jobs.iter().filter(|job| job.outcome == "ok" && job.ended_s - job.issued_s > 0.3).count()
}

#[test]
fn e28_a_balancer_checks_all_its_targets() {
    let text = "[workload.jobs]\nto = \"edge\"\ntrace = \"jobs.csv\"\n[balancer.edge]\nto = [\"a\", \"b\"]\npolicy = \"round-robin\"\n\
                health-check = { every = \"1s\" }\n[station.a]\nservice-time = \"0.1s\"\n[service.b]\nsteps = [{ wait = \"0.1s\" }]\n";
    let results = replay(&with(text, "at = \"2.5s\"\ncrash = \"b\""), EIGHT);
    assert_eq!(outcomes(&results).iter().filter(|&&outcome| outcome == "ok").count(), 8);
    assert_eq!(served(&results, "a"), 8.0);
}

#[test]
fn e29_what_is_down_attracts_those_who_look_for_the_shortest_queue() {
    let text = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n[station.desk]\nservice-time = \"10s\"\nreplicas = 2\n\
                balance = \"join-shortest-queue\"\n";
    let results =
        replay(&with(text, "at = \"1s\"\ncrash = \"desk[0]\""), "time\n2\n2.1\n2.2\n2.3\n2.4\n2.5\n2.6\n2.7\n");
    assert!(outcomes(&results).iter().filter(|&&outcome| outcome == "failed").count() >= 6);
}

#[test]
fn e29_if_nobody_is_left_calls_fail_at_once() {
    let text = desk("replicas = 2\nservice-time = \"0.1s\"\nhealth-check = { every = \"1s\" }");
    let results = replay(&with(&text, "at = \"0.5s\"\nfor = \"2s\"\npause = \"desk\""), "time\n2\n4\n");
    assert_eq!((ends(&results)[0], outcomes(&results)), (2.0, vec!["failed", "ok"]));
}

#[test]
fn e30_replicas_are_deployed_by_turns() {
    let text = "[workload.jobs]\nto = \"desk\"\ntrace = \"jobs.csv\"\n[station.desk]\nservice-time = \"1s\"\nreplicas = 2\n\
                balance = \"round-robin\"\n";
    let rolling =
        |keys: &str| with(text, &format!("at = \"1s\"\nrolling = {{ what = \"desk\", down = \"4s\"{keys} }}"));
    // The first is out from 1 s to 7 s, the second one to 13 s.
    let results = replay(&rolling(", drain = \"2s\""), "time\n0.5\n0.5\n1.5\n3\n5\n8\n10\n");
    assert_eq!(ends(&results), [1.5, 1.5, 2.5, 4.0, 6.0, 9.0, 11.0]);
    // Without time to drain, what is there is lost; both at once leave nobody.
    let results = replay(&rolling(", at-a-time = 2"), "time\n0.5\n3\n5.5\n");
    assert_eq!(outcomes(&results), ["failed", "failed", "ok"]);
    let results = replay(&rolling(", cold = { for = \"10s\", factor = 3 }"), "time\n5.5\n");
    assert_eq!(ends(&results), [8.5]);
}

/// A cache `near` with these keys in front of an origin that takes a second.
fn cached(keys: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"near\"\ntrace = \"jobs.csv\"\n[cache.near]\norigin = \"far\"\n{keys}\n\
         [station.far]\nservers = \"infinite\"\nservice-time = \"1s\"\n"
    )
}

#[test]
fn e31_memory_is_lost_with_its_node() {
    let keys = "replicas = 2\nbalance = \"modulo\"";
    let event = "at = \"2s\"\nfor = \"4s\"\ncrash = \"near[0]\"";
    let results = replay(&with(&cached(keys), event), "time,key\n0,0\n0,1\n3,0\n5,0\n6,0\n8,0\n8,1\n");
    assert_eq!(ends(&results), [1.0, 1.0, 4.0, 5.0, 7.0, 8.0, 8.0]);
    let results = replay(
        &with(&cached(""), "at = \"2s\"\nfor = \"4s\"\ncrash = \"near\""),
        "time,key\n0,0\n1.5,7\n3,0\n6,0\n8,7\n",
    );
    assert_eq!(outcomes(&results), ["ok", "failed", "failed", "ok", "ok"]);
    assert_eq!(ends(&results), [1.0, 2.0, 3.0, 7.0, 9.0]);
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nsteps = [{ call = \"own\" }]\n\
                [cache.own]\norigin = \"far\"\nscope = \"per-replica\"\n[station.far]\nservice-time = \"1s\"\n";
    let event = "at = \"3s\"\nfor = \"1s\"\ncrash = \"app\"";
    assert_eq!(ends(&replay(&with(text, event), "time,key\n0,0\n2,0\n5,0\n7,0\n")), [1.0, 2.0, 6.0, 7.0]);
}

#[test]
fn e32_a_queue_that_crashes_keeps_its_messages() {
    let text = "[workload.jobs]\nto = \"letters\"\ntrace = \"jobs.csv\"\n[queue.letters]\nconsumer = \"app\"\n\
                [service.app]\nthreads = 1\nsteps = [{ wait = \"2s\" }]\n";
    for event in ["crash", "pause"] {
        let text = with(text, &format!("at = \"1s\"\nfor = \"3s\"\n{event} = \"letters\""));
        let results = replay(&text, "time\n0\n0.5\n2\n");
        assert_eq!(outcomes(&results), ["ok", "ok", "failed"]);
        assert_eq!(served(&results, "app.threads"), 2.0);
        assert_eq!(results.scenario.duration_s, 6.0);
        // Who publishes finds out before the broker would have acknowledged.
        let slow = text.replace("consumer", "acknowledge = \"0.5s\"\nconsumer");
        let results = replay(&slow, "time\n0\n2\n3.9\n5\n");
        assert_eq!(outcomes(&results), ["ok", "failed", "failed", "ok"]);
        assert_eq!(ends(&results), [0.5, 2.0, 3.9, 5.5]);
    }
}

#[test]
fn e33_a_zone_is_lost_with_all_that_is_in_it() {
    let text = "[zone.a]\n[zone.b]\n[machine.m]\n[host.box]\nmachine = \"m\"\nzone = \"b\"\n\
                [workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nreplicas = 4\nbalance = \"round-robin\"\n\
                zones = [\"a\", \"b\"]\nsteps = [{ call = \"tail\" }]\n[service.tail]\nhost = \"box\"\nsteps = [{ wait = \"1s\" }]\n";
    let failed = |event: &str| {
        let results = replay(&with(text, &format!("at = \"0s\"\ncrash = \"{event}\"")), "time\n1\n1\n1\n1\n");
        outcomes(&results).iter().map(|&outcome| u32::from(outcome == "failed")).collect::<Vec<u32>>()
    };
    assert_eq!(failed("a"), [1, 0, 1, 0]);
    assert_eq!(failed("b"), [1, 1, 1, 1]);
    assert!(problems(&text.replace("[zone.b]\n", "")).contains("there is no zone `b`"));
}

#[test]
fn e34_what_fails_may_crash() {
    let text = desk("service-time = \"2s\"\nservers = 3\nfails = { every = \"3s\", repair = \"2s\", crash = true }");
    let results = replay(&text, "time\n2\n2.5\n4\n5.5\n");
    assert_eq!(
        (ends(&results), outcomes(&results)),
        (vec![3.0, 3.0, 4.0, 7.5], vec!["failed", "failed", "failed", "ok"])
    );
    let text = "[machine.box]\ncores = 2\nfails = { every = \"3s\", repair = \"2s\", crash = true }\n\
                [workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nmachine = \"box\"\nthreads = 2\n\
                steps = [{ wait = \"1s\" }, { cpu = \"0.5s\" }]\n";
    let results = replay(text, "time\n1\n2.9\n4\n5.5\n");
    assert_eq!((ends(&results), outcomes(&results)), (vec![2.5, 3.0, 4.0, 7.0], vec!["ok", "failed", "failed", "ok"]));
}

#[test]
fn e20_slow_without_bound_is_for_ever_and_no_more() {
    let text = "[workload.w]\nto = \"desk\"\narrivals = { constant = \"1/s\" }\n[station.desk]\nservers = 10\nservice-time = \"5s\"\n\
                [run]\nwarm-up = \"0s\"\nduration = \"100s\"\nreplications = 1\n";
    let results = run(&with(text, "at = \"50.5s\"\nfor = \"1s\"\nslow = { what = \"desk\", factor = 1e30 }"), &[]);
    assert!(results.checks.little && results.checks.utilization_law);
}

#[test]
fn e30_the_next_go_when_the_last_are_back() {
    let text = "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\n[service.app]\nreplicas = 2\nbalance = \"round-robin\"\n\
                health-check = { every = \"1ms\" }\nsteps = [{ wait = \"1ms\" }]\n";
    let event = "at = \"5s\"\nrolling = { what = \"app\", at-a-time = 1, down = \"10s\" }";
    let results = replay(&with(text, event), "time\n10\n14.9\n15.0000001\n15.1\n20\n");
    assert_eq!(outcomes(&results), ["ok"; 5]);
}

#[test]
fn e28_who_is_out_of_service_is_not_asked() {
    let text = |also: &str| {
        format!(
            "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"20/s\" }}\ntimeout = \"5s\"\n\
             [service.app]\nthreads = 4\nbalance = \"round-robin\"\nsteps = [{{ wait = {{ exponential = \"300ms\" }} }}]\n\
             health-check = {{ every = \"10s\", failures = 2, successes = 6 }}\n[station.other]\nservice-time = \"1s\"\n\
             [run]\nwarm-up = \"0s\"\nduration = \"100s\"\nreplications = 1\n\
             [[event]]\nat = \"30s\"\nscale = {{ app = 4 }}\n{also}"
        )
    };
    let errors = |also: &str| run(&text(also), &[]).workloads["w"].error_rate.value;
    assert_eq!(errors(""), errors("[[event]]\nat = \"10s\"\nfor = \"1s\"\ncrash = \"other\"\n"));
}

#[test]
fn e31_a_cache_that_stood_still_goes_on_where_misses_wait_for_each_other() {
    let text = "[workload.jobs]\nto = \"mem\"\ntrace = \"jobs.csv\"\n[cache.mem]\norigin = \"back\"\ncapacity = 10\n\
                coalesce = true\nmachine = \"m\"\n[machine.m]\n[station.back]\nservice-time = \"1s\"\n";
    let results = replay(&with(text, "at = \"2s\"\nfor = \"5s\"\npause = \"mem\""), "time,key\n1.5,1\n3,2\n3,2\n9,3\n");
    assert_eq!(outcomes(&results), ["ok"; 4]);
}
