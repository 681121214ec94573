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

    /// The sum of the squared distances of so many numbers with this sum from their mean: exact up to the last division.
    ///
    /// ```
    /// use knee::stats::Squares;
    /// let mut squares = Squares::default();
    /// [1, 2, 3].into_iter().for_each(|value| squares.add(value));
    /// assert_eq!(squares.about_mean(3, 6), 2.0);
    /// ```
    pub fn about_mean(&self, count: u64, sum: u128) -> f64 {
        let Some(whole) = sum.checked_div(u128::from(count)) else { return 0.0 };
        let rest = sum % u128::from(count);
        // With m whole and r the rest of the sum, Σ(x − m)² = Σx² − m (Σx + r).
        let product = times(sum + rest, whole as u64);
        let less = (self.high, self.low) < (product.high, product.low);
        let (low, borrows) = self.low.overflowing_sub(product.low);
        let high = self.high.wrapping_sub(product.high).wrapping_sub(u64::from(borrows));
        let about_whole = if less { 0.0 } else { Squares { low, high }.sum() };
        (about_whole - rest as f64 * rest as f64 / count as f64).max(0.0)
    }

    /// The sum, to the nearest float.
    pub fn sum(&self) -> f64 {
        const STEP: f64 = (1u128 << 127) as f64 * 2.0;
        self.high as f64 * STEP + self.low as f64
    }
}

/// A product of up to 192 bits.
fn times(one: u128, other: u64) -> Squares {
    let (upper, lower) = (one >> 64, one & u128::from(u64::MAX));
    let (upper, lower) = (upper * u128::from(other), lower * u128::from(other));
    let (low, carries) = lower.overflowing_add(upper << 64);
    Squares { low, high: (upper >> 64) as u64 + u64::from(carries) }
}

#[cfg(test)]
mod tests {
    use super::Squares;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distances_from_the_mean_are_exact(values in prop::collection::vec(0u64..1 << 40, 1..50), shift in 0u64..1 << 62) {
            let mut squares = Squares::default();
            values.iter().for_each(|&value| squares.add(value + shift));
            let sum: u128 = values.iter().map(|&value| u128::from(value + shift)).sum();
            let mean = values.iter().sum::<u64>() as f64 / values.len() as f64;
            let expected: f64 = values.iter().map(|&value| (value as f64 - mean) * (value as f64 - mean)).sum();
            let about_mean = squares.about_mean(values.len() as u64, sum);
            prop_assert!((about_mean - expected).abs() <= 1e-9 * expected + 1e-3, "{about_mean} {expected}");
        }
    }

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
