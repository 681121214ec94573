//! JSON, as `--format json` prints it. The names are a contract: see [`crate::experiment::results`].

use serde::Serialize;

/// One object for one result, an array of them for any other number, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result is.
pub fn several<T: Serialize>(results: &[T]) -> Result<String, String> {
    match results {
        [one] => object(one),
        several => object(several),
    }
}

/// The object of a result, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no result is.
pub fn object<T: Serialize + ?Sized>(value: &T) -> Result<String, String> {
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
        assert!(several(std::slice::from_ref(&run)).unwrap().starts_with("{\n"));
        assert!(several(&[run.clone(), run]).unwrap().starts_with("[\n"));
        assert_eq!(several::<crate::experiment::Results>(&[]).unwrap(), "[]\n");
    }

    #[test]
    fn names_are_those_of_the_contract() {
        let text = several(&[fixture::run()]).unwrap();
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
        let value: serde_json::Value = serde_json::from_str(&object(&fixture::sweep()).unwrap()).unwrap();
        assert_eq!(value["axis"][0]["path"], "workload.customers.arrivals.poisson");
        assert_eq!(value["points"][0]["at"][0], 0.2);
        assert!(value["knee"]["latency"].is_number());
    }
}
