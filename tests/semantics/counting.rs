use super::*;
use knee::experiment::results::TheoryLine;

/// Constant arrivals, one a second, each served for half a second by a server of its own.
fn steady(warm_up: &str, window: &str, more: &str) -> Results {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ constant = \"1/s\" }}\n\
         [station.desk]\nservers = 9\nservice-time = \"500ms\"\n\
         [run]\nwarm-up = \"{warm_up}\"\nduration = \"{window}\"\nreplications = 1\n{more}\n"
    );
    run(&text, &[])
}

#[test]
fn s58_who_came_before_the_window_counts_whole() {
    let text = format!("{}[run]\nwarm-up = \"10s\"\nduration = \"10s\"\nreplications = 1\n", desk(""));
    let results = run(&text, &[("jobs.csv", "time,service-time\n0,12\n")]);
    assert_eq!(results.workloads["jobs"].latency.mean.value, Some(12.0));
    assert_eq!((issues(&results), ends(&results)), (vec![-10.0], vec![2.0]));
    let desk = results.stations.get("desk").expect("a desk");
    assert_eq!(desk.utilization.value, Some(0.2));
}

#[test]
fn s59_the_window_is_closed_where_things_end_and_open_where_they_begin() {
    let ending = steady("1500ms", "2s", "");
    assert_eq!(ends(&ending), [1.0, 2.0]);
    assert_eq!(ending.workloads["jobs"].throughput.value, Some(1.0));
    let arriving = steady("1s", "2s", "");
    assert_eq!(arriving.workloads["jobs"].offered.value, Some(1.0));
}

#[test]
fn s60_who_is_still_there_counts_in_integrals_only() {
    let results = steady("0s", "1250ms", "");
    let jobs = &results.workloads["jobs"];
    assert_eq!(jobs.offered.value, Some(1.0 / 1.25));
    assert_eq!((jobs.throughput.value, jobs.latency.mean.value), (Some(0.0), None));
    assert_eq!(jobs.in_flight.value, Some(0.25 / 1.25));
}

#[test]
fn s61_latency_is_from_the_first_attempt_to_the_answer() {
    let text = app("steps = [{ call = { to = \"desk\", timeout = \"1s\", losers = \"cancel\", \
         retry = { attempts = 2, backoff = { delay = \"3s\" } } } }]\n[station.desk]\nservice-time = \"750ms\"\n");
    let results = replay(&text, "time\n0\n0.125\n");
    // The second gives up as it is served, and comes back.
    assert_eq!(ends(&results), [0.75, 4.875]);
    assert_eq!(results.workloads["jobs"].latency.mean.value, Some((0.75 + 4.75) / 2.0));
}

#[test]
fn s62_errors_count_against_what_ended() {
    let results = replay(&desk("capacity = 2"), "time,service-time\n0,1\n0,1\n0,1\n0,1\n");
    let jobs = &results.workloads["jobs"];
    assert_eq!(jobs.error_rate.value, Some(0.5));
    assert_eq!(jobs.throughput.value, Some(1.0));
    assert_eq!((jobs.errors.rejected, jobs.latency.max), (2, Some(2.0)));
}

#[test]
fn s63_the_laws_hold_whatever_happens() {
    for (discipline, losers) in [
        ("\"fifo\"", "cancel"),
        ("\"random\"", "cancel-queued"),
        ("\"processor-sharing\"", "cancel"),
        ("\"preemptive-lifo\"", "cancel"),
        ("{ round-robin = { quantum = \"3ms\" } }", "abandon"),
    ] {
        let text = format!(
            r#"
            [workload.users]
            to = "app"
            arrivals = {{ poisson = "90/s" }}
            timeout = "300ms"
            losers = "{losers}"
            retry = {{ attempts = 2 }}
            [service.app]
            threads = 8
            queue = 50
            steps = [
              {{ visit = "desk" }},
              {{ hold = {{ of = "pool", steps = [{{ wait = {{ exponential = "20ms" }} }}, {{ fail = 0.01 }}] }} }},
              {{ parallel = {{ need = 1, losers = "{losers}", arms = [[{{ visit = "desk" }}], [{{ wait = "9ms" }}]] }} }},
            ]
            [pool.pool]
            size = 4
            [station.desk]
            servers = 2
            patience = {{ exponential = "500ms" }}
            service-time = {{ exponential = "10ms" }}
            discipline = {discipline}
            [run]
            warm-up = "10s"
            duration = "100s"
            replications = 2
            "#
        );
        let checks = run(&text, &[]).checks;
        assert!(checks.little && checks.flow_balance && checks.utilization_law, "{discipline}: {checks:?}");
    }
}

