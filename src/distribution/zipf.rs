//! Popularity: rank k is chosen with probability proportional to 1 / k^s.

use std::sync::Arc;

use super::Alias;
use crate::rng::{Rng, unit};
use rand_xoshiro::rand_core::Rng as _;

/// A bucket holds ranks that differ by less than one part in so many, so that they are nearly equally popular.
const FINENESS: u64 = 64;

/// Zipf's law over a given number of ranks. Cloning is cheap.
///
/// Ranks are put into buckets, the popular ones each into its own. A bucket is drawn by an alias table, as if all its
/// ranks were as popular as its first; one of its ranks is drawn uniformly, and rejected to make up for that (a
/// histogram as the hat, as in Ahrens 1995). So the law is exact and the tables stay in the fastest cache: a
/// million ranks have 700 buckets, which are 11 KiB, where an alias table of ranks had 8 MB.
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
    buckets: Alias,
    /// The first rank of each bucket, and the one after the last.
    firsts: Arc<[u64]>,
    /// The last rank of a bucket is at least so many times as popular as its first.
    sure: f64,
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
        let firsts = firsts(count);
        let weight = |ends: &[u64]| (ends[1] - ends[0]) as f64 * libm::pow(ends[0] as f64, -exponent);
        let weights: Vec<f64> = firsts.windows(2).map(weight).collect();
        Ok(Self {
            count,
            exponent,
            total: harmonic(count, exponent),
            buckets: Alias::new(&weights)?,
            firsts: firsts.into(),
            sure: libm::pow(1.0 + 1.0 / FINENESS as f64, -exponent),
        })
    }

    /// Draws a rank, counted from 0 for the most popular.
    #[inline]
    pub fn sample(&self, rng: &mut Rng) -> u64 {
        loop {
            let bucket = self.buckets.sample(rng);
            let (first, next) = (self.firsts[bucket], self.firsts[bucket + 1]);
            if next - first == 1 {
                return first - 1;
            }
            let offset = (u128::from(rng.next_u64()) * u128::from(next - first)) >> 64;
            let (rank, height) = (first + offset as u64, unit(rng));
            if height < self.sure || height < self.relative(rank, first) {
                return rank - 1;
            }
        }
    }

    /// How popular a rank is, as a share of another's popularity.
    #[cold]
    fn relative(&self, rank: u64, of: u64) -> f64 {
        libm::pow(rank as f64 / of as f64, -self.exponent)
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

/// The first rank of each bucket, and the one after the last.
fn firsts(count: u64) -> Vec<u64> {
    let mut firsts = vec![1];
    let mut next = 1;
    while next <= count {
        next = (next + (next / FINENESS).max(1)).min(count + 1);
        firsts.push(next);
    }
    firsts
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

/// (e^x − 1) / x.
fn expm1_ratio(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::expm1(x) / x }
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
    fn draws_follow_the_law() {
        let laws = [(1, 1.0), (10, 0.0), (1000, 0.5), (1000, 0.99), (5000, 1.0), (100, 2.5), (1_000_000_000, 1.1)];
        for (count, exponent) in laws {
            let law = Zipf::new(count, exponent).unwrap();
            assert_frequencies(|rng| law.sample(rng), &law);
        }
    }

    /// Pearson's test over all ranks: those in the middle of a bucket as well as its first and last.
    #[test]
    fn every_rank_has_its_share() {
        for (count, exponent) in [(500, 0.0), (500, 0.8), (500, 1.3), (2000, 0.99), (2000, 20.0)] {
            let law = Zipf::new(count, exponent).unwrap();
            let (mut rng, draws) = (stream(2, 0, "zipf"), 4_000_000);
            let mut counts = vec![0u32; count as usize];
            (0..draws).for_each(|_| counts[law.sample(&mut rng) as usize] += 1);
            let (mut square, mut ranks, mut rare) = (0.0, 0.0, (0.0, 0.0));
            for (rank, &count) in counts.iter().enumerate() {
                let expected = law.probability(rank as u64) * f64::from(draws);
                if expected < 10.0 {
                    rare = (rare.0 + f64::from(count), rare.1 + expected);
                    continue;
                }
                square += (f64::from(count) - expected) * (f64::from(count) - expected) / expected;
                ranks += 1.0;
            }
            assert!((rare.0 - rare.1).abs() <= 4.5 * f64::sqrt(rare.1) + 1.0, "{count} {exponent}: {rare:?}");
            let (mean, deviation) = (ranks - 1.0, f64::sqrt(2.0 * ranks));
            assert!((square - mean).abs() <= 4.5 * deviation + 1.0, "{count} {exponent}: {square} {ranks}");
        }
    }

    #[test]
    fn buckets_are_few_and_narrow() {
        for count in [1u64, 2, 63, 64, 128, 129, 1000, 1_000_000, 1 << 53] {
            let firsts = firsts(count);
            assert_eq!((firsts[0], *firsts.last().unwrap()), (1, count + 1));
            assert!(firsts.len() < 3000, "{count}: {}", firsts.len());
            assert!(firsts.windows(2).all(|ends| (ends[1] - 1 - ends[0]) * FINENESS <= ends[0] && ends[0] < ends[1]));
        }
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
        let three = |count| {
            let law = Zipf::new(count, 0.99).unwrap();
            let mut rng = stream(1, 0, "golden");
            [law.sample(&mut rng), law.sample(&mut rng), law.sample(&mut rng)]
        };
        assert_eq!(three(1_000_000), [38, 291, 3078]);
        assert_eq!(three(10_000_000_000), [70, 2935, 256695]);
    }
}
