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
    let is_told = match spread(condition, estimate, results) {
        Some(spread) => spread.statistic(value - condition.limit).abs() > t_quantile(spread.count - 1, 1.0 - error),
        // The same in every replication.
        None => true,
    };
    is_told.then(|| condition.relation.holds(value, condition.limit))
}

/// How the values of the replications lie around their mean.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    count: u64,
    deviation: f64,
    skewness: f64,
}

impl Spread {
    /// None where there is none, or only one value.
    fn of(values: &[f64]) -> Option<Spread> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let moment = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
        let deviation = libm::sqrt(moment(2));
        let skewness = moment(3) / (deviation * deviation * deviation);
        let unbiased = deviation * libm::sqrt(n / (n - 1.0));
        (values.len() > 1 && deviation > 0.0).then_some(Spread {
            count: values.len() as u64,
            deviation: unbiased,
            skewness,
        })
    }

    /// Student's t of a mean that is this far from the limit, corrected for skewness by Hall's transformation (Hall 1992, "On
    /// the removal of skewness by transformation"): times near saturation are skewed, and where their mean is small by
    /// chance, so is their deviation.
    fn statistic(&self, distance: f64) -> f64 {
        let (n, w) = (self.count as f64, distance / self.deviation);
        let bent = self.skewness * w / 3.0;
        libm::sqrt(n) * (w * (1.0 + bent + bent * bent / 3.0) + self.skewness / (6.0 * n))
    }
}

fn spread(condition: &Condition, estimate: Estimate, results: &Results) -> Option<Spread> {
    let sample = results.samples.iter().find(|sample| sample.metric == condition.metric);
    match sample {
        Some(sample) => {
            let values = sample.values.iter().copied().filter(|value| value.is_finite());
            Spread::of(&values.collect::<Vec<f64>>())
        }
        // A single replica: only its interval is kept.
        None => {
            let (count, [low, high]) = (u64::from(results.scenario.replications), estimate.ci95?);
            let error = (high - low) / 2.0 / t_quantile(count - 1, 0.975);
            (high > low).then(|| Spread { count, deviation: error * libm::sqrt(count as f64), skewness: 0.0 })
        }
    }
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

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn without_skewness_it_is_students_t() {
        let spread = Spread::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert!((spread.statistic(-1.0) + 1.0 / (2.5f64.sqrt() / 5f64.sqrt())).abs() < 1e-12);
        assert_eq!((Spread::of(&[2.0, 2.0]), Spread::of(&[2.0])), (None, None));
    }

    #[test]
    fn skewed_to_the_right_it_doubts_small_means_and_never_turns_round() {
        let spread = Spread::of(&[1.0, 1.1, 0.9, 1.0, 2.0]).unwrap();
        let plain = |distance: f64| 5f64.sqrt() * distance / spread.deviation;
        assert!(spread.statistic(-1.0) > plain(-1.0) && spread.statistic(1.0) > plain(1.0));
        let steps: Vec<f64> = (-50..=50).map(|step| spread.statistic(f64::from(step) / 5.0)).collect();
        assert!(steps.is_sorted());
    }
}
