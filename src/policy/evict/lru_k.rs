//! `lru-k`: the entry whose k-th last use is longest ago goes first.
//!
//! ```toml
//! eviction = { lru-k = { k = 2 } }
//! ```
//!
//! O'Neil, O'Neil and Weikum, The LRU-K page replacement algorithm for database disk buffering, SIGMOD 1993.
//! Entries with fewer than k uses go before the others, by LRU among themselves. The uses of evicted keys
//! are remembered, as many keys as there are entries (the paper's retained information; theirs is limited by time). Their
//! correlated reference period is 0 here: every use counts.

use super::cache::{Cache, Order};
use super::heap::Heap;
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "lru-k",
    doc: "The entry whose k-th last use is longest ago goes first, `k = 2` by default (O'Neil, O'Neil and Weikum \
          1993).",
    build,
};

/// Times start at 1: no use.
const NEVER: u64 = 0;

/// Whether there were k uses, and the time of the k-th last; the last of all if there were not.
type Rank = (bool, u64);

#[derive(Debug, Clone)]
struct LruK {
    k: usize,
    /// Uses so far.
    clock: u64,
    /// The entries, in the order in which they go.
    order: Heap<Rank>,
    /// Latest evicted first.
    ghosts: List,
    /// Times of the last k uses of each node, latest first.
    times: Vec<u64>,
    /// Those of the object that comes in, as far as they are remembered.
    recalled: Vec<u64>,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    let [k] = args::numbers(args, [("k", 2.0)])?;
    let k = args::whole("k", k, 1..=16)? as usize;
    Ok(Box::new(Cache::new(LruK::new(k), capacity)))
}

impl LruK {
    fn new(k: usize) -> LruK {
        let (order, ghosts, times) = (Heap::default(), List::default(), Vec::new());
        LruK { k, clock: 0, order, ghosts, times, recalled: vec![NEVER; k] }
    }

    fn times(&mut self, id: u32) -> &mut [u64] {
        let start = id as usize * self.k;
        &mut self.times[start..start + self.k]
    }

    fn used(&mut self, id: u32) {
        self.clock += 1;
        let (k, now) = (self.k, self.clock);
        let times = self.times(id);
        times.copy_within(..k - 1, 1);
        times[0] = now;
        let rank = match times[k - 1] {
            NEVER => (false, now),
            kth => (true, kth),
        };
        self.order.set(id, rank);
    }

    /// Makes an entry a ghost, and forgets older ones beyond the number of entries.
    fn remember(&mut self, store: &mut Store, id: u32) {
        store[id].ghost = true;
        store.push_front(&mut self.ghosts, id);
        while self.ghosts.len() > self.order.len().max(1) {
            store.forget_last(&mut self.ghosts);
        }
    }
}

impl Order for LruK {
    const GHOSTS: bool = true;

    fn fresh(&self) -> LruK {
        LruK::new(self.k)
    }

    fn hit(&mut self, _: &mut Store, id: u32) {
        self.used(id);
    }

    fn arriving(&mut self, store: &mut Store, ghost: Option<u32>, _: u64) {
        self.recalled.fill(NEVER);
        if let Some(id) = ghost {
            let start = id as usize * self.k;
            self.recalled.copy_from_slice(&self.times[start..start + self.k]);
            store.unlink(&mut self.ghosts, id);
            store.forget(id);
        }
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        let (_, victim) = self.order.least().expect("a full cache has entries");
        self.order.remove(victim);
        self.remember(store, victim);
        victim
    }

    fn add(&mut self, _: &mut Store, id: u32) {
        let end = (id as usize + 1) * self.k;
        if self.times.len() < end {
            self.times.resize(end, NEVER);
        }
        self.times[end - self.k..end].copy_from_slice(&self.recalled);
        self.used(id);
    }

    fn leave(&mut self, _: &mut Store, id: u32) {
        self.order.remove(id);
    }
}
