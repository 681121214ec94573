use super::ziggurat;
use crate::rng::Rng;

/// The memoryless law: P(X > x) = exp(−x/mean).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    pub(super) fn new(mean: f64) -> Result<Self, String> {
        super::positive("mean", mean).map(|mean| Self { mean })
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.mean * ziggurat::exponential(rng)
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn scv(&self) -> f64 {
        1.0
    }

    pub(super) fn third_moment(&self) -> f64 {
        6.0 * self.mean.powi(3)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-x.max(0.0) / self.mean)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        -self.mean * libm::log1p(-p)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { mean: self.mean * k }
    }
}
