//! Whether objectives hold, decided at a stated confidence.
//!
//! A decision may be looked at several times, with more replications each time. So that all looks together are wrong no more
//! often than stated, each may be wrong a part of that (Bonferroni). That every objective holds is an intersection of
//! claims: it takes no more (Berger 1982, "Multiparameter hypothesis testing and acceptance sampling"). That one of
//! several fails is a union: each gets a part.

use super::objectives::{is_unanswered, measure};
use super::replicate::{Control, Options, Study};
use super::results::{Estimate, ObjectiveResult, Results};
use super::settling;
use crate::model::{Condition, Metric, Model, Relation};
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

/// How many looks a decision takes from a few replications to `most`, doubling.
pub(super) fn looks(model: &Model, most: u32) -> Vec<u32> {
    let mut counts = vec![model.replications.max(FEWEST).min(most)];
    while let Some(&last) = counts.last().filter(|&&last| last < most) {
        counts.push((2 * last).min(most));
    }
    counts
}

/// Replications at the first look, at least: an interval from fewer says little.
const FEWEST: u32 = 10;

/// Adds replications until the objectives are decided, or there are as many as the last look takes. Where the start-up
/// lasts into the window and decides nothing by itself, it starts anew with longer replications.
pub(super) fn until_decided(
    model: &mut Model,
    (counts, rule): (&[u32], Rule),
    options: &Options,
    control: &Control<'_>,
) -> (Verdict, Results) {
    let asked = model.horizon;
    loop {
        let (verdict, results) = look(model, counts, rule, options, control);
        let is_over = verdict != Verdict::Open || results.unsettled.is_none() || results.scenario.partial;
        if is_over || !settling::lengthen(model, asked) {
            return (verdict, results);
        }
    }
}

/// The same with replications of one length, until it is known that they are too short.
fn look(model: &Model, counts: &[u32], rule: Rule, options: &Options, control: &Control<'_>) -> (Verdict, Results) {
    let mut study = Study::open(model, options);
    let mut counts = counts.iter();
    loop {
        let results = study.extend(counts.next().copied().unwrap_or(FEWEST), control);
        let verdict = decide(model, &results, rule);
        let is_open = verdict == Verdict::Open && results.unsettled.is_none() && !results.scenario.partial;
        if !is_open || counts.len() == 0 {
            return (verdict, results);
        }
    }
}

/// The objectives of a model, decided from results of a few replications.
pub fn decide(model: &Model, results: &Results, rule: Rule) -> Verdict {
    let (error, any) = rule.errors(model);
    let conditions = model.objectives.iter().map(|objective| &objective.condition);
    let failed = conditions.clone().position(|condition| side(condition, results, any) == Some(false));
    match failed {
        Some(index) => Verdict::Fails(index),
        None if conditions.clone().all(|condition| side(condition, results, error) == Some(true)) => Verdict::Holds,
        None => Verdict::Open,
    }
}

/// On which side of the limit a metric is, if that can be told with this probability of being wrong. Of a system that is
/// still filling up only what is beyond a limit already; of a run that was stopped, nothing.
fn side(condition: &Condition, results: &Results, error: f64) -> Option<bool> {
    if results.scenario.stopped.is_some() {
        return None;
    }
    if is_unanswered(&condition.metric, results) {
        return Some(false);
    }
    let holds = side_as_measured(condition, results, error)?;
    let at_most = matches!(condition.relation, Relation::Less | Relation::AtMost);
    let is_told = results.unsettled.is_none_or(|found| !holds && at_most && found.to > found.from);
    is_told.then_some(holds)
}

fn side_as_measured(condition: &Condition, results: &Results, error: f64) -> Option<bool> {
    let estimate = measure(&condition.metric, results);
    let value = estimate.value?;
    let is_told = match spread(condition, estimate, results) {
        Known::Certain => true,
        Known::Few => false,
        Known::Same => is_sure(condition, results, error),
        Known::Spread(spread) => {
            spread.statistic(value - condition.limit).abs() > t_quantile(spread.count - 1, 1.0 - error)
        }
    };
    is_told.then(|| condition.relation.holds(value, condition.limit))
}

