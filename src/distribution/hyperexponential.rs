use super::ziggurat;
use crate::numeric::bisect_upwards;
use crate::rng::{Rng, unit};

/// One of two exponential phases; each carries half of the mean ("balanced means").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hyperexponential {
    /// The probability of the first, shorter phase.
    p: f64,
    first: f64,
    second: f64,
}

impl Hyperexponential {
    /// p = (1 + √((cv² − 1) / (cv² + 1))) / 2 (Morse 1958); the phases' means are mean / 2p and
    /// mean / 2(1 − p).
    pub(super) fn new(mean: f64, cv: f64) -> Result<Self, String> {
        super::positive("mean", mean)?;
        super::positive("coefficient of variation", cv)?;
        if cv < 1.0 {
            return Err("the coefficient of variation must be at least 1".into());
        }
        // 1 − root, without the cancellation that a large cv would bring.
        let root = libm::sqrt((cv * cv - 1.0) / (cv * cv + 1.0));
        let rare = 1.0 / ((cv * cv + 1.0) * (1.0 + root));
        if rare < 1e-12 {
            return Err("the coefficient of variation is too large".into());
        }
        Ok(Self { p: 1.0 - rare, first: mean / 2.0 / (1.0 - rare), second: mean / 2.0 / rare })
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let mean = if unit(rng) < self.p { self.first } else { self.second };
        mean * ziggurat::exponential(rng)
    }

    pub(super) fn mean(&self) -> f64 {
        self.weigh(self.first, self.second)
    }

    pub(super) fn scv(&self) -> f64 {
        let second_moment = 2.0 * self.weigh(self.first.powi(2), self.second.powi(2));
        second_moment / self.mean().powi(2) - 1.0
    }

    pub(super) fn third_moment(&self) -> f64 {
        6.0 * self.weigh(self.first.powi(3), self.second.powi(3))
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        let below = |mean: f64| -libm::expm1(-x.max(0.0) / mean);
        self.weigh(below(self.first), below(self.second))
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        bisect_upwards(self.mean(), |x| self.cdf(x) >= p)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { p: self.p, first: self.first * k, second: self.second * k }
    }

    fn weigh(&self, first: f64, second: f64) -> f64 {
        self.p * first + (1.0 - self.p) * second
    }
}
