//! `modulo`: the key modulo the number of targets.
//!
//! ```toml
//! sharding = { shards = 4, by = "modulo" }
//! ```
//!
//! Key 0 goes to the first target, key 1 to the second, and so on in turn. The keys of a Zipf
//! popularity are ranks counted from 0: the most popular is on the first target. From n targets to
//! n + 1, n keys of n + 1 move.

use std::sync::Arc;

use super::{Args, Entry, Partition, args};

pub(super) const ENTRY: Entry =
    Entry { name: "modulo", doc: "The key modulo the number of targets: key 0 is on the first.", build };

#[derive(Debug, Clone, Copy)]
struct Modulo {
    targets: usize,
}

pub(in crate::policy) fn build(args: Option<&Args>, targets: &[String]) -> Result<Arc<dyn Partition>, String> {
    args::none(args)?;
    Ok(Arc::new(Modulo { targets: targets.len() }))
}

impl Partition for Modulo {
    fn targets(&self) -> usize {
        self.targets
    }

    fn place(&self, key: u64) -> usize {
        (key % self.targets as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{over, uniform};
    use crate::policy::partition::{moved, shares};

    #[test]
    fn keys_go_round() {
        let modulo = over("modulo", 3);
        let places: Vec<usize> = (0..7).map(|key| modulo.place(key)).collect();
        assert_eq!(places, [0, 1, 2, 0, 1, 2, 0]);
    }

    #[test]
    fn one_more_target_moves_nearly_all() {
        let moved = |n| moved(&*over("modulo", n), &*over("modulo", n + 1), uniform(110_000));
        assert!((moved(10) - 10.0 / 11.0).abs() < 1e-12);
        assert_eq!(moved(4), 0.8);
    }

    /// A thousand keys of Zipf's law with exponent 1, of which every eighth is on one shard: the
    /// shares are sums of 1/k over harmonic numbers.
    #[test]
    fn the_shard_of_the_most_popular_key_is_hot() {
        let shares = shares(&*over("modulo", 8), (0..1000).map(|key| (key, 1.0 / (key + 1) as f64)));
        assert!((shares[0] - 0.220_657_538_1).abs() < 1e-10, "{shares:?}");
        assert!((shares[7] - 0.368_445_865_4 * 100.0 / 407.872).abs() < 1e-6, "{shares:?}");
        assert!(shares.is_sorted_by(|a, b| a > b));
    }
}
