use super::ziggurat;
use crate::rng::Rng;

/// P(X > x) = exp(−(x / scale)^shape).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    scale: f64,
    shape: f64,
}

impl Weibull {
    /// scale = mean / Γ(1 + 1/shape).
    pub(super) fn new(mean: f64, shape: f64) -> Result<Self, String> {
        super::positive("mean", mean)?;
        super::positive("shape", shape)?;
        if shape < 0.05 {
            return Err("the shape must be at least 0.05".into());
        }
        Ok(Self { scale: mean / libm::tgamma(1.0 + 1.0 / shape), shape })
    }

    /// A power of an exponential variable.
    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.scale * libm::pow(ziggurat::exponential(rng), 1.0 / self.shape)
    }

    pub(super) fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    pub(super) fn scv(&self) -> f64 {
        self.moment(2.0) / self.mean().powi(2) - 1.0
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.moment(3.0)
    }

    /// E[X^k] = scale^k · Γ(1 + k/shape).
    fn moment(&self, k: f64) -> f64 {
        libm::pow(self.scale, k) * libm::tgamma(1.0 + k / self.shape)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        -libm::expm1(-libm::pow(x.max(0.0) / self.scale, self.shape))
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        self.scale * libm::pow(-libm::log1p(-p), 1.0 / self.shape)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { scale: self.scale * k, ..*self }
    }
}
