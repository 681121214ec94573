//! Families of distributions as they are fitted: a file each, by maximum likelihood.

mod bounded_pareto;
mod erlang;
mod exponential;
mod gamma;
mod hyperexponential;
mod lognormal;
mod pareto;
mod uniform;
mod weibull;

use super::Points;
use crate::distribution::Law;

/// A family that a sample may be of. Parameters are those of the language, in its order; times in seconds.
#[derive(Debug)]
pub struct Family {
    /// Its word in the language.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// The most likely parameters; `None` where the sample cannot be of this family.
    pub(super) fit: fn(&Points) -> Option<Vec<f64>>,
    /// The logarithm of the density at a value above 0.
    pub(super) log_density: fn(&[f64], f64) -> f64,
    /// The law with these parameters.
    pub(super) law: fn(&[f64]) -> Result<Law, String>,
    /// Whether it may be fitted to a few percentiles too.
    pub(super) by_percentiles: bool,
}

/// One parameter of a family.
#[derive(Debug)]
pub struct Parameter {
    /// Its key in the language; empty where the family is written with the bare value.
    pub name: &'static str,
    /// Whether it is a time.
    pub is_time: bool,
    /// Whether the likelihood is smooth in it, so that its curvature gives an interval; an end of the range and a whole
    /// number are not.
    pub is_smooth: bool,
}

const MEAN: Parameter = Parameter { name: "mean", is_time: true, is_smooth: true };
const CV: Parameter = Parameter { name: "cv", is_time: false, is_smooth: true };
const SHAPE: Parameter = Parameter { name: "shape", is_time: false, is_smooth: true };
const LOW: Parameter = Parameter { name: "low", is_time: true, is_smooth: false };
const HIGH: Parameter = Parameter { name: "high", is_time: true, is_smooth: false };

/// All that are tried. Where two describe a sample equally well, the first of them is taken.
pub const REGISTRY: [&Family; 9] = [
    &exponential::FAMILY,
    &erlang::FAMILY,
    &gamma::FAMILY,
    &lognormal::FAMILY,
    &weibull::FAMILY,
    &hyperexponential::FAMILY,
    &pareto::FAMILY,
    &bounded_pareto::FAMILY,
    &uniform::FAMILY,
];

impl Family {
    /// The log-likelihood of a sample.
    pub(super) fn log_likelihood(&self, parameters: &[f64], points: &Points) -> f64 {
        points.count() * points.mean_of(|value| (self.log_density)(parameters, value))
    }
}
