//! Choosing among weighted alternatives in constant time.

use crate::rng::Rng;
use rand_xoshiro::rand_core::Rng as _;
use std::sync::Arc;

/// A table that draws index i with probability weight\[i\] / Σ weights, from one random number and
/// one look-up (Walker 1977, built as Vose 1991). Cloning shares the table.
///
/// ```
/// use knee::{distribution::Alias, rng};
/// let coin = Alias::new(&[1.0, 0.0])?;
/// assert_eq!(coin.sample(&mut rng::stream(1, 0, "coin")), 0);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    columns: Arc<[Column]>,
}

/// Gives its own index for fractions below `keep` / 2³², `other` from there on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Column {
    keep: u32,
    other: u32,
}

const TWO_TO_32: f64 = 4_294_967_296.0;

impl Alias {
    /// Builds the table. Fails when there are no weights, when one is negative or not finite, or
    /// when all are zero.
    pub fn new(weights: &[f64]) -> Result<Self, String> {
        if weights.is_empty() {
            return Err("there must be at least one weight".into());
        }
        if u32::try_from(weights.len()).is_err() {
            return Err("there are too many weights".into());
        }
        if let Some(bad) = weights.iter().find(|x| !(x.is_finite() && **x >= 0.0)) {
            return Err(format!("every weight must be zero or more, but one is {bad}"));
        }
        let total: f64 = weights.iter().sum();
        if total <= 0.0 || !total.is_finite() {
            return Err("the weights must have a positive, finite sum".into());
        }
        let scale = weights.len() as f64 / total;
        Ok(Self { columns: columns(weights.iter().map(|weight| weight * scale).collect()) })
    }

    /// Draws an index.
    #[inline]
    pub fn sample(&self, rng: &mut Rng) -> usize {
        // The high half picks the column, the low half is a fresh fraction within it.
        let product = u128::from(rng.next_u64()) * self.columns.len() as u128;
        let (index, fraction) = ((product >> 64) as usize, (product >> 32) as u32);
        let column = self.columns[index];
        if fraction < column.keep { index } else { column.other as usize }
    }
}

/// Vose's algorithm: every column that is less than full is topped up by one that is more.
fn columns(mut shares: Vec<f64>) -> Arc<[Column]> {
    let full = |index| Column { keep: u32::MAX, other: index };
    let mut columns: Vec<Column> = (0..shares.len() as u32).map(full).collect();
    let (mut small, mut large): (Vec<u32>, Vec<u32>) =
        (0..shares.len() as u32).partition(|&index| shares[index as usize] < 1.0);
    while let (Some(poor), Some(&rich)) = (small.pop(), large.last()) {
        let share = shares[poor as usize];
        columns[poor as usize] = Column { keep: (share * TWO_TO_32) as u32, other: rich };
        shares[rich as usize] -= 1.0 - share;
        if shares[rich as usize] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
    columns.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    #[test]
    fn frequencies_follow_the_weights() {
        let weights = [0.0, 3.0, 1.0, 0.0, 5.0, 1.0];
        let table = Alias::new(&weights).unwrap();
        let mut rng = stream(1, 0, "alias");
        let mut counts = [0u32; 6];
        for _ in 0..100_000 {
            counts[table.sample(&mut rng)] += 1;
        }
        for (count, weight) in counts.iter().zip(weights) {
            let expected = weight * 10_000.0;
            assert!((f64::from(*count) - expected).abs() <= 4.0 * expected.sqrt(), "{counts:?}");
        }
    }

    #[test]
    fn bad_weights_are_refused() {
        for weights in [vec![], vec![0.0], vec![1.0, -1.0], vec![f64::NAN], vec![f64::INFINITY]] {
            assert!(Alias::new(&weights).is_err(), "{weights:?}");
        }
    }
}
