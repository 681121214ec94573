//! Tests of all pictures: they exist, they are the same every time, and every text on them can be read.

use super::picture::{Anchor, Shape};
use super::*;
use crate::experiment;
use crate::experiment::law as law_of;
use crate::experiment::results::*;
use crate::model;
use crate::report::fixture;
use crate::scenario::Source;

#[test]
fn both_formats_of_both_pictures() {
    for format in [Format::Svg, Format::Png] {
        let start: &[u8] = if format == Format::Svg { b"<svg" } else { b"\x89PNG" };
        assert!(run(&fixture::run(), format).unwrap().starts_with(start));
        assert!(sweep(&fixture::sweep(), format).unwrap().starts_with(start));
        assert!(sweep(&fixture::curves(), format).unwrap().starts_with(start));
        assert!(optimize(&fixture::optimize(), format).unwrap().starts_with(start));
    }
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let once = sweep(&fixture::sweep(), Format::Svg).unwrap();
    assert_eq!(once, sweep(&fixture::sweep(), Format::Svg).unwrap());
}

#[test]
fn nothing_to_draw_is_not_an_error() {
    let mut empty = fixture::run();
    empty.curves = Default::default();
    assert!(run(&empty, Format::Svg).is_ok());
    let mut none = fixture::sweep();
    none.points.clear();
    none.knee = None;
    assert!(sweep(&none, Format::Svg).is_ok());
}

/// Left, top, right and bottom of every text, and what it says.
fn texts(shapes: &[Shape], found: &mut Vec<([f64; 4], String)>) {
    for shape in shapes {
        match shape {
            Shape::Group(_, shapes) => texts(shapes, found),
            Shape::Text(text) => {
                let (wide, half) = (render::extent(&text.text, text.size, text.bold), 0.42 * text.size);
                let left = match text.anchor {
                    Anchor::Start => text.at.0,
                    Anchor::Middle => text.at.0 - wide / 2.0,
                    Anchor::End => text.at.0 - wide,
                };
                found.push(([left, text.at.1 - half, left + wide, text.at.1 + half], text.text.clone()));
            }
            _ => {}
        }
    }
}