/// Whether what was the same in every replication is likely to stay so. Of errors that never came, they may come as often as
/// the limit says without being seen: in n requests with probability (1 − limit)ⁿ.
fn is_sure(condition: &Condition, results: &Results, error: f64) -> bool {
    let Some(requests) = requests(&condition.metric, results) else { return true };
    let rarer = condition.limit.min(1.0 - condition.limit).clamp(0.0, 1.0);
    // That it never happens at all cannot be shown by any number of requests.
    rarer == 0.0 || requests * libm::log1p(-rarer) <= libm::log(error)
}

/// How many requests a ratio is made of; none for what is no ratio.
fn requests(metric: &Metric, results: &Results) -> Option<f64> {
    let time = results.scenario.duration_s * f64::from(results.scenario.replications);
    match metric {
        Metric::ErrorRate(name) => {
            let workload = results.workloads.get(name)?;
            let errors = workload.errors;
            let failed = errors.rejected + errors.timed_out + errors.failed + errors.abandoned;
            Some(failed as f64 + workload.throughput.value.unwrap_or(0.0) * time)
        }
        Metric::HitRatio(name) => results.caches.get(name).map(|cache| (cache.hits + cache.misses) as f64),
        Metric::StaleReads(name) => {
            let reads = results.replication.get(name).and_then(|copies| copies.reads.value);
            reads.map(|rate| rate * time)
        }
        _ => None,
    }
}

/// What the replications say of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    /// Nothing is left to chance.
    Certain,
    /// Most replications could not tell.
    Few,
    /// The same value in every replication.
    Same,
    /// Values that differ.
    Spread(Spread),
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

fn spread(condition: &Condition, estimate: Estimate, results: &Results) -> Known {
    let replications = results.scenario.replications;
    let sample = results.samples.iter().find(|sample| sample.metric == condition.metric);
    match sample {
        _ if condition.metric == Metric::Cost && estimate.ci95.is_none() => Known::Certain,
        Some(sample) => {
            let values: Vec<f64> = sample.values.iter().copied().filter(|value| value.is_finite()).collect();
            match Spread::of(&values) {
                _ if values.len() < 2 || values.len() < replications.div_ceil(2) as usize => Known::Few,
                Some(spread) => Known::Spread(spread),
                None => Known::Same,
            }
        }
        // A single replica: only its interval is kept.
        None => match estimate.ci95 {
            Some([low, high]) if high > low && replications > 1 => {
                let error = (high - low) / 2.0 / t_quantile(u64::from(replications) - 1, 0.975);
                let deviation = error * libm::sqrt(f64::from(replications));
                Known::Spread(Spread { count: u64::from(replications), deviation, skewness: 0.0 })
            }
            Some(_) => Known::Same,
            None => Known::Few,
        },
    }
}

/// The objectives as they were measured, with what was decided of each.
pub(super) fn judged(model: &Model, results: &Results, rule: Rule) -> Vec<ObjectiveResult> {
    let (error, any) = rule.errors(model);
    let met = |condition: &Condition| match (side(condition, results, any), side(condition, results, error)) {
        (Some(false), _) => Some(false),
        (_, Some(true)) => Some(true),
        _ => None,
    };
    let judged = model.objectives.iter().map(|objective| ObjectiveResult {
        name: objective.name.clone(),
        require: objective.require.clone(),
        value: measure(&objective.condition.metric, results).value,
        met: met(&objective.condition),
    });
    judged.collect()
}

impl Rule {
    /// How often one look may be wrong in saying that an objective holds, and that a given one of them fails.
    fn errors(self, model: &Model) -> (f64, f64) {
        let error = (1.0 - self.confidence) / f64::from(self.looks.max(1));
        (error, error / model.objectives.len().max(1) as f64)
    }
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
