//! Times recorded in a few nanoseconds each, in memory that does not grow with their number.

/// Buckets in each octave: widths are below 0.1 % of the value.
const BUCKETS: usize = 1024;
const BITS: u32 = BUCKETS.ilog2();
/// Values below twice [`BUCKETS`] form the first octave, of as many buckets; each further power of two its own.
const OCTAVES: usize = (64 - BITS) as usize;
/// So many values are kept as they are before any is counted: they take what two octaves take.
const FEW: usize = 1024;
/// The offset of an octave that has no storage yet: past the end of any storage.
const ABSENT: u32 = u32::MAX / 2;

/// A histogram of ticks: log-linear, 1,024 buckets an octave, exact below 2,048 ticks.
///
/// Minimum and maximum are exact, quantiles within 0.1 %. Storage (8 KiB an octave) is allocated when a value first
/// falls into the octave, and not before there are more than a few values: thousands of stations that hardly anybody
/// visits cost little. (The layout of HdrHistogram, Tene 2012.)
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
    /// The first values, and how often each, until they are too many: then all are counted.
    few: Vec<(u64, u64)>,
    /// What to add to a bucket of each octave to have its place in `counts`, modulo 2³².
    starts: [u32; 64],
    min: u64,
    /// How many whole numbers there are from the smallest value to the largest, modulo 2⁶⁴.
    width: u64,
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
        Self { counts: Vec::new(), few: Vec::new(), starts: [ABSENT; 64], min: u64::MAX, width: 0 }
    }
}

impl Histogram {
    /// Records one value.
    #[inline(always)]
    pub fn record(&mut self, value: u64) {
        self.record_n(value, 1);
    }

    /// Records a value `n` times.
    #[inline(always)]
    pub fn record_n(&mut self, value: u64, n: u64) {
        let (octave, bucket) = place(value);
        match self.counts.get_mut(self.starts[octave].wrapping_add(bucket) as usize) {
            Some(count) => *count += n,
            None => self.record_first(value, n),
        }
        // Rare, once some values are known: cheaper to ask than to store.
        if value.wrapping_sub(self.min) >= self.width {
            self.widen(value, value);
        }
    }

    /// There are values from `low` to `high`.
    #[cold]
    fn widen(&mut self, low: u64, high: u64) {
        let max = self.max().map_or(high, |max| max.max(high));
        self.min = self.min.min(low);
        self.width = (max - self.min).wrapping_add(1);
    }

    /// One of the first values of all, or of its octave.
    #[cold]
    fn record_first(&mut self, value: u64, n: u64) {
        if self.counts.is_empty() && self.few.len() < FEW {
            return self.few.push((value, n));
        }
        self.count_few();
        self.count_in(value, n);
    }

    /// From now on values are counted.
    fn count_few(&mut self) {
        for (value, n) in std::mem::take(&mut self.few) {
            self.count_in(value, n);
        }
    }

    fn count_in(&mut self, value: u64, n: u64) {
        *self.count_at(place(value)) += n;
    }

    /// The count of a bucket, whose octave gets its storage if it has none.
    fn count_at(&mut self, (octave, bucket): (usize, u32)) -> &mut u64 {
        self.allocate(octave);
        &mut self.counts[self.starts[octave].wrapping_add(bucket) as usize]
    }

    fn allocate(&mut self, octave: usize) {
        if self.starts[octave] == ABSENT {
            self.starts[octave] = (self.counts.len() as u32).wrapping_sub(first(octave));
            self.counts.resize(self.counts.len() + size(octave), 0);
        }
    }

    /// Memory of what was recorded, in bytes.
    pub fn bytes(&self) -> usize {
        self.counts.len() * size_of::<u64>() + self.few.len() * size_of::<(u64, u64)>()
    }

    /// Adds everything that `other` has recorded, which may be left without it: where nothing has been recorded here,
    /// nothing is copied.
    pub fn absorb(&mut self, other: &mut Histogram) {
        match self.min() {
            None => std::mem::swap(self, other),
            Some(_) => self.merge(other),
        }
    }

    /// Adds everything that `other` has recorded.
    pub fn merge(&mut self, other: &Histogram) {
        other.few.iter().for_each(|&(value, n)| self.record_n(value, n));
        if other.counts.is_empty() {
            return;
        }
        self.count_few();
        for octave in 0..OCTAVES {
            if let Some(theirs) = other.octave(octave) {
                self.allocate(octave);
                let counts = self.octave_mut(octave).iter_mut();
                counts.zip(theirs).for_each(|(count, more)| *count += more);
            }
        }
        if let Some((low, high)) = other.min().zip(other.max()) {
            self.widen(low, high);
        }
    }