#[test]
fn s64_who_is_held_is_busy() {
    let text = app(
        "threads = 2\nsteps = [{ hold = { of = \"one\", steps = [{ wait = \"1s\" }] } }, { wait = \"1s\" }]\n[lock.one]\n",
    );
    let results = replay(&text, "time\n0\n2\n");
    let utilization = |station: &str| results.stations.get(station).expect("a station").utilization.value;
    assert_eq!((utilization("one"), utilization("app.threads")), (Some(0.5), Some(0.5)));
}

#[test]
fn s65_a_mean_is_that_of_the_replications() {
    let mean = |replications: u32| {
        let text = format!(
            "[workload.jobs]\nto = \"desk\"\narrivals = {{ poisson = \"5/s\" }}\n\
             [station.desk]\nservice-time = {{ exponential = \"100ms\" }}\n\
             [run]\nduration = \"20s\"\nwarm-up = \"0s\"\nreplications = {replications}\n"
        );
        run(&text, &[]).workloads["jobs"].latency.mean
    };
    let (one, two) = (mean(1), mean(2));
    let (first, both) = (one.value.expect("a mean"), two.value.expect("a mean"));
    assert_eq!(one.ci95, None);
    // The second is as far on the other side: s/√2 is that distance, and t is 12.706 for one degree of freedom.
    let [low, high] = two.ci95.expect("an interval");
    let reach = 12.706_204_736 * (both - first).abs();
    assert!(reach > 0.0 && (both - low - reach).abs() < 1e-6 && (high - both - reach).abs() < 1e-6, "{two:?}");
}

#[test]
fn s66_too_few_observations_make_no_percentile() {
    let times: String = (1..=200).map(|time| format!("0,{time}\n")).collect();
    let results = replay(&desk("servers = \"infinite\""), &format!("time,service-time\n{times}"));
    let latency = results.workloads["jobs"].latency;
    assert!(latency.p99.value.is_some());
    assert_eq!(latency.p99_9.value, None);
    let same = replay(&desk("servers = \"infinite\""), "time,service-time\n0,1\n0,1\n");
    assert_eq!(same.workloads["jobs"].latency.p99.value, Some(1.0));
}

#[test]
fn s67_percentiles_are_close_and_the_maximum_is_exact() {
    let times: String = (1..=1001).map(|time| format!("0,{}\n", f64::from(time) * 1.234_567)).collect();
    let results = replay(&desk("servers = \"infinite\""), &format!("time,service-time\n{times}"));
    let latency = results.workloads["jobs"].latency;
    for (percentile, rank) in [(latency.p50, 501.0), (latency.p90, 901.0), (latency.p95, 951.0)] {
        let (value, expected) = (percentile.value.expect("a percentile"), rank * 1.234_567);
        // Within one observation, and 0.1 %.
        assert!((value - expected).abs() <= 1.24 + 0.001 * expected, "{value}, not {expected}");
    }
    assert_eq!(latency.max, Some(1001.0 * 1.234_567));
}

#[test]
fn s68_observation_is_after_completions_and_before_arrivals() {
    let run_keys = "[run]\nwarm-up = \"0s\"\nduration = \"3s\"\nreplications = 1\nobserve-at = [\"1s\", \"1500ms\"]\n";
    let text = format!("{}{run_keys}", desk(""));
    let results = run(&text, &[("jobs.csv", "time,service-time\n0,1\n1,1\n")]);
    let seen = |at: usize| {
        let desk = &results.observed[at].stations["desk"];
        (desk.in_system.value, desk.empty.value)
    };
    assert_eq!(seen(0), (Some(0.0), Some(1.0)));
    assert_eq!(seen(1), (Some(1.0), Some(0.0)));
}

#[test]
fn s69_a_load_that_changes_once_needs_its_warm_up_given() {
    let text = "[workload.jobs]\nto = \"desk\"\narrivals = { poisson = \"1/s\" }\n\
                profile = { steps = [[\"0s\", 1.0], [\"9s\", 2.0]] }\n[station.desk]\nservice-time = \"100ms\"\n";
    let said = problems(text);
    assert!(said.contains("warm-up"), "{said}");
}

/// A queue at 80 % load, in short replications.
const QUEUE: &str = "[workload.w]\nto = \"desk\"\narrivals = { poisson = \"8/s\" }\n\
     [station.desk]\nservice-time = { exponential = \"100ms\" }\n\
     [run]\nduration = \"50s\"\nwarm-up = \"10s\"\n";

