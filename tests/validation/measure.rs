//! Runs of a case, and estimates with intervals taken from them.

use std::sync::atomic::AtomicBool;

use knee::experiment::{self, Control, Options, results::Results};
use knee::{model, scenario::Source};
use serde_json::Value;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::case::{Case, Expectation, Place};

/// How many runs the interval of a bare number comes from.
const SEEDS: u32 = 10;

/// What was simulated for a case.
pub(crate) struct Runs {
    pub(crate) results: Results,
    json: Value,
    /// For bare numbers: one run for each of several seeds.
    singles: Vec<Value>,
}

/// An estimate from n independent values; with one of them, or none random, there is no interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measured {
    pub(crate) value: f64,
    /// Half-width of the 95 % interval.
    pub(crate) half: f64,
    pub(crate) n: u32,
}

impl Runs {
    pub(crate) fn of(case: &Case, long: bool) -> Runs {
        let set = if long { case.known.long() } else { Vec::new() };
        let results = simulate(case, &set);
        let seeds = 0..if case.known.states { SEEDS } else { 0 };
        let single = |seed: u32| {
            let mut set = set.clone();
            set.push(("run.replications".into(), "1".into()));
            set.push(("run.seed".into(), (1000 + seed).to_string()));
            serde_json::to_value(simulate(case, &set)).unwrap()
        };
        Runs { json: serde_json::to_value(&results).unwrap(), singles: seeds.map(single).collect(), results }
    }

    /// times × (path + plus … − minus …) / over. Half-widths of sums are added, and so are relative ones of
    /// quotients: at least as wide as the truth, whatever the correlation.
    pub(crate) fn measure(&self, expect: &Expectation) -> Result<Measured, String> {
        let mut sum = self.at(&expect.path)?;
        for place in &expect.plus {
            let more = self.at(place)?;
            sum.value += more.value;
            sum.half += more.half;
        }
        for place in &expect.minus {
            let less = self.at(place)?;
            sum.value -= less.value;
            sum.half += less.half;
        }
        if let Some(place) = &expect.over {
            let by = self.at(place)?;
            let value = sum.value / by.value;
            let relative = sum.half / sum.value.abs() + by.half / by.value.abs();
            sum = Measured { value, half: value.abs() * relative, n: sum.n };
        }
        Ok(Measured { value: sum.value * expect.times, half: sum.half * expect.times, n: sum.n })
    }

    fn at(&self, place: &Place) -> Result<Measured, String> {
        let keys = place.keys();
        if let Some(estimate) = find(&self.json, &keys).filter(|found| found.is_object()) {
            return self.estimate(estimate).ok_or_else(|| format!("no value at {}", keys.join(".")));
        }
        if let Some(count) = number(&self.json, &keys).filter(|_| self.results.scenario.replications == 1) {
            // Of one replication, where nothing may be random: it must be equal.
            return Ok(Measured { value: count, half: 0.0, n: 1 });
        }
        let numbers: Option<Vec<f64>> = self.singles.iter().map(|run| number(run, &keys)).collect();
        match numbers {
            Some(numbers) if numbers.len() > 1 => Ok(interval(&numbers)),
            _ => Err(format!("no number at {}", keys.join("."))),
        }
    }

    fn estimate(&self, estimate: &Value) -> Option<Measured> {
        let value = estimate.get("value")?.as_f64()?;
        let interval = estimate.get("ci95").and_then(Value::as_array);
        let ends = interval.and_then(|ends| Some((ends[0].as_f64()?, ends[1].as_f64()?)));
        let half = ends.map_or(0.0, |(low, high)| (high - low) / 2.0);
        Some(Measured { value, half, n: self.results.scenario.replications })
    }

    /// Whether one of the texts at a place contains a text.
    pub(crate) fn says(&self, place: &Place, text: &str) -> bool {
        let texts = find(&self.json, &place.keys()).and_then(Value::as_array);
        texts.is_some_and(|texts| texts.iter().any(|t| t.as_str().is_some_and(|t| t.contains(text))))
    }

    /// When the requests ended, in the order of their arrival.
    pub(crate) fn ends(&self) -> Vec<f64> {
        let mut jobs: Vec<_> = self.results.jobs.iter().collect();
        jobs.sort_by_key(|job| job.index);
        jobs.iter().map(|job| job.ended_s).collect()
    }
}

/// Loads and runs a scenario, its files beside it, with some values set.
fn simulate(case: &Case, set: &[(String, String)]) -> Results {
    let source = Source {
        name: case.name.clone(),
        text: case.scenario.clone(),
        overrides: set.iter().map(|(path, value)| format!("{path}={value}")).collect(),
    };
    let read = |file: &str| std::fs::read_to_string(case.folder.join(file)).map_err(|e| e.to_string());
    let (model, diagnostics) = model::load(&source, &read);
    let model = model.unwrap_or_else(|| panic!("{}:\n{}", case.name, diagnostics.render(false)));
    let jobs = case.known.expect.iter().any(|e| e.jobs.is_some());
    let options =
        Options { threads: None, states: case.known.states, jobs, all_replicas: false, every_departure: false };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(&model, &options, &control)
}

fn find<'a>(json: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(json, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => value.get(key),
    })
}

/// A bare number. What is past the end of an array is 0: a state that was never seen.
fn number(json: &Value, keys: &[&str]) -> Option<f64> {
    let (last, path) = keys.split_last()?;
    let container = find(json, path)?;
    let Some(items) = container.as_array() else {
        return container.get(last)?.as_f64();
    };
    let (index, count) = match last.strip_suffix('+') {
        Some(from) => (from, items.len()),
        None => (*last, 1),
    };
    Some(items.iter().skip(index.parse().ok()?).take(count).filter_map(Value::as_f64).sum())
}

/// Mean and half-width of the 95 % interval of independent values (Student 1908).
fn interval(values: &[f64]) -> Measured {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = student_t(0.975, values.len() as u32) * (variance / n).sqrt();
    Measured { value: mean, half, n: values.len() as u32 }
}

/// The quantile of Student's t for n values.
pub(crate) fn student_t(p: f64, n: u32) -> f64 {
    StudentsT::new(0.0, 1.0, f64::from(n.max(2) - 1)).unwrap().inverse_cdf(p)
}
