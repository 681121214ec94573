//! The limit that a search finds encloses the one that theory knows.

use knee::experiment::results::{CapacityResults, Ended, Find, Outcome};
use knee::experiment::{self, Question};
use knee::laws::erlang::{mmc_response_quantile, mmc_wait};
use knee::laws::mva::{Station, mva};
use knee::numeric::bisect;
use knee::scenario::Knob;

use super::*;

fn queue(rate: f64, servers: u32, service: f64, require: &str, requests: f64) -> String {
    let duration = requests / rate;
    format!(
        "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"{rate}/s\" }}\n\
         [station.desk]\nservers = {servers}\nservice-time = {{ exponential = \"{service}s\" }}\n\
         [[objective]]\nname = \"quick\"\nrequire = \"{require}\"\n\
         [run]\nwarm-up = \"{}s\"\nduration = \"{duration}s\"\nreplications = 10\n",
        duration / 20.0
    )
}

fn search(text: &str, over: Option<&str>, find: Find, resolution: f64) -> CapacityResults {
    let source = source(text);
    let knob = over.map_or_else(|| Knob::load(&source), |flag| Knob::from_flag(flag, &source).unwrap());
    let question = Question { knob, find, confidence: 0.99, resolution, most: 40 };
    let found = experiment::capacity(&source, &question, &no_file, &options(), &control());
    found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false)))
}

/// P(T > t) = exp(−(1 − ρ) t / s) in M/M/1: the p99 is k mean service times at ρ = 1 − ln 100 / k.
#[test]
fn a_queue_takes_the_load_that_its_percentile_allows() {
    let (ln_100, start) = (100f64.ln(), 0.3);
    for (k, service, requests) in [
        (7.0, 0.001, 40_000.0),
        (10.0, 1.0, 40_000.0),
        (25.0, 0.02, 100_000.0),
        (100.0, 0.005, 400_000.0),
        (8.0, 3.0, 40_000.0),
        (15.0, 0.1, 60_000.0),
        (20.0, 0.0001, 80_000.0),
        (30.0, 0.5, 100_000.0),
        (40.0, 0.01, 150_000.0),
        (50.0, 60.0, 200_000.0),
    ] {
        let limit = k * service;
        let text = queue(start / service, 1, service, &format!("w.latency.p99 < {limit}s"), requests);
        let found = search(&text, None, Find::Highest, 0.02);
        let [low, high] = found.capacity.expect("a limit").interval;
        let exact = (1.0 - ln_100 / k) / start;
        assert!(low <= exact && exact <= high, "k = {k}: {exact} is not from {low} to {high}");
        // As narrow as the noise allows, and no wider.
        assert!(high / low < 1.25, "k = {k}: from {low} to {high}");
        assert_eq!(found.binding.as_ref().map(|binding| binding.name.as_str()), Some("quick"));
        assert_eq!((found.ended_by, found.today), (Ended::Objective, Some(1.0)));
        assert!((found.headroom.unwrap() - (low - 1.0)).abs() < 1e-12);
    }
}

/// The fewest servers with which M/M/c keeps a mean wait, or the 95th percentile of the response time.
#[test]
fn as_few_servers_will_do_as_erlang_says() {
    for (rate, service, wait) in
        [(80.0, 0.1, 0.01), (9.0, 1.0, 0.2), (45.0, 0.1, 0.004), (200.0, 0.05, 0.03), (3.0, 0.5, 0.05)]
    {
        let enough = |servers: &u32| mmc_wait(rate, service, *servers) < wait;
        check_fewest(rate, service, &format!("desk.wait.mean < {wait}s"), (1..).find(enough).unwrap());
    }
    for (rate, service, limit) in
        [(80.0, 0.1, 0.32), (20.0, 0.3, 1.0), (5.0, 0.1, 0.4), (50.0, 0.02, 0.065), (2.0, 2.0, 6.5)]
    {
        let enough = |servers: &u32| mmc_response_quantile(rate, service, *servers, 0.95) < limit;
        check_fewest(rate, service, &format!("w.latency.p95 < {limit}s"), (1..).find(enough).unwrap());
    }
}

fn check_fewest(rate: f64, service: f64, require: &str, expected: u32) {
    let text = queue(rate, 1, service, require, 40_000.0);
    let found = search(&text, Some("station.desk.servers"), Find::Lowest, 0.01);
    let limit = found.capacity.expect("enough servers");
    assert_eq!(limit.value, f64::from(expected), "{rate}/s for {service} s, {require}: {limit:?}");
    // Those with too few to do the work at all were not simulated.
    for trial in &found.trials {
        let overloaded = trial.at <= rate * service;
        assert_eq!(trial.outcome == Outcome::Overloaded, overloaded, "{trial:?}");
        assert_eq!(trial.replications == 0, overloaded);
    }
}

