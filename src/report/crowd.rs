//! Results of many workloads and stations, in many windows of time, for tests.

use crate::experiment::results::*;
use crate::report::fixture;

/// A long name.
pub(crate) const LONG: &str = "a-name-of-forty-letters-that-fits-nowhere";

/// A run with many workloads, stations and events, all with long names.
pub(crate) fn crowded() -> Results {
    let mut run = fixture::run();
    run.scenario.title = "A title that says all that there is to say of a scenario, ".repeat(3);
    let (workload, station) = (run.workloads["customers"].clone(), run.stations.0[0].1.clone());
    let names: Vec<String> = (0..30).map(|index| format!("{LONG}-{index}")).collect();
    run.workloads = names.iter().take(12).map(|name| (name.clone(), workload.clone())).collect();
    run.stations = StationMap(names.iter().map(|name| (name.clone(), station.clone())).collect());
    let (survival, busy) = (run.curves.survival[0].1.clone(), run.curves.utilization[0].1.clone());
    run.curves.survival = names.iter().take(12).map(|name| (name.clone(), survival.clone())).collect();
    run.curves.utilization = names.iter().map(|name| (name.clone(), busy.clone())).collect();
    run.curves.in_system = run.curves.utilization.clone();
    run.cost.parts = names.iter().map(|name| (name.clone(), 0.06)).collect();
    let end = run.scenario.duration_s;
    let planned = |index: usize| Planned {
        what: format!("crash of {LONG}[{index}]"),
        at_s: end * index as f64 / 12.0,
        until_s: index.is_multiple_of(2).then_some(end * (index as f64 + 0.5) / 12.0),
    };
    run.timeline = (0..12).map(planned).collect();
    run.alerts =
        (0..5).map(|index| AlertFiring { name: LONG.into(), at_s: f64::from(index) * 900.0, for_s: 300.0 }).collect();
    run
}

/// The same in windows of time, with errors.
pub(crate) fn in_windows(mut run: Results, windows: u32) -> Results {
    let value = |value: f64| Estimate { value: Some(value), ci95: Some([0.9 * value, 1.1 * value]) };
    let length = run.scenario.duration_s / f64::from(windows);
    let window = |index: u32| {
        let level = 0.5 + 0.4 * libm::sin(f64::from(index));
        let own = WorkloadWindow {
            offered: value(level),
            throughput: value(level),
            error_rate: value(0.1),
            errors: ErrorRates {
                rejected: value(0.1),
                timed_out: value(0.2),
                failed: value(0.1),
                abandoned: value(0.0),
            },
            in_flight: value(3.0),
            latency_mean: value(level),
            latency_p50: value(level),
            latency_p99: value(3.0 * level),
        };
        let station = StationWindow {
            utilization: value(level),
            queue_length: value(100.0 * level),
            in_system: value(101.0 * level),
            throughput: value(level),
            wait_mean: value(level),
            response_mean: value(level),
        };
        SeriesWindow {
            at_s: f64::from(index) * length,
            to_s: f64::from(index + 1) * length,
            workloads: run.workloads.keys().map(|name| (name.clone(), own.clone())).collect(),
            stations: run.stations.0.iter().map(|(name, _)| (name.clone(), station.clone())).collect(),
        }
    };
    run.series = (0..windows).map(window).collect();
    run
}

/// A run with so many workloads, `group-0` and on, of which the last is the slowest.
pub(crate) fn many(workloads: u32) -> Results {
    let mut run = fixture::run();
    let (own, curve) = (run.workloads["customers"].clone(), run.curves.survival[0].1.clone());
    let names: Vec<String> = (0..workloads).map(|index| format!("group-{index}")).collect();
    let mut known = own.clone();
    run.workloads.clear();
    for (name, index) in names.iter().zip(1..) {
        known.latency.mean.value = own.latency.mean.value.map(|mean| mean * (1.0 + 0.01 * f64::from(index)));
        run.workloads.insert(name.clone(), known.clone());
    }
    run.curves.survival = names.iter().map(|name| (name.clone(), curve.clone())).collect();
    let part = WhyPart { cause: "service", station: Some("desk".into()), time_s: 0.01, share: 0.1 };
    let band = Band { requests: 100, latency_s: Some(0.1), parts: vec![part; 10], withheld: None };
    let own = WhyWorkload { requests: 1000, one_in: 1, mean: band.clone(), p50: band.clone(), p99: band };
    let workloads = names.iter().map(|name| (name.clone(), own.clone())).collect();
    run.why = Some(Why { workloads, faster: Vec::new(), partial: false });
    run
}
