//! Measured times, kept small: as they are while they are few, by the thousandth when they are many.

use std::collections::BTreeMap;

/// So many values are kept as they are.
const EXACT: usize = 16_384;
/// The width of a bin beyond that, as a share of its values.
const WIDTH: f64 = 1e-3;
/// What measured times may be rounded to, in seconds, from the coarsest.
const RESOLUTIONS: [f64; 7] = [1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6];

/// Times as they come in, in memory that does not grow with their number: beyond some thousands they are put into bins of
/// 0.1 %, of which the mean is kept, so no moment and no percentile moves by more.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    exact: Vec<f64>,
    bins: BTreeMap<i32, (u64, f64)>,
    zeros: u64,
    range: Option<[f64; 2]>,
    /// The first of [`RESOLUTIONS`] of which all values so far are multiples.
    resolution: usize,
}

impl Sample {
    /// Adds a time in seconds, seen `count` times. It is finite and not negative.
    pub fn add(&mut self, value: f64, count: u64) {
        let fits = |unit: &f64| (value / unit - (value / unit).round()).abs() < 1e-6 * (value / unit).max(1.0);
        while RESOLUTIONS.get(self.resolution).is_some_and(|unit| !fits(unit)) {
            self.resolution += 1;
        }
        self.range = Some(self.range.map_or([value, value], |[low, high]| [low.min(value), high.max(value)]));
        if value <= 0.0 {
            self.zeros += count;
        } else if self.bins.is_empty() && count == 1 && self.exact.len() < EXACT {
            self.exact.push(value);
        } else {
            std::mem::take(&mut self.exact).into_iter().for_each(|value| self.bin(value, 1));
            self.bin(value, count);
        }
    }

    fn bin(&mut self, value: f64, count: u64) {
        let index = libm::floor(libm::log(value) / WIDTH) as i32;
        let bin = self.bins.entry(index).or_default();
        bin.0 += count;
        bin.1 += value * count as f64;
    }

    /// Adds everything that another has seen.
    pub fn merge(&mut self, other: &Sample) {
        other.exact.iter().for_each(|&value| self.add(value, 1));
        other.bins.values().for_each(|&(count, sum)| self.add(sum / count as f64, count));
        self.zeros += other.zeros;
        self.resolution = self.resolution.max(other.resolution);
        self.range = match (self.range, other.range) {
            (Some(own), Some(their)) => Some([own[0].min(their[0]), own[1].max(their[1])]),
            (own, their) => own.or(their),
        };
    }

    /// How many times there are.
    pub fn count(&self) -> u64 {
        self.zeros + self.exact.len() as u64 + self.bins.values().map(|bin| bin.0).sum::<u64>()
    }

    /// The times in ascending order; `None` if there is none above 0.
    pub fn points(&self) -> Option<Points> {
        let mut sorted = self.exact.clone();
        sorted.sort_by(f64::total_cmp);
        let mut values: Vec<(f64, f64)> = Vec::new();
        let binned = self.bins.values().map(|&(count, sum)| (sum / count as f64, count as f64));
        for (value, weight) in sorted.into_iter().map(|value| (value, 1.0)).chain(binned) {
            match values.last_mut() {
                Some(last) if last.0 == value => last.1 += weight,
                _ => values.push((value, weight)),
            }
        }
        let least = values.first()?.0;
        let resolution = RESOLUTIONS.get(self.resolution).copied().filter(|_| values.len() > 1);
        if self.zeros > 0 {
            values.insert(0, (resolution.unwrap_or(least) / 2.0, self.zeros as f64));
        }
        let count = values.iter().map(|point| point.1).sum();
        let [low, high] = self.range?;
        let range = [if low > 0.0 { low } else { values[0].0 }, high];
        Some(Points { values, count, range, zeros: self.zeros, resolution })
    }
}

/// Times in ascending order, each with how often it was seen. What was rounded to 0 counts as half of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    values: Vec<(f64, f64)>,
    count: f64,
    range: [f64; 2],
    /// How many were 0.
    pub zeros: u64,
    /// What they are rounded to, in seconds, if they are.
    pub resolution: Option<f64>,
}

