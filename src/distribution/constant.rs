use crate::rng::Rng;

/// Always the same value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Constant {
    value: f64,
}

impl Constant {
    pub(super) fn new(value: f64) -> Result<Self, String> {
        super::non_negative("value", value).map(|value| Self { value })
    }

    #[inline]
    pub(super) fn sample(&self, _: &mut Rng) -> f64 {
        self.value
    }

    pub(super) fn mean(&self) -> f64 {
        self.value
    }

    pub(super) fn scv(&self) -> f64 {
        0.0
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.value.powi(3)
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        if x >= self.value { 1.0 } else { 0.0 }
    }

    pub(super) fn quantile(&self, _: f64) -> f64 {
        self.value
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { value: self.value * k }
    }
}
