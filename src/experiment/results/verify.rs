//! What a comparison with known answers found out.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// Everything that `knee verify` reports.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct VerifyResults {
    /// Every value is as chance allows: none is impossible, and of the whole suite at most 8 % miss.
    pub agrees: bool,
    /// How long the simulations were.
    pub form: Form,
    /// These are all cases of the suite.
    pub whole: bool,
    /// How many values there were.
    pub counts: VerifyCounts,
    /// The values that are exact, or as good as exact, and were estimated: of these, 5 % miss by chance.
    pub chance: MissShare,
    /// All values, by the kind of knowledge.
    pub kinds: Vec<KindCounts>,
    /// The cases, by name.
    pub cases: Vec<VerifiedCase>,
    /// It was interrupted, or runs were stopped: these are only the cases that were finished.
    pub partial: bool,
    /// The limit at which runs were stopped: `livelock`, `events`, `in-flight` or `memory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// The version of knee.
    pub version: &'static str,
}

/// How long the simulations are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// As long as the scenarios say: a minute or so for the whole suite.
    Short,
    /// As long as it takes for intervals of about 1 %.
    Long,
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct VerifyCounts {
    /// Scenarios that were simulated.
    pub cases: usize,
    /// Values that were compared.
    pub values: usize,
    /// Values that agree.
    pub agree: usize,
    /// Values outside their 95 % intervals.
    pub miss: usize,
    /// Of those, values so far outside that chance does not explain them.
    pub impossible: usize,
}

/// Which share of values misses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MissShare {
    /// Values.
    pub values: usize,
    /// How many of them miss.
    pub miss: usize,
    /// The share that misses; its interval is that of Wilson (1927).
    pub share: Estimate,
    /// As many independent values would make the interval as wide: those of a case depend on each other.
    pub independent: f64,
}

/// The values of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KindCounts {
    /// The kind.
    pub kind: Knowledge,
    /// Values with an interval.
    pub estimated: usize,
    /// How many of them miss.
    pub miss: usize,
    /// Values without: nothing in them is random, and they must be equal.
    pub fixed: usize,
    /// How many of them differ.
    pub differ: usize,
}

/// What kind of knowledge a predicted value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Knowledge {
    /// From a formula.
    Exact,
    /// From an exact model, solved numerically.
    Numeric,
    /// From a simulation that was written independently.
    Sim,
    /// From a limit; the finite-size bias is allowed for.
    Asymptotic,
    /// Printed; the rounding is allowed for.
    Published,
    /// It is at most this.
    BoundUpper,
    /// It is at least this.
    BoundLower,
}

/// What came of a case.
#[derive(Debug, Clone, Serialize)]
pub struct VerifiedCase {
    /// Its name.
    pub name: String,
    /// The scenario's title.
    pub title: String,
    /// The formula from which the values are.
    pub formula: String,
    /// Where the formula is printed.
    pub source: String,
    /// The values.
    pub values: Vec<VerifiedValue>,
}

/// A known value, and what the simulation says of it.
#[derive(Debug, Clone, Serialize)]
pub struct VerifiedValue {
    /// What it is.
    pub quantity: String,
    /// What kind of knowledge it is.
    pub kind: Knowledge,
    /// What is known.
    pub predicted: Reading,
    /// What was simulated.
    pub simulated: Reading,
    /// Half of the 95 % interval around it; 0 where nothing is random.
    #[serde(rename = "half-width")]
    pub half_width: f64,
    /// It is within its 95 % interval, in the sense of its kind.
    pub agrees: bool,
    /// It is within an interval that is wide enough for the whole suite at once.
    pub possible: bool,
}

/// A number, or what is there instead.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Reading {
    /// A number in seconds, requests per second, or ratios from 0 to 1.
    Number(f64),
    /// A text.
    Text(String),
}
