//! JSON, as `--format json` prints it. The names are a contract: see [`crate::experiment::results`].

use serde::Serialize;

use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use crate::measure::Findings;

/// One object for one scenario, an array of them for any other number, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result of a run is.
pub fn runs(results: &[Results]) -> Result<String, String> {
    match results {
        [one] => pretty(one),
        several => pretty(several),
    }
}

/// One object for one scenario, an array of them for any other number, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which nothing that is explained is.
pub fn explanations(explanations: &[Explanation]) -> Result<String, String> {
    match explanations {
        [one] => pretty(one),
        several => pretty(several),
    }
}

/// The object of a sweep: its axes, its points, the knee and the fitted laws, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result of a sweep is.
pub fn sweep(results: &SweepResults) -> Result<String, String> {
    pretty(results)
}

/// The object of a search for the capacity, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result of a search is.
pub fn capacity(results: &CapacityResults) -> Result<String, String> {
    pretty(results)
}

/// The object of a comparison, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result of a comparison is.
pub fn compare(results: &CompareResults) -> Result<String, String> {
    pretty(results)
}

/// The object of a search for the cheapest configuration, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result of a search is.
pub fn optimize(results: &OptimizeResults) -> Result<String, String> {
    pretty(results)
}

/// The object of a law's answer, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no answer is.
pub fn law(answer: &Answer) -> Result<String, String> {
    pretty(answer)
}

/// The object of what was found in a log, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no finding is.
pub fn fit(findings: &Findings) -> Result<String, String> {
    pretty(findings)
}

fn pretty<T: Serialize + ?Sized>(value: &T) -> Result<String, String> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn one_is_an_object_and_several_are_an_array() {
        let run = fixture::run();
        assert!(runs(std::slice::from_ref(&run)).unwrap().starts_with("{\n"));
        assert!(runs(&[run.clone(), run]).unwrap().starts_with("[\n"));
        assert_eq!(runs(&[]).unwrap(), "[]\n");
    }

    #[test]
    fn names_are_those_of_the_contract() {
        let text = runs(&[fixture::run()]).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let latency = &value["workloads"]["customers"]["latency"];
        assert_eq!(latency["mean"]["value"], 5.01);
        assert!(latency["p99.9"]["ci95"].is_array());
        assert_eq!(value["stations"]["desk"]["servers"], 1);
        assert_eq!(value["checks"]["flow-balance"], true);
        assert!(value.get("curves").is_none());
    }

    #[test]
    fn a_sweep_has_axis_points_and_knee() {
        let value: serde_json::Value = serde_json::from_str(&sweep(&fixture::sweep()).unwrap()).unwrap();
        assert_eq!(value["axis"][0]["path"], "workload.customers.arrivals.poisson");
        assert_eq!(value["points"][0]["at"][0], 0.2);
        assert!(value["knee"]["latency"].is_number());
    }
}
