//! Contents of caches: what is there, and what goes when there is no more room.
//!
//! A policy is one file here (what it is, how to write it, whose idea it was, its decision) and one
//! line in [`REGISTRY`].
//!
//! A capacity is a number of units, and each object has a size in the same unit: 1 if entries are
//! counted, or bytes. A full cache evicts until the new object fits. The size of an object is the
//! one with which it came in.
//!
//! A request is a lookup, and on a miss an insertion once the object has been fetched. Other requests may
//! come between the two: what a policy does about a miss it does when the object comes in.

mod arc;
mod args;
mod cache;
mod clock;
mod fifo;
mod heap;
mod lfu;
mod lru;
mod lru_k;
mod perfect_lfu;
mod random;
mod s3_fifo;
mod sieve;
mod sketch;
mod store;
mod w_tinylfu;

pub use super::balance::Args;

use crate::laws::cache::Keeping;
use crate::rng::Rng;

/// Every policy of the language, in the order in which help shows them.
pub const REGISTRY: &[Entry] = &[
    fifo::ENTRY,
    random::ENTRY,
    lru::ENTRY,
    lfu::ENTRY,
    clock::ENTRY,
    sieve::ENTRY,
    s3_fifo::ENTRY,
    arc::ENTRY,
    w_tinylfu::ENTRY,
    lru_k::ENTRY,
];

/// The contents of a cache, and which entry goes when it is full.
///
/// ```
/// use knee::{policy::evict, rng};
/// let mut rng = rng::stream(1, 0, "cache");
/// let lru = evict::find("lru").expect("it is registered");
/// let mut cache = (lru.build)(None, 2)?;
/// let mut gone = Vec::new();
/// for key in [1, 2, 1, 3] {
///     if !cache.lookup(key, &mut rng) {
///         cache.insert(key, 1, &mut rng, &mut |key| gone.push(key));
///     }
/// }
/// assert_eq!(gone, [2]);
/// assert!(cache.contains(1) && cache.contains(3));
/// # Ok::<(), String>(())
/// ```
pub trait Evict: Send + Sync {
    /// A key is looked up: whether it is there. The policy takes note of the use.
    fn lookup(&mut self, key: u64, rng: &mut Rng) -> bool;

    /// Whether a key is there; nothing changes.
    fn contains(&self, key: u64) -> bool;

    /// Puts a key in, with its size in units of the capacity, and returns whether it is there now.
    ///
    /// If it was there already, nothing changes. An object larger than the capacity is not admitted; a policy
    /// may decline others. `evicted` is told each other key that goes for it.
    fn insert(&mut self, key: u64, size: u64, rng: &mut Rng, evicted: &mut dyn FnMut(u64)) -> bool;

    /// Takes a key out, invalid or expired: whether it was there. Whatever the policy remembers of
    /// keys that are not there stays.
    fn remove(&mut self, key: u64) -> bool;

    /// The law that comes nearest to what it holds under independent requests: that of LRU, where none is known.
    fn keeping(&self) -> Keeping {
        Keeping::Recent
    }

    /// How many keys are there.
    fn len(&self) -> usize;

    /// How many keys it knows something of, whether they are there or not.
    fn known(&self) -> usize {
        self.len()
    }

    /// Whether no key is there.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Units in use.
    fn used(&self) -> u64;

    /// Forgets everything, as a node that has lost its memory.
    fn clear(&mut self);

    /// An empty copy with the same parameters, for a new replication.
    fn fresh(&self) -> Box<dyn Evict>;
}

/// A policy of the language.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its word in a scenario.
    pub name: &'static str,
    /// What it does, in a sentence, with its source.
    pub doc: &'static str,
    /// Makes an empty cache of a capacity, of at most 2⁶⁰ units.
    pub build: Build,
}

/// From arguments and a capacity to a cache, or what is wrong with the arguments.
pub type Build = fn(Option<&Args>, u64) -> Result<Box<dyn Evict>, String>;

/// The policy of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// A store without a capacity, from which nothing is evicted.
pub fn unbounded() -> Box<dyn Evict> {
    Box::new(cache::Cache::new(fifo::Fifo::default(), u64::MAX))
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
