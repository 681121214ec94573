//! Popularity: rank k is chosen with probability proportional to 1 / k^s.

use super::Alias;
use crate::rng::{Rng, unit};

/// Up to this many ranks a table is drawn from; it takes 8 bytes a rank.
const LARGEST_TABLE: u64 = 4_000_000;

/// Zipf's law over a given number of ranks. Cloning is cheap.
///
/// ```
/// use knee::{distribution::Zipf, rng};
/// let keys = Zipf::new(1_000_000, 0.99)?;
/// assert!(keys.sample(&mut rng::stream(1, 0, "keys")) < 1_000_000);
/// assert!((keys.probability(0) / keys.probability(1) - 2f64.powf(0.99)).abs() < 1e-12);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Zipf {
    count: u64,
    exponent: f64,
    /// Σ 1 / k^s.
    total: f64,
    method: Method,
}

#[derive(Debug, Clone, PartialEq)]
enum Method {
    Table(Alias),
    Rejection(Rejection),
}

impl Zipf {
    /// Ranks 1 to `count` with the given exponent; 0 makes them equally likely.
    ///
    /// Fails when `count` is 0 or more than 2⁵³, or `exponent` is negative or above 100.
    pub fn new(count: u64, exponent: f64) -> Result<Self, String> {
        if count == 0 {
            return Err("the count must be at least 1".into());
        }
        if count > 1 << 53 {
            return Err("the count must be at most 9007199254740992".into());
        }
        if !(0.0..=100.0).contains(&exponent) {
            return Err("the exponent must lie between 0 and 100".into());
        }
        let weight = |k: u64| libm::pow(k as f64, -exponent);
        let method = if count <= LARGEST_TABLE {
            let weights: Vec<f64> = (1..=count).map(weight).collect();
            Method::Table(Alias::new(&weights)?)
        } else {
            Method::Rejection(Rejection::new(count, exponent))
        };
        Ok(Self { count, exponent, total: harmonic(count, exponent), method })
    }

    /// Draws a rank, counted from 0 for the most popular.
    #[inline]
    pub fn sample(&self, rng: &mut Rng) -> u64 {
        match &self.method {
            Method::Table(table) => table.sample(rng) as u64,
            Method::Rejection(rejection) => rejection.sample(rng),
        }
    }

    /// The probability of a rank, counted from 0.
    pub fn probability(&self, rank: u64) -> f64 {
        if rank >= self.count {
            return 0.0;
        }
        libm::pow((rank + 1) as f64, -self.exponent) / self.total
    }

    /// The number of ranks.
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// The generalized harmonic number Σ k^(−s) for k up to n: the first thousand terms, then
/// Euler–Maclaurin.
fn harmonic(n: u64, s: f64) -> f64 {
    let head = n.min(1000);
    let exact: f64 = (1..=head).rev().map(|k| libm::pow(k as f64, -s)).sum();
    let (a, b) = (head as f64, n as f64);
    let f = |x: f64| libm::pow(x, -s);
    let slope = s / 12.0 * (f(a) / a - f(b) / b);
    exact + integral(b, s) - integral(a, s) + (f(b) - f(a)) / 2.0 + slope
}

/// ∫ x^(−s) dx from 1 to x.
fn integral(x: f64, s: f64) -> f64 {
    let log = libm::log(x);
    log * expm1_ratio((1.0 - s) * log)
}

/// The x whose [`integral`] is `area`.
fn inverse_integral(area: f64, s: f64) -> f64 {
    // Rounding may take the product just past the end of the domain.
    let product = (area * (1.0 - s)).max(-1.0);
    libm::exp(area * log1p_ratio(product))
}

/// (e^x − 1) / x.
fn expm1_ratio(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::expm1(x) / x }
}

/// ln(1 + x) / x.
fn log1p_ratio(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::log1p(x) / x }
}

