//! Estimates from the replications' values.

use super::results::Estimate;
use crate::stats::{Histogram, half_width, mean_interval};

/// The mean of the replications' values, with Student's t interval. Values that a replication
/// could not compute are left out.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Estimate {
    let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    match mean_interval(&values) {
        Some((mean, half)) => Estimate { value: Some(mean), ci95: half.map(|half| [mean - half, mean + half]) },
        None => Estimate::default(),
    }
}

/// Observations beyond a percentile without which it is a guess.
const BEYOND: f64 = 1.0 - 1e-9;

/// The quantile of the pooled histogram, in seconds, with the interval of the replications' own.
///
/// It is withheld where the sample is too small for one observation to lie beyond it: no p99.9
/// from 200 samples.
pub(super) fn quantile(pooled: &Histogram, p: f64, own: impl Iterator<Item = f64>, ticks_per_second: f64) -> Estimate {
    // Where every value is the same, few of them tell as much as many.
    let constant = pooled.min() == pooled.max();
    if !constant && pooled.count() as f64 * (1.0 - p) < BEYOND {
        return Estimate::default();
    }
    let Some(value) = pooled.quantile(p).map(|ticks| ticks / ticks_per_second) else { return Estimate::default() };
    let own: Vec<f64> = own.filter(|value| value.is_finite()).collect();
    Estimate { value: Some(value), ci95: half_width(&own).map(|half| [value - half, value + half]) }
}
