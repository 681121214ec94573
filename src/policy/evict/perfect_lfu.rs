//! `lfu` with `remember = 1`: the entry that was used least often of all time goes first, and only
//! for a key that was used more often.
//!
//! ```toml
//! eviction = { lfu = { remember = 1 } }
//! ```
//!
//! Under independent requests it comes to hold the most popular keys, the best that a policy which
//! does not know the future can do (A₀ of Aho, Denning and Ullman 1971; "Perfect-LFU" of Breslau
//! et al. 1999). Each key ever looked up takes 32 to 64 bytes: memory grows with the number of keys.
//!
//! An object that needs the room of several has to be used more often than each of them.

use super::Evict;
use super::heap::Heap;
use super::store::Store;
use crate::keymap::KeyMap;
use crate::laws::cache::Keeping;
use crate::rng::Rng;

/// The largest number of uses that is told from a larger one.
const MOST: u32 = u32::MAX - 1;

/// Uses of a key, and the time of the last one.
type Rank = (u32, u64);

/// A cache with perfect knowledge of the past.
#[derive(Debug, Clone)]
pub(super) struct PerfectLfu {
    capacity: u64,
    used: u64,
    store: Store,
    /// Uses of every key that was ever looked up.
    uses: KeyMap,
    /// The entries, least used first, longest unused first among equals.
    order: Heap<Rank>,
    /// Lookups and insertions so far.
    clock: u64,
    /// Entries about to go, kept for its memory.
    victims: Vec<(Rank, u32)>,
}

impl PerfectLfu {
    pub(super) fn new(capacity: u64) -> PerfectLfu {
        PerfectLfu {
            capacity,
            used: 0,
            store: Store::default(),
            uses: KeyMap::default(),
            order: Heap::default(),
            clock: 0,
            victims: Vec::new(),
        }
    }

    /// The rank of a key that is used now, if it has been used so many times.
    fn rank(&mut self, uses: u32) -> Rank {
        self.clock += 1;
        (uses, self.clock)
    }

    /// Picks `victims` so that an object fits. Fails, and picks none, if one of them was used as often as it.
    fn make_room(&mut self, size: u64, uses: u32) -> bool {
        self.victims.clear();
        let mut room = self.capacity - self.used;
        while room < size {
            let worse = self.order.least().filter(|(rank, _)| rank.0 < uses);
            let Some((rank, id)) = worse else {
                self.victims.drain(..).for_each(|(rank, id)| self.order.set(id, rank));
                return false;
            };
            self.order.remove(id);
            self.victims.push((rank, id));
            room += self.store.size(id);
        }
        true
    }

    fn discard(&mut self, id: u32) {
        self.used -= self.store.size(id);
        self.store.forget(id);
    }
}

impl Evict for PerfectLfu {
    fn lookup(&mut self, key: u64, _: &mut Rng) -> bool {
        let uses = self.uses.get(key).unwrap_or(0).saturating_add(1).min(MOST);
        self.uses.insert(key, uses);
        let Some(id) = self.store.find(key) else { return false };
        let rank = self.rank(uses);
        self.order.set(id, rank);
        true
    }

    fn contains(&self, key: u64) -> bool {
        self.store.find(key).is_some()
    }

    fn insert(&mut self, key: u64, size: u64, _: &mut Rng, evicted: &mut dyn FnMut(u64)) -> bool {
        if self.contains(key) {
            return true;
        }
        let uses = self.uses.get(key).unwrap_or(0);
        if size > self.capacity || !self.make_room(size, uses) {
            return false;
        }
        for i in 0..self.victims.len() {
            let id = self.victims[i].1;
            evicted(self.store.key(id));
            self.discard(id);
        }
        let id = self.store.add(key, size);
        let rank = self.rank(uses);
        self.order.set(id, rank);
        self.used += size;
        true
    }

    fn remove(&mut self, key: u64) -> bool {
        let Some(id) = self.store.find(key) else { return false };
        self.order.remove(id);
        self.discard(id);
        true
    }

    fn keeping(&self) -> Keeping {
        Keeping::Popular
    }

    fn known(&self) -> usize {
        self.uses.len()
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    fn used(&self) -> u64 {
        self.used
    }

    fn clear(&mut self) {
        *self = PerfectLfu::new(self.capacity);
    }

    fn fresh(&self) -> Box<dyn Evict> {
        Box::new(PerfectLfu::new(self.capacity))
    }
}
