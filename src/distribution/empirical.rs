use crate::rng::{Rng, below};
use std::sync::Arc;

/// Measured values, each equally likely.
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical {
    /// Ascending, so that the order in which they were measured does not matter.
    values: Arc<[f64]>,
}

impl Empirical {
    pub(super) fn new(mut values: Vec<f64>) -> Result<Self, String> {
        if values.is_empty() {
            return Err("there must be at least one value".into());
        }
        if u32::try_from(values.len()).is_err() {
            return Err("there are too many values".into());
        }
        if let Some(bad) = values.iter().find(|x| !(x.is_finite() && **x >= 0.0)) {
            return Err(format!("every value must be zero or more, but one is {bad}"));
        }
        values.sort_by(f64::total_cmp);
        Ok(Self { values: values.into() })
    }

    pub(super) fn bytes(&self) -> u64 {
        size_of_val(&*self.values) as u64
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.values[below(rng, self.values.len() as u32) as usize]
    }

    pub(super) fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    pub(super) fn scv(&self) -> f64 {
        let mean = self.mean();
        if mean == 0.0 {
            return 0.0;
        }
        let squares: f64 = self.values.iter().map(|x| (x / mean - 1.0).powi(2)).sum();
        squares / self.values.len() as f64
    }

    pub(super) fn third_moment(&self) -> f64 {
        self.values.iter().map(|x| x.powi(3)).sum::<f64>() / self.values.len() as f64
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        self.values.partition_point(|&value| value <= x) as f64 / self.values.len() as f64
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        let rank = (p * self.values.len() as f64).ceil() as usize;
        self.values[rank.clamp(1, self.values.len()) - 1]
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { values: self.values.iter().map(|x| x * k).collect() }
    }
}