/// Rejection-inversion (Hörmann and Derflinger 1996): no table, a constant number of steps.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rejection {
    count: u64,
    exponent: f64,
    /// The areas under the hat between which the uniform variate is drawn.
    first: f64,
    last: f64,
    /// Within this distance of its rank a point is always accepted.
    sure: f64,
}

impl Rejection {
    fn new(count: u64, exponent: f64) -> Self {
        let second = integral(2.5, exponent) - libm::pow(2.0, -exponent);
        Self {
            count,
            exponent,
            first: integral(1.5, exponent) - 1.0,
            last: integral(count as f64 + 0.5, exponent),
            sure: 2.0 - inverse_integral(second, exponent),
        }
    }

    fn sample(&self, rng: &mut Rng) -> u64 {
        loop {
            let area = self.last + unit(rng) * (self.first - self.last);
            let x = inverse_integral(area, self.exponent);
            let rank = ((x + 0.5) as u64).clamp(1, self.count);
            if rank as f64 - x <= self.sure || self.accepts(rank as f64, area) {
                return rank - 1;
            }
        }
    }

    fn accepts(&self, rank: f64, area: f64) -> bool {
        area >= integral(rank + 0.5, self.exponent) - libm::pow(rank, -self.exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    fn assert_frequencies(draw: impl Fn(&mut Rng) -> u64, law: &Zipf) {
        let mut rng = stream(1, 0, "zipf");
        let draws = 400_000;
        let mut counts = [0u32; 10];
        let mut sum = 0.0;
        for _ in 0..draws {
            let rank = draw(&mut rng);
            assert!(rank < law.count());
            sum += (rank + 1) as f64;
            if let Some(count) = counts.get_mut(rank as usize) {
                *count += 1;
            }
        }
        for (rank, count) in counts.iter().enumerate() {
            let expected = law.probability(rank as u64) * f64::from(draws);
            let error = f64::from(*count) - expected;
            assert!(error.abs() <= 4.5 * expected.sqrt() + 1e-9, "{law:?} {rank} {count} {expected}");
        }
        let mean = harmonic(law.count, law.exponent - 1.0) / law.total;
        let square = harmonic(law.count, law.exponent - 2.0) / law.total;
        let error = (square - mean * mean).max(0.0).sqrt() / f64::from(draws).sqrt();
        assert!((sum / f64::from(draws) - mean).abs() <= 4.5 * error + 1e-9, "{law:?}");
    }

    #[test]
    fn both_methods_follow_the_law() {
        for (count, exponent) in [(1, 1.0), (10, 0.0), (1000, 0.5), (1000, 0.99), (5000, 1.0), (100, 2.5)] {
            let law = Zipf::new(count, exponent).unwrap();
            assert_frequencies(|rng| law.sample(rng), &law);
            let rejection = Rejection::new(count, exponent);
            assert_frequencies(|rng| rejection.sample(rng), &law);
        }
        let huge = Zipf::new(1_000_000_000, 1.1).unwrap();
        assert!(matches!(huge.method, Method::Rejection(_)));
        assert_frequencies(|rng| huge.sample(rng), &huge);
    }

    #[test]
    fn harmonic_numbers_are_exact() {
        for s in [0.0, 0.5, 0.99, 1.0, 2.0] {
            let sum: f64 = (1..=100_000u32).rev().map(|k| f64::from(k).powf(-s)).sum();
            assert!((harmonic(100_000, s) / sum - 1.0).abs() < 1e-13, "{s}");
        }
    }

    #[test]
    fn samples_keep_their_values() {
        let table = Zipf::new(1_000_000, 0.99).unwrap();
        let rejection = Zipf::new(10_000_000, 0.99).unwrap();
        let three = |law: &Zipf| {
            let mut rng = stream(1, 0, "golden");
            [law.sample(&mut rng), law.sample(&mut rng), law.sample(&mut rng)]
        };
        assert_eq!(three(&table), [53549, 1, 44]);
        assert_eq!(three(&rejection), [4370863, 162298, 3073]);
    }
}
