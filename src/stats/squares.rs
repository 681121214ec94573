//! Sums of squares without rounding: the same whatever comes first.

/// The sum of the squares of whole numbers, exact up to 2¹⁹².
///
/// ```
/// use knee::stats::Squares;
/// let mut squares = Squares::default();
/// squares.add(3);
/// squares.add(4);
/// assert_eq!(squares.sum(), 25.0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Squares {
    low: u128,
    high: u64,
}

impl Squares {
    /// Adds the square of a number.
    #[inline(always)]
    pub fn add(&mut self, value: u64) {
        let (low, carries) = self.low.overflowing_add(u128::from(value) * u128::from(value));
        self.low = low;
        self.high += u64::from(carries);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Squares) {
        let (low, carries) = self.low.overflowing_add(other.low);
        self.low = low;
        self.high += other.high + u64::from(carries);
    }

    /// The sum, to the nearest float.
    pub fn sum(&self) -> f64 {
        const STEP: f64 = (1u128 << 127) as f64 * 2.0;
        self.high as f64 * STEP + self.low as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Squares;

    #[test]
    fn the_largest_numbers_have_room() {
        let mut squares = Squares::default();
        (0..1000).for_each(|_| squares.add(u64::MAX));
        let exact = 1000.0 * (u64::MAX as f64) * (u64::MAX as f64);
        assert!((squares.sum() / exact - 1.0).abs() < 1e-15);
        squares.merge(squares);
        assert!((squares.sum() / exact - 2.0).abs() < 1e-15);
    }
}
