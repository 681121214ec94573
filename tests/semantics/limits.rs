use std::sync::atomic::Ordering;

use knee::experiment::{Limits, admit};

use super::*;

/// A scenario on so many threads with these limits, with departures computed on arrival where they can be, or never.
fn within(limits: Limits, threads: usize, every_departure: bool, text: &str) -> Results {
    let (model, diagnostics) = load(text, &[]);
    let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
    let options = Options { threads: Some(threads), limits, every_departure, ..Options::default() };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(&model, &options, &control)
}

/// The same in all ways, which find the same.
fn anyhow(limits: Limits, text: &str) -> Results {
    let all = [(1, false), (3, false), (1, true), (2, true)].map(|(threads, way)| within(limits, threads, way, text));
    let said = all.each_ref().map(|results| knee::report::json::object(results).expect("JSON"));
    assert!(said.iter().all(|one| *one == said[0]), "threads or ways differ:\n{}\n{}", said[0], said[2]);
    let [first, ..] = all;
    first
}

fn stopped(results: &Results) -> Option<&str> {
    results.scenario.stopped.as_deref()
}

const USUAL: Limits = Limits { events: 1_000_000, in_flight: 1_000_000, memory: 1 << 30 };

/// One a second, from the first second on, for a station with these keys.
fn one_a_second(keys: &str, replications: u32) -> String {
    format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ constant = \"1/s\" }}\n[station.desk]\n{keys}\n\
         [run]\nduration = \"1h\"\nwarm-up = \"0s\"\nreplications = {replications}\n"
    )
}

#[test]
fn l1_a_replication_with_too_many_in_flight_is_stopped() {
    let limits = Limits { in_flight: 5, ..USUAL };
    let text = one_a_second("servers = \"infinite\"\nservice-time = \"2h\"", 1);
    let results = anyhow(limits, &text);
    // The sixth comes at six seconds.
    assert_eq!((stopped(&results), results.scenario.duration_s), (Some("in-flight"), 6.0));
    assert_eq!(results.stations.get("desk").unwrap().in_system.value, Some(2.5));
    assert_eq!(stopped(&anyhow(Limits { in_flight: 3600, ..USUAL }, &text)), None);
}

#[test]
fn l1_arms_and_messages_count_and_users_do_not() {
    let forks = "[workload.jobs]\nto = \"app\"\narrivals = { constant = \"1/s\" }\n[service.app]\nsteps = [{ parallel = [\
                 [{ wait = \"2h\" }], [{ wait = \"2h\" }]] }]\n[run]\nduration = \"1h\"\nwarm-up = \"0s\"\nreplications = 1\n";
    // Each has two arms, and waits for them.
    let seen = |in_flight| anyhow(Limits { in_flight, ..USUAL }, forks).scenario.duration_s;
    assert_eq!([3, 5, 6, 9].map(seen), [2.0, 2.0, 3.0, 4.0]);
    let users = "[workload.jobs]\nto = \"desk\"\nusers = 50\n[station.desk]\nservice-time = \"1s\"\n\
                 [run]\nduration = \"100s\"\nwarm-up = \"0s\"\nreplications = 1\n";
    assert_eq!(stopped(&anyhow(Limits { in_flight: 5, ..USUAL }, users)), None);
}

#[test]
fn l2_a_replication_with_too_many_events_is_stopped() {
    let text = one_a_second("service-time = \"500ms\"", 1);
    // Five arrivals, the last at five seconds, and each departure half a second later. Curves are events, too: every 18 s.
    let results = anyhow(Limits { events: 10, ..USUAL }, &text);
    assert_eq!((stopped(&results), results.scenario.duration_s), (Some("events"), 5.5));
    assert_eq!(stopped(&anyhow(Limits { events: 7000, ..USUAL }, &text)), Some("events"));
    assert_eq!(stopped(&anyhow(Limits { events: 7500, ..USUAL }, &text)), None);
}

/// Eight a second for a desk that can do four.
fn overload(replications: u32, duration: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ poisson = \"8000/s\" }}\n[station.desk]\n\
         service-time = {{ exponential = \"250us\" }}\n\
         [run]\nduration = \"{duration}\"\nwarm-up = \"1s\"\nreplications = {replications}\n"
    )
}

#[test]
fn l3_memory_is_counted_and_the_same_everywhere() {
    let limits = Limits { memory: 40 << 20, events: u64::MAX, ..USUAL };
    let results = anyhow(limits, &overload(2, "365day"));
    assert_eq!(stopped(&results), Some("memory"));
    assert!(results.warnings.iter().any(|warning| warning.contains("more than 40MiB")), "{:?}", results.warnings);
    let in_flight = results.workloads["jobs"].in_flight.value.expect("they were counted") * 2.0;
    // Some 200 bytes each.
    assert!((100_000.0..300_000.0).contains(&in_flight), "{in_flight}");
}

#[test]
fn l3_what_is_added_up_is_there_once() {
    // Curves of 200 points would take 30 megabytes if each replication kept its own.
    let text = one_a_second("service-time = \"1ms\"", 1000).replace("\"1h\"", "\"9s\"");
    assert_eq!(stopped(&anyhow(Limits { memory: 4 << 20, ..USUAL }, &text)), None);
    let series = format!("{text}series = \"50ms\"\n");
    assert_eq!(stopped(&anyhow(Limits { memory: 4 << 20, ..USUAL }, &series)), Some("memory"));
}

