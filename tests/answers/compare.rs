//! How often a comparison is wrong.

use knee::experiment::results::{CompareResults, Difference};
use knee::experiment::{self, Comparison};
use knee::model::{Metric, Percentile};

use super::*;

const SEEDS: u64 = 1000;

/// A queue whose station has a name of its own, hence random numbers of its own.
fn queue(station: &str, service: &str, seed: u64, requests: u32) -> String {
    format!(
        "[workload.w]\nto = \"{station}\"\narrivals = {{ poisson = \"1/s\" }}\n\
         [station.{station}]\nservice-time = {{ exponential = \"{service}\" }}\n\
         [run]\nwarm-up = \"50s\"\nduration = \"{requests}s\"\nreplications = 10\nseed = {seed}\n"
    )
}

fn compare(texts: &[String], metrics: &[Metric]) -> CompareResults {
    let models: Vec<Model> = texts.iter().map(|text| load(text)).collect();
    let names = (1..=texts.len()).map(|step| step.to_string()).collect();
    experiment::compare(
        &models,
        &Comparison { names, with_first: false, metrics: metrics.to_vec() },
        &options(),
        &control(),
    )
}

fn differences(results: &CompareResults) -> impl Iterator<Item = &Difference> {
    results.changes.iter().flat_map(|change| &change.differences)
}

fn latency(percentile: Percentile) -> Metric {
    Metric::Latency("w".into(), percentile)
}

/// Two systems that are the same but for their names: a metric chosen beforehand differs in 5 % of the cases, and anything
/// at all in no more than 5 %. The tolerance is that of 1,000 trials.
#[test]
fn what_is_the_same_is_rarely_called_different() {
    let (mut one, mut any) = (0, 0);
    for seed in 1..=SEEDS {
        let texts = [queue("desk", "500ms", seed, 300), queue("table", "500ms", seed, 300)];
        let results = compare(&texts, &[latency(Percentile::P95)]);
        one += u32::from(differences(&results).any(|difference| difference.real));
        let results = compare(&texts, &[]);
        assert!(results.tests >= 4);
        any += u32::from(differences(&results).any(|difference| difference.real));
    }
    assert!((30..=70).contains(&one), "{one} of {SEEDS}");
    assert!(any <= 64, "{any} of {SEEDS}");
}

/// The mean response time of M/M/1 is 1 / (μ − λ): the interval of a difference covers what it is.
#[test]
fn the_interval_of_a_known_difference_covers_it() {
    let known = 1.0 / (1.0 / 0.45 - 1.0) - 1.0 / (1.0 / 0.5 - 1.0);
    let (mut covered, mut real) = (0, 0);
    for seed in 1..=SEEDS {
        let texts = [queue("desk", "500ms", seed, 500), queue("desk", "450ms", seed, 500)];
        let results = compare(&texts, &[latency(Percentile::Mean)]);
        let difference = differences(&results).next().unwrap();
        let [low, high] = difference.difference.ci95.unwrap();
        covered += u32::from(low <= known && known <= high);
        real += u32::from(difference.real && difference.better == Some(true));
    }
    assert!((930..=970).contains(&covered), "{covered} of {SEEDS}");
    assert!(real >= 999, "common random numbers see it nearly always: {real}");
}

#[test]
fn what_is_certain_needs_no_test() {
    let cost = |price: &str| {
        format!(
            "[workload.w]\nto = \"app\"\narrivals = {{ constant = \"1/s\" }}\n[machine.m]\ncores = 1\nprice = {price}\n\
             [service.app]\nmachine = \"m\"\nsteps = [{{ cpu = \"100ms\" }}]\n\
             [run]\nwarm-up = \"1s\"\nduration = \"10s\"\nreplications = 3\n"
        )
    };
    let results = compare(&[cost("0.1"), cost("0.2"), cost("0.2")], &[]);
    assert_eq!(results.tests, 0);
    assert_eq!(results.steps[1].result.cost.parts, [("app".to_owned(), 0.2)].into());
    let real: Vec<(usize, &str, Option<bool>)> = results
        .changes
        .iter()
        .flat_map(|change| {
            change.differences.iter().filter(|d| d.real).map(|d| (change.to, d.metric.as_str(), d.better))
        })
        .collect();
    assert_eq!(real, [(1, "cost", Some(false))]);
}

#[test]
fn a_workload_with_another_name_is_compared_all_the_same() {
    let texts = [queue("desk", "500ms", 1, 300), queue("desk", "250ms", 1, 300).replace("workload.w", "workload.v")];
    let results = compare(&texts, &[]);
    let mean = differences(&results).find(|difference| difference.metric == "w.latency.mean").unwrap();
    assert_eq!((mean.counterpart.as_deref(), mean.better), (Some("v.latency.mean"), Some(true)));
}
