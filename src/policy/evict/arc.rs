//! `arc`: two LRU lists, of what was used once and of what was used again, whose shares adapt to which of
//! them is missed more.
//!
//! ```toml
//! eviction = "arc"
//! ```
//!
//! Megiddo and Modha, ARC: a self-tuning, low overhead replacement cache, FAST 2003. The names T1, T2, B1, B2 and p
//! and the cases I to IV are theirs. They have objects of size 1; with sizes, everything they count is measured in
//! units of the capacity, as in libCacheSim (Yang 2023), and an object goes until the new one fits.

use super::cache::{Cache, Order};
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "arc",
    doc: "Two LRU lists, of what was used once and of what was used again, whose shares adapt (Megiddo and Modha \
          2003).",
    build,
};

/// Names of the lists in `list` of an entry: T1 or B1, T2 or B2.
const ONCE: u8 = 1;
const AGAIN: u8 = 2;

/// Where an object is remembered that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    B1,
    B2,
    Nowhere,
}

#[derive(Debug, Clone)]
struct Arc {
    /// The capacity.
    c: u64,
    /// The share of T1 that is aimed at.
    p: f64,
    t1: List,
    t2: List,
    b1: List,
    b2: List,
    /// Of the object that comes in.
    from: From,
    size: u64,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    args::none(args)?;
    Ok(Box::new(Cache::new(Arc::new(capacity), capacity)))
}

impl Arc {
    fn new(c: u64) -> Arc {
        let (t1, t2, b1, b2) = <(List, List, List, List)>::default();
        Arc { c, p: 0.0, t1, t2, b1, b2, from: From::Nowhere, size: 0 }
    }

    /// Cases II and III: the list whose ghost is missed gets a larger share, by as much more as its ghosts
    /// are rarer.
    fn adapt(&mut self) {
        let (b1, b2) = (self.b1.used() as f64, self.b2.used() as f64);
        match self.from {
            From::B1 => self.p = (self.p + (b2 / b1).max(1.0)).min(self.c as f64),
            From::B2 => self.p = (self.p - (b1 / b2).max(1.0)).max(0.0),
            From::Nowhere => {}
        }
    }

    /// REPLACE: the least recently used of T1 or of T2 becomes a ghost.
    fn replace(&mut self, store: &mut Store) -> u32 {
        let t1 = self.t1.used() as f64;
        let is_over = t1 > self.p || (t1 == self.p && self.from == From::B2);
        let is_once = (self.t1.used() > 0 && is_over) || self.t2.used() == 0;
        let (list, ghosts) = if is_once { (&mut self.t1, &mut self.b1) } else { (&mut self.t2, &mut self.b2) };
        let victim = store.take_last(list);
        store[victim].ghost = true;
        store.push_front(ghosts, victim);
        victim
    }

    /// Case IV: the object is remembered nowhere, so a ghost may have to go too.
    fn evict_for_new(&mut self, store: &mut Store) -> u32 {
        let l1 = self.t1.used() + self.b1.used();
        if self.size > self.c.saturating_sub(l1) {
            if self.b1.used() == 0 {
                return store.take_last(&mut self.t1);
            }
            store.forget_last(&mut self.b1);
        } else if l1 + self.t2.used() + self.b2.used() >= self.c.saturating_mul(2) && self.b2.used() > 0 {
            store.forget_last(&mut self.b2);
        }
        self.replace(store)
    }
}

impl Order for Arc {
    const GHOSTS: bool = true;

    fn fresh(&self) -> Arc {
        Arc::new(self.c)
    }

    /// Case I.
    fn hit(&mut self, store: &mut Store, id: u32) {
        if store[id].list == AGAIN {
            store.move_to_front(&mut self.t2, id);
        } else {
            store.unlink(&mut self.t1, id);
            store[id].list = AGAIN;
            store.push_front(&mut self.t2, id);
        }
    }

    fn arriving(&mut self, store: &mut Store, ghost: Option<u32>, size: u64) {
        self.size = size;
        self.from = match ghost.map(|id| store[id].list) {
            Some(ONCE) => From::B1,
            Some(_) => From::B2,
            None => From::Nowhere,
        };
        self.adapt();
        if let Some(id) = ghost {
            let ghosts = if self.from == From::B1 { &mut self.b1 } else { &mut self.b2 };
            store.unlink(ghosts, id);
            store.forget(id);
        }
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        match self.from {
            From::Nowhere => self.evict_for_new(store),
            From::B1 | From::B2 => self.replace(store),
        }
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        if self.from == From::Nowhere {
            store[id].list = ONCE;
            store.push_front(&mut self.t1, id);
        } else {
            store[id].list = AGAIN;
            store.push_front(&mut self.t2, id);
        }
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        let list = if store[id].list == ONCE { &mut self.t1 } else { &mut self.t2 };
        store.unlink(list, id);
    }
}
