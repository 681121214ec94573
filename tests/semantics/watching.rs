use knee::experiment::Sampled;
use knee::experiment::results::{Estimate, Recovery, SeriesWindow, StationWindow, Trace, WorkloadWindow};

use super::*;

/// Constant arrivals, one a second from time zero on, each served for half a second by a server of its own.
fn steady(window: &str, keys: &str) -> Results {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ constant = \"1/s\" }}\n\
         [station.desk]\nservers = 9\nservice-time = \"500ms\"\n\
         [run]\nwarm-up = \"1s\"\nduration = \"{window}\"\nreplications = 1\n{keys}\n"
    );
    run(&text, &[])
}

/// A queue with random arrivals.
fn random(replications: u32, keys: &str) -> Results {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ poisson = \"8/s\" }}\n\
         [station.desk]\nservice-time = {{ exponential = \"100ms\" }}\n{keys}\n\
         [run]\nduration = \"100s\"\nwarm-up = \"2s\"\nreplications = {replications}\nseries = \"7s\"\n"
    );
    run(&text, &[])
}

/// Replays `jobs` for so long, with a series a second.
fn watch(keys: &str, duration: &str, jobs: &str) -> Results {
    let run_keys = format!("[run]\nwarm-up = \"0s\"\nduration = \"{duration}\"\nreplications = 1\nseries = \"1s\"\n");
    run(&format!("{}{keys}\n{run_keys}", desk("capacity = 2")), &[("jobs.csv", jobs)])
}

fn jobs(window: &SeriesWindow) -> &WorkloadWindow {
    &window.workloads["jobs"]
}

fn desk_in(window: &SeriesWindow) -> &StationWindow {
    &window.stations["desk"]
}

#[test]
fn w1_windows_follow_each_other_from_the_end_of_warm_up() {
    let results = steady("2500ms", "series = \"1s\"");
    let times: Vec<(f64, f64)> = results.series.iter().map(|window| (window.at_s, window.to_s)).collect();
    assert_eq!(times, [(0.0, 1.0), (1.0, 2.0), (2.0, 2.5)]);
    let rates = |value: fn(&WorkloadWindow) -> Option<f64>| -> Vec<Option<f64>> {
        results.series.iter().map(|window| value(jobs(window))).collect()
    };
    // The third is issued at the beginning of the third window, and is answered at its end.
    assert_eq!(rates(|jobs| jobs.offered.value), [Some(1.0), Some(1.0), Some(2.0)]);
    assert_eq!(rates(|jobs| jobs.throughput.value), [Some(1.0), Some(1.0), Some(2.0)]);
}

#[test]
fn w2_a_window_has_what_ended_in_it() {
    let results = watch("", "3s", "time,service-time\n0,0.5\n0,1.0\n0,1.0\n");
    let [first, second, third] = [0, 1, 2].map(|at| jobs(&results.series[at]));
    assert_eq!((first.offered.value, first.throughput.value), (Some(3.0), Some(1.0)));
    assert_eq!((first.error_rate.value, first.errors.rejected.value), (Some(0.5), Some(1.0)));
    assert_eq!((first.latency_mean.value, second.latency_mean.value), (Some(0.5), Some(1.5)));
    assert_eq!(
        (second.offered.value, second.throughput.value, second.error_rate.value),
        (Some(0.0), Some(1.0), Some(0.0))
    );
    assert_eq!((third.throughput.value, third.error_rate.value, third.latency_p99.value), (Some(0.0), None, None));
}

#[test]
fn w3_windows_make_up_the_whole() {
    let results = random(1, "");
    let mean = |value: &dyn Fn(&SeriesWindow) -> Option<f64>| -> f64 {
        let weighted =
            results.series.iter().map(|window| value(window).expect("a value") * (window.to_s - window.at_s));
        weighted.sum::<f64>() / 100.0
    };
    let station = results.stations.get("desk").expect("a desk");
    for (windows, whole) in [
        (mean(&|window| desk_in(window).utilization.value), station.utilization.value),
        (mean(&|window| desk_in(window).in_system.value), station.in_system.value),
        (mean(&|window| desk_in(window).queue_length.value), station.queue_length.expect("a queue").value),
        (mean(&|window| desk_in(window).throughput.value), station.throughput.value),
        (mean(&|window| jobs(window).in_flight.value), results.workloads["jobs"].in_flight.value),
    ] {
        assert!((windows - whole.expect("a value")).abs() < 1e-9, "{windows}, not {whole:?}");
    }
}

#[test]
fn w4_a_window_has_the_mean_of_the_replications() {
    let (one, two) = (random(1, ""), random(2, ""));
    let values: [fn(&WorkloadWindow) -> Estimate; 3] =
        [|jobs| jobs.throughput, |jobs| jobs.latency_mean, |jobs| jobs.latency_p99];
    for value in values {
        let [one, two] = [&one, &two].map(|results| value(jobs(&results.series[3])));
        let (first, both) = (one.value.expect("a value"), two.value.expect("a value"));
        assert_eq!(one.ci95, None);
        let [low, high] = two.ci95.expect("an interval");
        let reach = 12.706_204_736 * (both - first).abs();
        assert!((both - low - reach).abs() < 1e-6 && (high - both - reach).abs() < 1e-6, "{two:?}");
    }
}

