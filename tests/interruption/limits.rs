//! Limits: a run that is stopped at one decides nothing, whatever the command; the limit is named, and the exit code is 3.

use serde_json::Value;

use super::{Ended, end, folder, knee};

/// Nine requests of ten that the desk can bear.
const BUSY: [&str; 4] = ["--set", "workload.customers.arrivals.poisson=1800/s", "--set", "run.replications=4"];

/// What a command says if runs are stopped at the limit that the flag gives.
fn stopped(test: &str, args: &[&str], flag: &[&str], word: &str) -> (Value, Ended) {
    let folder = folder(test);
    let all = [args, &BUSY, flag].concat();
    let told = end(knee(&folder, &all)).with(3, "");
    assert!(told.out.contains(&flag[0][2..]) || told.err.contains(flag[0]), "the limit is named: {}", told.out);
    let kept = end(knee(&folder, &[&all[..], &["--format", "json", "--quiet"]].concat())).with(3, "");
    let value: Value = serde_json::from_str(&kept.out).unwrap_or_else(|error| panic!("{error}: {}", kept.out));
    let run = if value["scenario"].is_object() { &value["scenario"] } else { &value };
    assert_eq!((&run["partial"], &run["stopped"]), (&Value::from(true), &Value::from(word)), "{}", told.out);
    (value, told)
}

const FEW: [&str; 2] = ["--max-in-flight", "12"];

#[test]
fn capacity_does_not_take_it_for_a_failure() {
    let (value, told) = stopped("limits-capacity", &["capacity", "queue.toml"], &FEW, "in-flight");
    let open = |trial: &&Value| trial["stopped"] == "in-flight";
    let trials = value["trials"].as_array().expect("trials");
    assert!(trials.iter().any(|trial| open(&trial)), "{trials:?}");
    for trial in trials.iter().filter(open) {
        assert_eq!((&trial["outcome"], &trial["objectives"][0]["met"]), (&Value::from("undecided"), &Value::Null));
    }
    assert!(told.out.contains("stopped at --max-in-flight") && told.out.contains("stopped early"), "{}", told.out);
}

#[test]
fn capacity_refuses_what_is_too_much_from_the_start() {
    let folder = folder("limits-refused");
    let events =
        ["capacity", "queue.toml", "--set", "workload.customers.arrivals.poisson=4000/s", "--max-events", "2000"];
    // Today's load is overloaded and not simulated; half of it, which might be borne, has too many events.
    let ended = end(knee(&folder, &events)).with(2, "--max-events is 2000");
    assert!(ended.err.contains("a shorter `duration`, or a higher --max-events"), "{}", ended.err);
}

#[test]
fn compare_does_not_compare_it() {
    let with = ["compare", "queue.toml", "--with", "workload.customers.arrivals.poisson=100/s"];
    let (value, told) = stopped("limits-compare", &with, &FEW, "in-flight");
    assert_eq!(value["changes"][0]["pairs"], 0);
    assert!(!told.out.contains("no real difference"), "{}", told.out);
}

#[test]
fn optimize_does_not_decide_by_it() {
    let over = ["optimize", "queue.toml", "--over", "service.desk.replicas=1..2"];
    let (value, told) = stopped("limits-optimize", &over, &["--max-in-flight", "2"], "in-flight");
    assert_eq!((&value["cheapest"], &value["closest"]), (&Value::Null, &Value::Null));
    assert!(told.out.contains("no configuration was simulated to its end"), "{}", told.out);
}

#[test]
fn a_sweep_marks_its_points() {
    let vary = ["sweep", "queue.toml", "--vary", "run.load=0.01,1"];
    let (value, told) = stopped("limits-sweep", &vary, &FEW, "in-flight");
    assert_eq!(
        (&value["points"][0]["result"]["scenario"]["partial"], &value["knee"]),
        (&Value::from(false), &Value::Null)
    );
    assert!(told.out.contains("stopped at --max-in-flight at 1 of 2 points"), "{}", told.out);
    assert!(told.out.contains("\nstopped early"), "{}", told.out);
    assert!(!told.err.contains("goes on from here"), "{}", told.err);
}

#[test]
fn verify_leaves_it_out() {
    let folder = folder("limits-verify");
    let ended = end(knee(&folder, &["verify", "A001-mm1", "A002-mm2", "--max-events", "1000"])).with(3, "");
    assert!(ended.out.contains("stopped at --max-events; nothing was compared"), "{}", ended.out);
}

#[test]
fn of_no_replication_nothing_is_said_to_hold() {
    let folder = folder("limits-none");
    let none = ["run", "queue.toml", "--duration", "500h", "--max-time", "500ms"];
    let ended = end(knee(&folder, &none)).with(3, "");
    assert!(!ended.out.contains("Little"), "{}", ended.out);
    let json = end(knee(&folder, &[&none[..], &["--format", "json"]].concat())).with(3, "");
    let value: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(value["checks"]["little"], false);
}
