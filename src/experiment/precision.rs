//! Replications until an interval is narrow enough.
//!
//! The number that is still missing is guessed from the interval so far: half-widths shrink as 1/√n (Law 2015,
//! *Simulation Modeling and Analysis*, §9.4.1). Stopping when the interval happens to be narrow makes it cover the truth a
//! little less often than 95 % (Chow & Robbins 1965: exactly so in the limit of narrow ones), hence no fewer replications
//! than the scenario begins with.

use super::objectives::measure;
use super::results::{Estimate, PrecisionResult, Results};
use crate::model::{Model, Precision};

/// How many replications to have next; none if there are enough.
pub(super) fn more(precision: &Precision, results: &Results) -> Option<u32> {
    let begun = results.scenario.replications;
    let excess = excess(precision, measure(&precision.metric, results));
    // A run that had to be stopped would have to be stopped again.
    if excess == 0.0 || begun >= precision.most || begun == 0 || results.scenario.partial {
        return None;
    }
    let n = f64::from(begun);
    // Neither one by one, nor far beyond what the first guess from few can know.
    let wanted = (n * excess * excess).clamp(n + (n / 5.0).max(1.0), 3.0 * n);
    Some((wanted.ceil() as u32).min(precision.most))
}

/// How many times too wide the interval is; 0 if it is narrow enough, and infinite if there is none.
fn excess(precision: &Precision, estimate: Estimate) -> f64 {
    let (Some(value), Some([low, high])) = (estimate.value, estimate.ci95) else { return f64::INFINITY };
    precision.within.excess(value, (high - low) / 2.0)
}

/// What was asked for and what has come of it.
pub(super) fn result(model: &Model, results: &Results) -> Option<PrecisionResult> {
    let precision = model.precision.as_ref()?;
    let estimate = measure(&precision.metric, results);
    Some(PrecisionResult {
        metric: precision.metric.to_string(),
        within: precision.written.clone(),
        half_width: estimate.ci95.map(|[low, high]| (high - low) / 2.0),
        met: excess(precision, estimate) == 0.0,
        most: precision.most,
    })
}

/// What to say where the interval is still too wide.
pub(super) fn warning(result: &PrecisionResult, replications: u32) -> Option<String> {
    let why = match result.half_width {
        Some(_) => "still wider after",
        None => "could not be estimated by",
    };
    let advice = "raise `most`, or run longer";
    (!result.met).then(|| {
        format!(
            "{} was to be known within {}: {why} {replications} replications; {advice}",
            result.metric, result.within
        )
    })
}
