//! Two phases with balanced means: by the simplex method, from the sample's own moments on.

use super::{CV, Family, MEAN};
use crate::distribution::Law;
use crate::measure::Points;
use crate::measure::search::minimize;

pub(super) const FAMILY: Family = Family {
    name: "hyperexponential",
    parameters: &[MEAN, CV],
    fit,
    log_density,
    law: |at| Law::hyperexponential(at[0], at[1]),
    by_percentiles: true,
};

/// Nearer to 1 it is exponential.
const LEAST: f64 = 1.001;
const MOST: f64 = 1000.0;

fn fit(points: &Points) -> Option<Vec<f64>> {
    let excess = |log: f64| 1.0 + libm::exp(log);
    let loss = |at: &[f64]| {
        let parameters = [libm::exp(at[0]), excess(at[1])];
        if parameters[1] > MOST { f64::INFINITY } else { -points.mean_of(|x| log_density(&parameters, x)) }
    };
    let start = [libm::log(points.mean()), libm::log((points.cv() - 1.0).clamp(0.05, 20.0))];
    let (at, _) = minimize(&start, 0.2, loss);
    let cv = excess(at[1]);
    (cv > LEAST).then(|| vec![libm::exp(at[0]), cv])
}

fn log_density(at: &[f64], x: f64) -> f64 {
    let [mean, cv] = [at[0], at[1]];
    let root = libm::sqrt((cv * cv - 1.0) / (cv * cv + 1.0));
    let rare = 1.0 / ((cv * cv + 1.0) * (1.0 + root));
    // Each phase has half of the mean, so its density at 0 is its probability over its mean.
    let phase = |share: f64| 2.0 * share * share / mean * libm::exp(-2.0 * share * x / mean);
    libm::log((phase(1.0 - rare) + phase(rare)).max(f64::MIN_POSITIVE))
}
