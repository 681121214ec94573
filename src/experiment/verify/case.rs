//! The files of a case: a scenario and what is known about it.

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::experiment::results::Knowledge;

/// A scenario and what is known about it.
#[derive(Debug)]
pub struct Case {
    /// What it is called: the name of its files.
    pub name: String,
    /// The text of the scenario.
    pub(super) scenario: String,
    pub(super) known: Known,
}

/// `NAME.expect.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) formula: String,
    pub(super) source: String,
    /// Whether probabilities of states are needed.
    #[serde(default)]
    pub(super) states: bool,
    /// What the long form sets in the scenario: keys of its tables.
    #[serde(default)]
    long: Map<String, Value>,
    pub(super) expect: Vec<Expectation>,
}

/// `[[expect]]`: what is compared is times × (path + plus … − minus …) / over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Expectation {
    /// What it is, in words.
    pub(super) quantity: String,
    /// Where it is in the JSON.
    pub(super) path: Place,
    #[serde(default)]
    pub(super) plus: Vec<Place>,
    #[serde(default)]
    pub(super) minus: Vec<Place>,
    pub(super) over: Option<Place>,
    #[serde(default = "one")]
    pub(super) times: f64,
    pub(super) kind: Knowledge,
    /// The predicted value. Every expectation has this, `jobs` or `text`.
    pub(super) value: Option<f64>,
    /// Instead of a value: when the requests end, in the order of their arrival.
    pub(super) jobs: Option<Vec<f64>>,
    /// Instead of a value: what one of the texts at `path` contains.
    pub(super) text: Option<String>,
    /// Half-width of the reference simulation's 95 % interval.
    #[serde(default)]
    pub(super) half_width: f64,
    /// Finite-size bias or rounding of the value.
    #[serde(default)]
    pub(super) rel_tol: f64,
}

fn one() -> f64 {
    1.0
}

/// A place in the JSON: keys joined by dots, or a list of keys where a key has a dot itself.
/// `10` is an element of an array, `10+` the sum of it and those after it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Place {
    Dotted(String),
    Keys(Vec<String>),
}

impl Place {
    pub(super) fn keys(&self) -> Vec<&str> {
        match self {
            Place::Dotted(keys) => keys.split('.').collect(),
            Place::Keys(keys) => keys.iter().map(String::as_str).collect(),
        }
    }
}

impl Case {
    /// Reads the texts of a case: a scenario, and the formula, its source and the expectations.
    ///
    /// # Errors
    /// Where what is known cannot be read; the text says why. The scenario is not looked at.
    pub fn parse(name: &str, scenario: &str, known: &str) -> Result<Self, String> {
        let wrong = |problem: &dyn std::fmt::Display| format!("{name}: {problem}");
        let table = DeTable::parse(known).map_err(|e| wrong(&e))?;
        let value = json(&DeValue::Table(table.into_inner())).map_err(|e| wrong(&e))?;
        let known: Known = serde_json::from_value(value).map_err(|e| wrong(&e))?;
        let is_complete = |e: &Expectation| e.value.is_some() || e.jobs.is_some() || e.text.is_some();
        if let Some(e) = known.expect.iter().find(|e| !is_complete(e)) {
            return Err(wrong(&format!("{}: write value, jobs or text", e.quantity)));
        }
        Ok(Self { name: name.into(), scenario: scenario.into(), known })
    }

    /// The formula from which the values are.
    pub fn formula(&self) -> &str {
        &self.known.formula
    }

    /// Where the formula is printed.
    pub fn source(&self) -> &str {
        &self.known.source
    }

    /// How many values are known.
    pub fn expectations(&self) -> usize {
        self.known.expect.len()
    }
}

impl Known {
    /// What the long form sets, as assignments.
    pub(super) fn long(&self) -> Vec<String> {
        let keys = |keys: &Value| keys.as_object().cloned().unwrap_or_default();
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), String::from);
        let tables = self.long.iter();
        tables
            .flat_map(|(table, of)| keys(of).into_iter().map(move |(k, v)| format!("{table}.{k}={}", text(v))))
            .collect()
    }
}

/// TOML as JSON.
fn json(value: &DeValue<'_>) -> Result<Value, String> {
    Ok(match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(b) => Value::from(*b),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect::<Result<Vec<_>, _>>()?.into(),
        DeValue::Table(table) => {
            let pairs = table.iter().map(|(k, v)| Ok((k.get_ref().to_string(), json(v.get_ref())?)));
            pairs.collect::<Result<Map<_, _>, String>>()?.into()
        }
        DeValue::Integer(n) => n.as_str().parse::<i64>().map_err(|e| e.to_string())?.into(),
        DeValue::Float(x) => x.as_str().parse::<f64>().map_err(|e| e.to_string())?.into(),
        DeValue::Datetime(_) => return Err("a case has no dates".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_case_is_said() {
        let refusal = |known: &str| Case::parse("a", "", known).unwrap_err();
        assert!(refusal("formula = ").starts_with("a: "));
        assert!(refusal("formula = 'x'\nsource = 'y'\nwhy = 1\nexpect = []").contains("why"));
        let empty = "formula = 'x'\nsource = 'y'\n[[expect]]\nquantity = 'q'\npath = 'p'\nkind = 'exact'";
        assert!(refusal(empty).contains("q: write value, jobs or text"));
        assert!(refusal("formula = 1979-05-27").contains("dates"));
    }
}
