//! Whether objectives hold, decided at a stated confidence.
//!
//! A decision may be looked at several times, with more replications each time. So that all looks together are wrong no more
//! often than stated, each may be wrong a part of that (Bonferroni). That every objective holds is an intersection of
//! claims: it takes no more (Berger 1982, "Multiparameter hypothesis testing and acceptance sampling"). That one of
//! several fails is a union: each gets a part.

use super::objectives::measure;
use super::results::{Estimate, ObjectiveResult, Results};
use crate::model::{Condition, Model};
use crate::stats::t_quantile;

/// What is known of the objectives of one configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every one holds.
    Holds,
    /// The one with this index fails.
    Fails(usize),
    /// It cannot be told from so many replications.
    Open,
}

/// How sure a decision is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The probability with which a decision is right, at least.
    pub confidence: f64,
    /// How often it may be looked at.
    pub looks: u32,
}

/// The objectives of a model, decided from results of a few replications.
pub fn decide(model: &Model, results: &Results, rule: Rule) -> Verdict {
    let error = (1.0 - rule.confidence) / f64::from(rule.looks.max(1));
    let any = error / model.objectives.len().max(1) as f64;
    let conditions = model.objectives.iter().map(|objective| &objective.condition);
    let failed = conditions.clone().position(|condition| side(condition, results, any) == Some(false));
    match failed {
        Some(index) => Verdict::Fails(index),
        None if conditions.clone().all(|condition| side(condition, results, error) == Some(true)) => Verdict::Holds,
        None => Verdict::Open,
    }
}

/// On which side of the limit a metric is, if that can be told with this probability of being wrong.
fn side(condition: &Condition, results: &Results, error: f64) -> Option<bool> {
    let estimate = measure(&condition.metric, results);
    let value = estimate.value?;
    let half = half_width(condition, estimate, results, error);
    let [low, high] = [value - half, value + half].map(|value| condition.relation.holds(value, condition.limit));
    (low == high).then_some(low)
}

/// The one-sided half-width, from that of the 95 % interval.
fn half_width(condition: &Condition, estimate: Estimate, results: &Results, error: f64) -> f64 {
    let Some([low, high]) = estimate.ci95 else { return 0.0 };
    let sample = results.samples.iter().find(|sample| sample.metric == condition.metric);
    let told = sample.map(|sample| sample.values.iter().filter(|value| value.is_finite()).count() as u64);
    let freedom = told.unwrap_or(u64::from(results.scenario.replications)).saturating_sub(1).max(1);
    (high - low) / 2.0 * t_quantile(freedom, 1.0 - error) / t_quantile(freedom, 0.975)
}

/// The objectives as they were measured, with what was decided of each.
pub(super) fn judged(model: &Model, results: &Results, rule: Rule) -> Vec<ObjectiveResult> {
    let error = (1.0 - rule.confidence) / f64::from(rule.looks.max(1));
    let judged = model.objectives.iter().map(|objective| ObjectiveResult {
        name: objective.name.clone(),
        require: objective.require.clone(),
        value: measure(&objective.condition.metric, results).value,
        met: side(&objective.condition, results, error),
    });
    judged.collect()
}