#[test]
fn users_and_words_in_a_range() {
    let text = "[workload.w]\nto = \"desk\"\nusers = 10\nthink-time = { exponential = \"1s\" }\n\
        [station.desk]\nservice-time = { exponential = \"50ms\" }\n\
        [[objective]]\nname = \"quick\"\nrequire = \"w.latency.mean < 200ms\"\n\
        [run]\nwarm-up = \"100s\"\nduration = \"2000s\"\nreplications = 6\n";
    // Exact: mean value analysis of one station and a delay.
    let response = |users: u32| knee::laws::repairman::repairman(users, 1.0, 0.05, 1).response;
    let most = (1..).find(|&users| response(users + 1) > 0.2).unwrap();
    let found = search(text, Some("workload.w.users"), Find::Highest, 0.01);
    let [low, high] = found.capacity.unwrap().interval;
    assert!(low <= f64::from(most) && f64::from(most) < high && high - low <= 2.0, "{most}: {low} to {high}");
    let found = search(text, Some("workload.w.users=1..12"), Find::Highest, 0.01);
    assert_eq!((found.ended_by, found.capacity.unwrap().value), (Ended::Range, 12.0));
    let found = search(&text.replace("200ms", "10ms"), Some("workload.w.users=1..12"), Find::Highest, 0.01);
    assert_eq!((found.ended_by, found.capacity), (Ended::Nowhere, None));
}

/// Closed networks known from print: as many users as mean value analysis allows.
#[test]
fn closed_networks_take_as_many_users_as_mva_says() {
    let networks: [(&str, &[f64], f64); 5] = [
        (include_str!("../../validation/A045-closed-n10.toml"), &[0.605, 2.1, 1.35], 15.0),
        (include_str!("../../validation/A046-closed-jain.toml"), &[2.0, 3.0, 1.0], 4.0),
        (include_str!("../../validation/A047-central-server.toml"), &[0.02, 0.08, 0.08, 0.06], 0.0),
        (include_str!("../../validation/A050-three-tiers-n10.toml"), &[0.0098, 0.0025, 0.00072], 0.028),
        (include_str!("../../validation/A052-bcmp-ps.toml"), &[0.1, 0.06], 1.0),
    ];
    for (text, demands, think_time) in networks {
        let stations: Vec<Station> = demands.iter().copied().map(Station::Queue).collect();
        let response = |users: u32| mva(&stations, think_time, users).response;
        let slowest = demands.iter().copied().fold(0.0, f64::max);
        let limit = (response(12) * response(13)).sqrt();
        let mut source = source(text);
        source.text +=
            &format!("\n[[objective]]\nname = \"prompt\"\nrequire = \"customers.latency.mean < {limit}s\"\n");
        let run = [("duration", 4000.0 * slowest), ("warm-up", 400.0 * slowest)];
        source.overrides = run.map(|(key, seconds)| format!("run.{key}={seconds}s")).to_vec();
        let knob = Knob::from_flag("workload.customers.users", &source).unwrap();
        let question = Question { knob, find: Find::Highest, confidence: 0.99, resolution: 0.01, most: 40 };
        let found = experiment::capacity(&source, &question, &no_file, &options(), &control());
        let found = found.unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(false)));
        assert_eq!(found.capacity.map(|limit| limit.interval), Some([12.0, 13.0]), "{}", found.title);
    }
}

/// Browsing takes no turn, the desk is M/M/4 (Gross & Harris 1998): the load at which the mean wait is as long as that.
#[test]
fn an_open_network_takes_the_load_that_its_queue_allows() {
    let wait = |factor: f64| mmc_wait(factor * 40.0 / 3600.0, 240.0, 4);
    let limit = wait(1.2);
    let text = include_str!("../../validation/A051-bookstore.toml")
        .replace("5400000s", "2000000s")
        .replace("540000s", "100000s");
    let text = format!("{text}\n[[objective]]\nname = \"quick\"\nrequire = \"desk.wait.mean < {limit}s\"\n");
    let [low, high] = search(&text, None, Find::Highest, 0.01).capacity.unwrap().interval;
    assert!(low <= 1.2 && 1.2 <= high && high / low < 1.1, "{low} to {high}");
}

