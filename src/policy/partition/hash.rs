//! `hash`: a hash of the key modulo the number of targets.
//!
//! ```toml
//! sharding = { shards = 4, by = "hash" }
//! ```
//!
//! The hash is the output function of SplitMix64 (Steele, Lea and Flood 2014): keys that are close
//! together come to lie anywhere. Another number of targets moves nearly all keys.

use std::sync::Arc;

use super::{Args, Entry, Partition, args};

pub(super) const ENTRY: Entry = Entry {
    name: "hash",
    doc: "A hash of the key modulo the number of targets (SplitMix64, Steele et al. 2014).",
    build,
};

#[derive(Debug, Clone, Copy)]
struct Hash {
    targets: usize,
}

pub(in crate::policy) fn build(args: Option<&Args>, targets: &[String]) -> Result<Arc<dyn Partition>, String> {
    args::none(args)?;
    Ok(Arc::new(Hash { targets: targets.len() }))
}

impl Partition for Hash {
    fn targets(&self) -> usize {
        self.targets
    }

    fn place(&self, key: u64) -> usize {
        (split_mix(key) % self.targets as u64) as usize
    }
}

/// The output of SplitMix64 in state `x`: a permutation of all 64-bit numbers.
pub(super) fn split_mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::super::tests::over;
    use super::*;
    use crate::policy::partition::shares;

    #[test]
    fn the_hash_is_the_published_one() {
        // The first outputs of the reference implementation from the states 0 and 1234567.
        assert_eq!(split_mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(split_mix(1_234_567), 6_457_827_717_110_365_317);
    }

    #[test]
    fn keys_spread_evenly() {
        for share in shares(&*over("hash", 8), (0..80_000).map(|key| (key, 1.0))) {
            // Four standard deviations of a binomial share.
            assert!((share - 0.125).abs() < 0.0047, "{share}");
        }
    }
}
