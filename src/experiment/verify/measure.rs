//! Runs of a case, and estimates with intervals taken from them.

use serde_json::Value;

use super::case::{Case, Expectation, Place};
use super::{Verification, suite};
use crate::engine::Limits;
use crate::experiment::replicate::{Control, Options, run};
use crate::experiment::results::{Form, Results};
use crate::model;
use crate::scenario::Source;
use crate::stats::mean_interval;

/// How many runs the interval of a bare number comes from.
const SEEDS: u32 = 10;

/// What was simulated for a case.
#[derive(Debug)]
pub(super) struct Runs {
    pub(super) results: Results,
    json: Value,
    /// For bare numbers: one run for each of several seeds.
    singles: Vec<Value>,
    /// The limit at which one of them was stopped.
    pub(super) stopped: Option<String>,
}

/// An estimate from n independent values; with one of them, or none random, there is no interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    pub(super) value: f64,
    /// Half-width of the 95 % interval.
    pub(super) half: f64,
    pub(super) n: u32,
}

impl Runs {
    /// Simulates a case.
    ///
    /// # Errors
    /// Where its scenario is wrong; the text says how.
    pub(super) fn of(case: &Case, how: &Verification<'_>, control: &Control<'_>) -> Result<Runs, String> {
        let set = if how.form == Form::Long { case.known.long() } else { Vec::new() };
        let results = simulate(case, &set, how.limits, control)?;
        let mut stopped = results.scenario.stopped.clone();
        let mut single = |seed: u32| {
            let once = ["run.replications=1".to_owned(), format!("run.seed={}", 1000 + seed)];
            let set: Vec<String> = set.iter().cloned().chain(once).collect();
            let results = simulate(case, &set, how.limits, control)?;
            stopped = stopped.take().or(results.scenario.stopped.clone());
            json(&results)
        };
        let seeds = 0..if case.known.states { SEEDS } else { 0 };
        let singles = seeds.map(&mut single).collect::<Result<_, _>>()?;
        Ok(Runs { json: json(&results)?, singles, stopped, results })
    }

    /// times × (path + plus … − minus …) / over. Half-widths of sums are added, and so are relative ones of
    /// quotients: at least as wide as the truth, whatever the correlation.
    pub(super) fn measure(&self, expect: &Expectation) -> Result<Measured, String> {
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
        numbers.and_then(|numbers| interval(&numbers)).ok_or_else(|| format!("no number at {}", keys.join(".")))
    }

    fn estimate(&self, estimate: &Value) -> Option<Measured> {
        let value = estimate.get("value")?.as_f64()?;
        let interval = estimate.get("ci95").and_then(Value::as_array);
        let ends = interval.and_then(|ends| Some((ends[0].as_f64()?, ends[1].as_f64()?)));
        let half = ends.map_or(0.0, |(low, high)| (high - low) / 2.0);
        Some(Measured { value, half, n: self.results.scenario.replications })
    }

    /// Whether one of the texts at a place contains a text.
    pub(super) fn says(&self, place: &Place, text: &str) -> bool {
        let texts = find(&self.json, &place.keys()).and_then(Value::as_array);
        texts.is_some_and(|texts| texts.iter().any(|t| t.as_str().is_some_and(|t| t.contains(text))))
    }

    /// When the requests ended, in the order of their arrival.
    pub(super) fn ends(&self) -> Vec<f64> {
        let mut jobs: Vec<_> = self.results.jobs.iter().collect();
        jobs.sort_by_key(|job| job.index);
        jobs.iter().map(|job| job.ended_s).collect()
    }
}

/// Loads and runs a scenario, its files beside it, with some values set.
fn simulate(case: &Case, set: &[String], limits: Limits, control: &Control<'_>) -> Result<Results, String> {
    let source = Source { name: case.name.clone(), text: case.scenario.clone(), overrides: set.to_vec() };
    let (model, diagnostics) = model::load(&source, &suite::file);
    let model = model.ok_or_else(|| diagnostics.render(false))?;
    let jobs = case.known.expect.iter().any(|e| e.jobs.is_some());
    let options = Options { states: case.known.states, jobs, limits, ..Options::default() };
    Ok(run(&model, &options, control))
}

fn json(results: &Results) -> Result<Value, String> {
    serde_json::to_value(results).map_err(|error| error.to_string())
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

/// Mean and half-width of the 95 % interval of independent values.
fn interval(values: &[f64]) -> Option<Measured> {
    let (value, half) = mean_interval(values)?;
    Some(Measured { value, half: half?, n: values.len() as u32 })
}
