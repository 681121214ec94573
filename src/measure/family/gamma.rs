//! Gamma: the sample's mean; the shape where ln k − ψ(k) = ln x̄ − mean of ln x (Fisher 1922).

use super::{CV, Family, MEAN};
use crate::distribution::Law;
use crate::measure::Points;
use crate::measure::search::minimize;

pub(super) const FAMILY: Family = Family {
    name: "gamma",
    parameters: &[MEAN, CV],
    fit: |points| shape(points).map(|shape| vec![points.mean(), 1.0 / libm::sqrt(shape)]),
    log_density: |at, x| log_density(1.0 / (at[1] * at[1]), at[0], x),
    law: |at| Law::gamma(at[0], at[1]),
    by_percentiles: true,
};

/// The logarithm of the density of a gamma law of this shape and mean.
pub(super) fn log_density(shape: f64, mean: f64, x: f64) -> f64 {
    let rate = shape / mean;
    shape * libm::log(rate) + (shape - 1.0) * libm::log(x) - rate * x - libm::lgamma(shape)
}

/// The log-likelihood of a value on average, where `mean` is that of the sample.
pub(super) fn mean_log_likelihood(shape: f64, mean: f64, mean_log: f64) -> f64 {
    shape * libm::log(shape / mean) + (shape - 1.0) * mean_log - shape - libm::lgamma(shape)
}

/// The most likely shape; `None` if the values do not vary.
pub(super) fn shape(points: &Points) -> Option<f64> {
    let (mean, mean_log) = (points.mean(), points.mean_of(libm::log));
    let spread = libm::log(mean) - mean_log;
    if spread < 1e-9 {
        return None;
    }
    // Minka (2002): where to begin.
    let first = (3.0 - spread + libm::sqrt((spread - 3.0) * (spread - 3.0) + 24.0 * spread)) / (12.0 * spread);
    let (at, _) = minimize(&[libm::log(first)], 0.01, |at| -mean_log_likelihood(libm::exp(at[0]), mean, mean_log));
    Some(libm::exp(at[0]))
}
