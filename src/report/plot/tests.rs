//! Tests of all pictures: they exist, they are the same every time, and every text on them can be read.

use std::collections::{BTreeMap, BTreeSet};

use super::picture::{Anchor, Shape};
use super::*;
use crate::experiment;
use crate::experiment::law as law_of;
use crate::experiment::results::*;
use crate::model;
use crate::report::crowd::{LONG, crowded, in_windows, many};
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

/// All texts of a picture.
fn said(picture: &Picture) -> Vec<String> {
    let mut found = Vec::new();
    texts(&picture.shapes, &mut found);
    found.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn where_there_is_nothing_to_draw_there_are_no_axes() {
    let mut empty = in_windows(fixture::run(), 7);
    empty.curves = Default::default();
    let unknown = Estimate::default();
    for own in empty.series.iter_mut().flat_map(|window| window.workloads.values_mut()) {
        (own.latency_p99, own.throughput) = (unknown, Estimate { value: Some(0.0), ci95: None });
    }
    let mut over = fixture::sweep();
    over.points.retain(|point| !point.result.unstable.is_empty());
    let pictures = [
        (run::latency(&empty), "nothing was answered"),
        (run::answered(&empty), "nothing was answered"),
        (run::tail(&empty), "no window has enough answers to tell"),
        (sweep::latency(&over), "no point is stable"),
    ];
    for (picture, why) in &pictures {
        let said = said(picture);
        assert!(said.len() == 3 && said[2] == *why, "{said:?}");
    }
    let mut early = in_windows(fixture::run(), 7);
    early.series.iter_mut().skip(2).flat_map(|window| window.workloads.values_mut()).for_each(|own| {
        own.latency_p99 = unknown;
    });
    let axis = |picture: &Picture| said(picture).into_iter().filter(|text| text.ends_with(" h")).collect::<Vec<_>>();
    assert_eq!(axis(&run::tail(&early)), axis(&run::answered(&early)), "the time is that of all windows");
}

/// The names of lines in a picture, with their colours.
fn named(shapes: &[Shape], found: &mut BTreeMap<String, picture::Color>) {
    for shape in shapes {
        if let Shape::Group(group, inside) = shape {
            if let picture::Group::Name(name, color) = group {
                found.insert(name.clone(), *color);
            }
            named(inside, found);
        }
    }
}

#[test]
fn of_many_workloads_the_same_few_are_drawn_everywhere_in_the_same_colours() {
    let run = in_windows(many(14), 7);
    let of = |picture: &Picture| {
        let mut found = BTreeMap::new();
        named(&picture.shapes, &mut found);
        found
    };
    let names = of(&run::latency(&run));
    let colors: BTreeSet<_> = names.values().collect();
    assert!(names.len() == 6 && colors.len() == 6 && names.contains_key("group-13"), "{names:?}");
    for picture in [run::answered(&run), run::tail(&run)] {
        assert_eq!(of(&picture), names);
        assert!(said(&picture).iter().any(|text| text.ends_with("(6 of 14 workloads)")), "{:?}", said(&picture));
    }
    let whole = said(&run::picture(&run));
    assert!(whole.iter().any(|text| text.contains("6 of 14 workloads are drawn")), "{whole:?}");
    assert_eq!(whole.iter().filter(|text| text.starts_with("Where requests of")).count(), 6);
}

#[test]
fn replicas_that_no_window_has_are_no_stations_that_are_left_out() {
    let mut run = in_windows(fixture::run(), 7);
    let station = run.stations.0[0].1.clone();
    run.stations.0.extend((0..70).map(|index| (format!("desk[{index}]"), station.clone())));
    for picture in [run::queues(&run), run::utilization(&run)] {
        assert!(!said(&picture).iter().any(|text| text.contains("stations,")), "{:?}", said(&picture));
    }
    let many = in_windows(crowded(), 7);
    assert!(said(&run::utilization(&many)).iter().any(|text| text.ends_with("(6 of 30 stations, the busiest)")));
}

/// Left, top, right and bottom of every text, and what it says.
fn texts(shapes: &[Shape], found: &mut Vec<([f64; 4], String)>) {
    for shape in shapes {
        match shape {
            Shape::Group(_, shapes) => texts(shapes, found),
            Shape::Text(text) => {
                let (wide, half) = (render::extent(&text.text, text.size, text.bold), 0.5 * text.size);
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
        stopped: None,
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
    why::pictures(&why, &[LONG, "customers"]).iter().for_each(|picture| check("why", picture));
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

/// Boxes that are filled with the colour of the page, and long grey lines.
fn boxes_and_arrows(shapes: &[Shape], boxes: &mut Vec<[f64; 4]>, arrows: &mut Vec<Vec<picture::Point>>) {
    for shape in shapes {
        match shape {
            Shape::Group(_, inside) => boxes_and_arrows(inside, boxes, arrows),
            Shape::Area(points, picture::WHITE, opacity) if *opacity == 1.0 => {
                let ends = |of: fn(&picture::Point) -> f64| {
                    points.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)))
                };
                let ((left, right), (top, bottom)) = (ends(|point| point.0), ends(|point| point.1));
                boxes.push([left, top, right, bottom]);
            }
            Shape::Line(points, picture::GREY, _) if points.len() >= 20 => arrows.push(points.clone()),
            _ => {}
        }
    }
}

#[test]
fn arrows_pass_behind_no_component() {
    let mut seen = 0;
    for group in ["", "/ladder", "/growth", "/lessons"] {
        let folder = format!("{}/scenarios{group}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let source = Source { name: path.display().to_string(), text, overrides: Vec::new() };
            let Some(model) = model::load(&source, &|_| Err("no files".into())).0 else { continue };
            let picture = architecture::picture(&experiment::explain(&model));
            let (mut boxes, mut arrows) = (Vec::new(), Vec::new());
            boxes_and_arrows(&picture.shapes, &mut boxes, &mut arrows);
            let inside = |&(x, y): &picture::Point| {
                boxes.iter().any(|b| x > b[0] + 2.0 && x < b[2] - 2.0 && y > b[1] + 2.0 && y < b[3] - 2.0)
            };
            assert!(!arrows.iter().flatten().any(inside), "{}", source.name);
            seen += arrows.len();
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn a_long_title_of_an_architecture_is_wrapped() {
    let text = "[workload.a]\nto = \"b\"\narrivals = { poisson = \"1/s\" }\n[station.b]\nservice-time = \"1ms\"\n";
    let picture = |title: &str| {
        let text = format!("title = \"{title}\"\n{text}");
        let source = Source { name: "x.toml".into(), text, overrides: Vec::new() };
        let (model, problems) = model::load(&source, &|_| Err("no files".into()));
        architecture::picture(&experiment::explain(&model.unwrap_or_else(|| panic!("{problems:?}"))))
    };
    let (short, long) = (picture("short"), picture(&"a title with much to say ".repeat(8)));
    assert!(long.width == short.width && long.height > short.height);
    check("a long title", &long);
}

#[test]
fn theory_is_drawn_where_it_is_known_and_nowhere_else() {
    let says =
        |picture: &Picture| said(picture).into_iter().filter(|text| text.starts_with("theory")).collect::<Vec<_>>();
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
