//! A strict parser of the OpenMetrics text format 1.0, after the grammar of its specification.

use std::collections::{BTreeMap, BTreeSet};

use super::{EVERYTHING, load, run, shipped};
use knee::report::openmetrics;

/// What tells a metric from others of its family.
type Labels<'a> = Vec<(&'a String, &'a String)>;

#[derive(Default)]
struct Family {
    kind: String,
    unit: String,
    help: bool,
    samples: Vec<Sample>,
}

struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
    time: Option<f64>,
}

#[test]
fn everything_that_is_written_can_be_read() {
    let results = run(&load(EVERYTHING));
    let families = parse(&openmetrics::run(&results));
    for name in [
        "knee_workload_throughput_per_second",
        "knee_workload_latency_seconds",
        "knee_station_utilization_ratio",
        "knee_cache_hits",
        "knee_queue_delivered",
        "knee_objective_met",
        "knee_alert_fired_ratio",
        "knee_recovered_ratio",
        "knee_series_throughput_per_second",
        "knee_series_utilization_ratio",
    ] {
        assert!(families.contains_key(name), "no {name}");
    }
    let info = &families["knee_run"].samples[0];
    assert_eq!(info.labels["title"], results.scenario.title);
    let throughput = &families["knee_workload_throughput_per_second"].samples;
    let shoppers = throughput.iter().find(|sample| sample.labels["workload"] == "shoppers").expect("a sample");
    assert_eq!(Some(shoppers.value), results.workloads["shoppers"].throughput.value);
    let series = &families["knee_series_throughput_per_second"].samples;
    let times: Vec<Option<f64>> =
        series.iter().filter(|sample| sample.labels["workload"] == "agents").map(|sample| sample.time).collect();
    assert_eq!(times, [Some(3.0), Some(6.0), Some(9.0), Some(10.0)]);
}

#[test]
fn so_can_the_results_of_all_scenarios() {
    for model in shipped() {
        assert!(parse(&openmetrics::run(&run(&model))).len() > 5);
    }
}

/// The families of an exposition; panics where it is not one.
fn parse(text: &str) -> BTreeMap<String, Family> {
    let body = text.strip_suffix("# EOF\n").expect("it ends in # EOF");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        assert!(!line.is_empty() && line.trim() == line, "blanks: {line:?}");
        match line.strip_prefix("# ") {
            Some(descriptor) => describe(descriptor, &mut current, &mut families),
            None => {
                let family = families.get_mut(&current).expect("a sample without a family");
                family.samples.push(sample(line, &current, &family.kind));
            }
        }
    }
    families.iter().for_each(|(name, family)| check(name, family));
    families
}

fn describe(line: &str, current: &mut String, families: &mut BTreeMap<String, Family>) {
    let mut words = line.splitn(3, ' ');
    let [what, name, rest] = std::array::from_fn(|_| words.next().expect("three words"));
    assert!(is_name(name), "{name}");
    if name != current {
        // Families may not be interleaved.
        assert!(!families.contains_key(name), "{name} comes twice");
        families.insert(name.to_owned(), Family::default());
        *current = name.to_owned();
    }
    let family = families.get_mut(name).expect("it is there");
    assert!(family.samples.is_empty(), "metadata of {name} after a sample");
    match what {
        "TYPE" => {
            assert!(family.kind.is_empty() && ["gauge", "counter", "summary", "info"].contains(&rest), "{line}");
            rest.clone_into(&mut family.kind);
        }
        "UNIT" => {
            assert!(family.unit.is_empty() && name.ends_with(&format!("_{rest}")), "{line}");
            rest.clone_into(&mut family.unit);
        }
        "HELP" => {
            assert!(!family.help, "{line}");
            unescape(rest);
            family.help = true;
        }
        _ => panic!("{line}"),
    }
}

/// ALPHA, "_" or ":" first, then digits too.
fn is_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == ':');
    first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

/// Undoes escapes; there are those of line feeds, quotes and backslashes.
fn unescape(text: &str) -> String {
    let (mut plain, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        assert_ne!(c, '"', "a bare quote in {text}");
        plain.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some(c @ ('"' | '\\')) => c,
                other => panic!("an escape of {other:?} in {text}"),
            },
            c => c,
        });
    }
    plain
}

fn sample(line: &str, family: &str, kind: &str) -> Sample {
    let end = line.find(['{', ' ']).expect("a name and a value");
    let (name, mut rest) = line.split_at(end);
    let suffix = match kind {
        "counter" => "_total",
        "info" => "_info",
        _ => "",
    };
    assert_eq!(name, format!("{family}{suffix}"));
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = self::labels(inner, &mut labels);
    }
    let numbers: Vec<f64> = rest.strip_prefix(' ').expect("a blank").split(' ').map(number).collect();
    assert!(numbers.len() <= 2, "{line}");
    Sample { name: name.to_owned(), labels, value: numbers[0], time: numbers.get(1).copied() }
}

/// Reads labels up to the brace that closes them; returns the rest.
fn labels<'t>(mut rest: &'t str, labels: &mut BTreeMap<String, String>) -> &'t str {
    loop {
        let (name, after) = rest.split_once("=\"").expect("a label");
        assert!(is_name(name) && !name.contains(':') && !name.starts_with("__"), "{name}");
        let mut escaped = false;
        let end = after.char_indices().find(|&(_, c)| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let (end, _) = end.expect("a quote at the end");
        let known = labels.insert(name.to_owned(), unescape(&after[..end]));
        assert!(known.is_none(), "{name} comes twice");
        match after[end + 1..].split_at(1) {
            (",", more) => rest = more,
            ("}", more) => return more,
            (other, _) => panic!("{other:?} after a label"),
        }
    }
}

fn number(text: &str) -> f64 {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ".eE+-".contains(c));
    assert!(digits(text) || ["NaN", "inf", "+Inf", "-inf"].contains(&text), "{text} is not a number");
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

/// What a family has to obey beyond the grammar.
fn check(name: &str, family: &Family) {
    assert!(!family.kind.is_empty() && family.help && !family.samples.is_empty(), "{name} is not complete");
    assert!(family.kind != "info" || family.unit.is_empty(), "{name} has a unit");
    assert!(family.kind != "counter" || !name.ends_with("_total"), "{name}");
    let mut seen: BTreeSet<Labels> = BTreeSet::new();
    let mut last: Option<(Labels, Option<f64>)> = None;
    for sample in &family.samples {
        let labels: Labels = sample.labels.iter().filter(|(label, _)| *label != "quantile").collect();
        let quantile = sample.labels.get("quantile").map(|text| number(text));
        assert_eq!(quantile.is_some(), family.kind == "summary", "{}", sample.name);
        assert!(quantile.is_none_or(|quantile| (0.0..=1.0).contains(&quantile)));
        assert!(family.kind != "counter" || sample.value >= 0.0 && sample.value.is_finite(), "{name}");
        match &last {
            // Points of one metric are in order of time.
            Some((before, time)) if *before == labels => {
                assert!(quantile.is_some() || sample.time > *time, "{name} is not in order");
            }
            _ => assert!(seen.insert(labels.clone()), "{name} is interleaved"),
        }
        last = Some((labels, sample.time));
    }
}