fn alert(when: &str, keys: &str) -> String {
    format!("[[alert]]\nname = \"it\"\nwhen = \"{when}\"\nevery = \"1s\"\n{keys}\n")
}

/// When the alerts of a replay went off, and for how long.
fn fired(when: &str, keys: &str, duration: &str) -> Vec<(f64, f64)> {
    // Busy from 1 to 4.25, and from 6 to 7.
    let results = watch(&alert(when, keys), duration, "time,service-time\n1,3.25\n6,1\n");
    results.alerts.iter().map(|alert| (alert.at_s, alert.for_s)).collect()
}

#[test]
fn w5_a_condition_is_about_the_mean_of_a_window() {
    assert_eq!(fired("desk.utilization >= 25%", "", "9s"), [(2.0, 4.0), (7.0, 1.0)]);
    assert_eq!(fired("desk.utilization > 25%", "", "9s"), [(2.0, 3.0), (7.0, 1.0)]);
    // Only two windows have an answer, hence a latency.
    assert_eq!(fired("jobs.latency.p99 < 10s", "", "9s"), [(5.0, 1.0), (7.0, 1.0)]);
    assert_eq!(fired("jobs.latency.mean < 3s", "", "9s"), [(7.0, 1.0)]);
    assert_eq!(fired("desk.response.p50 > 2s", "", "9s"), [(5.0, 1.0)]);
    // The last window is half as long.
    assert_eq!(fired("desk.utilization > 90%", "", "1500ms"), []);
}

#[test]
fn w6_an_alert_goes_off_when_it_has_held_for_long_enough() {
    assert_eq!(fired("desk.utilization > 90%", "for = \"2s\"", "9s"), [(3.0, 2.0)]);
    assert_eq!(fired("desk.utilization > 90%", "for = \"1100ms\"", "9s"), [(3.0, 2.0)]);
    assert_eq!(fired("desk.utilization > 90%", "for = \"4s\"", "9s"), []);
    // Until the run ends, also where only that ends it.
    assert_eq!(fired("desk.utilization > 90%", "for = \"2s\"", "3500ms"), [(3.0, 0.5)]);
    let text = format!("{}{}", desk(""), alert("desk.utilization > 90%", ""));
    let results = replay(&text, "time,service-time\n0,2.5\n");
    assert_eq!((results.alerts[0].at_s, results.alerts[0].for_s, results.scenario.duration_s), (1.0, 1.5, 2.5));
}

#[test]
fn w6_a_run_that_is_stuck_ends_nevertheless() {
    let text = app(
        "steps = [{ hold = { of = \"one\", steps = [{ hold = { of = \"one\", steps = [{ wait = \"1s\" }] } }] } }]\n\
                    [pool.one]\nsize = 1\n",
    );
    let results = replay(&format!("{text}{}", alert("jobs.in-flight >= 1", "")), "time\n0\n3\n");
    assert!(results.alerts[0].at_s == 1.0 && results.scenario.duration_s <= 4.0, "{:?}", results.alerts);
}

#[test]
fn w7_alerts_are_of_the_first_replication_and_summaries_of_all() {
    let keys = "[[alert]]\nname = \"slow\"\nwhen = \"jobs.latency.mean > 700ms\"\n";
    let (one, many) = (random(1, keys), random(20, keys));
    assert_eq!(one.alerts, many.alerts);
    let (first, all) = (&one.alert_summary[0], &many.alert_summary[0]);
    assert_eq!(first.firings.value, Some(one.alerts.len() as f64));
    assert_eq!(first.first_at_s.value, one.alerts.first().map(|alert| alert.at_s));
    assert_eq!(first.share, f64::from(u8::from(!one.alerts.is_empty())));
    let on: f64 = one.alerts.iter().map(|alert| alert.for_s).sum();
    assert_eq!(first.active.value, Some(on / 100.0));
    assert!(all.share > 0.0 && all.share < 1.0, "{all:?}");
}

/// The first requests that are issued from then on, after a second of warm-up.
fn traced(model: &Model, from_s: f64, requests: u32) -> Trace {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::trace(model, 1.0, Sampled { from_s, requests }, &Options::default(), &control)
}

