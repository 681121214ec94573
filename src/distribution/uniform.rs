use crate::rng::{Rng, unit};

/// Equally likely anywhere in [low, low + width).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    low: f64,
    width: f64,
}

impl Uniform {
    pub(super) fn new(low: f64, high: f64) -> Result<Self, String> {
        super::non_negative("lower bound", low)?;
        super::positive("upper bound", high)?;
        if low >= high {
            return Err("the lower bound must be less than the upper bound".into());
        }
        Ok(Self { low, width: high - low })
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.low + self.width * unit(rng)
    }

    pub(super) fn mean(&self) -> f64 {
        self.low + self.width / 2.0
    }

    pub(super) fn scv(&self) -> f64 {
        (self.width / self.mean()).powi(2) / 12.0
    }

    /// (high⁴ − low⁴) / 4 width, which is mean · (low² + high²) / 2.
    pub(super) fn third_moment(&self) -> f64 {
        let high = self.low + self.width;
        self.mean() * (self.low * self.low + high * high) / 2.0
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        ((x - self.low) / self.width).clamp(0.0, 1.0)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        self.low + self.width * p
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { low: self.low * k, width: self.width * k }
    }
}
