use super::ziggurat;
use crate::rng::Rng;

/// Pareto of type I: P(X > x) = (low / x)^shape for x ≥ low.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    low: f64,
    shape: f64,
}

impl Pareto {
    pub(super) fn from_low(low: f64, shape: f64) -> Result<Self, String> {
        super::positive("smallest value", low)?;
        super::positive("shape", shape)?;
        if shape < 0.05 {
            return Err("the shape must be at least 0.05".into());
        }
        Ok(Self { low, shape })
    }

    pub(super) fn from_mean(mean: f64, shape: f64) -> Result<Self, String> {
        super::positive("mean", mean)?;
        super::positive("shape", shape)?;
        if shape <= 1.0 {
            return Err("the shape must be more than 1, or the mean would be infinite".into());
        }
        Self::from_low(mean * (shape - 1.0) / shape, shape)
    }

    /// The logarithm of a Pareto variable is exponential.
    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.low * libm::exp(ziggurat::exponential(rng) / self.shape)
    }

    pub(super) fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    pub(super) fn scv(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        1.0 / (self.shape * (self.shape - 2.0))
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.moment(3.0)
    }

    /// E[X^k] = shape · low^k / (shape − k).
    fn moment(&self, k: f64) -> f64 {
        if self.shape <= k {
            return f64::INFINITY;
        }
        self.shape * libm::pow(self.low, k) / (self.shape - k)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        if x <= self.low {
            return 0.0;
        }
        -libm::expm1(self.shape * libm::log(self.low / x))
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        self.low * libm::exp(-libm::log1p(-p) / self.shape)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { low: self.low * k, ..*self }
    }
}
