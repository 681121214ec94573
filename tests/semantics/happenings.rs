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