#[test]
fn w8_a_trace_shows_what_the_first_requests_did() {
    let text = format!("{}[run]\nwarm-up = \"1s\"\nduration = \"9s\"\nreplications = 1\n", desk(""));
    let jobs = "time,service-time\n0.5,1\n1,1\n1.25,2\n3,1\n";
    let (model, _) = load(&text, &[("jobs.csv", jobs)]);
    let model = model.expect("a model");
    let trace = traced(&model, 0.0, 2);
    let mut seen: Vec<(usize, i64, i64, &str)> = trace
        .spans
        .iter()
        .map(|span| (span.request, span.from_ns / 1_000_000, span.until_ns / 1_000_000, span.name.as_str()))
        .collect();
    seen.sort_unstable();
    // The one before them is served until half a second after the warm-up.
    let first = [(0, 0, 500, "wait desk"), (0, 0, 1500, "request"), (0, 500, 1500, "service desk")];
    let second = [(1, 250, 1500, "wait desk"), (1, 250, 3500, "request"), (1, 1500, 3500, "service desk")];
    assert_eq!(seen, [first, second].concat());
    assert!(trace.requests.iter().all(|request| request.outcome == Some("ok")));
    let later = traced(&model, 0.25, 9);
    assert_eq!(later.requests.iter().map(|request| request.index).collect::<Vec<_>>(), [2, 3]);
}

/// A desk that works 100 a second, clients who wait for a second, and bursts of three times as many.
fn bursts(steps: &str, keys: &str) -> Vec<Recovery> {
    let text = format!(
        "[workload.jobs]\nto = \"desk\"\narrivals = {{ constant = \"60/s\" }}\nprofile = {{ steps = [{steps}] }}\n{keys}\n\
         [station.desk]\nservice-time = \"10ms\"\n\
         [run]\nwarm-up = \"1s\"\nduration = \"100s\"\nreplications = 2\n"
    );
    run(&text, &[]).recovery
}

const ONE_BURST: &str = "[\"0s\", 1.0], [\"20s\", 3.0], [\"25s\", 2.0], [\"30s\", 1.0]";

#[test]
fn w9_a_burst_is_a_trigger() {
    let spans = |steps: &str| -> Vec<(f64, Option<f64>)> {
        bursts(steps, "").iter().map(|recovery| (recovery.from_s, recovery.until_s)).collect()
    };
    assert_eq!(spans(ONE_BURST), [(20.0, Some(30.0))]);
    assert_eq!(spans("[\"0s\", 2.0], [\"20s\", 1.0], [\"40s\", 2.0]"), []);
    assert_eq!(spans("[\"0s\", 1.0], [\"20s\", 2.0]"), []);
    let two = "[\"0s\", 1.0], [\"9s\", 2.0], [\"10s\", 1.0], [\"50s\", 2.0], [\"60s\", 0.5]";
    assert_eq!(spans(two), [(9.0, Some(10.0)), (50.0, Some(60.0))]);
}

#[test]
fn w10_goodput_is_told_before_during_and_after() {
    let two = "[\"0s\", 1.0], [\"20s\", 1.5], [\"40s\", 1.0], [\"60s\", 1.5], [\"80s\", 0.5]";
    let found = bursts(two, "");
    let near = |value: Option<f64>, expected: f64| {
        let value = value.expect("a value");
        assert!((value - expected).abs() < 0.01 * expected, "{value}, not {expected}");
    };
    for recovery in &found {
        near(recovery.before.value, 60.0);
        near(recovery.during.value, 90.0);
    }
    near(found[0].after.value, 60.0);
    near(found[1].after.value, 30.0);
}

#[test]
fn w11_goodput_is_back_once_no_window_falls_short() {
    // The burst leaves (3 · 60 + 2 · 60 − 2 · 100) · 5 = 500 jobs, and 40 a second go. Whoever finds 100 after ten
    // seconds is in time, and is answered a second later.
    let found = bursts(ONE_BURST, "timeout = \"1s\"");
    let time = found[0].time_to_recover_s.value.expect("a time");
    assert!((11.0..11.6).contains(&time), "{time}");
    // A burst that the desk can serve harms nobody, and that fewer ask afterwards is no loss.
    let small = bursts("[\"0s\", 1.0], [\"20s\", 1.5], [\"30s\", 0.5]", "timeout = \"1s\"");
    assert_eq!(small[0].time_to_recover_s.value, Some(0.0));
    assert_eq!(small[0].verdict, "recovered when the trigger ended");
}

#[test]
fn w12_what_does_not_come_back_is_metastable() {
    let stuck = &bursts(ONE_BURST, "timeout = \"1s\"\nretry = { attempts = 2 }")[0];
    assert_eq!((stuck.recovered, stuck.share, stuck.after.value), (Some(false), Some(0.0), Some(0.0)));
    assert_eq!(stuck.verdict, "metastable: overloaded 70 s after the trigger ended");
    // A longer burst leaves less time to tell.
    let late = ONE_BURST.replace("30s", "50s");
    let verdict = &bursts(&late, "timeout = \"1s\"\nretry = { attempts = 2 }")[0].verdict;
    assert_eq!(verdict, "not yet recovered 50 s after the trigger ended");
    let back = &bursts(ONE_BURST, "timeout = \"1s\"")[0];
    assert_eq!((back.recovered, back.share), (Some(true), Some(1.0)));
}
