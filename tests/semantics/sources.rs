use super::*;

/// Runs a workload `jobs` with these keys at a station with endless servers.
fn crowd(workload: &str, service_time: &str, run_keys: &str) -> Results {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\n{workload}\n\
         [station.desk]\nservers = \"infinite\"\nservice-time = \"{service_time}\"\n\
         [run]\nreplications = 1\n{run_keys}\n"
    );
    run(&text, &[])
}

#[test]
fn s11_an_interval_comes_before_the_first_arrival() {
    let results = crowd("arrivals = { constant = \"1/s\" }", "0s", "duration = \"3s\"\nwarm-up = \"0s\"");
    assert_eq!(issues(&results), [1.0, 2.0]);
}

#[test]
fn s12_users_think_first_and_after_every_answer() {
    let users = "users = 1\nthink-time = \"2s\"";
    let results = crowd(users, "1s", "duration = \"9s\"\nwarm-up = \"0s\"");
    assert_eq!(issues(&results), [2.0, 5.0, 8.0]);
    assert_eq!(results.workloads["jobs"].latency.mean.value, Some(1.0));
}

#[test]
fn s12_users_think_after_failures_too() {
    let users = "users = 1\nthink-time = \"2s\"\ntimeout = \"500ms\"\nlosers = \"cancel\"";
    let results = crowd(users, "1s", "duration = \"8s\"\nwarm-up = \"0s\"");
    assert_eq!(issues(&results), [2.0, 4.5, 7.0]);
    assert_eq!(outcomes(&results), ["timed-out"; 3]);
}

#[test]
fn s13_modulated_sources_start_as_if_they_had_always_run() {
    let text = "[workload.jobs]\nto = \"desk\"\n\
                arrivals = { mmpp = { rates = [\"1/s\", \"1000/s\"], dwell = [\"300000s\", \"100000s\"] } }\n\
                [station.desk]\nservers = \"infinite\"\nservice-time = \"0s\"\n\
                [run]\nduration = \"1s\"\nwarm-up = \"0s\"\nreplications = 400\n";
    let rate = run(text, &[]).workloads["jobs"].offered.value.expect("a rate");
    // A quarter begin in the second state: 250.75/s, with a standard error of 433/√400 = 21.6.
    assert!((rate - 250.75).abs() < 3.0 * 21.6, "{rate}");
}

#[test]
fn s14_members_of_a_batch_arrive_together() {
    let batch = "arrivals = { batch = { rate = \"1/s\", size = 3 } }";
    let results = crowd(batch, "1s", "duration = \"100s\"\nwarm-up = \"0s\"");
    assert!(results.jobs.len() > 100);
    for three in results.jobs.chunks(3) {
        assert!(three.iter().all(|job| job.issued_s == three[0].issued_s));
        assert!(three.iter().all(|job| (job.ended_s - job.issued_s - 1.0).abs() < 1e-11));
    }
}

#[test]
fn s14_a_geometric_batch_has_mean_one_over_p() {
    let batch = "arrivals = { batch = { rate = \"10/s\", size = { geometric = 0.25 } } }";
    let results = crowd(batch, "1s", "duration = \"10000s\"\nwarm-up = \"0s\"");
    let offered = results.workloads["jobs"].offered.value.expect("a rate");
    // 100,000 batches with a standard deviation of √12 each, and Poisson batches: 5 of about 0.17.
    assert!((offered - 40.0).abs() < 0.85, "{offered}");
}

#[test]
fn s15_a_profile_begins_after_the_warm_up_and_stretches_intervals() {
    let steps = "arrivals = { constant = \"1/s\" }\nprofile = { steps = [[\"0s\", 1.0], [\"3s\", 2.0]] }";
    let results = crowd(steps, "250ms", "duration = \"5s\"\nwarm-up = \"2s\"");
    assert_eq!(issues(&results), [0.0, 1.0, 2.0, 3.0, 3.5, 4.0, 4.5]);
}

#[test]
fn s16_a_trace_counts_from_the_start_and_brings_service_times() {
    let run_keys = "[run]\nduration = \"10s\"\nwarm-up = \"2s\"\nreplications = 1\n";
    let text = format!("{}{run_keys}", desk("servers = 9\nservice-time = \"5s\""));
    let results = run(&text, &[("jobs.csv", "time,service-time\n1,3\n3,\n")]);
    assert_eq!(issues(&results), [-1.0, 1.0]);
    assert_eq!(ends(&results), [2.0, 6.0]);
}

#[test]
fn s17_a_trace_of_keys_starts_over() {
    let steps = r#"[{ hold = { of = "row", steps = [{ wait = "1s" }] } }]"#;
    let text = app(&format!("steps = {steps}\n[lock.row]\nby = \"key\"\n{ONCE}"));
    let text = text.replacen("trace =", "keys = { trace = \"keys.csv\" }\ntrace =", 1);
    let files = [("jobs.csv", "time\n0\n0\n0\n0\n"), ("keys.csv", "key\n1\n2\n")];
    assert_eq!(ends(&run(&text, &files)), [1.0, 1.0, 2.0, 2.0]);
}

#[test]
fn s18_until_empty_waits_for_abandoned_work() {
    let text = desk("").replacen("trace =", "timeout = \"1s\"\ntrace =", 1);
    let results = replay(&text, "time,service-time\n0,7\n");
    assert_eq!(ends(&results), [1.0]);
    assert_eq!(results.scenario.duration_s, 7.0);
}

#[test]
fn s18_until_empty_has_no_warm_up() {
    let said = problems(
        "[station.desk]\ninitial = 1\nservice-time = \"1s\"\n[run]\nduration = \"until-empty\"\nwarm-up = \"1s\"\n",
    );
    assert!(said.contains("measured from its start"), "{said}");
}

#[test]
fn s19_customers_of_the_start_are_there_first() {
    let results = replay(&desk("initial = 3\nservice-time = \"1s\""), "time\n0\n");
    assert_eq!(ends(&results), [4.0]);
    assert_eq!(served(&results, "desk"), 4.0);
}
