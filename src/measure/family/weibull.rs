//! Weibull: the shape at which its score is 0 (Cohen 1965), found by bisection; the scale follows.

use super::{Family, MEAN, SHAPE};
use crate::distribution::Law;
use crate::measure::Points;
use crate::numeric::bisect;

pub(super) const FAMILY: Family = Family {
    name: "weibull",
    parameters: &[MEAN, SHAPE],
    fit,
    log_density,
    law: |at| Law::weibull(at[0], at[1]),
    by_percentiles: true,
};

/// Shapes that the language takes, and beyond which values hardly vary.
const SHAPES: [f64; 2] = [0.05, 200.0];

fn fit(points: &Points) -> Option<Vec<f64>> {
    let mean_log = points.mean_of(libm::log);
    // Relative to the greatest value, so that powers do not overflow.
    let power = |shape: f64, x: f64| libm::exp(shape * libm::log(x / points.max()));
    let score = |shape: f64| {
        let weighted = points.mean_of(|x| power(shape, x) * libm::log(x));
        weighted / points.mean_of(|x| power(shape, x)) - 1.0 / shape - mean_log
    };
    if score(SHAPES[0]) >= 0.0 || score(SHAPES[1]) < 0.0 {
        return None;
    }
    let shape = libm::exp(bisect(libm::log(SHAPES[0]), libm::log(SHAPES[1]), |log| score(libm::exp(log)) >= 0.0));
    let scale = points.max() * libm::pow(points.mean_of(|x| power(shape, x)), 1.0 / shape);
    Some(vec![scale * libm::tgamma(1.0 + 1.0 / shape), shape])
}

fn log_density(at: &[f64], x: f64) -> f64 {
    let (mean, shape) = (at[0], at[1]);
    let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
    let log = libm::log(x / scale);
    libm::log(shape / scale) + (shape - 1.0) * log - libm::exp(shape * log)
}
