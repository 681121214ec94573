//! Times recorded in a few nanoseconds each, in memory that does not grow with their number.

/// Buckets in each octave: widths are below 0.1 % of the value.
const BUCKETS: usize = 1024;
const BITS: u32 = BUCKETS.ilog2();
/// Values below [`BUCKETS`] form the first octave; each further power of two its own.
const OCTAVES: usize = (64 - BITS + 1) as usize;
/// The offset of an octave that has no storage yet: past the end of any storage.
const ABSENT: u32 = u32::MAX / 2;

/// A histogram of ticks: log-linear, 1,024 buckets an octave, exact below 2,048 ticks.
///
/// Minimum and maximum are exact, quantiles within 0.1 %. Storage (8 KiB an octave) is allocated
/// when a value first falls into the octave. (The layout of HdrHistogram, Tene 2012.)
///
/// ```
/// use knee::stats::Histogram;
/// let mut waits = Histogram::default();
/// waits.record_n(0, 3);
/// waits.record(1_000_000);
/// assert_eq!(waits.quantile(0.75), Some(0.0));
/// assert_eq!(waits.quantile(1.0), Some(1_000_000.0));
/// ```
#[derive(Debug, Clone)]
pub struct Histogram {
    counts: Vec<u64>,
    /// Where each octave starts in `counts`.
    starts: [u32; 64],
    min: u64,
    max: u64,
}

/// A bucket that is not empty: the values it can hold, what it holds, and what came before.
#[derive(Clone, Copy)]
struct Bucket {
    low: u64,
    high: u64,
    count: u64,
    before: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: Vec::new(), starts: [ABSENT; 64], min: u64::MAX, max: 0 }
    }
}

impl Histogram {
    /// Records one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.record_n(value, 1);
    }

    /// Records a value `n` times.
    #[inline]
    pub fn record_n(&mut self, value: u64, n: u64) {
        let (octave, bucket) = place(value);
        match self.counts.get_mut(self.starts[octave & 63] as usize + bucket) {
            Some(count) => *count += n,
            None => self.first_in_octave(octave, bucket, n),
        }
        // Rare, once some values are known: cheaper to ask than to store.
        if value < self.min || value > self.max {
            self.widen(value);
        }
    }

    #[cold]
    fn widen(&mut self, value: u64) {
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    #[cold]
    fn first_in_octave(&mut self, octave: usize, bucket: usize, n: u64) {
        let start = self.allocate(octave);
        self.counts[start + bucket] += n;
    }

    /// The start of an octave, whose storage is appended if there is none.
    fn allocate(&mut self, octave: usize) -> usize {
        if self.starts[octave] == ABSENT {
            self.starts[octave] = self.counts.len() as u32;
            self.counts.resize(self.counts.len() + BUCKETS, 0);
        }
        self.starts[octave] as usize
    }

    /// Adds everything that `other` has recorded.
    pub fn merge(&mut self, other: &Histogram) {
        for octave in 0..OCTAVES {
            let Some(theirs) = other.octave(octave) else {
                continue;
            };
            let start = self.allocate(octave);
            for (count, more) in self.counts[start..start + BUCKETS].iter_mut().zip(theirs) {
                *count += more;
            }
        }
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// What was recorded since an earlier state of this histogram. Its minimum and maximum are known to
    /// within a bucket.
    ///
    /// ```
    /// use knee::stats::Histogram;
    /// let mut waits = Histogram::default();
    /// waits.record(7);
    /// let before = waits.clone();
    /// waits.record(5);
    /// assert_eq!(waits.since(&before).quantile(0.5), Some(5.0));
    /// ```
    pub fn since(&self, earlier: &Histogram) -> Histogram {
        let mut since = self.clone();
        for octave in 0..OCTAVES {
            if let Some(theirs) = earlier.octave(octave) {
                let start = since.allocate(octave);
                let counts = since.counts[start..start + BUCKETS].iter_mut();
                counts.zip(theirs).for_each(|(count, before)| *count = count.saturating_sub(*before));
            }
        }
        since
    }

    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The smallest value, in ticks; `None` when nothing was recorded.
    pub fn min(&self) -> Option<u64> {
        (self.min <= self.max).then_some(self.min)
    }

    /// The largest value, in ticks; `None` when nothing was recorded.
    pub fn max(&self) -> Option<u64> {
        (self.min <= self.max).then_some(self.max)
    }

    /// The smallest x, in ticks, for which at least a share `p` of the values is at most x:
    /// interpolated within its bucket. `None` when nothing was recorded or `p` is not in \[0, 1\].
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 || !(0.0..=1.0).contains(&p) {
            return None;
        }
        let rank = p * count as f64;
        let reaches = |bucket: &Bucket| (bucket.before + bucket.count) as f64 >= rank;
        let Some(bucket) = self.buckets().find(reaches) else {
            return Some(self.max as f64);
        };
        let fraction = (rank - bucket.before as f64) / bucket.count as f64;
        let width = (bucket.high - bucket.low) as f64;
        Some(bucket.low as f64 + width * fraction.max(0.0))
    }

    /// The share of the values that are more than `x` ticks; 0 when nothing was recorded.
    pub fn share_above(&self, x: u64) -> f64 {
        let count = self.count();
        if count == 0 {
            return 0.0;
        }
        let beyond = |bucket: &Bucket| bucket.high > x;
        let Some(bucket) = self.buckets().find(beyond) else {
            return 0.0;
        };
        let values = (bucket.high - bucket.low) as f64 + 1.0;
        let part = ((bucket.high - x) as f64 / values).min(1.0);
        let after = count - bucket.before - bucket.count;
        (after as f64 + bucket.count as f64 * part) / count as f64
    }

    /// The distribution function: for each bucket in use, ascending, its largest possible value in
    /// ticks and the number of values up to there.
    pub fn points(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        self.buckets().map(|bucket| (bucket.high as f64, bucket.before + bucket.count))
    }

    /// Forgets every value, keeps the storage.
    pub fn reset(&mut self) {
        self.counts.fill(0);
        (self.min, self.max) = (u64::MAX, 0);
    }

    fn octave(&self, octave: usize) -> Option<&[u64]> {
        let start = self.starts[octave];
        (start != ABSENT).then(|| &self.counts[start as usize..start as usize + BUCKETS])
    }

    /// The buckets in use, ascending, clipped to the range of the values recorded.
    fn buckets(&self) -> impl Iterator<Item = Bucket> + '_ {
        let octaves = (0..OCTAVES).filter_map(|octave| Some((octave, self.octave(octave)?)));
        let counts = octaves.flat_map(|(octave, counts)| {
            counts.iter().enumerate().map(move |(bucket, &count)| (octave, bucket, count))
        });
        let used = counts.filter(|&(_, _, count)| count > 0);
        used.scan(0, |before, (octave, bucket, count)| {
            let (low, high) = range(octave, bucket);
            let (low, high) = (low.max(self.min), high.min(self.max));
            *before += count;
            Some(Bucket { low, high, count, before: *before - count })
        })
    }
}

