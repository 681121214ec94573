//! `w-tinylfu`: a small LRU window, and a main part that takes from it only what was used more often lately
//! than what would go.
//!
//! ```toml
//! eviction = "w-tinylfu"
//! eviction = { w-tinylfu = { window = 0.01, protected = 0.8 } }
//! ```
//!
//! Einziger, Friedman and Manes, TinyLFU: a highly efficient cache admission policy, ACM Transactions on Storage
//! 2017. `window` is a share of the capacity. The main part is a segmented LRU: what is used there moves to a
//! protected segment, which has at most the share `protected` of the main part, and from which the least
//! recently used moves back. Frequencies of all keys are estimated by a sketch with 4-bit counters that
//! are halved after ten uses an entry.
//!
//! An object larger than the window leaves it at once. One that needs the room of several has to be used more
//! often than each of them, and those before the first that was used as often go in vain (as in Caffeine).

use super::sketch::Sketch;
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "w-tinylfu",
    doc: "A small LRU window, and a main part that takes from it what was used more often lately than what would go \
          (Einziger, Friedman and Manes 2017).",
    build,
};

/// Names of the lists in `list` of an entry.
const WINDOW: u8 = 0;
const PROBATION: u8 = 1;
const PROTECTED: u8 = 2;

#[derive(Debug, Clone, Copy)]
struct Shares {
    window: u64,
    main: u64,
    /// Of the main part.
    protected: u64,
}

#[derive(Debug, Clone)]
struct WTinyLfu {
    shares: Shares,
    store: Store,
    sketch: Sketch,
    window: List,
    probation: List,
    protected: List,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    let [window, protected] = args::numbers(args, [("window", 0.01), ("protected", 0.8)])?;
    let main = ((1.0 - args::share("window", window)?) * capacity as f64) as u64;
    let main = main.min(capacity);
    let protected = (args::share("protected", protected)? * main as f64) as u64;
    Ok(Box::new(WTinyLfu::new(Shares { window: capacity - main, main, protected })))
}

impl WTinyLfu {
    fn new(shares: Shares) -> WTinyLfu {
        let (window, probation, protected) = <(List, List, List)>::default();
        WTinyLfu { shares, store: Store::default(), sketch: Sketch::default(), window, probation, protected }
    }

    /// The list in which an entry is.
    fn list(&mut self, id: u32) -> (&mut Store, &mut List) {
        let list = match self.store[id].list {
            WINDOW => &mut self.window,
            PROBATION => &mut self.probation,
            _ => &mut self.protected,
        };
        (&mut self.store, list)
    }

    /// To the front of a list, from none.
    fn enter(&mut self, id: u32, list: u8) {
        self.store[id].list = list;
        let (store, list) = self.list(id);
        store.push_front(list, id);
    }

    fn discard(&mut self, id: u32) {
        let (store, list) = self.list(id);
        store.unlink(list, id);
        store.forget(id);
    }

    /// What was used on probation is protected, at the cost of what was not used for longest.
    fn protect(&mut self, id: u32) {
        self.store.unlink(&mut self.probation, id);
        self.enter(id, PROTECTED);
        while self.protected.used() > self.shares.protected {
            let demoted = self.store.take_last(&mut self.protected);
            self.enter(demoted, PROBATION);
        }
    }

    /// The window's least recently used object moves to the main part, or goes.
    fn leave_window(&mut self, evicted: &mut dyn FnMut(u64)) {
        let candidate = self.window.last();
        if self.admits(candidate, evicted) {
            self.store.unlink(&mut self.window, candidate);
            self.enter(candidate, PROBATION);
        } else {
            evicted(self.store.key(candidate));
            self.discard(candidate);
        }
    }

    /// Whether the main part has room for a candidate, after all that was used less often has gone for it.
    fn admits(&mut self, candidate: u32, evicted: &mut dyn FnMut(u64)) -> bool {
        let size = self.store.size(candidate);
        if size > self.shares.main {
            return false;
        }
        let frequency = self.sketch.frequency(self.store.key(candidate));
        while self.probation.used() + self.protected.used() > self.shares.main - size {
            let victim = if self.probation.len() > 0 { self.probation.last() } else { self.protected.last() };
            let key = self.store.key(victim);
            if self.sketch.frequency(key) >= frequency {
                return false;
            }
            evicted(key);
            self.discard(victim);
        }
        true
    }
}

impl Evict for WTinyLfu {
    fn lookup(&mut self, key: u64, _: &mut Rng) -> bool {
        self.sketch.count(key);
        let Some(id) = self.store.find(key) else { return false };
        if self.store[id].list == PROBATION {
            self.protect(id);
        } else {
            let (store, list) = self.list(id);
            store.move_to_front(list, id);
        }
        true
    }

    fn contains(&self, key: u64) -> bool {
        self.store.find(key).is_some()
    }

    fn insert(&mut self, key: u64, size: u64, _: &mut Rng, evicted: &mut dyn FnMut(u64)) -> bool {
        if self.contains(key) {
            return true;
        }
        if size > self.shares.window + self.shares.main {
            return false;
        }
        let id = self.store.add(key, size);
        if size > self.shares.window {
            self.store.push_back(&mut self.window, id);
        } else {
            self.store.push_front(&mut self.window, id);
        }
        while self.window.used() > self.shares.window {
            self.leave_window(&mut |gone| {
                if gone != key {
                    evicted(gone);
                }
            });
        }
        self.sketch.fit(self.len());
        self.contains(key)
    }

    fn remove(&mut self, key: u64) -> bool {
        let Some(id) = self.store.find(key) else { return false };
        self.discard(id);
        true
    }

    fn len(&self) -> usize {
        self.window.len() + self.probation.len() + self.protected.len()
    }

    fn used(&self) -> u64 {
        self.window.used() + self.probation.used() + self.protected.used()
    }

    fn clear(&mut self) {
        *self = WTinyLfu::new(self.shares);
    }

    fn fresh(&self) -> Box<dyn Evict> {
        Box::new(WTinyLfu::new(self.shares))
    }
}
