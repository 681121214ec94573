//! Where the warm-up ends: MSER-5 (White, Cobb and Spratt 2000).
//!
//! The series is averaged in batches of five; the cut is the one that minimizes the marginal
//! standard error of what remains: Σ (y − ȳ)² / m² over the m batches kept. A cut trades the bias
//! of keeping the start against the variance of keeping less.

/// Observations in a batch, to begin with.
const BATCH: u32 = 5;
/// When there are this many batches, neighbours are merged.
const MOST: usize = 4096;
/// With fewer batches than this nothing can be said.
const FEWEST: usize = 10;

/// Where a series reaches its steady state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// At this time, in ticks; 0 when there is nothing to cut.
    At(u64),
    /// Not in the first half of the series, or the series is too short to tell.
    NotFound,
}

/// Collects a series in constant memory and finds its warm-up.
///
/// ```
/// use knee::stats::{Cut, Mser};
/// let mut series = Mser::default();
/// (0..1000).for_each(|time| series.push(time, if time < 100 { 0.0 } else { 7.0 }));
/// assert_eq!(series.cut(), Cut::At(99));
/// ```
#[derive(Debug, Clone)]
pub struct Mser {
    batches: Vec<Batch>,
    /// Observations in each full batch.
    size: u32,
    sum: f64,
    pending: u32,
}

#[derive(Debug, Clone, Copy)]
struct Batch {
    end: u64,
    mean: f64,
}

impl Default for Mser {
    fn default() -> Self {
        Self { batches: Vec::new(), size: BATCH, sum: 0.0, pending: 0 }
    }
}

impl Mser {
    /// Appends an observation made at `time`, in ticks; times do not decrease.
    pub fn push(&mut self, time: u64, value: f64) {
        self.sum += value;
        self.pending += 1;
        if self.pending == self.size {
            self.batches.push(Batch { end: time, mean: self.sum / f64::from(self.size) });
            (self.sum, self.pending) = (0.0, 0);
            if self.batches.len() == MOST {
                self.merge_pairs();
            }
        }
    }

    fn merge_pairs(&mut self) {
        let merge = |pair: &[Batch]| Batch { end: pair[1].end, mean: (pair[0].mean + pair[1].mean) / 2.0 };
        self.batches = self.batches.chunks_exact(2).map(merge).collect();
        // 2³² · 4,096 observations are out of reach.
        self.size = self.size.saturating_mul(2);
    }

    /// The time of the best cut.
    ///
    /// Cuts are tried as long as a quarter of the batches remains (with fewer the estimate is
    /// erratic); when the best one lies beyond half of them, no steady state was found.
    pub fn cut(&self) -> Cut {
        let count = self.batches.len();
        if count < FEWEST {
            return Cut::NotFound;
        }
        match self.best_cut(count - count / 4) {
            0 => Cut::At(0),
            dropped if dropped > count / 2 => Cut::NotFound,
            dropped => Cut::At(self.batches[dropped - 1].end),
        }
    }

    /// How many batches to drop, at most `limit`. Walks backwards with Welford's (1962) update,
    /// so that a constant series has a spread of exactly 0.
    fn best_cut(&self, limit: usize) -> usize {
        let (mut mean, mut squares, mut kept) = (0.0, 0.0, 0.0);
        let (mut best, mut least) = (limit, f64::INFINITY);
        for (dropped, batch) in self.batches.iter().enumerate().rev() {
            kept += 1.0;
            let difference = batch.mean - mean;
            mean += difference / kept;
            squares += difference * (batch.mean - mean);
            let error = squares / (kept * kept);
            if dropped <= limit && error <= least {
                (best, least) = (dropped, error);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, stream, unit};

    fn series(length: u64, mut value: impl FnMut(u64) -> f64) -> Mser {
        let mut series = Mser::default();
        (0..length).for_each(|time| series.push(time, value(time)));
        series
    }

    fn noise(rng: &mut Rng) -> f64 {
        -libm::log(1.0 - unit(rng))
    }

    #[test]
    fn a_steady_series_loses_little() {
        let mut rng = stream(1, 0, "steady");
        for length in [200, 1000, 10_000, 100_000] {
            let Cut::At(time) = series(length, |_| noise(&mut rng)).cut() else {
                panic!("not found at {length}");
            };
            assert!(time < length / 4, "{time} of {length}");
        }
    }

    #[test]
    fn a_constant_series_loses_nothing() {
        assert_eq!(series(1000, |_| 0.1).cut(), Cut::At(0));
    }

    /// The bias decays with time constant 1,000; it is worth cutting some of these constants.
    #[test]
    fn a_ramp_is_cut() {
        let mut rng = stream(1, 0, "ramp");
        for length in [20_000, 100_000] {
            let ramp = |time: u64| 10.0 * (1.0 - libm::exp(-(time as f64) / 1000.0));
            let Cut::At(time) = series(length, |time| ramp(time) + noise(&mut rng)).cut() else {
                panic!("not found at {length}");
            };
            assert!((2_000..8_000).contains(&time), "{time} of {length}");
        }
    }

    #[test]
    fn growth_is_not_steady() {
        let mut rng = stream(1, 0, "growth");
        let growth = series(50_000, |time| time as f64 / 1000.0 + noise(&mut rng));
        assert_eq!(growth.cut(), Cut::NotFound);
        assert_eq!(series(49, |_| 1.0).cut(), Cut::NotFound);
    }

    #[test]
    fn merging_keeps_time_and_mean() {
        let long = series(5 * 4096 * 4, |time| time as f64);
        assert_eq!((long.batches.len(), long.size), (2048, 40));
        let first = long.batches[0];
        assert_eq!((first.end, first.mean), (39, 19.5));
    }
}
