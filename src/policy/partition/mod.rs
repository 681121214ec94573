//! Partitioning: which of several targets owns a key.
//!
//! A policy is one file here (what it is, how to write it, whose idea it was, its tests) and one
//! line in [`REGISTRY`]. A partition is a plain value: it depends on the key and on what is
//! written, never on a random stream.
//!
//! ```
//! use knee::policy::partition::{find, moved, shares};
//! let over = |name: &str, targets: usize| {
//!     let names: Vec<String> = (0..targets).map(|i| format!("shard[{i}]")).collect();
//!     (find(name).ok_or("no such policy")?.build)(None, &names)
//! };
//! let keys = || (0..100_000).map(|key| (key, 1.0));
//!
//! // From four shards to five: a modulus moves four keys of five, a ring about one of five.
//! assert_eq!(moved(&*over("modulo", 4)?, &*over("modulo", 5)?, keys()), 0.8);
//! let ring = moved(&*over("consistent-hash", 4)?, &*over("consistent-hash", 5)?, keys());
//! assert!((ring - 0.2).abs() < 0.05);
//! assert_eq!(shares(&*over("modulo", 4)?, keys()), [0.25; 4]);
//! # Ok::<(), String>(())
//! ```

pub(super) mod consistent_hash;
pub(super) mod hash;
pub(super) mod modulo;
pub(super) mod range;
pub(super) mod tenant;

use std::fmt::Debug;
use std::sync::Arc;

pub use super::args::Args;

use super::args;

/// Every policy of the language, in the order in which help shows them.
pub const REGISTRY: &[Entry] = &[hash::ENTRY, modulo::ENTRY, range::ENTRY, consistent_hash::ENTRY, tenant::ENTRY];

/// Keys spread over targets: each key has one place.
pub trait Partition: Debug + Send + Sync {
    /// How many targets there are, at least 1.
    fn targets(&self) -> usize;

    /// The target that owns a key: an index below [`targets`](Partition::targets).
    fn place(&self, key: u64) -> usize;

    /// The target that stands in for the owner of a key while only some are alive; the owner
    /// itself if it is. Nobody, if none is.
    ///
    /// Unless the policy has an order of its own, the owner's next neighbours by index, and the
    /// first after the last.
    fn place_alive(&self, key: u64, alive: &dyn Fn(usize) -> bool) -> Option<usize> {
        let (owner, targets) = (self.place(key), self.targets());
        (owner..targets).chain(0..owner).find(|&target| alive(target))
    }

    /// What it holds beyond a few numbers for each target, in bytes.
    fn bytes(&self) -> u64 {
        0
    }
}

/// A partitioning policy of the language.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its word in a scenario.
    pub name: &'static str,
    /// What it does, in a sentence, with its source.
    pub doc: &'static str,
    /// Spreads keys over targets of these names, in this order.
    pub build: Build,
}

/// From arguments and names of targets, at least one, to a partition, or what is wrong with the
/// arguments.
pub type Build = fn(Option<&Args>, &[String]) -> Result<Arc<dyn Partition>, String>;

/// The policy of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// The share of the load that each target gets, if `load` tells how much of it each key brings
/// (probabilities, rates or weights). Shares sum to 1, or are all 0 where there is no load.
pub fn shares(partition: &dyn Partition, load: impl IntoIterator<Item = (u64, f64)>) -> Vec<f64> {
    let (mut shares, mut total) = (vec![0.0; partition.targets()], 0.0);
    for (key, weight) in load {
        shares[partition.place(key)] += weight;
        total += weight;
    }
    if total > 0.0 {
        shares.iter_mut().for_each(|share| *share /= total);
    }
    shares
}

/// The share of the load whose target is another after than before: of the keys, if each has the
/// same weight. 0 where there is no load.
pub fn moved(before: &dyn Partition, after: &dyn Partition, load: impl IntoIterator<Item = (u64, f64)>) -> f64 {
    let (mut moved, mut total) = (0.0, 0.0);
    for (key, weight) in load {
        if before.place(key) != after.place(key) {
            moved += weight;
        }
        total += weight;
    }
    if total > 0.0 { moved / total } else { 0.0 }
}

#[cfg(test)]
mod tests;
