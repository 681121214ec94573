//! How well a law describes a sample.

use serde::Serialize;

use super::family::Family;
use super::sample::Points;
use crate::distribution::Law;
use crate::rng;

/// Up to so many values a p-value is given: of more, every family is rejected sooner or later, however near it is.
pub const TESTABLE: f64 = 2000.0;
/// Samples drawn for a p-value.
const DRAWS: u64 = 99;
/// A family describes a sample if no percentile below is off by more.
pub const CLOSE: f64 = 0.05;
/// … and its distribution function is nowhere off by more.
pub const NEAR: f64 = 0.02;
/// A percentile needs so many values beyond it.
const BEYOND: f64 = 5.0;
/// The percentiles that are compared.
pub const SHARES: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];

/// Distances between a sample and a fitted law.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Goodness {
    /// The greatest distance between the distribution functions (Kolmogorov 1933).
    pub ks: f64,
    /// Anderson and Darling's A² (1952), which weighs the tails; not a number where there are no single values.
    pub anderson_darling: f64,
    /// The probability of an A² at least as great if the law were right, by a parametric bootstrap (Stute, Manteiga and
    /// Quindimil 1993); `None` for more than [`TESTABLE`] values, and for rounded ones.
    pub p_value: Option<f64>,
    /// How far the law's percentiles are from the sample's, as a share of those: p50, p95, p99; not a number where the
    /// sample does not tell.
    pub errors: [f64; 3],
    /// Whether it describes the sample: each percentile within [`CLOSE`] of the sample's, or within the interval of that,
    /// and the distance within [`NEAR`], or within 1.36/√n.
    pub is_good: bool,
}

/// Compares, without a p-value.
pub(super) fn compare(points: &Points, law: &Law) -> Goodness {
    let ks = kolmogorov(points, law);
    let own = |share: f64| law.quantile(share).unwrap_or(f64::NAN);
    // The 99th percentile of a hundred values is their maximum: nothing to measure a law by.
    let supported = |share: f64| points.count() * (1.0 - share) >= BEYOND;
    let error = |share: f64| if supported(share) { own(share) / points.quantile(share) - 1.0 } else { f64::NAN };
    let errors = SHARES.map(|(_, share)| error(share));
    let fits = |(error, (_, share)): (&f64, (&str, f64))| {
        let [low, high] = points.quantile_interval(share);
        !supported(share) || error.abs() <= CLOSE || (low <= own(share) && own(share) <= high)
    };
    let is_near = ks <= f64::max(NEAR, 1.36 / libm::sqrt(points.count()));
    let is_good = is_near && errors.iter().zip(SHARES).all(fits);
    Goodness { ks, anderson_darling: anderson_darling(points, law), p_value: None, errors, is_good }
}

/// The p-value of a fit, if one can be had.
pub(super) fn p_value(points: &Points, family: &Family, law: &Law) -> Option<f64> {
    if points.count() > TESTABLE || points.is_rounded() {
        return None;
    }
    let observed = anderson_darling(points, law);
    let worse = (0..DRAWS).filter(|&draw| redrawn(points.count() as usize, family, law, draw) >= observed);
    Some((worse.count() as f64 + 1.0) / (DRAWS as f64 + 1.0))
}

/// A² of a sample of the law, against what is fitted to that sample.
fn redrawn(count: usize, family: &Family, law: &Law, draw: u64) -> f64 {
    let mut random = rng::stream(1, draw, "goodness of fit");
    let values: Vec<f64> = (0..count).map(|_| law.sample(&mut random)).collect();
    let refitted = Points::of(&values).and_then(|points| {
        let law = (family.law)(&(family.fit)(&points)?).ok()?;
        Some(anderson_darling(&points, &law))
    });
    // A sample to which the family cannot be fitted speaks against it.
    refitted.unwrap_or(0.0)
}

/// Where values are rounded, their distribution function is only known half a unit above each.
fn kolmogorov(points: &Points, law: &Law) -> f64 {
    let half = points.resolution.filter(|_| points.is_rounded()).map(|unit| unit / 2.0);
    let (mut before, mut worst) = (0.0, 0.0f64);
    for (value, weight) in points.iter() {
        let through = before + weight / points.count();
        let (own, below) = match half {
            Some(half) => (law.cdf(value + half), 0.0),
            None => (law.cdf(value), law.cdf(value) - before),
        };
        worst = worst.max((through - own).abs()).max(below.abs());
        before = through;
    }
    worst
}

