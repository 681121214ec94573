//! What holds for every scenario, tried on random ones. The cases are the same in every run.

#[path = "corpus/brief.rs"]
mod brief;
#[path = "properties/coverage.rs"]
mod coverage;
#[path = "properties/details.rs"]
mod details;
#[path = "properties/events.rs"]
mod events;
#[path = "properties/failures.rs"]
mod failures;
#[path = "properties/generate.rs"]
mod generate;
#[path = "properties/monotone.rs"]
mod monotone;
#[path = "properties/mutate.rs"]
mod mutate;
#[path = "properties/odd.rs"]
mod odd;
#[path = "properties/passing.rs"]
mod passing;
#[path = "properties/places.rs"]
mod places;
#[path = "properties/relations.rs"]
mod relations;
#[path = "properties/scale.rs"]
mod scale;
#[path = "properties/stations.rs"]
mod stations;
#[path = "properties/steps.rs"]
mod steps;
#[path = "properties/stores.rs"]
mod stores;
#[path = "properties/words.rs"]
mod words;

use std::cell::RefCell;
use std::sync::atomic::AtomicBool;

use brief::{lasting, seconds};
use generate::{Wanted, scenario};
use knee::engine::{self, Limits, Observations, Settings};
use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options};
use knee::model::{self, Horizon, Model, WarmUp};
use knee::report::json;
use knee::scenario::Source;
use mutate::{damaged, originals};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

/// Tries a property on the same random values each time. `KNEE_CASES=20` tries twenty times as many.
fn always<S: Strategy>(cases: u32, values: S, property: impl Fn(S::Value)) {
    let more = std::env::var("KNEE_CASES").ok().and_then(|more| more.parse().ok()).unwrap_or(1);
    let cases = cases * more;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&values, |value| {
        property(value);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

fn decisions() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..250)
}

fn load(text: &str, overrides: Vec<String>) -> Result<Model, String> {
    let source = Source { name: "random.toml".into(), text: text.into(), overrides };
    let (model, diagnostics) = model::load(&source, &read);
    let said = diagnostics.render(false);
    model.ok_or(said)
}

/// The files that scenarios name.
fn read(path: &str) -> Result<String, String> {
    Ok(match path {
        "times.csv" => "0.001\n0.002\n0.03\n".into(),
        "keys.csv" => "key\n1\nalice\n7\n".into(),
        _ => "time,service-time\n0,1\n0.5,0.25\n".into(),
    })
}

fn sound(text: &str) -> Model {
    load(text, vec![]).unwrap_or_else(|problems| panic!("{problems}\nin\n{text}"))
}

fn run(model: &Model, threads: usize) -> Results {
    let options = Options { threads: Some(threads), ..Options::default() };
    experiment::run(model, &options, &Control { progress: &|_| (), cancelled: &AtomicBool::new(false) })
}

fn bytes(results: &Results) -> String {
    json::several(std::slice::from_ref(results)).expect("results can be written")
}

/// Arrivals stop: then every request has ended, nobody is left anywhere, and nothing is held.
#[test]
fn what_comes_in_goes_out() {
    always(250, decisions(), |bytes| {
        let text = scenario(&bytes, Wanted::DRAINS).concat();
        let model = sound(&text);
        let observed = observe(&model);
        assert_all_end(&model, &observed, &text);
        for station in &observed.stations {
            let group = model.groups[station.group as usize].name();
            assert_eq!(
                (station.present_at_end, station.arrivals),
                (0, station.departures),
                "someone stays at {group} in\n{text}"
            );
        }
        for (gate, record) in model.gates.iter().zip(&observed.gates) {
            assert_eq!(record.inside_at_end, 0, "someone is inside of {} for ever in\n{text}", gate.name);
        }
    });
}

/// The run went to its end, and so did every request.
fn assert_all_end(model: &Model, observed: &Observations, text: &str) {
    assert_eq!(observed.stopped, None, "{text}");
    for (workload, record) in model.workloads.iter().zip(&observed.workloads) {
        let ended = record.latency.histogram.count() + record.errors.iter().sum::<u64>();
        assert_eq!(record.offered, ended, "{} has requests that never end in\n{text}", workload.name);
    }
}

fn observe(model: &Model) -> Observations {
    let window = match model.horizon {
        Horizon::Ticks(window) => Some(window),
        Horizon::UntilEmpty => None,
    };
    let WarmUp::Ticks(warm_up) = model.warm_up else { panic!("a warm-up") };
    let settings = Settings {
        replication: 0,
        warm_up,
        window,
        states: true,
        jobs: true,
        buckets: 7,
        virtual_departures: true,
        limits: Limits::default(),
        kept: 1,
    };
    engine::simulate(model, &settings)
}

