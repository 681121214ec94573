//! Distributions of times and sizes: one small value each, one way to draw from it.
//!
//! A [`Law`] is built from the parameters people know (a mean, a percentile), precomputes what
//! sampling needs, and tells its own moments and quantiles for the checks made before a run.

mod alias;
mod bounded_pareto;
mod constant;
mod empirical;
mod erlang;
mod exponential;
mod gamma;
mod hyperexponential;
mod lognormal;
mod mixture;
mod pareto;
mod sum;
mod uniform;
mod weibull;
mod ziggurat;
mod zipf;

#[cfg(test)]
mod tests;

use crate::rng::Rng;
pub use alias::Alias;
pub use bounded_pareto::BoundedPareto;
pub use constant::Constant;
pub use empirical::Empirical;
pub use erlang::Erlang;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use hyperexponential::Hyperexponential;
pub use lognormal::Lognormal;
pub use mixture::Mixture;
pub use pareto::Pareto;
pub use sum::Sum;
pub use uniform::Uniform;
pub use weibull::Weibull;
pub use zipf::Zipf;

/// A probability law over non-negative numbers, in whatever unit its parameters had.
///
/// ```
/// use knee::{distribution::Law, rng};
/// let service = Law::lognormal_cv(0.010, 2.0)?;
/// assert!((service.mean() - 0.010).abs() < 1e-12);
/// let mut rng = rng::stream(1, 0, "service");
/// assert!(service.sample(&mut rng) > 0.0);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Always the same value.
    Constant(Constant),
    /// Memoryless.
    Exponential(Exponential),
    /// Equally likely between two bounds.
    Uniform(Uniform),
    /// A sum of exponential stages: less variable than one.
    Erlang(Erlang),
    /// The exponential of a normal variable: a moderate right tail.
    Lognormal(Lognormal),
    /// One of two exponentials: more variable than one.
    Hyperexponential(Hyperexponential),
    /// A power-law tail.
    Pareto(Pareto),
    /// A stretched-exponential tail.
    Weibull(Weibull),
    /// Erlang with a fractional number of stages.
    Gamma(Gamma),
    /// A power law cut off at a largest value.
    BoundedPareto(BoundedPareto),
    /// One of several laws, chosen by weight.
    Mixture(Mixture),
    /// Measured values, each equally likely.
    Empirical(Empirical),
    /// The sum of several laws.
    Sum(Sum),
}

/// Evaluates `$body` with `$law` bound to the family inside.
macro_rules! inside {
    ($self:expr, $law:ident => $body:expr) => {
        match $self {
            Law::Exponential($law) => $body,
            Law::Constant($law) => $body,
            Law::Uniform($law) => $body,
            Law::Erlang($law) => $body,
            Law::Lognormal($law) => $body,
            Law::Hyperexponential($law) => $body,
            Law::Pareto($law) => $body,
            Law::Weibull($law) => $body,
            Law::Gamma($law) => $body,
            Law::BoundedPareto($law) => $body,
            Law::Mixture($law) => $body,
            Law::Empirical($law) => $body,
            Law::Sum($law) => $body,
        }
    };
}

impl Law {
    /// Draws one value.
    #[inline(always)]
    pub fn sample(&self, rng: &mut Rng) -> f64 {
        // The commonest law by far: drawn in line.
        match self {
            Law::Exponential(law) => law.sample(rng),
            _ => self.sample_other(rng),
        }
    }

    fn sample_other(&self, rng: &mut Rng) -> f64 {
        inside!(self, law => law.sample(rng))
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        inside!(self, law => law.mean())
    }

    /// The squared coefficient of variation: variance over squared mean. Infinite for a Pareto law
    /// of shape 2 or less.
    pub fn scv(&self) -> f64 {
        inside!(self, law => law.scv())
    }

    /// E\[X³\], or `None` where it is infinite.
    pub fn third_moment(&self) -> Option<f64> {
        Some(inside!(self, law => law.third_moment())).filter(|moment| moment.is_finite())
    }

    /// P(X ≤ x).
    pub fn cdf(&self, x: f64) -> f64 {
        inside!(self, law => law.cdf(x))
    }

