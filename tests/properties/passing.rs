//! Departures computed on arrival, and departures told by events: the same bytes.

use std::fs;
use std::sync::atomic::AtomicBool;

use knee::engine::{Limits, Settings, simulate};
use knee::experiment::{self, Control, Options, Replicas};
use knee::model::Model;
use knee::stats::Histogram;

use crate::generate::{Wanted, scenario};
use crate::words::{self, Choices, Units};
use crate::{always, bytes, decisions, load, sound};

/// Policies that ask about few targets, or none.
const POLICIES: [&str; 7] = [
    "\"power-of-two\"",
    "{ power-of-d = { choices = 3 } }",
    "\"random\"",
    "\"round-robin\"",
    "\"sticky\"",
    "\"modulo\"",
    "\"consistent-hash\"",
];

const UNITS: Units = Units { scale: 1, varied: false };

/// A scenario in which requests only pass, mostly with much that happens at one instant.
fn passing(choices: &mut Choices<'_>) -> String {
    let stations = 1 + choices.below(3);
    let warm_up = ["\"0s\"", "\"500ms\"", "\"1s\"", "\"333ms\""][choices.below(4)];
    let series = ["", "series = \"100ms\"\n", "series = \"70ms\"\n"][choices.below(3)];
    let observed = ["", "observe-at = [\"0s\", \"1ms\", \"1s\", \"1500ms\"]\n"][choices.below(2)];
    let mut text = format!("[run]\nduration = \"3s\"\nwarm-up = {warm_up}\nreplications = 2\n{series}{observed}");
    for index in 0..stations {
        text += &station(choices, index);
    }
    for index in 0..1 + choices.below(3) {
        text += &workload(choices, index, stations);
    }
    if choices.one_in(3) {
        text += "[[alert]]\nname = \"slow\"\nwhen = \"w0.latency.p95 > 50ms\"\nevery = \"250ms\"\nfor = \"1s\"\n";
    }
    text
}

fn station(choices: &mut Choices<'_>, index: usize) -> String {
    let service = service(choices);
    let servers = 1 + choices.below(4);
    let replicas = match choices.below(3) {
        1 => format!("replicas = 2\nbalance = {}\n", POLICIES[choices.below(POLICIES.len())]),
        2 => format!("replicas = 5\nbalance = {}\n", POLICIES[choices.below(POLICIES.len())]),
        _ => String::new(),
    };
    let asked = replicas.contains("power");
    let servers = if choices.one_in(6) && !asked { "\"infinite\"".to_string() } else { servers.to_string() };
    format!("[station.s{index}]\nservers = {servers}\n{replicas}service-time = {service}\n")
}

/// Often a multiple of a few milliseconds, so that much happens at one instant.
fn service(choices: &mut Choices<'_>) -> String {
    match choices.below(3) {
        0 => format!("\"{}ms\"", 10 * choices.below(9)),
        1 => format!("{{ mixture = [[0.5, \"{}ms\"], [0.5, \"20ms\"]] }}", 10 * choices.below(12)),
        _ => words::law(choices, UNITS),
    }
}

fn workload(choices: &mut Choices<'_>, index: usize, stations: usize) -> String {
    let rate = 5 + choices.below(60);
    let arrivals = match choices.below(5) {
        0 => format!("{{ constant = \"{}/s\" }}", [10, 20, 50, 100][choices.below(4)]),
        1 => format!("{{ renewal = {} }}", words::positive_law(choices, UNITS)),
        2 => format!("{{ mmpp = {{ rates = [\"2/s\", \"{rate}/s\"], dwell = [\"200ms\", \"200ms\"] }} }}"),
        _ => format!("{{ poisson = \"{rate}/s\" }}"),
    };
    let source = match choices.below(6) {
        5 => "trace = \"jobs.csv\"\n".to_string(),
        4 => {
            format!("arrivals = {arrivals}\nprofile = {{ steps = [[\"0s\", 1.0], [\"700ms\", 0.0], [\"1s\", 3.0]] }}\n")
        }
        _ => format!("arrivals = {arrivals}\n"),
    };
    let keys = ["", "keys = { uniform = 7 }\n", "keys = { zipf = { count = 20, exponent = 1.0 } }\n"][choices.below(3)];
    format!("[workload.w{index}]\nto = \"s{}\"\n{source}{keys}", choices.below(stations))
}