/// Little's law, flow balance and the utilization law; offered = ended + in flight.
#[test]
fn laws_hold_and_nobody_is_lost() {
    always(250, decisions(), |bytes| {
        let text = scenario(&bytes, Wanted::ANY).concat();
        let model = sound(&text);
        let results = run(&model, 1);
        let checks = results.checks;
        assert!(checks.little && checks.flow_balance && checks.utilization_law, "{checks:?} in\n{text}");
        let start = Settings {
            replication: 0,
            warm_up: 0,
            window: Some(model.ticks(2.0)),
            states: false,
            jobs: true,
            buckets: 0,
            virtual_departures: true,
            limits: Limits::default(),
            kept: 1,
        };
        for (record, workload) in engine::simulate(&model, &start).workloads.iter().zip(&model.workloads) {
            let ended = record.latency.histogram.count() + record.errors.iter().sum::<u64>();
            assert!(record.offered >= ended, "{} ends more than it begins in\n{text}", workload.name);
            if let model::SourceSpec::Users { count, .. } = workload.source {
                assert!(
                    record.offered - ended <= u64::from(count),
                    "{} has more requests than users in\n{text}",
                    workload.name
                );
            }
        }
    });
}

/// Whatever happens and whenever: offered = successes + errors + in flight, and all laws hold.
#[test]
fn jobs_are_conserved_under_any_schedule_of_events() {
    always(250, (decisions(), decisions()), |(bytes, happenings)| {
        let tables = scenario(&bytes, Wanted::ANY);
        let text = tables.concat() + &events::events(&happenings, &tables);
        let model = sound(&text);
        let Horizon::Ticks(window) = model.horizon else { panic!("a duration") };
        let start = Settings {
            replication: 0,
            warm_up: 0,
            window: Some(window),
            states: true,
            jobs: true,
            buckets: 3,
            virtual_departures: true,
            limits: Limits::default(),
            kept: 1,
        };
        let seen = engine::simulate(&model, &start);
        assert_eq!(seen.stopped, None, "{text}");
        for (record, workload) in seen.workloads.iter().zip(&model.workloads) {
            let ended = record.latency.histogram.count() + record.errors.iter().sum::<u64>();
            let accounted = ended + record.unanswered_at_end;
            assert_eq!(record.offered, accounted, "{} loses requests in\n{text}", workload.name);
            if let model::SourceSpec::Users { count, .. } = workload.source {
                assert!(record.unanswered_at_end <= u64::from(count), "{} has too many in\n{text}", workload.name);
            }
        }
        for station in &seen.stations {
            let balance = (station.arrivals - station.departures, station.present_area, station.busy_area);
            let group = model.groups[station.group as usize].name();
            assert_eq!(balance.0, station.present_at_end, "someone gets lost at {group} in\n{text}");
            assert!(balance.1 >= balance.2, "{group} serves nobody in\n{text}");
        }
        let (results, again) = (run(&model, 1), run(&model, 2));
        let checks = results.checks;
        assert!(checks.little && checks.flow_balance && checks.utilization_law, "{checks:?} in\n{text}");
        assert_eq!(self::bytes(&results), self::bytes(&again), "threads matter in\n{text}");
    });
}

/// Neither threads nor the order of tables change anything.
#[test]
fn nothing_else_changes_a_byte() {
    always(80, decisions(), |choices| {
        let mut tables = scenario(&choices, Wanted::ANY);
        let text = tables.concat();
        let alone = run(&sound(&text), 1);
        assert_eq!(bytes(&alone), bytes(&run(&sound(&text), 8)), "threads matter in\n{text}");
        tables.reverse();
        assert_eq!(bytes(&alone), bytes(&run(&sound(&tables.concat()), 1)), "the order of tables matters in\n{text}");
    });
}

fn parsed(results: &Results) -> Value {
    serde_json::from_str(&bytes(results)).expect("results are JSON")
}

/// A thousand times slower, everything takes a thousand times as long.
#[test]
fn time_has_no_scale() {
    always(80, decisions(), |choices| assert_scales(&choices, true, 1));
}

/// In a run of more than a hundred days a tick is a thousand times as long, so that even all that happens at one instant,
/// or is rounded, is the same.
#[test]
fn time_has_no_scale_in_the_whole_language() {
    always(80, decisions(), |choices| assert_scales(&choices, false, 10_000));
}

fn assert_scales(choices: &[u8], varied: bool, scale: u64) {
    let at = |scale| {
        let text = scenario(choices, Wanted { scale, varied, drains: false }).concat();
        (parsed(&run(&sound(&text), 1)), text)
    };
    let ((fast, text), (slow, _)) = (at(scale), at(1000 * scale));
    assert_eq!(fast["scenario"]["events"], slow["scenario"]["events"], "{text}");
    scale::assert_scaled(&fast, &slow, &mut String::new(), &text);
}

/// Whatever is in a file, reading it ends with a model or with what is wrong.
#[test]
fn damaged_scenarios_do_no_harm() {
    let originals = originals();
    let damage = prop::collection::vec(any::<(u8, u16, u8)>(), 1..6);
    always(6000, (0..originals.len(), damage), |(original, damages)| {
        let text = damaged(&originals[original], &damages);
        if load(&text, vec![]).is_ok() {
            run_briefly(&text);
        }
    });
}

