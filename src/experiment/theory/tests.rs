use std::sync::atomic::AtomicBool;

use super::{Prediction, Quantity, predictions};
use crate::experiment::{Control, Options, Results, run};
use crate::model::{Model, load};
use crate::scenario::Source;

const RUN: &str = "[run]\nseed = 11\nduration = \"400s\"\nwarm-up = \"20s\"\nreplications = 8\n";

fn model(text: &str) -> Model {
    let run = if text.contains("[run]") { "" } else { RUN };
    let source = Source { name: "theory.toml".into(), text: format!("{text}\n{run}"), overrides: vec![] };
    let (model, diagnostics) = load(&source, &|path| Err(format!("no such file: {path}")));
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn simulate(model: &Model) -> Results {
    run(model, &Options::default(), &Control { progress: &|_| {}, cancelled: &AtomicBool::new(false) })
}

/// A workload and the station that it goes to.
fn desk(workload: &str, station: &str) -> String {
    format!("[workload.customers]\nto = \"desk\"\n{workload}\n[station.desk]\n{station}")
}

/// A Poisson stream of 80 a second.
fn poisson(station: &str) -> String {
    desk("arrivals = { poisson = \"80/s\" }", station)
}

/// Two classes: 30 a second of 5 ms, more urgent and heavier, and 60 a second of 10 ms.
fn classes(discipline: &str, second: &str) -> String {
    format!(
        "{}\n[workload.others]\nto = \"rest\"\npriority = 2\nweight = 1.0\narrivals = {{ poisson = \"60/s\" }}\n{}",
        service(
            "first",
            "priority = 1\nweight = 4.0\narrivals = { poisson = \"30/s\" }",
            r#"{ visit = { station = "desk", service-time = { exponential = "5ms" } } }"#
        ),
        format_args!(
            "[service.rest]\nsteps = [{{ visit = {{ station = \"desk\", service-time = {second} }} }}]\n[station.desk]\ndiscipline = \"{discipline}\""
        ),
    )
}

/// A workload and the service that it goes to.
fn service(name: &str, workload: &str, steps: &str) -> String {
    format!("[workload.customers]\nto = \"{name}\"\n{workload}\n[service.{name}]\nsteps = [{steps}]\n")
}

fn predicted(predictions: &[Prediction], quantity: Quantity) -> Option<f64> {
    predictions.iter().find(|prediction| prediction.quantity == quantity).map(|prediction| prediction.predicted)
}

const EXPONENTIAL: &str = "service-time = { exponential = \"10ms\" }";
const LOGNORMAL: &str = "service-time = { lognormal = { mean = \"10ms\", cv = 2.0 } }";

/// Scenario, model, and the mean response time in seconds.
fn recognized() -> Vec<(String, &'static str, f64)> {
    let users = |think: &str| format!("users = 8\n{think}");
    vec![
        (poisson(EXPONENTIAL), "M/M/1", 0.05),
        (poisson(&format!("servers = 2\n{EXPONENTIAL}")), "M/M/2", 0.011_904_761_9),
        (poisson(&format!("discipline = \"random\"\n{EXPONENTIAL}")), "M/M/1", 0.05),
        (poisson(&format!("discipline = {{ round-robin = {{ quantum = \"2ms\" }} }}\n{EXPONENTIAL}")), "M/M/1", 0.05),
        (poisson("service-time = \"10ms\""), "M/D/1", 0.03),
        (desk("arrivals = { poisson = \"70/s\" }", LOGNORMAL), "M/G/1", 0.068_333_333_33),
        (poisson(&format!("discipline = \"processor-sharing\"\n{LOGNORMAL}")), "M/G/1-PS", 0.05),
        (
            poisson(&format!("discipline = \"processor-sharing\"\nservers = 2\n{LOGNORMAL}")),
            "M/G/2-PS",
            0.011_904_761_9,
        ),
        (poisson("discipline = \"preemptive-lifo\"\nservice-time = \"10ms\""), "M/D/1-LIFO-PR", 0.05),
        (poisson(&format!("servers = \"infinite\"\n{LOGNORMAL}")), "M/G/∞", 0.01),
        (
            desk("arrivals = { poisson = \"90/s\" }", &format!("capacity = 10\n{EXPONENTIAL}")),
            "M/M/1/10",
            0.046_466_006_72,
        ),
        (
            desk("arrivals = { poisson = \"300/s\" }", &format!("servers = 4\ncapacity = 4\n{LOGNORMAL}")),
            "M/G/4/4",
            0.01,
        ),
        (classes("priority", "\"10ms\""), "M/G/1-priority", 0.021_568_627_45),
        (classes("preemptive-priority", "{ exponential = \"10ms\" }"), "M/G/1-PR", 0.030_980_392_16),
        (desk("arrivals = { constant = \"80/s\" }", EXPONENTIAL), "D/M/1", 0.026_927_308_4),
        (
            desk("arrivals = { renewal = { erlang = { mean = \"12.5ms\", stages = 2 } } }", EXPONENTIAL),
            "E2/M/1",
            0.038_439_797_67,
        ),
        (desk("arrivals = { batch = { rate = \"14/s\", size = 5 } }", EXPONENTIAL), "M^5/M/1", 0.1),
        (desk(&users("think-time = { exponential = \"90ms\" }"), EXPONENTIAL), "M/M/1//8", 0.022_542_605_71),
        (desk(&users(""), EXPONENTIAL), "M/M/1//8", 0.08),
    ]
}

#[test]
fn known_models_are_recognized() {
    for (text, kendall, response) in recognized() {
        let predictions = predictions(&model(&text));
        assert!(!predictions.is_empty(), "{kendall}\n{text}");
        assert!(predictions.iter().all(|prediction| prediction.model == kendall), "{kendall}: {predictions:?}");
        let mean = predicted(&predictions, Quantity::ResponseMean).unwrap();
        assert!((mean / response - 1.0).abs() < 1e-8, "{kendall}: {mean} instead of {response}");
    }
}

/// Of a hundred true predictions a few may be beyond two half-widths of eight replications.
#[test]
fn simulations_agree() {
    let mut lines = Vec::new();
    for (text, kendall, _) in recognized() {
        let results = simulate(&model(&text));
        lines.extend(results.theory.into_iter().map(|line| (kendall, line)));
    }
    let missed: Vec<_> = lines.iter().filter(|(_, line)| !line.agrees).collect();
    assert!(lines.len() > 80 && missed.len() <= 3, "{} of {}: {missed:#?}", missed.len(), lines.len());
}

#[test]
fn impatience_is_erlang_a() {
    let text = desk(
        "arrivals = { poisson = \"55/s\" }",
        "servers = 50\nservice-time = { exponential = \"1s\" }\npatience = { exponential = \"2s\" }",
    );
    let predictions = predictions(&model(&text));
    assert_eq!(predictions[0].model, "M/M/50+M");
    let abandoned = predicted(&predictions, Quantity::AbandonedRatio).unwrap();
    assert!((abandoned - 0.102_080_194_6).abs() < 1e-9);
    assert!(simulate(&model(&text)).theory.iter().filter(|line| !line.agrees).count() <= 1);
}

#[test]
fn weights_are_those_of_fayolle() {
    let text = r#"
        [workload.heavy]
        to = "first"
        weight = 4.0
        arrivals = { poisson = "30/s" }
        [workload.light]
        to = "second"
        arrivals = { poisson = "20/s" }
        [service.first]
        steps = [{ visit = { station = "desk", service-time = { exponential = "10ms" } } }]
        [service.second]
        steps = [{ visit = { station = "desk", service-time = { exponential = "20ms" } } }]
        [station.desk]
        discipline = "weighted-processor-sharing"
    "#;
    let predictions = predictions(&model(text));
    assert_eq!(predictions[0].model, "M/G/1-DPS");
    let mean = (30.0 * 0.020_430_107_53 + 20.0 * 0.076_344_086_02) / 50.0;
    assert!((predicted(&predictions, Quantity::ResponseMean).unwrap() / mean - 1.0).abs() < 1e-8);
}

/// Splitting and delaying a Poisson stream leaves it Poisson.
#[test]
fn draws_and_delays_before_the_visit_are_allowed() {
    let steps = r#"
        { wait = { exponential = "30ms" } },
        { choose = [[0.75, [{ visit = "left" }]], [0.25, [{ wait = "1ms" }, { visit = "right" }]]] },
    "#;
    let stations =
        "[station.left]\nservice-time = { exponential = \"10ms\" }\n[station.right]\nservice-time = \"10ms\"";
    let text = format!("{}\n{stations}", service("app", "arrivals = { poisson = \"80/s\" }", steps));
    let predictions = predictions(&model(&text));
    let of = |station: &str| predictions.iter().find(|prediction| prediction.station == station).unwrap();
    assert_eq!((of("left").model.as_str(), of("right").model.as_str()), ("M/M/1", "M/D/1"));
    assert!((of("left").predicted - 0.01 / (1.0 - 0.6)).abs() < 1e-9);
}

/// What is not known exactly is left alone.
#[test]
fn others_are_left_alone() {
    let visit = |times: &str| {
        service("app", times, r#"{ visit = "desk" }, { visit = "desk" }"#) + "[station.desk]\n" + EXPONENTIAL
    };
    let unstable = desk("arrivals = { poisson = \"100/s\" }", EXPONENTIAL);
    let cases = [
        ("two visits", visit("arrivals = { poisson = \"20/s\" }")),
        ("unstable", unstable),
        ("patience that is constant", poisson(&format!("patience = \"50ms\"\n{EXPONENTIAL}"))),
        ("by size", poisson(&format!("discipline = \"shortest-job-first\"\n{EXPONENTIAL}"))),
        ("many servers, constant service", poisson("servers = 2\nservice-time = \"10ms\"")),
        ("timeout", desk("arrivals = { poisson = \"80/s\" }\ntimeout = \"1s\"", EXPONENTIAL)),
        (
            "profile",
            desk(
                "arrivals = { poisson = \"80/s\" }\nprofile = { steps = [[\"0s\", 1.0], [\"9s\", 1.1]] }",
                EXPONENTIAL,
            ),
        ),
        (
            "switched",
            desk("arrivals = { mmpp = { rates = [\"40/s\", \"90/s\"], dwell = [\"2s\", \"1s\"] } }", EXPONENTIAL),
        ),
        ("users among others", format!("{}\n[workload.user]\nto = \"desk\"\nusers = 1", poisson(EXPONENTIAL))),
        ("users who think for a constant time", desk("users = 8\nthink-time = \"90ms\"", EXPONENTIAL)),
        ("replicas", poisson(&format!("replicas = 2\n{EXPONENTIAL}"))),
        ("from empty", poisson(EXPONENTIAL) + "\n[run]\nduration = \"1s\"\nwarm-up = \"0s\""),
        (
            "split constant arrivals",
            service(
                "app",
                "arrivals = { constant = \"80/s\" }",
                "{ choose = [[0.5, [{ visit = \"desk\" }]], [0.5, []]] }",
            ) + "[station.desk]\n"
                + EXPONENTIAL,
        ),
    ];
    for (why, text) in cases {
        let predictions = predictions(&model(&text));
        assert!(predictions.is_empty(), "{why}: {predictions:?}");
    }
}

#[test]
fn nothing_is_predicted_where_something_happens() {
    let text = poisson("service-time = { exponential = \"10ms\" }");
    assert!(!predictions(&model(&text)).is_empty());
    let set = "[[event]]\nat = \"9s\"\nset = { \"workload.customers.arrivals.poisson\" = \"50/s\" }\n";
    assert!(predictions(&model(&format!("{text}\n{set}"))).is_empty());
}

#[test]
fn the_cpu_of_a_service_without_a_thread_limit_is_a_station() {
    let text = format!(
        "{}machine = \"small\"\n[machine.small]\ncores = 2\n",
        service("app", "arrivals = { poisson = \"80/s\" }", r#"{ cpu = { exponential = "20ms" } }"#)
    );
    let predictions = predictions(&model(&text));
    assert!(predictions.iter().all(|prediction| prediction.station == "app.cpu"), "{predictions:?}");
    assert!((predicted(&predictions, Quantity::Utilization).unwrap() - 0.8).abs() < 1e-12);
}

#[test]
fn agreement_needs_a_value() {
    let estimate = |value, ci95| super::Estimate { value, ci95 };
    assert!(!super::is_within(2.0, 1.0, estimate(None, None)));
    assert!(super::is_within(2.0, 1.0, estimate(Some(1.001), None)));
    assert!(!super::is_within(2.0, 1.0, estimate(Some(1.002), None)));
    assert!(super::is_within(2.0, 1.0, estimate(Some(1.2), Some([1.1, 1.3]))));
    assert!(!super::is_within(2.0, 1.0, estimate(Some(1.21), Some([1.11, 1.31]))));
}

#[test]
fn renewal_arrivals_have_an_approximation() {
    let arrivals = "arrivals = { renewal = { lognormal = { mean = \"12.5ms\", cv = 2.0 } } }";
    let regular = "arrivals = { constant = \"80/s\" }";
    for (arrivals, station, scv) in [
        (arrivals, EXPONENTIAL, 5.0),
        (arrivals, LOGNORMAL, 8.0),
        (regular, LOGNORMAL, 4.0),
        (arrivals, "service-time = \"10ms\"", 4.0),
    ] {
        let predictions = predictions(&model(&desk(arrivals, station)));
        assert!(predictions.iter().all(|prediction| prediction.model == "G/G/1 (Kingman)"), "{predictions:?}");
        let wait = predicted(&predictions, Quantity::WaitMean).unwrap();
        assert!((wait / (0.04 * scv / 2.0) - 1.0).abs() < 1e-9, "{wait}");
        let exact: Vec<_> = predictions.iter().filter(|it| !it.approximate).map(|it| it.quantity).collect();
        assert_eq!(exact, [Quantity::Utilization, Quantity::Throughput]);
        assert!(super::predictions_of_stations(&model(&desk(arrivals, station))).iter().all(|it| !it.approximate));
    }
    let by_priority = format!("discipline = \"processor-sharing\"\n{LOGNORMAL}");
    for station in
        [by_priority.as_str(), "capacity = 9\nservice-time = \"10ms\"", "servers = 2\nservice-time = \"10ms\""]
    {
        assert!(predictions(&model(&desk(arrivals, station))).is_empty(), "{station}");
    }
    let nothing_varies = predictions(&model(&desk(regular, "service-time = \"10ms\"")));
    assert!(nothing_varies.is_empty(), "{nothing_varies:?}");
}
