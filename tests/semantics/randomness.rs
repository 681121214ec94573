use serde_json::Value;

use super::*;

const SHOP: &str = r#"
[workload.shoppers]
to = "web"
arrivals = { poisson = "40/s" }
timeout = "2s"
"#;

const WEB: &str = r#"
[service.web]
replicas = 2
balance = "least-outstanding"
threads = 16
steps = [{ wait = { exponential = "5ms" } }, { visit = "desk" }]
"#;

const DESK: &str = r#"
[station.desk]
service-time = { lognormal = { mean = "20ms", cv = 1.5 } }
"#;

const RUN: &str = r#"
[run]
duration = "100s"
warm-up = "5s"
replications = 3
"#;

fn json(results: &Results) -> Value {
    serde_json::to_value(results).expect("results can be written")
}

#[test]
fn s70_threads_change_no_byte() {
    let text = [SHOP, WEB, DESK, RUN].concat();
    let bytes = |threads| serde_json::to_string(&run_on(threads, &text, &[])).expect("results can be written");
    let once = bytes(1);
    assert_eq!(once, bytes(1));
    assert_eq!(once, bytes(2));
    assert_eq!(once, bytes(3));
}

#[test]
fn s70_another_seed_is_another_run() {
    let with = |seed: u32| json(&run(&[SHOP, WEB, DESK, RUN, &format!("seed = {seed}\n")].concat(), &[]));
    assert_ne!(with(1)["workloads"], with(2)["workloads"]);
}

#[test]
fn s71_an_unrelated_component_changes_nothing_else() {
    let other = "[workload.aaa]\nto = \"aaaa\"\narrivals = { poisson = \"30/s\" }\n\
                 [station.aaaa]\nservice-time = { exponential = \"10ms\" }\n";
    let alone = json(&run(&[SHOP, WEB, DESK, RUN].concat(), &[]));
    let beside = json(&run(&[SHOP, WEB, DESK, other, RUN].concat(), &[]));
    assert_eq!(alone["workloads"]["shoppers"], beside["workloads"]["shoppers"]);
    for (name, station) in alone["stations"].as_object().expect("stations") {
        assert_eq!(*station, beside["stations"][name], "{name}");
    }
}

#[test]
fn s72_a_renamed_component_can_keep_its_numbers() {
    let renamed = |text: &str| text.replace("\"desk\"", "\"till\"").replace("[station.desk]", "[station.till]");
    let alone = json(&run(&[SHOP, WEB, DESK, RUN].concat(), &[]));
    let pinned = format!("{}stream = \"desk\"\n", renamed(DESK));
    let kept = json(&run(&[SHOP, &renamed(WEB), &pinned, RUN].concat(), &[]));
    assert_eq!(alone["workloads"], kept["workloads"]);
    assert_eq!(alone["stations"]["desk"], kept["stations"]["till"]);
    let changed = json(&run(&[SHOP, &renamed(WEB), &renamed(DESK), RUN].concat(), &[]));
    assert_ne!(alone["workloads"], changed["workloads"]);
}

#[test]
fn s73_the_order_of_tables_changes_no_byte() {
    let first = json(&run(&[SHOP, WEB, DESK, RUN].concat(), &[]));
    assert_eq!(first, json(&run(&[RUN, DESK, SHOP, WEB].concat(), &[])));
    assert_eq!(first, json(&run(&[WEB, DESK, RUN, SHOP].concat(), &[])));
}

/// An M/M/2 queue on a slower or faster clock.
fn on_a_clock(unit: &str) -> Results {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ renewal = {{ exponential = \"1{unit}\" }} }}\n\
         [station.desk]\nservers = 2\nservice-time = {{ exponential = \"1.5{unit}\" }}\n\
         [run]\nduration = \"5000{unit}\"\nwarm-up = \"100{unit}\"\nreplications = 2\n"
    );
    run(&text, &[])
}

#[test]
fn s74_a_slower_clock_scales_times_and_nothing_else() {
    let (fast, slow) = (on_a_clock("ms"), on_a_clock("s"));
    let mean = |results: &Results| results.workloads["jobs"].latency.mean.value.expect("a mean");
    assert!((mean(&slow) / mean(&fast) / 1000.0 - 1.0).abs() < 1e-6);
    let counts = |results: &Results| (results.scenario.events, results.jobs.len());
    assert_eq!(counts(&fast), counts(&slow));
}
