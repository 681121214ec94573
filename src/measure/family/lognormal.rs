//! Lognormal: the mean and the standard deviation of the logarithms.

use std::f64::consts::PI;

use super::{CV, Family, MEAN};
use crate::distribution::Law;
use crate::measure::Points;

pub(super) const FAMILY: Family = Family {
    name: "lognormal",
    parameters: &[MEAN, CV],
    fit,
    log_density,
    law: |at| Law::lognormal_cv(at[0], at[1]),
    by_percentiles: true,
};

fn fit(points: &Points) -> Option<Vec<f64>> {
    let mu = points.mean_of(libm::log);
    let variance = points.mean_of(|x| (libm::log(x) - mu) * (libm::log(x) - mu));
    let cv = libm::sqrt(libm::expm1(variance));
    (variance > 1e-12 && cv.is_finite()).then(|| vec![libm::exp(mu + variance / 2.0), cv])
}

fn log_density(at: &[f64], x: f64) -> f64 {
    let variance = libm::log1p(at[1] * at[1]);
    let mu = libm::log(at[0]) - variance / 2.0;
    let distance = libm::log(x) - mu;
    -libm::log(x) - 0.5 * libm::log(2.0 * PI * variance) - distance * distance / (2.0 * variance)
}
