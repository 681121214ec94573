//! `sieve`: a hand goes from old to new and evicts what was not used; what was used stays in its place.
//!
//! ```toml
//! eviction = "sieve"
//! ```
//!
//! Zhang, Yang, Yue, Vigfusson and Rashmi, SIEVE is simpler than LRU, NSDI 2024. As in `clock` each entry has
//! a bit, which a hit sets and the hand clears. Unlike there, entries that are spared are not moved, and new
//! ones come in at the front, not behind the hand.

use super::cache::{Cache, Order};
use super::store::{List, NONE, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "sieve",
    doc: "A hand goes from old to new, evicts what was not used since it passed and moves nothing (Zhang et al. 2024).",
    build,
};

/// The `mark` of an entry says whether it was used.
#[derive(Debug, Clone)]
struct Sieve {
    queue: List,
    /// The next entry to look at, or [`NONE`] for the oldest.
    hand: u32,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    args::none(args)?;
    Ok(Box::new(Cache::new(Sieve::new(), capacity)))
}

impl Sieve {
    fn new() -> Sieve {
        Sieve { queue: List::default(), hand: NONE }
    }

    /// The entry to look at when it is the turn of this one.
    fn or_oldest(&self, id: u32) -> u32 {
        if id == NONE { self.queue.last() } else { id }
    }
}

impl Order for Sieve {
    fn fresh(&self) -> Sieve {
        Sieve::new()
    }

    fn hit(&mut self, store: &mut Store, id: u32) {
        store[id].mark = 1;
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        let mut victim = self.or_oldest(self.hand);
        while store[victim].mark == 1 {
            store[victim].mark = 0;
            victim = self.or_oldest(store.before(victim));
        }
        self.hand = store.before(victim);
        store.unlink(&mut self.queue, victim);
        victim
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        store.push_front(&mut self.queue, id);
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        if self.hand == id {
            self.hand = store.before(id);
        }
        store.unlink(&mut self.queue, id);
    }
}