    /// The smallest x with P(X ≤ x) ≥ p; `None` unless 0 < p < 1.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        (p > 0.0 && p < 1.0).then(|| inside!(self, law => law.quantile(p)))
    }

    /// What it holds beyond a few numbers, in bytes: measured values.
    pub fn bytes(&self) -> u64 {
        match self {
            Law::Mixture(law) => law.bytes(),
            Law::Empirical(law) => law.bytes(),
            Law::Sum(law) => law.bytes(),
            _ => 0,
        }
    }

    /// The law of k·X, for positive `k`: a change of unit.
    pub fn scaled(&self, k: f64) -> Law {
        match self {
            Law::Constant(law) => Law::Constant(law.scaled(k)),
            Law::Exponential(law) => Law::Exponential(law.scaled(k)),
            Law::Uniform(law) => Law::Uniform(law.scaled(k)),
            Law::Erlang(law) => Law::Erlang(law.scaled(k)),
            Law::Lognormal(law) => Law::Lognormal(law.scaled(k)),
            Law::Hyperexponential(law) => Law::Hyperexponential(law.scaled(k)),
            Law::Pareto(law) => Law::Pareto(law.scaled(k)),
            Law::Weibull(law) => Law::Weibull(law.scaled(k)),
            Law::Gamma(law) => Law::Gamma(law.scaled(k)),
            Law::BoundedPareto(law) => Law::BoundedPareto(law.scaled(k)),
            Law::Mixture(law) => Law::Mixture(law.scaled(k)),
            Law::Empirical(law) => Law::Empirical(law.scaled(k)),
            Law::Sum(law) => Law::Sum(law.scaled(k)),
        }
    }

    /// Is this law memoryless?
    pub fn is_exponential(&self) -> bool {
        match self {
            Law::Exponential(_) => true,
            Law::Erlang(law) => law.stages() == 1,
            _ => false,
        }
    }

    /// The value, if it never varies.
    pub fn as_constant(&self) -> Option<f64> {
        match self {
            Law::Constant(law) => Some(law.mean()),
            _ => None,
        }
    }
}

/// Constructors. Each fails with a sentence that says which parameter is wrong and why.
impl Law {
    /// Always `value`, which may be 0.
    pub fn constant(value: f64) -> Result<Law, String> {
        Constant::new(value).map(Law::Constant)
    }

    /// Exponential.
    pub fn exponential(mean: f64) -> Result<Law, String> {
        Exponential::new(mean).map(Law::Exponential)
    }

    /// Uniform between `low` (at least 0) and `high`.
    pub fn uniform(low: f64, high: f64) -> Result<Law, String> {
        Uniform::new(low, high).map(Law::Uniform)
    }

    /// The sum of `stages` exponentials; `mean` is the mean of the sum.
    pub fn erlang(mean: f64, stages: u32) -> Result<Law, String> {
        Erlang::new(mean, stages).map(Law::Erlang)
    }

    /// Lognormal, by mean and coefficient of variation.
    pub fn lognormal_cv(mean: f64, cv: f64) -> Result<Law, String> {
        Lognormal::from_cv(mean, cv).map(Law::Lognormal)
    }

    /// Lognormal, by median and 99th percentile.
    pub fn lognormal_percentiles(p50: f64, p99: f64) -> Result<Law, String> {
        Lognormal::from_percentiles(p50, p99).map(Law::Lognormal)
    }

    /// Two exponential phases with balanced means; `cv` is at least 1.
    pub fn hyperexponential(mean: f64, cv: f64) -> Result<Law, String> {
        Hyperexponential::new(mean, cv).map(Law::Hyperexponential)
    }

    /// Pareto of type I, by mean; `shape` is more than 1.
    pub fn pareto_mean(mean: f64, shape: f64) -> Result<Law, String> {
        Pareto::from_mean(mean, shape).map(Law::Pareto)
    }

    /// Pareto of type I, by its smallest value.
    pub fn pareto_low(low: f64, shape: f64) -> Result<Law, String> {
        Pareto::from_low(low, shape).map(Law::Pareto)
    }

    /// Weibull, by mean; a `shape` below 1 gives a heavy tail.
    pub fn weibull(mean: f64, shape: f64) -> Result<Law, String> {
        Weibull::new(mean, shape).map(Law::Weibull)
    }

    /// Gamma, by mean and coefficient of variation.
    pub fn gamma(mean: f64, cv: f64) -> Result<Law, String> {
        Gamma::new(mean, cv).map(Law::Gamma)
    }

    /// Pareto restricted to [low, high].
    pub fn bounded_pareto(low: f64, high: f64, shape: f64) -> Result<Law, String> {
        BoundedPareto::new(low, high, shape).map(Law::BoundedPareto)
    }

    /// One of `arms`, each a weight and a law; the weights sum to 1.
    pub fn mixture(arms: Vec<(f64, Law)>) -> Result<Law, String> {
        Mixture::new(arms).map(Law::Mixture)
    }

    /// One of `values`, each equally likely.
    pub fn empirical(values: Vec<f64>) -> Result<Law, String> {
        Empirical::new(values).map(Law::Empirical)
    }

    /// The sum of independent draws from `laws`.
    ///
    /// ```
    /// use knee::distribution::Law;
    /// let disk = Law::sum(&[Law::uniform(0.0, 0.017)?, Law::uniform(0.0, 0.008)?, Law::constant(0.001)?])?;
    /// assert!((disk.mean() - 0.0135).abs() < 1e-15);
    /// # Ok::<(), String>(())
    /// ```
    pub fn sum(laws: &[Law]) -> Result<Law, String> {
        Sum::of(laws)
    }
}

/// Accepts a finite number above 0.
fn positive(name: &str, x: f64) -> Result<f64, String> {
    if x > 0.0 && x.is_finite() {
        return Ok(x);
    }
    Err(format!("the {name} must be a positive number"))
}

/// Accepts a finite number of at least 0.
fn non_negative(name: &str, x: f64) -> Result<f64, String> {
    if x >= 0.0 && x.is_finite() {
        return Ok(x);
    }
    Err(format!("the {name} must be zero or more"))
}
