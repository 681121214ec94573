use super::{Alias, Law};
use crate::numeric::bisect_upwards;
use crate::rng::Rng;
use std::sync::Arc;

/// One of several laws, chosen by weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    choice: Alias,
    arms: Arc<[(f64, Law)]>,
}

impl Mixture {
    pub(super) fn new(arms: Vec<(f64, Law)>) -> Result<Self, String> {
        let weights: Vec<f64> = arms.iter().map(|&(weight, _)| weight).collect();
        let choice = Alias::new(&weights)?;
        let total: f64 = weights.iter().sum();
        if (total - 1.0).abs() > 1e-9 {
            return Err(format!("the weights must sum to 1, but they sum to {total}"));
        }
        Ok(Self { choice, arms: arms.into() })
    }

    pub(super) fn bytes(&self) -> u64 {
        self.arms.iter().map(|(_, law)| size_of::<(f64, Law)>() as u64 + law.bytes()).sum()
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let arm = self.choice.sample(rng);
        self.arms[arm].1.sample(rng)
    }

    pub(super) fn mean(&self) -> f64 {
        self.weigh(Law::mean)
    }

    pub(super) fn scv(&self) -> f64 {
        let mean = self.mean();
        if mean == 0.0 {
            return 0.0;
        }
        self.weigh(|law| (law.scv() + 1.0) * law.mean().powi(2)) / mean.powi(2) - 1.0
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.weigh(|law| law.third_moment().unwrap_or(f64::INFINITY))
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        self.weigh(|law| law.cdf(x))
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        bisect_upwards(1.0, |x| self.cdf(x) >= p)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        let arms = self.arms.iter().map(|(weight, law)| (*weight, law.scaled(k)));
        Self { choice: self.choice.clone(), arms: arms.collect() }
    }

    /// The weighted sum of a quantity; arms that are never chosen do not count.
    fn weigh(&self, quantity: impl Fn(&Law) -> f64) -> f64 {
        let chosen = self.arms.iter().filter(|(weight, _)| *weight > 0.0);
        chosen.map(|(weight, law)| weight * quantity(law)).sum()
    }
}
