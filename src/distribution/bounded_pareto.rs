use crate::rng::{Rng, unit};

/// Pareto restricted to [low, high] (Harchol-Balter, Crovella and Murta 1999):
/// P(X > x) = ((low/x)^shape − (low/high)^shape) / (1 − (low/high)^shape).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundedPareto {
    low: f64,
    high: f64,
    shape: f64,
    /// 1 − (low/high)^shape: the share of the unbounded law that is kept.
    kept: f64,
}

impl BoundedPareto {
    pub(super) fn new(low: f64, high: f64, shape: f64) -> Result<Self, String> {
        super::positive("smallest value", low)?;
        super::positive("largest value", high)?;
        super::positive("shape", shape)?;
        if low >= high {
            return Err("the smallest value must be less than the largest".into());
        }
        if shape < 0.001 {
            return Err("the shape must be at least 0.001".into());
        }
        Ok(Self { low, high, shape, kept: -libm::expm1(shape * libm::log(low / high)) })
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.quantile(unit(rng))
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

    /// E[X^k] = shape · low^k / kept · ∫ r^(k − shape − 1) dr over r from 1 to high/low.
    fn moment(&self, k: f64) -> f64 {
        let power = k - self.shape;
        let range = libm::log(self.high / self.low);
        let integral = if power == 0.0 { range } else { libm::expm1(power * range) / power };
        self.shape * libm::pow(self.low, k) / self.kept * integral
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        let inside = x.clamp(self.low, self.high);
        -libm::expm1(self.shape * libm::log(self.low / inside)) / self.kept
    }

    #[inline]
    pub(super) fn quantile(&self, p: f64) -> f64 {
        let x = self.low * libm::exp(-libm::log1p(-p * self.kept) / self.shape);
        x.min(self.high)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { low: self.low * k, high: self.high * k, ..*self }
    }
}
