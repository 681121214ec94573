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

/// How many observations it takes for one to lie beyond the `p` quantile: with fewer, that is a guess.
///
/// Where every value is the same, few of them tell as much as many.
pub(super) fn fewest(pooled: &Histogram, p: f64) -> u64 {
    if pooled.min() == pooled.max() { 1 } else { ((1.0 - ROUNDING) / (1.0 - p)).ceil() as u64 }
}

/// 1 − 0.999 is not exactly a thousandth.
const ROUNDING: f64 = 1e-9;

/// The quantile of the pooled histogram, in seconds, with the interval of the replications' own.
///
/// It is withheld where the sample is too small: no p99.9 from 200 samples.
pub(super) fn quantile(pooled: &Histogram, p: f64, own: impl Iterator<Item = f64>, ticks_per_second: f64) -> Estimate {
    if pooled.count() < fewest(pooled, p) {
        return Estimate::default();
    }
    let Some(value) = pooled.quantile(p).map(|ticks| ticks / ticks_per_second) else { return Estimate::default() };
    let own: Vec<f64> = own.filter(|value| value.is_finite()).collect();
    Estimate { value: Some(value), ci95: half_width(&own).map(|half| [value - half, value + half]) }
}
