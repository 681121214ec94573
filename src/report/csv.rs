//! CSV in long form, one row per number, for spreadsheets and data frames.
//!
//! The rows are read off the JSON, so the two never disagree: `section` is the JSON's first
//! key, `name` the workload or station, `metric` the rest of the path (`latency.p99`), `value`
//! the number, `low` and `high` its 95 % confidence interval where there is one.

use ::csv::Writer;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{
    Axis, CapacityResults, CompareResults, Estimate, OptimizeResults, Reading, Results, SweepResults, VerifyResults,
};
use crate::measure::Findings;

const COLUMNS: [&str; 6] = ["section", "name", "metric", "value", "low", "high"];

/// Keys of a list's items that tell them apart, the first that is there.
const NAMES: [&str; 8] = ["name", "station", "at-s", "size", "cores", "target", "users", "servers"];

/// One row per number of each run; with several runs the first column says which file.
///
/// # Errors
/// Only if a value cannot be written, which no result of a run is.
pub fn runs(results: &[Results]) -> Result<String, String> {
    let several = results.len() > 1;
    let head = several.then_some("file");
    let mut table = Table::new(head.iter().copied())?;
    for result in results {
        let lead = several.then(|| result.scenario.file.clone());
        table.rows(&lead.into_iter().collect::<Vec<_>>(), result)?;
    }
    table.finish()
}

/// One row per point and number; the first columns are the values on the axes: numbers in SI units, or words.
///
/// # Errors
/// Only if a value cannot be written, which no result of a sweep is.
pub fn sweep(results: &SweepResults) -> Result<String, String> {
    let mut table = Table::new(results.axis.iter().map(|axis| axis.path.as_str()))?;
    for point in &results.points {
        let lead: Vec<String> = results.axis.iter().zip(&point.at).map(|(axis, &at)| value(axis, at)).collect();
        table.rows(&lead, &point.result)?;
    }
    table.finish()
}

/// One row per number of each explanation; with several the first column says which file.
///
/// # Errors
/// Only if a value cannot be written, which nothing that is explained is.
pub fn explanations(explanations: &[Explanation]) -> Result<String, String> {
    let several = explanations.len() > 1;
    let head = several.then_some("file");
    let mut table = Table::new(head.iter().copied())?;
    for explanation in explanations {
        let lead = several.then(|| explanation.scenario.file.clone());
        table.rows(&lead.into_iter().collect::<Vec<_>>(), explanation)?;
    }
    table.finish()
}

/// A value on an axis: a number, or a word as it was written.
fn value(axis: &Axis, at: f64) -> String {
    if axis.ordered { at.to_string() } else { axis.written(at) }
}

/// A number as it is; nothing where there is none, or none that JSON could hold.
fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(String::new, |value| value.to_string())
}

/// One row per value that was tried and objective; where a station is overloaded, without one.
///
/// # Errors
/// Only if a value cannot be written, which no result of a search is.
pub fn capacity(results: &CapacityResults) -> Result<String, String> {
    let mut writer = Writer::from_writer(Vec::new());
    let columns = [&results.path, "outcome", "replications", "require", "met", "value", "low", "high"];
    writer.write_record(columns).map_err(text)?;
    for trial in &results.trials {
        let outcome = serde_json::to_value(trial.outcome).map_err(text)?;
        let outcome = outcome.as_str().unwrap_or_default().to_owned();
        let lead = [trial.at.to_string(), outcome, trial.replications.to_string()];
        let objectives = trial.objectives.iter().zip(&trial.measured);
        let rows = objectives.map(|(objective, measured)| {
            let met = objective.met.map_or_else(String::new, |met| met.to_string());
            let [low, high] = measured.ci95.map_or([None, None], |ends| ends.map(Some)).map(number);
            [objective.require.clone(), met, number(measured.value), low, high]
        });
        let mut rows: Vec<[String; 5]> = rows.collect();
        if rows.is_empty() {
            rows.push(Default::default());
        }
        for row in &rows {
            writer.write_record(lead.iter().chain(row)).map_err(text)?;
        }
    }
    into_string(writer)
}