#[test]
fn l4_what_was_observed_up_to_the_stop_is_reported() {
    let results = anyhow(Limits { in_flight: 9000, ..USUAL }, &overload(1, "1day"));
    assert!(results.scenario.partial && results.checks.little && results.checks.flow_balance);
    assert!((results.stations.get("desk").unwrap().utilization.value.unwrap() - 1.0).abs() < 1e-3);
    assert_eq!(results.unstable, ["desk"]);
    let said = results.warnings.join("\n");
    assert!(said.contains("desk: offered load 2.00 of capacity: no steady state"), "{said}");
    assert!(
        said.contains("more than 9000 requests were in flight; shorten `duration`, or raise --max-in-flight"),
        "{said}"
    );
    let early = anyhow(Limits { in_flight: 100, ..USUAL }, &overload(1, "1day").replace("\"1s\"", "\"1h\""));
    assert!(early.warnings.iter().any(|warning| warning.contains("before anything was measured")));
    assert!(early.checks.little && early.checks.flow_balance && early.checks.utilization_law);
}

#[test]
fn l5_of_a_scenario_that_is_overloaded_the_first_replication_is_a_trial() {
    let results = anyhow(Limits { in_flight: 1000, ..USUAL }, &overload(20, "1day"));
    assert_eq!((results.scenario.replications, stopped(&results)), (1, Some("in-flight")));
    let whole = anyhow(USUAL, &overload(3, "2s"));
    assert_eq!((whole.scenario.replications, whole.scenario.partial), (3, false));
}

#[test]
fn l6_replications_that_do_not_fit_together_run_one_by_one() {
    // Each takes some ten megabytes at its end.
    let text = overload(4, "12s");
    let plenty = within(USUAL, 4, false, &text);
    let scarce = anyhow(Limits { memory: 14 << 20, ..USUAL }, &text);
    assert_eq!(stopped(&scarce), None);
    assert_eq!(format!("{plenty:?}"), format!("{scarce:?}"));
    assert_eq!(stopped(&anyhow(Limits { memory: 7 << 20, ..USUAL }, &text)), Some("memory"));
}

#[test]
fn l7_who_is_cancelled_gives_up_the_replications_under_way() {
    let (model, _) = load(&one_a_second("service-time = \"1ms\"", 4).replace("\"1h\"", "\"200day\""), &[]);
    let model = model.expect("it is sound");
    for every_departure in [true, false] {
        let cancelled = AtomicBool::new(false);
        let options = Options { every_departure, limits: Limits { events: u64::MAX, ..USUAL }, ..Options::default() };
        let results = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(20));
                cancelled.store(true, Ordering::Relaxed);
            });
            experiment::run(&model, &options, &Control { progress: &|_| (), cancelled: &cancelled })
        });
        assert_eq!((results.scenario.replications, results.scenario.partial), (0, true));
    }
}

#[test]
fn l8_a_replication_that_goes_round_without_time_passing_is_stopped() {
    let text = "[workload.jobs]\nto = \"desk\"\nusers = 1\n[station.desk]\nservice-time = \"0s\"\n\
                [run]\nduration = \"1s\"\nwarm-up = \"0s\"\nreplications = 1\n";
    assert_eq!(stopped(&within(Limits { events: u64::MAX, ..USUAL }, 1, false, text)), Some("livelock"));
}

#[test]
fn l9_what_is_certainly_too_much_is_refused() {
    let refused = |text: &str, limits: Limits| {
        let (model, _) = load(text, &[]);
        let options = Options { limits, ..Options::default() };
        admit([&model.expect("it is sound")], &options).err().map(|found| found.render(false))
    };
    let desks = |count: u32| one_a_second(&format!("replicas = {count}\nservice-time = \"1ms\""), 1);
    assert_eq!(refused(&desks(1000), USUAL), None);
    let found = refused(&desks(100_000), Limits { memory: 32 << 20, ..USUAL }).expect("it is too large");
    assert!(found.contains("desk has 100000 stations"), "{found}");
    let found = refused(&desks(1), Limits { events: 3000, ..USUAL }).expect("it is too long");
    assert!(found.contains("test.toml would have about 3.6e3 requests"), "{found}");
}

#[test]
fn l10_a_run_that_was_stopped_decides_nothing() {
    let text = one_a_second("service-time = { exponential = \"500ms\" }", 3);
    let text = text.replace("constant", "poisson").replace("warm-up = \"0s\"", "warm-up = \"60s\"");
    let models = ["500ms", "700ms"].map(|time| load(&text.replace("500ms", time), &[]).0.expect("it is sound"));
    let names = ["quick", "slow"].map(str::to_owned).to_vec();
    let comparison = experiment::Comparison { names, ..Default::default() };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let compared = |events| {
        let options = Options { limits: Limits { events, ..USUAL }, ..Options::default() };
        experiment::compare(&models, &comparison, &options, &control)
    };
    let (whole, cut) = (compared(100_000), compared(5000));
    assert_eq!((whole.changes[0].pairs, whole.partial, &whole.stopped), (3, false, &None));
    assert_eq!((cut.changes[0].pairs, cut.partial, cut.stopped.as_deref()), (0, true, Some("events")));
    let theory = |found: &experiment::results::CompareResults| found.steps[0].result.theory.len();
    assert!(theory(&whole) > 0 && theory(&cut) == 0, "{} and {}", theory(&whole), theory(&cut));
}
