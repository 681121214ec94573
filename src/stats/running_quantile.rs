//! A quantile of what has come so far, without keeping it.

/// An estimate of one quantile of a stream: five markers that move along with what comes
/// (the P² algorithm, Jain & Chlamtac 1985).
///
/// ```
/// use knee::stats::RunningQuantile;
/// let mut median = RunningQuantile::new(0.5);
/// (1..=1001).for_each(|value| median.record(f64::from(value * 7919 % 1009)));
/// assert!((median.value().unwrap() - 504.0).abs() < 10.0);
/// ```
#[derive(Debug, Clone)]
pub struct RunningQuantile {
    share: f64,
    count: u64,
    /// The smallest value, the quantile with one on each side half-way, the largest.
    heights: [f64; 5],
    /// How many values are at most so high.
    ranks: [f64; 5],
}

impl RunningQuantile {
    /// For the quantile of this share, between 0 and 1.
    pub fn new(share: f64) -> RunningQuantile {
        RunningQuantile { share, count: 0, heights: [0.0; 5], ranks: [1.0, 2.0, 3.0, 4.0, 5.0] }
    }

    /// How many values have come.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The estimate; none before five values have come.
    pub fn value(&self) -> Option<f64> {
        (self.count >= 5).then_some(self.heights[2])
    }

    /// One more value.
    pub fn record(&mut self, value: f64) {
        self.count += 1;
        if self.count <= 5 {
            self.heights[self.count as usize - 1] = value;
            if self.count == 5 {
                self.heights.sort_by(f64::total_cmp);
            }
            return;
        }
        self.heights[0] = self.heights[0].min(value);
        self.heights[4] = self.heights[4].max(value);
        for marker in 1..5 {
            self.ranks[marker] += f64::from(u8::from(marker == 4 || value < self.heights[marker]));
        }
        (1..4).for_each(|marker| self.adjust(marker));
    }

    /// Moves a marker by one rank if it is that far from where it should be.
    fn adjust(&mut self, marker: usize) {
        let shares = [0.0, self.share / 2.0, self.share, (1.0 + self.share) / 2.0, 1.0];
        let wanted = 1.0 + (self.count - 1) as f64 * shares[marker];
        let off = wanted - self.ranks[marker];
        let (before, after) =
            (self.ranks[marker] - self.ranks[marker - 1], self.ranks[marker + 1] - self.ranks[marker]);
        let step = match off {
            off if off >= 1.0 && after > 1.0 => 1.0,
            off if off <= -1.0 && before > 1.0 => -1.0,
            _ => return,
        };
        let curved = self.parabola(marker, step);
        let fits = self.heights[marker - 1] < curved && curved < self.heights[marker + 1];
        self.heights[marker] = if fits { curved } else { self.line(marker, step) };
        self.ranks[marker] += step;
    }

    /// The height one rank further, on the parabola through a marker and its neighbours.
    fn parabola(&self, marker: usize, step: f64) -> f64 {
        let [below, at, above] = [marker - 1, marker, marker + 1].map(|i| (self.ranks[i], self.heights[i]));
        let rise = (at.0 - below.0 + step) * (above.1 - at.1) / (above.0 - at.0)
            + (above.0 - at.0 - step) * (at.1 - below.1) / (at.0 - below.0);
        at.1 + step / (above.0 - below.0) * rise
    }

    /// The same on the straight line to the neighbour.
    fn line(&self, marker: usize, step: f64) -> f64 {
        let next = if step > 0.0 { marker + 1 } else { marker - 1 };
        let slope = (self.heights[next] - self.heights[marker]) / (self.ranks[next] - self.ranks[marker]);
        self.heights[marker] + step * slope
    }
}

#[cfg(test)]
mod tests {
    use super::RunningQuantile;
    use crate::rng;

    #[test]
    fn it_finds_the_percentiles_of_an_exponential() {
        for share in [0.5, 0.9, 0.95, 0.99] {
            let mut quantile = RunningQuantile::new(share);
            let mut rng = rng::stream(1, 0, "test");
            (0..100_000).for_each(|_| quantile.record(-libm::log(1.0 - rng::unit(&mut rng))));
            let (found, exact) = (quantile.value().unwrap(), -libm::log(1.0 - share));
            assert!((found / exact - 1.0).abs() < 0.02, "{share}: {found} for {exact}");
        }
    }

    /// The example of Jain & Chlamtac's paper: the median of these 20 values is estimated as 4.44.
    #[test]
    fn it_does_as_the_paper_does() {
        let values = [
            0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.60, 10.28, 1.47, 0.40, 0.05, 11.39,
            0.27, 0.42, 0.09, 11.37,
        ];
        let mut median = RunningQuantile::new(0.5);
        values.iter().for_each(|&value| median.record(value));
        assert!((median.value().unwrap() - 4.44).abs() < 0.005, "{:?}", median.value());
    }

    #[test]
    fn equal_values_are_their_own_quantile() {
        let mut quantile = RunningQuantile::new(0.95);
        (0..100).for_each(|_| quantile.record(7.0));
        assert_eq!((quantile.value(), quantile.count()), (Some(7.0), 100));
    }
}