/// One row per configuration and number: its cost, its latency, and what each objective is about. Of those that were not
/// simulated there is the least that they may cost.
///
/// # Errors
/// Only if a value cannot be written, which no result of a search is.
pub fn optimize(results: &OptimizeResults) -> Result<String, String> {
    let mut writer = Writer::from_writer(Vec::new());
    let columns = ["status", "frontier", "replications", "what", "met", "value", "low", "high"];
    writer.write_record(results.axis.iter().map(|axis| axis.path.as_str()).chain(columns)).map_err(text)?;
    for one in &results.configurations {
        let mut lead: Vec<String> = results.axis.iter().zip(&one.at).map(|(axis, &at)| value(axis, at)).collect();
        let status = serde_json::to_value(one.status).map_err(text)?;
        lead.extend([plain(&status), one.frontier.to_string(), one.replications.to_string()]);
        let mut row = |what: &str, met: String, estimate: &Estimate| {
            let [low, high] = estimate.ci95.map_or([None, None], |ends| ends.map(Some));
            let numbers = [estimate.value, low, high].map(number);
            let fields = lead.iter().cloned().chain([what.to_owned(), met]).chain(numbers);
            writer.write_record(fields).map_err(text)
        };
        row("cost", String::new(), &one.cost)?;
        if one.replications > 0 {
            row(&results.metric, String::new(), &one.latency)?;
        }
        for (objective, measured) in one.objectives.iter().zip(&one.measured) {
            row(&objective.require, objective.met.map_or_else(String::new, |met| met.to_string()), measured)?;
        }
    }
    into_string(writer)
}

/// One row per known value.
///
/// # Errors
/// Only if a value cannot be written, which no result of a verification is.
pub fn verify(results: &VerifyResults) -> Result<String, String> {
    let mut writer = Writer::from_writer(Vec::new());
    let columns = ["case", "quantity", "kind", "predicted", "simulated", "half-width", "agrees", "possible"];
    writer.write_record(columns).map_err(text)?;
    let plainly = |reading: &Reading| match reading {
        Reading::Number(x) => x.to_string(),
        Reading::Text(text) => text.clone(),
    };
    for (case, value) in results.cases.iter().flat_map(|case| case.values.iter().map(move |value| (case, value))) {
        let kind = plain(&serde_json::to_value(value.kind).map_err(text)?);
        let words = [case.name.clone(), value.quantity.clone(), kind];
        let numbers = [plainly(&value.predicted), plainly(&value.simulated), value.half_width.to_string()];
        let verdicts = [value.agrees.to_string(), value.possible.to_string()];
        writer.write_record(words.iter().chain(&numbers).chain(&verdicts)).map_err(text)?;
    }
    into_string(writer)
}

/// One row per change and metric.
///
/// # Errors
/// Only if a value cannot be written, which no result of a comparison is.
pub fn compare(results: &CompareResults) -> Result<String, String> {
    let mut writer = Writer::from_writer(Vec::new());
    let columns =
        ["from", "to", "metric", "before", "after", "difference", "low", "high", "relative", "p", "adjusted-p", "real"];
    writer.write_record(columns).map_err(text)?;
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    for change in &results.changes {
        for difference in &change.differences {
            let [low, high] = difference.difference.ci95.map_or([None, None], |ends| ends.map(Some));
            let numbers = [
                difference.before.value,
                difference.after.value,
                difference.difference.value,
                low,
                high,
                difference.relative,
                difference.p_value,
                difference.adjusted_p,
            ];
            let words = [name(change.from), name(change.to), &difference.metric].map(str::to_owned);
            let real = difference.real.to_string();
            writer.write_record(words.into_iter().chain(numbers.map(number)).chain([real])).map_err(text)?;
        }
    }
    into_string(writer)
}

/// One row per number of a law's answer; `name` is the size, the number of servers or the target.
///
/// # Errors
/// Only if a value cannot be written, which no answer is.
pub fn law(answer: &Answer) -> Result<String, String> {
    let mut table = Table::new([].into_iter())?;
    table.rows(&[], answer)?;
    table.finish()
}

/// One row per number that was found in a log.
///
/// # Errors
/// Only if a value cannot be written, which no finding is.
pub fn fit(findings: &Findings) -> Result<String, String> {
    let mut table = Table::new([].into_iter())?;
    table.rows(&[], findings)?;
    table.finish()
}

/// One row per request, from the records that `--jobs` asks for; times in seconds.
///
/// # Errors
/// Only if a value cannot be written, which no record is.
pub fn jobs(results: &Results) -> Result<String, String> {
    let mut writer = Writer::from_writer(Vec::new());
    let columns = ["replication", "index", "workload", "operation", "issued-s", "ended-s", "latency-s", "outcome"];
    writer.write_record(columns).map_err(text)?;
    for job in &results.jobs {
        let latency = job.ended_s - job.issued_s;
        let row = (
            job.replication,
            job.index,
            &job.workload,
            &job.operation,
            job.issued_s,
            job.ended_s,
            latency,
            job.outcome,
        );
        writer.serialize(row).map_err(text)?;
    }
    into_string(writer)
}

/// One row per window, workload or station, and number of a time series; times in seconds.
///
/// # Errors
/// Only if a value cannot be written, which no result of a run is.
pub fn series(results: &Results) -> Result<String, String> {
    let mut table = Table::new(["at-s", "to-s"].into_iter())?;
    for window in &results.series {
        let lead = [window.at_s.to_string(), window.to_s.to_string()];
        let mut numbers = Vec::new();
        let parts = [
            ("workloads", serde_json::to_value(&window.workloads)),
            ("stations", serde_json::to_value(&window.stations)),
        ];
        for (section, part) in parts {
            named(section, &part.map_err(text)?, &mut numbers);
        }
        for row in numbers {
            table.0.write_record(lead.iter().chain(&row)).map_err(text)?;
        }
    }
    table.finish()
}

