//! The files of a case: a scenario and what is known about it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

/// A scenario and what is known about it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// The text of the scenario.
    pub(crate) scenario: String,
    pub(crate) known: Known,
}

/// `NAME.expect.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    pub(crate) formula: String,
    pub(crate) source: String,
    /// Whether probabilities of states are needed.
    #[serde(default)]
    pub(crate) states: bool,
    /// What the long form sets in the scenario.
    #[serde(default)]
    long: Map<String, Value>,
    pub(crate) expect: Vec<Expectation>,
}

/// `[[expect]]`: what is compared is times × (path + plus … − minus …) / over.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Expectation {
    /// What it is, in words.
    pub(crate) quantity: String,
    /// Where it is in the JSON.
    pub(crate) path: Place,
    #[serde(default)]
    pub(crate) plus: Vec<Place>,
    #[serde(default)]
    pub(crate) minus: Vec<Place>,
    pub(crate) over: Option<Place>,
    #[serde(default = "one")]
    pub(crate) times: f64,
    pub(crate) kind: Kind,
    /// The predicted value. Every expectation has this, `jobs` or `text`.
    pub(crate) value: Option<f64>,
    /// Instead of a value: when the requests end, in the order of their arrival.
    pub(crate) jobs: Option<Vec<f64>>,
    /// Instead of a value: what one of the texts at `path` contains.
    pub(crate) text: Option<String>,
    /// Half-width of the reference simulation's 95 % interval.
    #[serde(default)]
    pub(crate) half_width: f64,
    /// Finite-size bias or rounding of the value.
    #[serde(default)]
    pub(crate) rel_tol: f64,
}

fn one() -> f64 {
    1.0
}

/// A place in the JSON: keys joined by dots, or a list of keys where a key has a dot itself.
/// `10` is an element of an array, `10+` the sum of it and those after it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Place {
    Dotted(String),
    Keys(Vec<String>),
}

impl Place {
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Place::Dotted(keys) => keys.split('.').collect(),
            Place::Keys(keys) => keys.iter().map(String::as_str).collect(),
        }
    }
}

/// What kind of knowledge it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Exact,
    Numeric,
    Sim,
    Asymptotic,
    Published,
    BoundUpper,
    BoundLower,
}

/// Every case in the folder, by name.
pub(crate) fn all(folder: &Path) -> Vec<Case> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut cases: Vec<Case> = files.filter(|file| is_scenario(file)).map(|file| read(folder, &file)).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn is_scenario(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_string_lossy();
    name.ends_with(".toml") && !name.ends_with(".expect.toml")
}

fn read(folder: &Path, file: &Path) -> Case {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file.with_extension("expect.toml")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let table = DeTable::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let known = serde_json::from_value(json(&DeValue::Table(table.into_inner())));
    Case {
        scenario: std::fs::read_to_string(file).unwrap(),
        known: known.unwrap_or_else(|e| panic!("{name}: {e}")),
        folder: folder.to_path_buf(),
        name,
    }
}

/// TOML as JSON.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(b) => Value::from(*b),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(k, v)| (k.get_ref().to_string(), json(v.get_ref()))).collect::<Map<_, _>>().into()
        }
        DeValue::Integer(n) => Value::from(n.as_str().parse::<i64>().unwrap()),
        DeValue::Float(x) => Value::from(x.as_str().parse::<f64>().unwrap()),
        DeValue::Datetime(_) => panic!("no dates here"),
    }
}

impl Known {
    /// What the long form sets: dotted paths and values.
    pub(crate) fn long(&self) -> Vec<(String, String)> {
        let mut set = Vec::new();
        for (table, keys) in &self.long {
            for (key, value) in keys.as_object().expect("`long` holds `run.…`") {
                let value = value.as_str().map_or_else(|| value.to_string(), String::from);
                set.push((format!("{table}.{key}"), value));
            }
        }
        set
    }
}