/// Keys by Zipf's law on eight shards: the shard of the most popular key gets 22.07 %, and has 100/s.
#[test]
fn the_hottest_shard_is_the_limit() {
    let text = "[workload.customers]\nto = \"shard\"\narrivals = { poisson = \"400/s\" }\n\
        keys = { zipf = { count = 1000, exponent = 1.0 } }\n\
        [station.shard]\nreplicas = 8\nbalance = \"modulo\"\nservice-time = { exponential = \"10ms\" }\n\
        [run]\nduration = \"2s\"\nwarm-up = \"1s\"\n";
    let found = search(text, Some("workload.customers.arrivals.poisson"), Find::Highest, 0.0005);
    let [low, high] = found.capacity.unwrap().interval;
    assert!(low <= 453.190_953 && 453.190_953 < high && high - low < 0.3, "{low} to {high}");
    let last = found.trials.iter().find(|trial| trial.at == high).unwrap();
    assert!(last.overloaded.contains_key("shard[0]"), "{:?}", last.overloaded);
}

/// Who has no keys goes to random replicas, however hot a key of others is.
#[test]
fn the_keys_of_one_workload_make_no_shard_hot_for_another() {
    let text = "[workload.keyed]\nto = \"app\"\narrivals = { poisson = \"1/s\" }\n\
        keys = { zipf = { count = 1000, exponent = 1.5 } }\n\
        [workload.plain]\nto = \"app\"\narrivals = { poisson = \"280/s\" }\n\
        [station.app]\nreplicas = 4\nbalance = \"consistent-hash\"\nservice-time = { exponential = \"10ms\" }\n\
        [run]\nduration = \"20s\"\nwarm-up = \"1s\"\n";
    assert!(load(text).forecast.unstable.is_empty());
    let twice = text.replace("280/s", "380/s").replace("\"1/s\"", "\"40/s\"");
    assert!(load(&twice).forecast.unstable.iter().any(|(station, _)| station.starts_with("app")));
}

/// Without objectives, what ends it is that a station is overloaded.
#[test]
fn the_offered_load_is_a_limit_in_itself() {
    let text = queue(30.0, 2, 0.05, "w.latency.p50 < 1h", 2000.0);
    let found = search(&text, None, Find::Highest, 0.001);
    let [low, high] = found.capacity.unwrap().interval;
    assert!(low < 4.0 / 3.0 && 4.0 / 3.0 <= high && high - low < 0.01, "{low} to {high}");
    assert_eq!((found.ended_by, found.trials.last().unwrap().outcome), (Ended::Overload, Outcome::Overloaded));
}

/// Twenty queues with two servers each that take half a minute to fill up, and runs of a minute.
fn slow(objective: &str) -> String {
    format!(
        "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"30/s\" }}\n\
         [station.app]\nreplicas = 20\nservers = 2\nbalance = \"random\"\nservice-time = {{ exponential = \"1s\" }}\n\
         [[objective]]\nname = \"quick\"\nrequire = \"{objective}\"\n\
         [run]\nduration = \"60s\"\nwarm-up = \"2s\"\nreplications = 10\n"
    )
}

#[test]
fn a_start_up_is_not_taken_for_the_answer() {
    let found = search(&slow("w.latency.p99 < 10s"), None, Find::Highest, 0.02);
    let [low, high] = found.capacity.expect("a limit").interval;
    let exact = bisect(0.1, 1.3, |load| mmc_response_quantile(1.5 * load, 1.0, 2, 0.99) >= 10.0);
    assert!(low <= exact && exact <= high, "{exact} is not from {low} to {high}");
    assert!(found.trials.iter().any(|trial| trial.duration_s.is_some_and(|seconds| seconds >= 120.0)));
}

#[test]
fn where_nothing_is_answered_no_load_will_do() {
    let text = "[workload.w]\nto = \"desk\"\narrivals = { poisson = \"10/s\" }\ntimeout = \"1ms\"\n\
                [station.desk]\nservice-time = \"20ms\"\n\
                [[objective]]\nname = \"quick\"\nrequire = \"w.latency.p99 < 1s\"\n\
                [run]\nduration = \"20s\"\nwarm-up = \"0s\"\nreplications = 10\n";
    let found = search(text, None, Find::Highest, 0.02);
    assert_eq!((found.capacity, found.ended_by), (None, Ended::Nowhere));
    assert!(found.trials.iter().all(|trial| trial.outcome == Outcome::Fails && trial.replications == 10));
}