struct Table(Writer<Vec<u8>>);

impl Table {
    fn new<'a>(lead: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut writer = Writer::from_writer(Vec::new());
        writer.write_record(lead.chain(COLUMNS)).map_err(text)?;
        Ok(Self(writer))
    }

    fn rows(&mut self, lead: &[String], result: &impl Serialize) -> Result<(), String> {
        let Value::Object(sections) = serde_json::to_value(result).map_err(text)? else {
            return Ok(());
        };
        let mut numbers = Vec::new();
        for (section, value) in &sections {
            named(section, value, &mut numbers);
        }
        for row in numbers {
            let fields = lead.iter().chain(&row);
            self.0.write_record(fields).map_err(text)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<String, String> {
        into_string(self.0)
    }
}

type Row = [String; 6];

/// Splits a section into its named parts: a map of maps by key, a list by each item's name.
fn named(section: &str, value: &Value, rows: &mut Vec<Row>) {
    match value {
        Value::Object(parts) if !parts.is_empty() && parts.values().all(Value::is_object) => {
            for (name, part) in parts {
                flatten(&[section, name], "", part, rows);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let name = NAMES.iter().find_map(|key| item.get(key));
                let name = name.map_or_else(|| index.to_string(), plain);
                flatten(&[section, &name], "", item, rows);
            }
        }
        value => flatten(&[section, ""], "", value, rows),
    }
}

/// Adds a row for every number, word and truth value below `value`.
fn flatten(place: &[&str; 2], path: &str, value: &Value, rows: &mut Vec<Row>) {
    let [section, name] = place.map(str::to_owned);
    let mut row = |value: &Value, interval: [&Value; 2]| {
        let [low, high] = interval.map(plain);
        rows.push([section.clone(), name.clone(), path.to_owned(), plain(value), low, high]);
    };
    match value {
        Value::Object(map) => match estimate(map) {
            Some((value, interval)) => row(value, interval),
            None => children(place, path, map.iter().map(|(k, v)| (k.clone(), v)), rows),
        },
        Value::Array(items) => {
            let items = items.iter().enumerate().map(|(i, v)| (i.to_string(), v));
            children(place, path, items, rows);
        }
        value => row(value, [&Value::Null, &Value::Null]),
    }
}

fn children<'a>(place: &[&str; 2], path: &str, items: impl Iterator<Item = (String, &'a Value)>, rows: &mut Vec<Row>) {
    for (key, value) in items {
        let below = if path.is_empty() { key } else { format!("{path}.{key}") };
        flatten(place, &below, value, rows);
    }
}

/// The value and the interval, if the object is an estimate.
fn estimate(map: &Map<String, Value>) -> Option<(&Value, [&Value; 2])> {
    let (value, interval) = (map.get("value")?, map.get("ci95")?);
    let bound = |i: usize| interval.get(i).unwrap_or(&Value::Null);
    Some((value, [bound(0), bound(1)]))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn into_string(writer: Writer<Vec<u8>>) -> Result<String, String> {
    let bytes = writer.into_inner().map_err(text)?;
    String::from_utf8(bytes).map_err(text)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_run_has_a_row_per_number() {
        let text = runs(&[fixture::run()]).unwrap();
        assert!(text.starts_with("section,name,metric,value,low,high\n"));
        assert!(text.contains("\nworkloads,customers,latency.mean,5.01,4.94,5.08\n"), "{text}");
        assert!(text.contains("\nstations,desk,servers,1,,\n"));
        assert!(text.contains("\nbottleneck,,utilization,0.8012,,\n"));
        assert!(text.contains("\ntheory,desk,predicted,5.0,,\n"));
    }

    #[test]
    fn several_runs_say_which_file() {
        let text = runs(&[fixture::run(), fixture::run()]).unwrap();
        assert!(text.starts_with("file,section,"));
        assert!(text.contains("\nmm1.toml,workloads,customers,"));
    }

    #[test]
    fn a_sweep_leads_with_its_axes() {
        let text = sweep(&fixture::sweep()).unwrap();
        assert!(text.starts_with("workload.customers.arrivals.poisson,section,"));
        assert!(text.contains("\n0.2,workloads,customers,latency.mean,"));
    }

    #[test]
    fn jobs_have_a_row_each() {
        let text = jobs(&fixture::run()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "0,0,customers,,0.5,2.0,1.5,ok");
    }

    #[test]
    fn a_verification_has_a_row_per_value() {
        let text = verify(&fixture::verify()).unwrap();
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[3], "A001-mm1,P99,exact,4.60517,4.7,0.05,false,true");
        assert_eq!(rows.len(), 4);
    }
}