/// Runs about a hundred requests.
fn run_briefly(text: &str) {
    let model = load(text, lasting(1.0)).and_then(|model| load(text, lasting(seconds(&model))));
    if let Ok(model) = model {
        run(&model, 1);
    }
}

/// The key is given to a waiting arm at the very instant at which the other one makes it needless.
#[test]
fn a_lock_that_is_won_and_lost_at_one_instant_is_given_back() {
    for by in ["key", "all"] {
        let text = format!(
            "[run]\nduration = \"100s\"\nwarm-up = \"0s\"\nreplications = 1\n[lock.row]\nby = \"{by}\"\n\
             [workload.w]\nto = \"app\"\narrivals = {{ constant = \"1/s\" }}\nkeys = {{ uniform = 1 }}\n[service.app]\n\
             steps = [{{ parallel = {{ need = 1, losers = \"cancel\", arms = [{0}, {0}] }} }}]\n",
            r#"[{ hold = { of = "row", steps = [{ wait = "10ms" }] } }]"#
        );
        let observed = observe(&sound(&text));
        assert_eq!(observed.workloads[0].latency.histogram.count(), 99, "{by}");
    }
}

/// Users who are turned away at once and do not think go round without time passing.
#[test]
fn a_run_that_goes_round_without_time_is_stopped() {
    for station in ["capacity = 1\nservice-time = \"1s\"", "service-time = \"0s\""] {
        let text = format!(
            "[run]\nduration = \"9s\"\nwarm-up = \"0s\"\nreplications = 2\n[workload.w]\nto = \"desk\"\nusers = 2\n[station.desk]\n{station}\n"
        );
        let model = sound(&text);
        assert_eq!(observe(&model).stopped, Some(engine::Stopped::Livelock), "{station}");
        assert!(run(&model, 2).warnings.iter().any(|warning| warning.contains("without time passing")), "{station}");
    }
}

/// After a few hours a picosecond is less than a float can tell.
#[test]
fn time_does_not_go_back_late_in_a_run() {
    let text = "[run]\nduration = \"20000s\"\nwarm-up = \"0s\"\nreplications = 1\n[workload.w]\nto = \"desk\"\n\
                arrivals = { renewal = { mixture = [[0.9, \"0s\"], [0.1, \"1s\"]] } }\nprofile = { ramp = { from = 0.3, to = 1.7, over = \"20000s\" } }\n\
                [station.desk]\nservice-time = \"1ms\"\n";
    assert!(observe(&sound(text)).workloads[0].offered > 100_000);
}

/// What is almost never on arrives almost never.
#[test]
fn a_source_that_is_hardly_ever_on_is_not_waited_for() {
    for arrivals in [
        "{ mmpp = { rates = [\"0/s\", \"1/h\"], dwell = [\"1h\", \"1ns\"] } }",
        "{ poisson = \"1/h\" }\nprofile = { hours = [HOURS] }",
    ] {
        let hours = ["1e-15"; 24].join(", ");
        let text = format!(
            "[run]\nduration = \"9s\"\nwarm-up = \"0s\"\n[workload.w]\nto = \"desk\"\narrivals = {}\n[station.desk]\nservice-time = \"1ms\"\n",
            arrivals.replace("HOURS", &hours)
        );
        assert_eq!(observe(&sound(&text)).workloads[0].offered, 0);
    }
}

/// Nodes crash, networks fail, primaries move: every request ends, nobody stays, and when all is well again every copy has
/// what was committed. What was acknowledged by all is never lost, nor is anything where no other node becomes primary.
#[test]
fn copies_agree_when_trouble_is_over() {
    always(300, decisions(), |bytes| {
        let failures::Failing { text, mode, fails_over } = failures::scenario(&bytes);
        let model = sound(&text);
        let observed = observe(&model);
        assert_all_end(&model, &observed, &text);
        for station in &observed.stations {
            let group = model.groups[station.group as usize].name();
            assert_eq!(station.present_at_end, 0, "someone stays at {group} in\n{text}");
        }
        let copies = &observed.stores[0];
        assert!(copies.reads > 0, "{text}");
        assert_eq!(copies.staleness.histogram.count(), 0, "copies differ in\n{text}");
        if mode == "sync" || !fails_over && mode != "multi-primary" {
            assert_eq!(copies.lost, 0, "{text}");
        }
    });
}

/// Random scenarios use the whole language, but for a title, which changes nothing, and for a warm-up that is found out,
/// which would have to be found out for each of them.
#[test]
fn every_key_of_the_language_is_tried() {
    let used = RefCell::new(coverage::Used::new());
    always(1500, (decisions(), decisions()), |(bytes, happenings)| {
        let tables = scenario(&bytes, Wanted::ANY);
        let texts = [
            tables.concat() + &events::events(&happenings, &tables),
            scenario(&bytes, Wanted::DRAINS).concat(),
            failures::scenario(&bytes).text,
        ];
        texts.iter().for_each(|text| used.borrow_mut().add(text));
    });
    let never = used.into_inner().never();
    assert_eq!(never, ["Scenario.title", "WarmUp.auto"], "not tried");
}