impl Points {
    /// Of values above 0, each seen once.
    ///
    /// ```
    /// use knee::measure::Points;
    /// let points = Points::of(&[0.3, 0.1, 0.2]).unwrap();
    /// assert_eq!(points.quantile(0.5), 0.2);
    /// assert!((points.mean() - 0.2).abs() < 1e-15);
    /// ```
    pub fn of(values: &[f64]) -> Option<Points> {
        let mut sample = Sample::default();
        values.iter().for_each(|&value| sample.add(value, 1));
        sample.points()
    }

    /// Each value and how often it was seen.
    pub fn iter(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.values.iter().copied()
    }

    /// How many times there are.
    pub fn count(&self) -> f64 {
        self.count
    }

    /// The least.
    pub fn min(&self) -> f64 {
        self.range[0]
    }

    /// The greatest.
    pub fn max(&self) -> f64 {
        self.range[1]
    }

    /// The mean of a function of them.
    pub fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.values.iter().map(|&(value, weight)| weight * f(value)).sum::<f64>() / self.count
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean_of(|value| value)
    }

    /// The coefficient of variation: standard deviation over mean.
    pub fn cv(&self) -> f64 {
        let mean = self.mean();
        libm::sqrt(self.mean_of(|value| (value / mean - 1.0) * (value / mean - 1.0)))
    }

    /// The smallest value that is not less than this share of all.
    pub fn quantile(&self, share: f64) -> f64 {
        let rank = share * self.count;
        let mut seen = 0.0;
        let found = self.values.iter().find(|point| {
            seen += point.1;
            seen >= rank - 1e-9
        });
        found.map_or(self.max(), |point| point.0)
    }

    /// Values at `n` equally likely shares.
    pub fn quantiles(&self, n: usize) -> Vec<f64> {
        let (mut at, mut seen) = (0, self.values.first().map_or(0.0, |point| point.1));
        let value = |rank: usize| {
            let wanted = (rank as f64 + 0.5) / n as f64 * self.count;
            while seen < wanted && at + 1 < self.values.len() {
                at += 1;
                seen += self.values[at].1;
            }
            self.values[at].0
        };
        (0..n).map(value).collect()
    }

    /// The 95 % interval of a percentile by the ranks that it may have (binomial, by its normal approximation).
    pub fn quantile_interval(&self, share: f64) -> [f64; 2] {
        let spread = 1.96 * libm::sqrt(share * (1.0 - share) / self.count);
        [self.quantile((share - spread).max(0.0)), self.quantile((share + spread).min(1.0))]
    }

    /// Whether they are rounded so much that many are equal.
    pub fn is_rounded(&self) -> bool {
        self.resolution.is_some() && (self.values.len() as f64) < 0.5 * self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_values_take_bins_that_keep_moments_and_percentiles() {
        let values: Vec<f64> = (1..=50_000).map(|i| f64::from(i) * 1e-7 + 1e-9).collect();
        let mut sample = Sample::default();
        values.iter().for_each(|&value| sample.add(value, 1));
        let points = sample.points().unwrap();
        assert!(points.values.len() < 10_000);
        let mean = values.iter().sum::<f64>() / 50_000.0;
        assert!((points.mean() / mean - 1.0).abs() < 1e-12);
        assert!((points.quantile(0.99) / values[49_499] - 1.0).abs() < 1e-3);
        assert_eq!((points.count(), points.max()), (50_000.0, values[49_999]));
    }

    #[test]
    fn rounding_is_noticed_and_zeros_are_half_a_unit() {
        let mut sample = Sample::default();
        [0.0, 0.001, 0.001, 0.003].iter().for_each(|&value| sample.add(value, 1));
        let points = sample.points().unwrap();
        assert_eq!((points.resolution, points.zeros, points.min()), (Some(1e-3), 1, 5e-4));
        assert_eq!(Points::of(&[0.0, 0.0]), None);
    }

    #[test]
    fn merging_is_adding() {
        let (mut one, mut other) = (Sample::default(), Sample::default());
        one.add(0.5, 1);
        other.add(0.25, 3);
        one.merge(&other);
        let points = one.points().unwrap();
        assert_eq!((one.count(), points.mean(), points.min()), (4, 0.3125, 0.25));
    }

    #[test]
    fn equally_likely_values_follow_the_percentiles() {
        let points = Points::of(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(points.quantiles(4), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(points.quantiles(2), [1.0, 3.0]);
    }
}
