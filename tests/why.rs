//! `knee run --why`: where requests spent their time adds up to how long they took, and goes to what they waited for.

use std::sync::atomic::{AtomicBool, Ordering};

use knee::experiment::results::{Band, Why};
use knee::experiment::{self, Control, Options};
use knee::model::{self, Model};
use knee::report;
use knee::scenario::Source;

fn load(text: &str) -> Model {
    let source = Source { name: "it.toml".into(), text: text.into(), overrides: Vec::new() };
    let (model, diagnostics) = model::load(&source, &|_| Err("no files".into()));
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn why(text: &str) -> Why {
    let model = load(text);
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let results = experiment::run(&model, &Options::default(), &control);
    let why = experiment::why(&model, &results, &|| Some(load(text)), &Options::default(), &control);
    for workload in why.workloads.values() {
        for band in [&workload.mean, &workload.p50, &workload.p99] {
            adds_up(band);
        }
    }
    why
}

/// The parts of a latency are all of it.
fn adds_up(band: &Band) {
    let Some(latency) = band.latency_s else { return };
    let (times, shares) = band.parts.iter().fold((0.0, 0.0), |(t, s), part| (t + part.time_s, s + part.share));
    assert!((times / latency - 1.0).abs() < 1e-9 && (shares - 1.0).abs() < 1e-9, "{band:?}");
}

/// The share of a cause at a station, or at none.
fn share(band: &Band, cause: &str, station: Option<&str>) -> f64 {
    let same = band.parts.iter().find(|part| part.cause == cause && part.station.as_deref() == station);
    same.map_or(0.0, |part| part.share)
}

const RUN: &str = "\n[run]\nseed = 7\nduration = \"2000s\"\nwarm-up = \"100s\"\nreplications = 4\n";

/// M/M/1 at load 0.8: of the mean response of 5 s, 1 s is service; of a twentyfold one, hardly anything.
#[test]
fn a_queue_is_waited_in() {
    let text = format!(
        "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"8/s\" }}\n\
         [station.desk]\nservice-time = {{ exponential = \"100ms\" }}\n{RUN}"
    );
    let why = why(&text);
    let told = &why.workloads["w"];
    assert!(told.requests > 10_000 && told.p99.requests >= 100, "{told:?}");
    assert!((share(&told.mean, "wait", Some("desk")) - 0.8).abs() < 0.03, "{:?}", told.mean);
    assert!(share(&told.p99, "wait", Some("desk")) > 0.9);
    // Twice as fast: 1 / (20 - 8) instead of 1 / (10 - 8).
    let mean = why.faster[0].changes.iter().find(|change| change.metric == "w.latency.mean").expect("a mean");
    assert!(mean.real && (mean.relative.expect("a change") + 5.0 / 6.0).abs() < 0.03, "{mean:?}");
    assert_eq!(why.faster.len(), 1);
}

/// Under processor sharing, whatever is longer than the service itself is due to others.
#[test]
fn sharing_is_waiting() {
    let text = format!(
        "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"8/s\" }}\n[station.desk]\n\
         discipline = \"processor-sharing\"\nservice-time = {{ exponential = \"100ms\" }}\n{RUN}"
    );
    let told = why(&text).workloads["w"].mean.clone();
    assert!((share(&told, "service", Some("desk")) - 0.2).abs() < 0.03, "{told:?}");
}

/// Of two arms, the one that is done last decides; the other one costs nothing.
#[test]
fn the_slower_arm_decides() {
    let text = format!(
        "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"5/s\" }}\n[service.app]\n\
         steps = [{{ parallel = [[{{ visit = \"slow\" }}], [{{ visit = \"fast\" }}]] }}, {{ wait = \"10ms\" }}]\n\
         [station.slow]\nservers = \"infinite\"\nservice-time = \"30ms\"\n\
         [station.fast]\nservers = \"infinite\"\nservice-time = \"5ms\"\n{RUN}"
    );
    let told = why(&text).workloads["w"].mean.clone();
    assert!((share(&told, "service", Some("slow")) - 0.75).abs() < 1e-6, "{told:?}");
    assert!((share(&told, "pause", None) - 0.25).abs() < 1e-6, "{told:?}");
}

/// Attempts that fail, and the pauses before the next ones, are retries; the last attempt is not.
#[test]
fn failed_attempts_are_retries() {
    let text = format!(
        "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"5/s\" }}\n[service.app]\n\
         steps = [{{ call = {{ to = \"shaky\", retry = {{ attempts = 20, backoff = {{ delay = \"50ms\" }} }} }} }}]\n\
         [service.shaky]\nsteps = [{{ wait = \"10ms\" }}, {{ fail = 0.5 }}, {{ wait = \"10ms\" }}]\n{RUN}"
    );
    let told = why(&text).workloads["w"].mean.clone();
    let (pause, retry) = (share(&told, "pause", None), share(&told, "retry", None));
    // One attempt on average fails: 10 ms and 50 ms beside the 20 ms of the last one.
    assert!((pause - 0.25).abs() < 0.02 && (pause + retry - 1.0).abs() < 1e-9, "{told:?}");
}

/// Calls one after the other are no attempts of each other, though each is retried by the same steps.
#[test]
fn calls_in_a_row_are_not_retries_of_each_other() {
    let retry = |calls: usize| {
        let steps = vec!["{ call = \"b\" }"; calls].join(", ");
        let text = format!(
            "[workload.w]\nto = \"a\"\narrivals = {{ poisson = \"5/s\" }}\n[service.a]\nsteps = [{steps}]\n\
             [service.b]\nsteps = [{{ call = {{ to = \"c\", retry = {{ attempts = 20 }} }} }}]\n\
             [service.c]\nsteps = [{{ wait = \"10ms\" }}, {{ fail = 0.5 }}]\n{RUN}"
        );
        let told = why(&text).workloads["w"].mean.clone();
        told.latency_s.expect("told") * share(&told, "retry", None)
    };
    let [one, two, three] = [1, 2, 3].map(retry);
    // What is not for nothing takes 10 ms a call.
    assert!((two / one - 2.0).abs() < 0.1 && (three / one - 3.0).abs() < 0.15, "{one} {two} {three}");
}

#[test]
fn a_lock_is_held_by_others() {
    let text = format!(
        "[workload.w]\nto = \"app\"\narrivals = {{ poisson = \"5/s\" }}\n[service.app]\n\
         steps = [{{ hold = {{ of = \"mutex\", steps = [{{ wait = {{ exponential = \"100ms\" }} }}] }} }}]\n[lock.mutex]\n{RUN}"
    );
    let told = why(&text).workloads["w"].mean.clone();
    // M/M/1 at load 0.5.
    assert!((share(&told, "hold", Some("mutex")) - 0.5).abs() < 0.04, "{told:?}");
    assert!((share(&told, "pause", None) - 0.5).abs() < 0.04, "{told:?}");
}

/// Whoever interrupts gets what is known by then, and is told that it is not all.
#[test]
fn what_is_interrupted_says_so() {
    let text = format!(
        "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"8/s\" }}\n\
         [station.desk]\nservice-time = {{ exponential = \"100ms\" }}\n{RUN}"
    );
    let model = load(&text);
    let cancelled = AtomicBool::new(false);
    let tell = |_: f64| cancelled.store(true, Ordering::Relaxed);
    let results = experiment::run(&model, &Options::default(), &Control { progress: &|_| (), cancelled: &cancelled });
    let control = Control { progress: &tell, cancelled: &cancelled };
    let options = Options { threads: Some(1), ..Options::default() };
    let why = || experiment::why(&model, &results, &|| Some(load(&text)), &options, &control);
    // The first replication with a faster station is done; those that follow are not begun.
    let first = why();
    assert!(first.partial && first.faster.is_empty() && first.workloads["w"].requests > 10_000, "{first:?}");
    // Nothing is begun at all.
    let second = why();
    assert!(second.partial && second.workloads["w"].requests == 0, "{second:?}");
    let mut results = results.clone();
    results.why = Some(second);
    assert!(report::terminal::run(&results, false).starts_with("interrupted before all was known of why; "));
}

#[test]
fn too_few_requests_tell_nothing() {
    let text = "[workload.w]\nto = \"desk\"\narrivals = { poisson = \"1/s\" }\n[station.desk]\n\
                service-time = \"100ms\"\n[run]\nduration = \"100s\"\nwarm-up = \"1s\"\nreplications = 2\n";
    let told = why(text).workloads["w"].clone();
    assert!(told.mean.withheld.is_none() && told.p99.withheld.is_some() && told.p99.parts.is_empty(), "{told:?}");
}