/// Everything that is written of a run, and what one replication observed without curves.
fn outcome(model: &Model, every_departure: bool) -> Vec<String> {
    let options = Options { threads: Some(1), every_departure, replicas: Replicas::All, ..Options::default() };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let settings = Settings {
        replication: 7,
        warm_up: 0,
        window: Some(model.ticks(2.0)),
        states: false,
        jobs: false,
        buckets: 0,
        virtual_departures: !every_departure,
        limits: Limits::default(),
        kept: 1,
    };
    let seen = simulate(model, &settings);
    let mut lines = vec![format!("{:?}", seen.stations), format!("{:?}", seen.observed)];
    for record in &seen.workloads {
        lines.push(format!("{} {:?} {} {}", record.offered, record.errors, record.in_flight, record.unanswered_at_end));
        lines.push(times(&record.latency.histogram));
        lines.push(format!("{} {:?}", record.latency.sum, record.latency.squares));
    }
    for record in &seen.groups {
        lines.extend([&record.response, &record.wait].map(|spread| times(&spread.histogram)));
        lines.push(format!("{:?} {:?} {}", record.response.squares, record.service_squares, record.waited));
    }
    lines.extend(bytes(&experiment::run(model, &options, &control)).lines().map(String::from));
    lines
}

fn times(histogram: &Histogram) -> String {
    format!("{:?} {:?} {:?}", histogram.points().collect::<Vec<_>>(), histogram.min(), histogram.max())
}

fn assert_same(model: &Model, text: &str) {
    let (foreseen, told) = (outcome(model, false), outcome(model, true));
    let different = foreseen.iter().zip(&told).find(|(one, other)| one != other);
    if let Some((foreseen, told)) = different {
        let shown = |line: &str| line.chars().take(2000).collect::<String>();
        panic!("computed on arrival: {}\ntold by events: {}\nin\n{text}", shown(foreseen), shown(told));
    }
    assert_eq!(foreseen.len(), told.len());
}

#[test]
fn virtual_departures_change_no_byte() {
    always(300, decisions(), |bytes| {
        let text = passing(&mut Choices::new(&bytes));
        let model = sound(&text);
        assert!(model.passes, "requests do more than pass in\n{text}");
        assert_same(&model, &text);
    });
}

#[test]
fn they_change_no_byte_of_any_scenario() {
    always(60, decisions(), |bytes| {
        let text = scenario(&bytes, Wanted::ANY).concat();
        let model = sound(&text);
        assert_same(&model, &text);
    });
}

#[test]
fn they_change_no_byte_of_the_scenarios_shipped() {
    let mut passing = 0;
    for file in fs::read_dir("scenarios").expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a file");
        let short = ["run.duration=20s", "run.warm-up=1s", "run.replications=2", "run.observe-at=[]"];
        let Ok(model) = load(&text, short.map(String::from).to_vec()) else { continue };
        passing += u32::from(model.passes);
        assert_same(&model, &file.display().to_string());
    }
    assert!(passing > 0);
}

/// More arrive at one instant than a run endures.
#[test]
fn a_run_that_is_stopped_is_told_by_events() {
    let text = "[run]\nduration = \"2us\"\nwarm-up = \"0s\"\nreplications = 1\n\
                [workload.w]\nto = \"s\"\narrivals = { poisson = \"1000000000/s\" }\n\
                profile = { steps = [[\"0s\", 1.0], [\"1us\", 1e9]] }\n[station.s]\nservice-time = \"0s\"\n";
    let model = sound(text);
    assert!(model.passes);
    let settings = |virtual_departures| Settings {
        replication: 0,
        warm_up: 0,
        window: Some(model.ticks(2e-6)),
        states: false,
        jobs: false,
        buckets: 0,
        virtual_departures,
        limits: Limits::default(),
        kept: 1,
    };
    let [foreseen, told] = [true, false].map(|way| simulate(&model, &settings(way)));
    assert!(foreseen.stopped.is_some());
    assert_eq!((foreseen.stopped, foreseen.window), (told.stopped, told.window));
    assert_eq!(format!("{:?}", foreseen.stations), format!("{:?}", told.stations));
}