/// The octave and the bucket within it where a value is counted.
#[inline]
fn place(value: u64) -> (usize, usize) {
    let octave = (64 - BITS) - (value | (BUCKETS as u64 - 1)).leading_zeros();
    let shift = octave.saturating_sub(1);
    (octave as usize, (value >> shift) as usize & (BUCKETS - 1))
}

/// The smallest and the largest value of a bucket: the inverse of [`place`].
fn range(octave: usize, bucket: usize) -> (u64, u64) {
    if octave == 0 {
        return (bucket as u64, bucket as u64);
    }
    let shift = octave - 1;
    let low = ((BUCKETS + bucket) as u64) << shift;
    (low, low + ((1 << shift) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|&value| histogram.record(value));
        histogram
    }

    /// Values of every magnitude.
    fn values() -> impl Strategy<Value = Vec<u64>> {
        let value = (any::<u64>(), 0u32..64).prop_map(|(bits, shift)| bits >> shift);
        prop::collection::vec(value, 1..300)
    }

    proptest! {
        #[test]
        fn merging_equals_recording_all(a in values(), b in values()) {
            let mut merged = of(&a);
            merged.merge(&of(&b));
            let all = of(&[a, b].concat());
            prop_assert!(merged.points().eq(all.points()));
            prop_assert_eq!(merged.count(), all.count());
            prop_assert_eq!((merged.min(), merged.max()), (all.min(), all.max()));
        }

        #[test]
        fn quantiles_are_within_a_thousandth(mut values in values(), p in 0.0..=1.0) {
            let quantile = of(&values).quantile(p).unwrap();
            values.sort_unstable();
            let rank = (p * values.len() as f64).ceil() as usize;
            let exact = values[rank.clamp(1, values.len()) - 1] as f64;
            prop_assert!((quantile - exact).abs() <= exact * 1e-3, "{quantile} {exact}");
        }

        #[test]
        fn a_value_lies_within_its_bucket(value: u64) {
            let (octave, bucket) = place(value);
            let (low, high) = range(octave, bucket);
            prop_assert!(octave < OCTAVES && (low..=high).contains(&value));
            prop_assert!(high - low <= value / 1024);
        }

        #[test]
        fn share_above_is_within_a_bucket(values in values(), x: u64) {
            let share = |x: u64| values.iter().filter(|&&value| value > x).count() as f64 / values.len() as f64;
            let above = of(&values).share_above(x);
            let slack = x / 1024 + 1;
            prop_assert!(above <= share(x.saturating_sub(slack)) + 1e-12);
            prop_assert!(above >= share(x.saturating_add(slack)) - 1e-12);
        }
    }

    #[test]
    fn small_values_are_exact() {
        let histogram = of(&[0, 0, 0, 1, 2047]);
        let quantiles = [0.0, 0.6, 0.61, 0.8, 0.81, 1.0].map(|p| histogram.quantile(p).unwrap());
        assert_eq!(quantiles, [0.0, 0.0, 1.0, 1.0, 2047.0, 2047.0]);
        assert_eq!([0, 1, 2046, 2047].map(|x| histogram.share_above(x)), [0.4, 0.2, 0.2, 0.0]);
    }

    #[test]
    fn a_constant_is_exact() {
        let histogram = of(&[10_000_000_001; 7]);
        assert_eq!(histogram.quantile(0.3), Some(10_000_000_001.0));
        assert_eq!(histogram.points().collect::<Vec<_>>(), [(10_000_000_001.0, 7)]);
        assert_eq!(histogram.share_above(10_000_000_000), 1.0);
    }

    #[test]
    fn empty_and_reset_know_nothing() {
        let mut histogram = of(&[5, u64::MAX]);
        histogram.reset();
        for empty in [histogram, Histogram::default()] {
            assert_eq!((empty.count(), empty.min(), empty.max()), (0, None, None));
            assert_eq!((empty.quantile(0.5), empty.share_above(0)), (None, 0.0));
            assert_eq!(empty.points().count(), 0);
        }
    }
}