    /// What was recorded since an earlier state of this histogram, from which it must have grown value by value. Its
    /// minimum and maximum are those of all values.
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
        if since.counts.is_empty() {
            since.few.drain(..earlier.few.len());
            return since;
        }
        for &(value, n) in &earlier.few {
            let count = since.count_at(place(value));
            *count = count.saturating_sub(n);
        }
        for octave in 0..OCTAVES {
            if let Some(theirs) = earlier.octave(octave) {
                since.allocate(octave);
                let counts = since.octave_mut(octave).iter_mut();
                counts.zip(theirs).for_each(|(count, before)| *count = count.saturating_sub(*before));
            }
        }
        since
    }

    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum::<u64>() + self.few.iter().map(|&(_, n)| n).sum::<u64>()
    }

    /// The smallest value, in ticks; `None` when nothing was recorded.
    pub fn min(&self) -> Option<u64> {
        (self.min < u64::MAX || self.width > 0).then_some(self.min)
    }

    /// The largest value, in ticks; `None` when nothing was recorded.
    pub fn max(&self) -> Option<u64> {
        self.min().map(|min| min.wrapping_add(self.width.wrapping_sub(1)))
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
            return self.max().map(|max| max as f64);
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
        self.few.clear();
        (self.min, self.width) = (u64::MAX, 0);
    }

    fn octave(&self, octave: usize) -> Option<&[u64]> {
        self.storage(octave).map(|storage| &self.counts[storage])
    }

    fn octave_mut(&mut self, octave: usize) -> &mut [u64] {
        let storage = self.storage(octave).unwrap_or(0..0);
        &mut self.counts[storage]
    }

    /// Where an octave is stored.
    fn storage(&self, octave: usize) -> Option<std::ops::Range<usize>> {
        let start = self.starts[octave].wrapping_add(first(octave)) as usize;
        (self.starts[octave] != ABSENT).then(|| start..start + size(octave))
    }

    /// The buckets in use, ascending, clipped to the range of the values recorded.
    fn buckets(&self) -> impl Iterator<Item = Bucket> + '_ {
        let largest = self.max().unwrap_or(0);
        let clipped = move |(low, high): (u64, u64)| (low.max(self.min), high.min(largest));
        let counts = self.few_counts().into_iter().chain(self.counts());
        counts.scan(0, move |before, (octave, bucket, count)| {
            let (low, high) = clipped(range(octave, bucket));
            *before += count;
            Some(Bucket { low, high, count, before: *before - count })
        })
    }

    /// The few values that are not counted yet, in buckets.
    fn few_counts(&self) -> Vec<(usize, u32, u64)> {
        let mut values: Vec<_> = self.few.iter().map(|&(value, n)| (place(value), n)).collect();
        values.sort_unstable();
        let buckets = values.chunk_by(|one, next| one.0 == next.0);
        buckets.map(|bucket| (bucket[0].0.0, bucket[0].0.1, bucket.iter().map(|&(_, n)| n).sum())).collect()
    }

    fn counts(&self) -> impl Iterator<Item = (usize, u32, u64)> + '_ {
        let octaves = (0..OCTAVES).filter_map(|octave| Some((octave, self.octave(octave)?)));
        let counts = octaves.flat_map(|(octave, counts)| {
            let buckets = first(octave)..;
            buckets.zip(counts).map(move |(bucket, &count)| (octave, bucket, count))
        });
        counts.filter(|&(_, _, count)| count > 0)
    }
}

/// The octave where a value is counted, and which of its buckets that is, from the first that any octave could have.
#[inline(always)]
fn place(value: u64) -> (usize, u32) {
    let octave = (value | (2 * BUCKETS as u64 - 1)).ilog2() - BITS;
    (octave as usize, (value >> octave) as u32)
}

/// The first bucket of an octave: values of the others would be in the octave before.
fn first(octave: usize) -> u32 {
    if octave == 0 { 0 } else { BUCKETS as u32 }
}

/// How many buckets an octave has.
fn size(octave: usize) -> usize {
    2 * BUCKETS - first(octave) as usize
}

/// The smallest and the largest value of a bucket: the inverse of [`place`].
fn range(octave: usize, bucket: u32) -> (u64, u64) {
    let low = u64::from(bucket) << octave;
    (low, low + ((1 << octave) - 1))
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
        // A few are kept as they are, many are counted.
        prop_oneof![prop::collection::vec(value.clone(), 1..300), prop::collection::vec(value, FEW..FEW + 300)]
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
        fn what_came_since_is_all_but_what_came_before(a in values(), b in values()) {
            let (before, all) = (of(&a), of(&[a, b.clone()].concat()));
            let since = all.since(&before);
            let counts = |histogram: &Histogram| -> Vec<(usize, u32, u64)> {
                histogram.few_counts().into_iter().chain(histogram.counts()).collect()
            };
            prop_assert_eq!(counts(&since), counts(&of(&b)));
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
    fn the_whole_range_is_known() {
        for values in [[u64::MAX, 0], [0, u64::MAX], [u64::MAX, 5]] {
            let both = of(&values);
            assert_eq!((both.min(), both.max()), (values.into_iter().min(), Some(u64::MAX)));
        }
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