#[test]
fn j1_a_percentile_needs_an_observation_beyond_it() {
    let results = steady("0s", "10s", "");
    assert!(results.withheld.is_empty() && results.workloads["jobs"].latency.p99_9.value == Some(0.5));
    let results = run(&format!("{QUEUE}replications = 2\n"), &[]);
    let [withheld] = results.withheld.as_slice() else { panic!("{:?}", results.withheld) };
    assert_eq!((withheld.metric.as_str(), withheld.needs), ("w.latency.p99.9", 1000));
    let answers = results.workloads["w"].throughput.value.unwrap() * 50.0 * 2.0;
    assert_eq!(withheld.answers as f64, answers.round());
    assert_eq!(results.workloads["w"].latency.p99_9.value, None);
    assert!(results.workloads["w"].latency.p99.value.is_some());
}

#[test]
fn j2_replications_are_added_until_the_interval_is_narrow_enough() {
    let precise = |within: &str, most: u32| {
        let precision = format!("{{ metric = \"w.latency.mean\", within = \"{within}\", most = {most} }}");
        run(&format!("{QUEUE}replications = 5\nprecision = {precision}\n"), &[])
    };
    for within in ["10%", "40ms"] {
        let results = precise(within, 1000);
        let mean = results.workloads["w"].latency.mean;
        let [low, high] = mean.ci95.unwrap();
        let allowed = if within == "10%" { 0.1 * mean.value.unwrap() } else { 0.04 };
        assert!((high - low) / 2.0 <= allowed, "{mean:?}");
        let count = results.scenario.replications;
        assert!(count > 5 && results.precision.as_ref().unwrap().met && results.warnings.is_empty());
        let same = run(&format!("{QUEUE}replications = {count}\n"), &[]);
        assert_eq!(format!("{:?}", same.workloads), format!("{:?}", results.workloads));
    }
    let results = precise("0.1%", 12);
    assert_eq!((results.scenario.replications, results.precision.as_ref().unwrap().met), (12, false));
    assert!(results.warnings[0].contains("w.latency.mean was to be known within 0.1%"), "{:?}", results.warnings);
    assert!(!results.scenario.partial);
    let nowhere = format!("{QUEUE}precision = {{ metric = \"v.latency.p99\", within = \"0\" }}\n");
    let said = problems(&nowhere);
    assert!(said.contains("there is no workload `v`: did you mean `w`?"), "{said}");
}

#[test]
fn j3_load_multiplies_what_comes_and_nothing_else() {
    let loaded = |source: &str, load: &str| {
        let text = format!(
            "[workload.jobs]\nto = \"desk\"\n{source}\n[station.desk]\nservers = \"infinite\"\nservice-time = \"1s\"\n\
             [run]\nduration = \"1000s\"\nwarm-up = \"0s\"\nreplications = 1\nload = {load}\n"
        );
        run(&text, &[("jobs.csv", "time,service-time\n0,1\n3,2\n")])
    };
    let offered = |source: &str, load: &str| loaded(source, load).workloads["jobs"].offered.value.unwrap();
    assert_eq!(offered("arrivals = { constant = \"2/s\" }", "1.5"), 3.0);
    // The first comes after an interval.
    assert_eq!(offered("arrivals = { renewal = \"250ms\" }", "0.5"), 1.999);
    assert_eq!(offered("users = 3\nthink-time = \"1s\"", "1.5"), 2.5, "four and a half users are five");
    assert_eq!(offered("users = 3\nthink-time = \"1s\"", "0.1"), 0.5, "and the tenth of three is one");
    for source in
        ["mmpp = { rates = [\"1/s\", \"9/s\"], dwell = [\"1s\", \"1s\"] }", "batch = { rate = \"2/s\", size = 3 }"]
    {
        let (once, twice) = (
            offered(&format!("arrivals = {{ {source} }}"), "1.0"),
            offered(&format!("arrivals = {{ {source} }}"), "2"),
        );
        assert!((twice / once - 2.0).abs() < 0.2, "{source}: {once} and {twice}");
    }
    let replayed = loaded("trace = \"jobs.csv\"", "2.0");
    assert_eq!((issues(&replayed), ends(&replayed)), (vec![0.0, 1.5], vec![1.0, 3.5]));
}

