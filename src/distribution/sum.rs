use super::{Constant, Law};
use crate::numeric::bisect_upwards;
use crate::rng::Rng;
use std::sync::Arc;

/// The sum of independent draws from several laws: a disk's seek, rotation and transfer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// What does not vary.
    constant: f64,
    /// What does.
    parts: Arc<[Law]>,
}

/// Points at which the distribution of one part is taken when convolving it with another.
const POINTS: u32 = 512;

impl Sum {
    /// The sum of laws as simply as it can be said: one without a part that varies is constant, and
    /// a single part that varies is itself.
    pub(super) fn of(laws: &[Law]) -> Result<Law, String> {
        let (constants, parts): (Vec<&Law>, Vec<&Law>) = laws.iter().partition(|law| law.as_constant().is_some());
        let constant = super::non_negative("sum", constants.iter().map(|law| law.mean()).sum())?;
        match parts.as_slice() {
            [] => Constant::new(constant).map(Law::Constant),
            [only] if constant == 0.0 => Ok((*only).clone()),
            parts => Ok(Law::Sum(Sum { constant, parts: parts.iter().map(|&part| part.clone()).collect() })),
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.parts.iter().map(|law| size_of::<Law>() as u64 + law.bytes()).sum()
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        self.parts.iter().fold(self.constant, |sum, part| sum + part.sample(rng))
    }

    pub(super) fn mean(&self) -> f64 {
        self.constant + self.total(Law::mean)
    }

    pub(super) fn scv(&self) -> f64 {
        self.total(variance) / self.mean().powi(2)
    }

    /// Cumulants of independent variables add (Thiele 1889), the first three of which are the mean, the
    /// variance and the third central moment.
    pub(super) fn third_moment(&self) -> f64 {
        let mean = self.mean();
        self.total(third_cumulant) + 3.0 * mean * self.total(variance) + mean.powi(3)
    }

    /// By convolution: the average of the last part's distribution over equally likely values of the
    /// others, which is within about 1/512 of the truth.
    pub(super) fn cdf(&self, x: f64) -> f64 {
        convolved(&self.parts, x - self.constant)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        bisect_upwards(self.mean(), |x| self.cdf(x) >= p)
    }

    pub(super) fn scaled(&self, k: f64) -> Self {
        Self { constant: self.constant * k, parts: self.parts.iter().map(|part| part.scaled(k)).collect() }
    }

    fn total(&self, quantity: impl Fn(&Law) -> f64) -> f64 {
        self.parts.iter().map(quantity).sum()
    }
}

fn variance(law: &Law) -> f64 {
    law.scv() * law.mean().powi(2)
}

fn third_cumulant(law: &Law) -> f64 {
    let Some(third) = law.third_moment() else { return f64::INFINITY };
    third - 3.0 * law.mean() * variance(law) - law.mean().powi(3)
}

fn convolved(parts: &[Law], x: f64) -> f64 {
    match parts {
        [] => f64::from(u8::from(x >= 0.0)),
        [last] => last.cdf(x),
        [first, rest @ ..] => {
            let values = (0..POINTS).filter_map(|at| first.quantile((f64::from(at) + 0.5) / f64::from(POINTS)));
            values.map(|value| convolved(rest, x - value)).sum::<f64>() / f64::from(POINTS)
        }
    }
}
