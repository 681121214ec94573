use super::ziggurat;
use crate::numeric::{bisect_upwards, gamma_cdf};
use crate::rng::{Rng, unit};

/// Gamma: mean = shape · scale, squared coefficient of variation = 1 / shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    shape: f64,
    scale: f64,
    /// The `d` and `c` of Marsaglia and Tsang.
    offset: f64,
    spread: f64,
}

impl Gamma {
    pub(super) fn new(mean: f64, cv: f64) -> Result<Self, String> {
        super::positive("mean", mean)?;
        super::positive("coefficient of variation", cv)?;
        if !(1e-6..=1e3).contains(&cv) {
            return Err("the coefficient of variation must lie between 0.000001 and 1000".into());
        }
        Ok(Self::with_shape(1.0 / (cv * cv), mean * cv * cv))
    }

    pub(super) fn with_shape(shape: f64, scale: f64) -> Self {
        let offset = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
        Self { shape, scale, offset, spread: 1.0 / libm::sqrt(9.0 * offset) }
    }

    /// Marsaglia and Tsang (2000); a shape below 1 is raised by 1 and corrected by U^(1/shape).
    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let x = self.scale * self.offset * self.cubed(rng);
        if self.shape >= 1.0 {
            return x;
        }
        x * libm::exp(-ziggurat::exponential(rng) / self.shape)
    }

    #[inline]
    fn cubed(&self, rng: &mut Rng) -> f64 {
        loop {
            let z = ziggurat::normal(rng);
            let root = 1.0 + self.spread * z;
            if root <= 0.0 {
                continue;
            }
            let (v, u, z2) = (root * root * root, unit(rng), z * z);
            if u < 1.0 - 0.0331 * z2 * z2 || self.accepts(u, v, z2) {
                return v;
            }
        }
    }

    #[cold]
    fn accepts(&self, u: f64, v: f64, z2: f64) -> bool {
        libm::log(u) < 0.5 * z2 + self.offset * (1.0 - v + libm::log(v))
    }

    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    pub(super) fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    pub(super) fn scv(&self) -> f64 {
        1.0 / self.shape
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.shape * (self.shape + 1.0) * (self.shape + 2.0) * self.scale.powi(3)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        gamma_cdf(self.shape, x / self.scale)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        self.scale * bisect_upwards(self.shape, |x| gamma_cdf(self.shape, x) >= p)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { scale: self.scale * k, ..*self }
    }
}
