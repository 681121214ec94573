use super::{Gamma, ziggurat};
use crate::rng::Rng;

/// Up to this many stages, summing exponentials is faster than drawing a gamma variate.
const FEW: u32 = 2;

/// The sum of equal, independent exponential stages: gamma with a whole shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Erlang {
    stages: u32,
    gamma: Gamma,
}

impl Erlang {
    pub(super) fn new(mean: f64, stages: u32) -> Result<Self, String> {
        super::positive("mean", mean)?;
        if stages == 0 {
            return Err("there must be at least one stage".into());
        }
        let shape = f64::from(stages);
        Ok(Self { stages, gamma: Gamma::with_shape(shape, mean / shape) })
    }

    /// The number of exponential stages.
    pub fn stages(&self) -> u32 {
        self.stages
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        if self.stages > FEW {
            return self.gamma.sample(rng);
        }
        let sum: f64 = (0..self.stages).map(|_| ziggurat::exponential(rng)).sum();
        sum * self.gamma.scale()
    }

    pub(super) fn mean(&self) -> f64 {
        self.gamma.mean()
    }

    pub(super) fn scv(&self) -> f64 {
        self.gamma.scv()
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.gamma.third_moment()
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        self.gamma.cdf(x)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        self.gamma.quantile(p)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { gamma: self.gamma.scaled(k), ..*self }
    }
}