/// n ∫ (Fₙ − u)² / u(1 − u) du, between the values of the law's distribution function in closed form.
fn anderson_darling(points: &Points, law: &Law) -> f64 {
    const EDGE: f64 = 1e-12;
    let part = |share: f64, u: f64| {
        let rest = 1.0 - share;
        share * share * libm::log(u) - rest * rest * libm::log1p(-u) - u
    };
    let (mut share, mut from, mut sum) = (0.0, EDGE, 0.0);
    for (value, weight) in points.iter() {
        let to = law.cdf(value).clamp(from, 1.0 - EDGE);
        sum += part(share, to) - part(share, from);
        (share, from) = (share + weight / points.count(), to);
    }
    points.count() * (sum + part(1.0, 1.0 - EDGE) - part(1.0, from))
}

/// P(D ≥ d) of n uniform numbers, D being the greatest distance: Kolmogorov's series with Stephens' correction (1970).
///
/// ```
/// let p = knee::measure::kolmogorov_p_value(1.358 / 100f64.sqrt(), 1e9);
/// assert!(p < 1e-9);
/// assert!((knee::measure::kolmogorov_p_value(1.358e-3, 1e6) - 0.05).abs() < 1e-3);
/// ```
pub fn kolmogorov_p_value(d: f64, n: f64) -> f64 {
    let root = libm::sqrt(n);
    let x = d * (root + 0.12 + 0.11 / root);
    if x < 0.2 {
        return 1.0;
    }
    let term = |k: i32| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * libm::exp(-2.0 * f64::from(k * k) * x * x)
    };
    (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::family::REGISTRY;

    fn drawn(law: &Law, count: usize, name: &str) -> Points {
        let mut random = rng::stream(1, 0, name);
        Points::of(&(0..count).map(|_| law.sample(&mut random)).collect::<Vec<f64>>()).unwrap()
    }

    /// Against the sums in textbooks.
    #[test]
    fn distances_are_those_of_the_textbooks() {
        let law = Law::uniform(0.0, 1.0).unwrap();
        let values = [0.1, 0.2, 0.45, 0.7, 0.71];
        let points = Points::of(&values).unwrap();
        assert!((kolmogorov(&points, &law) - 0.29).abs() < 1e-12);
        let n = values.len() as f64;
        let term =
            |(i, x): (usize, &f64)| (2.0 * i as f64 + 1.0) * (x.ln() + (1.0 - values[values.len() - 1 - i]).ln());
        let a2 = -n - values.iter().enumerate().map(term).sum::<f64>() / n;
        assert!((anderson_darling(&points, &law) / a2 - 1.0).abs() < 1e-9);
    }

    /// Of right laws one in twenty has a p-value of at most 0.05; a wrong one is found out.
    #[test]
    fn p_values_are_uniform_if_the_law_is_right() {
        let law = Law::exponential(0.01).unwrap();
        let family = REGISTRY[0];
        let p = |law: &Law, name: &str| {
            let points = drawn(law, 100, name);
            let fitted = (family.law)(&(family.fit)(&points).unwrap()).unwrap();
            p_value(&points, family, &fitted).unwrap()
        };
        let small = (0..200).filter(|round| p(&law, &format!("{round}")) <= 0.1).count();
        assert!((8..36).contains(&small), "{small} of 200 are at most 0.1");
        assert!(p(&Law::erlang(0.01, 4).unwrap(), "erlang") <= 0.01);
    }

    #[test]
    fn a_near_law_is_good_and_a_far_one_is_not() {
        let law = Law::lognormal_cv(0.01, 1.0).unwrap();
        let points = drawn(&law, 20_000, "near");
        assert!(compare(&points, &law).is_good);
        assert!(!compare(&points, &law.scaled(1.1)).is_good);
        assert!(p_value(&points, REGISTRY[0], &law).is_none());
    }
}
