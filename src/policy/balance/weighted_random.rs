//! `weighted-random`: a target with probability proportional to its weight.
//!
//! ```toml
//! policy = { weighted-random = { fast = 4, slow = 1 } }
//! ```
//!
//! The static split whose best weights Buzen and Chen (1974) and Tantawi and Towsley (1985) found.

use super::{Args, Balance, Entry, View, WhenAbsent, args};
use crate::rng::{Rng, unit};

pub(super) const ENTRY: Entry =
    Entry { name: "weighted-random", doc: "At random, in proportion to weights (Buzen & Chen 1974).", build };

/// Sums of the weights up to and including each target.
#[derive(Debug, Clone)]
struct WeightedRandom {
    sums: Vec<f64>,
}

impl WeightedRandom {
    fn new(weights: &[f64]) -> WeightedRandom {
        let mut sum = 0.0;
        let add = |w: &f64| {
            sum += w;
            sum
        };
        WeightedRandom { sums: weights.iter().map(add).collect() }
    }
}

fn build(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    Ok(Box::new(WeightedRandom::new(&args::weights(args, targets)?)))
}

impl Balance for WeightedRandom {
    fn choose(&mut self, _: &View<'_>, rng: &mut Rng) -> usize {
        let total = self.sums[self.sums.len() - 1];
        let at = unit(rng) * total;
        let chosen = self.sums.partition_point(|&sum| sum <= at);
        // Rounding may put `at` on the total itself: that is the last target with a weight.
        if chosen < self.sums.len() { chosen } else { self.sums.partition_point(|&sum| sum < total) }
    }

    fn shares(&self, targets: usize) -> Vec<f64> {
        let total = self.sums[targets - 1];
        let below = |target: usize| target.checked_sub(1).map_or(0.0, |before| self.sums[before]);
        (0..targets).map(|target| (self.sums[target] - below(target)) / total).collect()
    }

    fn is_independent(&self) -> bool {
        true
    }

    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::Again
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, shares_of};
    use super::*;

    #[test]
    fn shares_are_proportional_to_weights_and_zero_is_never_chosen() {
        let scene = Scene::loads(&[0, 0, 0, 0]);
        let mut split = WeightedRandom::new(&[1.0, 0.0, 3.0, 0.0]);
        let shares = shares_of(&mut split, &scene);
        assert!((shares[0] - 0.25).abs() < 0.02 && (shares[2] - 0.75).abs() < 0.02, "{shares:?}");
        assert_eq!((shares[1], shares[3]), (0.0, 0.0));
    }
}