/// No text leaves the page or touches another.
fn check(what: &str, picture: &Picture) {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    texts(&picture.shapes, &mut found);
    found.retain(|(_, text)| !text.is_empty());
    for (index, (a, text)) in found.iter().enumerate() {
        if a[0] < -0.5 || a[1] < 0.0 || a[2] > picture.width + 0.5 || a[3] > picture.height {
            wrong.push(format!("`{text}` leaves the page: {a:?} of {} × {}", picture.width, picture.height));
        }
        for (b, other) in &found[index + 1..] {
            if a[2] > b[0] + 0.5 && b[2] > a[0] + 0.5 && a[3] > b[1] && b[3] > a[1] {
                wrong.push(format!("`{text}` at {a:.1?} touches `{other}` at {b:.1?}"));
            }
        }
    }
    wrong.truncate(12);
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

const LONG: &str = "a-name-of-forty-letters-that-fits-nowhere";

/// A run with many workloads, stations and events, all with long names.
fn crowded() -> Results {
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
fn in_windows(mut run: Results, windows: u32) -> Results {
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

#[test]
fn texts_of_runs_can_be_read() {
    let runs = [
        fixture::run(),
        in_windows(fixture::run(), 1),
        crowded(),
        in_windows(crowded(), 200),
        in_windows(crowded(), 7),
    ];
    for (index, run) in runs.iter().enumerate() {
        check(&format!("run {index}"), &run::picture(run));
        let single = [run::latency(run), run::utilization(run), run::queues(run), run::answered(run), run::tail(run)];
        let some = [run::errors(run), run::busy_map(run), run::costs(run)];
        single
            .iter()
            .chain(some.iter().flatten())
            .for_each(|picture| check(&format!("pictures of run {index}"), picture));
    }
}

#[test]
fn texts_of_sweeps_can_be_read() {
    let point = |at: f64, result: Results| SweepPoint { at: vec![at], result };
    let mut one = fixture::sweep();
    one.points.truncate(1);
    (one.axis[0].values, one.axis[0].labels) = (vec![0.2], vec!["0.2/s".into()]);
    let mut many = fixture::sweep();
    many.points = (1..=200).map(|index| point(f64::from(index) * 0.005, fixture::run())).collect();
    let mut crowd = fixture::sweep();
    crowd.axis[0].path = format!("workload.{LONG}.arrivals.poisson");
    crowd.points = (1..=8).map(|index| point(f64::from(index) * 1e-4, crowded())).collect();
    let mut words = fixture::sweep();
    words.points = (0..20).map(|index| point(f64::from(index), crowded())).collect();
    (words.axis[0].ordered, words.knee) = (false, None);
    words.axis[0].labels = (0..20).map(|index| format!("{LONG}-{index}")).collect();
    words.axis[0].values = (0..20).map(f64::from).collect();
    for (index, sweep) in [fixture::sweep(), fixture::curves(), one, many, crowd, words].iter().enumerate() {
        check(&format!("sweep {index}"), &sweep::picture(sweep));
        [sweep::latency(sweep), sweep::throughput(sweep)].iter().for_each(|one| check(&format!("sweep {index}"), one));
    }
}

fn comparison(names: [&str; 2], metrics: usize) -> CompareResults {
    let about = |value: f64| Estimate { value: Some(value), ci95: Some([value - 0.1, value + 0.1]) };
    let difference = |index: usize| Difference {
        metric: if index == 0 { "customers.latency.p99".into() } else { format!("{LONG}.latency.p{index}") },
        counterpart: None,
        pairs: 5,
        before: about(1.0),
        after: about(1.5),
        difference: about(if index.is_multiple_of(3) { -0.4 } else { 0.5 }),
        relative: Some(0.5),
        p_value: Some(0.01),
        adjusted_p: Some(0.02),
        real: index.is_multiple_of(2),
        better: None,
    };
    CompareResults {
        steps: names.map(|name| Step { name: name.into(), result: fixture::run() }).to_vec(),
        changes: vec![Change { from: 0, to: 1, pairs: 5, differences: (0..metrics).map(difference).collect() }],
        tests: metrics,
        partial: false,
    }
}

#[test]
fn texts_of_other_answers_can_be_read() {
    for (names, metrics) in [(["shop", "shop (2)"], 5), ([LONG, "a; b; c"], 60), (["a", "b"], 1), (["a", "b"], 0)] {
        let results = comparison(names, metrics);
        check("comparison", &compare::picture(&results));
        compare::changes(&results).iter().for_each(|picture| check("change", picture));
    }
    let search = fixture::optimize();
    check("search", &optimize::picture(&search));
    check("search", &optimize::configurations(&search));
    let part =
        |index: usize| WhyPart { cause: "service", station: Some(format!("{LONG}-{index}")), time_s: 0.01, share: 0.1 };
    let band = Band { requests: 100, latency_s: Some(0.1), parts: (0..10).map(part).collect(), withheld: None };
    let own = WhyWorkload { requests: 1000, one_in: 1, mean: band.clone(), p50: band.clone(), p99: band };
    let workloads = [(LONG.to_owned(), own.clone()), ("customers".to_owned(), own)].into();
    let why = Why { workloads, faster: Vec::new(), partial: false };
    why::pictures(&why).iter().for_each(|picture| check("why", picture));
}

#[test]
fn texts_of_laws_can_be_read() {
    let answers = [
        law_of::amdahl(0.05, None, &[]),
        law_of::gustafson(0.05, None, &[]),
        law_of::speedup(3600.0, 0.05, None, Some(600.0), &[]),
        law_of::staffing(0.2, None, &[], &[1.0]).unwrap(),
        law_of::queue(80.0, 0.01, &[1]),
        law_of::queue(80.0, 0.01, &[1, 2]),
        law_of::repairman(1.0, 0.1, 2, &[1, 2, 30]),
    ];
    for (index, answer) in answers.iter().enumerate() {
        check(&format!("law {index}"), &law::picture(answer));
        check(&format!("law {index}"), &law::curve(answer));
    }
}

#[test]
fn texts_of_the_architectures_of_all_scenarios_can_be_read() {
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let source = Source { name: path.display().to_string(), text, overrides: Vec::new() };
        let Some(model) = model::load(&source, &|_| Err("no files".into())).0 else { continue };
        check(&source.name, &architecture::picture(&experiment::explain(&model)));
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn theory_is_drawn_where_it_is_known_and_nowhere_else() {
    let says = |picture: &Picture| {
        let mut found = Vec::new();
        texts(&picture.shapes, &mut found);
        found.into_iter().map(|(_, text)| text).filter(|text| text.starts_with("theory")).collect::<Vec<_>>()
    };
    assert_eq!(says(&sweep::latency(&fixture::sweep())), ["theory: M/M/1"]);
    let mut unknown = fixture::sweep();
    unknown.points.iter_mut().for_each(|point| point.result.exact = None);
    assert!(says(&sweep::latency(&unknown)).is_empty());
    let mut run = fixture::run();
    assert!(says(&run::latency(&run)).is_empty(), "of the law of response times nothing is known");
    let p99 =
        TheoryLine { quantity: "response-p99-s".into(), predicted: 5.0 * libm::log(100.0), ..run.theory[0].clone() };
    run.theory.push(p99);
    run.exact.iter_mut().flat_map(|exact| exact.workloads.values_mut()).for_each(|means| means.response_mean_s = 5.0);
    assert_eq!(says(&run::latency(&run)), ["theory: M/M/1"]);
}