#[test]
fn j4_what_hardly_happens_is_no_difference() {
    let theory = |rate: &str, service: &str| {
        let text = format!(
            "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"{rate}\" }}\n[station.desk]\nservice-time = {service}\n\
             [run]\nduration = \"100s\"\nwarm-up = \"1s\"\nreplications = 4\n"
        );
        run(&text, &[]).theory
    };
    let has = |lines: &[TheoryLine], quantity: &str| lines.iter().any(|line| line.quantity == quantity);
    // Of 400 customers one in 10,000 waits: nobody. What else theory says of them stays, and agrees.
    let seldom = theory("1/s", "\"100us\"");
    assert!(!has(&seldom, "wait-mean-s") && !has(&seldom, "wait-probability"), "{seldom:?}");
    assert!(has(&seldom, "response-mean-s") && has(&seldom, "utilization"), "{seldom:?}");
    assert!(seldom.iter().all(|line| line.agrees), "{seldom:?}");
    // Of 400 customers 40 wait.
    assert!(has(&theory("1/s", "\"100ms\""), "wait-mean-s"));
}

/// Fifty queues with two servers each, which fill up slowly.
fn farm(run: &str) -> String {
    format!(
        "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"75/s\" }}\n\
         [station.app]\nreplicas = 50\nservers = 2\nbalance = \"random\"\nservice-time = {{ exponential = \"1s\" }}\n\
         [run]\nreplications = 8\n{run}\n"
    )
}

#[test]
fn j5_what_has_not_settled_is_said() {
    let short = run(&farm("duration = \"60s\"\nwarm-up = \"2s\""), &[]);
    let found = short.unsettled.expect("it is still filling up");
    assert!(found.from < 0.9 * found.to, "{found:?}");
    let [warning] = short.warnings.as_slice() else { panic!("{:?}", short.warnings) };
    assert!(warning.starts_with("still filling up: the number in system rises from "), "{warning}");
    // By Little's law the mean of both halves is that of the whole.
    let present = short.stations.get("app").unwrap().in_system.value.unwrap();
    assert!(((found.from + found.to) / 2.0 / present - 1.0).abs() < 1e-9, "{found:?} and {present}");
    for (settled, run_as) in [
        ("by warm-up", farm("duration = \"60s\"\nwarm-up = \"200s\"")),
        ("the start-up is what it is about", farm("duration = \"60s\"\nwarm-up = \"0s\"")),
        (
            "something happens",
            farm("duration = \"60s\"\nwarm-up = \"2s\"\n[[event]]\nat = \"1s\"\nscale = { app = 49 }"),
        ),
        (
            "the load changes",
            farm("duration = \"60s\"\nwarm-up = \"2s\"")
                .replace("\"75/s\" }\n", "\"75/s\" }\nprofile = { steps = [[\"0s\", 1.0], [\"40s\", 1.1]] }\n"),
        ),
    ] {
        let results = run(&run_as, &[]);
        assert_eq!((results.unsettled, results.warnings.len()), (None, 0), "{settled}: {:?}", results.warnings);
    }
}

#[test]
fn s69_a_start_up_that_is_longer_than_the_pilots_is_seen() {
    let short = run(&farm("duration = \"60s\""), &[]);
    assert!(short.scenario.warm_up_s >= 15.0, "{} s", short.scenario.warm_up_s);
    assert!(!short.warnings.is_empty());
    // M/M/2: 2 ρ / (1 − ρ²) in each of fifty.
    let long = run(&farm("duration = \"400s\""), &[]);
    let present = long.stations.get("app").unwrap().in_system.value.unwrap();
    let exact = 50.0 * 1.5 / (1.0 - 0.75 * 0.75);
    assert!((present / exact - 1.0).abs() < 0.03, "{present}, by theory {exact}");
    assert!(long.warnings.is_empty(), "{:?}", long.warnings);
}

#[test]
fn j6_a_latency_that_nobody_has_is_within_no_limit() {
    let judged = |timeout: &str, rate: &str| {
        let text = format!(
            "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"{rate}\" }}\ntimeout = \"{timeout}\"\n\
             [station.desk]\nservice-time = \"20ms\"\n\
             [run]\nduration = \"20s\"\nwarm-up = \"0s\"\nreplications = 2\n\
             [[objective]]\nname = \"quick\"\nrequire = \"w.latency.p99 < 1s\"\n"
        );
        let results = run(&text, &[]);
        (results.objectives[0].value.is_some(), results.objectives[0].met)
    };
    assert_eq!(judged("1s", "10/s"), (true, Some(true)));
    assert_eq!(judged("1ms", "10/s"), (false, Some(false)), "all time out");
    assert_eq!(judged("1ms", "0.00001/s"), (false, None), "nobody comes");
}
