//! Traces obey the Trace Event Format, and nest as Perfetto wants complete events to.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use serde_json::Value;

use super::{EVERYTHING, load, run, shipped};
use knee::experiment::results::Trace;
use knee::experiment::{self, Control, Options, Sampled};
use knee::model::Model;
use knee::report;

/// Complete events by process and thread: name, category, beginning and end in nanoseconds.
type Threads = BTreeMap<(u64, u64), Vec<(String, String, i64, i64)>>;

fn trace(model: &Model, from: f64, requests: u32) -> String {
    report::trace::trace(&traced(model, from, requests)).expect("a trace")
}

fn traced(model: &Model, from_s: f64, requests: u32) -> Trace {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::trace(model, 1.0, Sampled { from_s, requests }, &Options::default(), &control)
}

/// Checks every event; returns the complete ones.
fn check(text: &str) -> Threads {
    let document: Value = serde_json::from_str(text).expect("JSON");
    let (mut names, mut threads): (BTreeMap<(u64, u64), String>, Threads) = Default::default();
    for event in document["traceEvents"].as_array().expect("events") {
        let number = |key: &str| event[key].as_u64().unwrap_or_else(|| panic!("{key} of {event}"));
        let place = (number("pid"), number("tid"));
        let name = event["name"].as_str().expect("a name");
        match event["ph"].as_str() {
            Some("M") if name.ends_with("_name") => {
                let of = event["args"]["name"].as_str().expect("a name");
                let known = names.insert(place, of.to_owned());
                assert!(known.is_none() && !of.is_empty(), "{event}");
            }
            Some("M") => assert!(name.ends_with("_sort_index") && event["args"]["sort_index"].is_u64(), "{event}"),
            Some("X") => {
                let [from, length] = ["ts", "dur"].map(|key| nanoseconds(&event[key]));
                assert!(length >= 0 && event["args"].is_object(), "{event}");
                let category = event["cat"].as_str().expect("a category").to_owned();
                threads.entry(place).or_default().push((name.to_owned(), category, from, from + length));
            }
            other => panic!("{other:?} in {event}"),
        }
    }
    for (&(pid, tid), events) in &threads {
        assert!(names.contains_key(&(pid, 0)) && names.contains_key(&(pid, tid)), "{pid}.{tid} has no name");
        nests(events);
    }
    threads
}

/// Whole nanoseconds from microseconds.
fn nanoseconds(microseconds: &Value) -> i64 {
    let exact = microseconds.as_f64().expect("a number") * 1000.0;
    assert!((exact - exact.round()).abs() < 1e-3, "{microseconds} is between nanoseconds");
    exact.round() as i64
}

/// Events of a thread lie within each other or apart, in the order of the file.
fn nests(events: &[(String, String, i64, i64)]) {
    let mut open: Vec<i64> = Vec::new();
    let mut last = i64::MIN;
    for (name, _, from, until) in events {
        assert!(*from >= last, "{name} comes too late in the file");
        last = *from;
        open.retain(|end| end > from);
        assert!(open.iter().all(|end| end >= until), "{name} from {from} to {until} overlaps in {events:?}");
        open.push(*until);
    }
}

#[test]
fn every_event_is_valid() {
    let model = load(EVERYTHING);
    let threads = check(&trace(&model, 1.5, 200));
    let kinds: std::collections::BTreeSet<&str> =
        threads.values().flatten().map(|(_, kind, _, _)| kind.as_str()).collect();
    for kind in ["request", "task", "call", "attempt", "fork", "hold", "wait", "service", "pause"] {
        assert!(kinds.contains(kind), "no {kind} among {kinds:?}");
    }
}

#[test]
fn so_is_every_event_of_all_scenarios() {
    for model in shipped() {
        check(&trace(&model, 0.0, 30));
    }
}

#[test]
fn a_traced_run_is_the_one_that_is_reported() {
    let model = load(EVERYTHING);
    let results = run(&model);
    let traced = traced(&model, 0.0, 100);
    assert_eq!(traced.requests.len(), 100);
    for (at, request) in traced.requests.iter().enumerate() {
        let is_it = |job: &&experiment::results::JobRecord| {
            (job.replication, job.workload.as_str(), job.index)
                == (0, request.workload.as_str(), u64::from(request.index))
        };
        let job = results.jobs.iter().find(is_it).expect("it was reported");
        assert_eq!(Some(job.outcome), request.outcome);
        let span = traced.spans.iter().find(|span| span.request == at && span.kind == "request").expect("a span");
        let [from, until] = [job.issued_s, job.ended_s].map(|seconds| (seconds * 1e9).round() as i64);
        assert_eq!((span.from_ns, span.until_ns), (from, until));
    }
}

#[test]
fn the_same_run_gives_the_same_trace() {
    let model = load(EVERYTHING);
    assert_eq!(trace(&model, 0.0, 50), trace(&model, 0.0, 50));
}
