use super::ziggurat;
use crate::numeric::{normal_cdf, normal_quantile};
use crate::rng::Rng;

/// exp(mu + sigma·Z) with Z standard normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lognormal {
    mu: f64,
    sigma: f64,
}

impl Lognormal {
    /// sigma² = ln(1 + cv²) and mu = ln(mean) − sigma²/2.
    pub(super) fn from_cv(mean: f64, cv: f64) -> Result<Self, String> {
        super::positive("mean", mean)?;
        super::positive("coefficient of variation", cv)?;
        let variance = libm::log1p(cv * cv);
        if !variance.is_finite() {
            return Err("the coefficient of variation is too large".into());
        }
        Ok(Self { mu: libm::log(mean) - variance / 2.0, sigma: libm::sqrt(variance) })
    }

    /// mu = ln(p50) and sigma = ln(p99 / p50) / z(0.99).
    pub(super) fn from_percentiles(p50: f64, p99: f64) -> Result<Self, String> {
        super::positive("median", p50)?;
        super::positive("99th percentile", p99)?;
        if p99 <= p50 {
            return Err("the 99th percentile must be more than the median".into());
        }
        Ok(Self { mu: libm::log(p50), sigma: libm::log(p99 / p50) / normal_quantile(0.99) })
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        libm::exp(self.mu + self.sigma * ziggurat::normal(rng))
    }

    pub(super) fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    pub(super) fn scv(&self) -> f64 {
        libm::expm1(self.sigma * self.sigma)
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.moment(3.0)
    }

    /// E[X^k] = exp(k·mu + k²·sigma²/2).
    fn moment(&self, k: f64) -> f64 {
        let spread = k * self.sigma;
        libm::exp(k * self.mu + spread * spread / 2.0)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        normal_cdf((libm::log(x) - self.mu) / self.sigma)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        libm::exp(self.mu + self.sigma * normal_quantile(p))
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { mu: self.mu + libm::log(k), ..*self }
    }
}
