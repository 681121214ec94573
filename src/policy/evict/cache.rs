//! What most policies share: a cache whose entries an [`Order`] arranges.

use super::Evict;
use super::store::Store;
use crate::laws::cache::Keeping;
use crate::rng::Rng;

/// Arranges the entries of a cache.
pub(super) trait Order: Send + Sync + 'static {
    /// Keys of evicted entries are remembered.
    const GHOSTS: bool = false;

    /// The law that comes nearest to what is kept.
    const KEEPING: Keeping = Keeping::Recent;

    /// The same parameters, without entries.
    fn fresh(&self) -> Self;

    /// An entry was looked up.
    fn hit(&mut self, store: &mut Store, id: u32);

    /// A key comes in, before anything is evicted for it. `ghost` is its node if it is remembered;
    /// the order has to forget that.
    fn arriving(&mut self, store: &mut Store, ghost: Option<u32>, size: u64) {
        let _ = (store, ghost, size);
    }

    /// Takes out the entry that goes next; there is one of size 1 or more. An order that wants to
    /// remember it makes it a ghost, and is asked about it no more until the key comes in.
    fn evict(&mut self, store: &mut Store, rng: &mut Rng) -> u32;

    /// A new entry, in no list.
    fn add(&mut self, store: &mut Store, id: u32);

    /// Takes out an entry that is removed for another reason than lack of space.
    fn leave(&mut self, store: &mut Store, id: u32);
}

/// A cache that takes every object that fits, and evicts in an order.
#[derive(Debug, Clone)]
pub(super) struct Cache<O> {
    store: Store,
    order: O,
    capacity: u64,
    len: usize,
    used: u64,
}

impl<O: Order> Cache<O> {
    pub(super) fn new(order: O, capacity: u64) -> Cache<O> {
        Cache { store: Store::default(), order, capacity, len: 0, used: 0 }
    }

    #[inline]
    fn entry(&self, key: u64) -> Option<u32> {
        self.store.find(key).filter(|&id| !self.is_ghost(id))
    }

    /// Evicts one entry and returns its key.
    fn evict(&mut self, rng: &mut Rng) -> u64 {
        let id = self.order.evict(&mut self.store, rng);
        let key = self.store.key(id);
        self.len -= 1;
        self.used -= self.store.size(id);
        if !self.is_ghost(id) {
            self.store.forget(id);
        }
        key
    }

    /// Nobody looks where there are none.
    #[inline]
    fn is_ghost(&self, id: u32) -> bool {
        O::GHOSTS && self.store[id].ghost
    }
}

impl<O: Order> Evict for Cache<O> {
    fn lookup(&mut self, key: u64, _: &mut Rng) -> bool {
        match self.entry(key) {
            Some(id) => {
                self.order.hit(&mut self.store, id);
                true
            }
            None => false,
        }
    }

    fn contains(&self, key: u64) -> bool {
        self.entry(key).is_some()
    }

    fn insert(&mut self, key: u64, size: u64, rng: &mut Rng, evicted: &mut dyn FnMut(u64)) -> bool {
        let known = self.store.find(key);
        if known.is_some_and(|id| !self.is_ghost(id)) {
            return true;
        }
        if size > self.capacity {
            return false;
        }
        self.order.arriving(&mut self.store, known, size);
        while size > self.capacity - self.used {
            evicted(self.evict(rng));
        }
        let id = self.store.add(key, size);
        self.order.add(&mut self.store, id);
        self.len += 1;
        self.used += size;
        true
    }

    fn remove(&mut self, key: u64) -> bool {
        let Some(id) = self.entry(key) else { return false };
        self.order.leave(&mut self.store, id);
        self.len -= 1;
        self.used -= self.store.size(id);
        self.store.forget(id);
        true
    }

    fn keeping(&self) -> Keeping {
        O::KEEPING
    }

    fn known(&self) -> usize {
        self.store.known()
    }

    fn len(&self) -> usize {
        self.len
    }

    fn used(&self) -> u64 {
        self.used
    }

    fn clear(&mut self) {
        *self = Cache::new(self.order.fresh(), self.capacity);
    }

    fn fresh(&self) -> Box<dyn Evict> {
        Box::new(Cache::new(self.order.fresh(), self.capacity))
    }
}
