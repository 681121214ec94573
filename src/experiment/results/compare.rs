//! What a comparison found out.

use serde::Serialize;

use super::{Estimate, Results};

/// Everything that `knee compare` reports.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CompareResults {
    /// What was compared, in turn.
    pub steps: Vec<Step>,
    /// The changes from step to step, or from the first one to each.
    pub changes: Vec<Change>,
    /// How many differences were tested: the chance that any that is called real is not is at most 5 % over all of them.
    pub tests: usize,
    /// The comparison was interrupted, or a run was stopped.
    pub partial: bool,
    /// The limit at which runs were stopped, so that they decide nothing: `livelock`, `events`, `in-flight` or `memory`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

/// One of the scenarios compared.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// A short name.
    pub name: String,
    /// What was found there.
    pub result: Results,
}

/// What is different from one step to another.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Index of the step before.
    pub from: usize,
    /// Index of the step after.
    pub to: usize,
    /// Pairs of replications that were compared.
    pub pairs: u32,
    /// By metric.
    pub differences: Vec<Difference>,
}

/// One metric of two steps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// The metric, as objectives name it.
    pub metric: String,
    /// The metric of the other step, where its workload has another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterpart: Option<String>,
    /// Pairs of replications that both could tell it.
    pub pairs: u32,
    /// What it was, on average over these replications: of percentiles, too.
    pub before: Estimate,
    /// What it is.
    pub after: Estimate,
    /// The mean difference of the pairs of replications, with its 95 % interval (paired t).
    pub difference: Estimate,
    /// The same as a share of what it was; none where that is zero.
    pub relative: Option<f64>,
    /// How often chance alone makes a difference as large, if there is none; none where nothing differs, where there are no
    /// two pairs, and for costs that do not depend on chance.
    pub p_value: Option<f64>,
    /// The same, adjusted for the number of tests (Holm 1979).
    pub adjusted_p: Option<f64>,
    /// Whether there is a difference: the adjusted value is at most 5 %. Costs need no test.
    pub real: bool,
    /// Whether it is for the better; none where it is not real, or where more is neither better nor worse.
    pub better: Option<bool>,
}
