//! `lfu`: the entry that was used least often goes first; among equals the one whose last use is longest ago.
//!
//! ```toml
//! eviction = "lfu"
//! eviction = { lfu = { remember = 1 } }
//! ```
//!
//! Uses are counted while an entry is in the cache. Each count that occurs has a list of its entries, and the
//! lists are linked in order, so that an operation takes constant time (Matani, Shah and Mitra 2021).
//! With `remember = 1` the counts outlive the entries: see the module `perfect_lfu`.

use super::cache::{Cache, Order};
use super::perfect_lfu::PerfectLfu;
use super::store::{List, NONE, Store};
use super::{Args, Entry, Evict, args};
use crate::arena::Arena;
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "lfu",
    doc: "The entry used least often since it came in goes first, the longest unused among equals; `remember = 1` \
          counts every key for ever and admits only what was used more often than what would go (Aho, Denning and \
          Ullman 1971).",
    build,
};

/// The `mark` of an entry is the group it belongs to.
#[derive(Debug, Clone)]
struct Lfu {
    groups: Arena<Group>,
    /// The group of the smallest count, or [`NONE`].
    least: u32,
}

/// The entries with the same number of uses.
#[derive(Debug, Clone, Default)]
struct Group {
    uses: u64,
    /// Latest used first.
    entries: List,
    /// The groups of the next smaller and the next larger count, or [`NONE`].
    less: u32,
    more: u32,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    let [remember] = args::numbers(args, [("remember", 0.0)])?;
    Ok(match args::whole("remember", remember, 0..=1)? {
        0 => Box::new(Cache::new(Lfu::new(), capacity)),
        _ => Box::new(PerfectLfu::new(capacity)),
    })
}

impl Lfu {
    fn new() -> Lfu {
        Lfu { groups: Arena::default(), least: NONE }
    }

    /// The group of a count, made if need be; it follows `less`, which is the last group below that count.
    fn group_after(&mut self, less: u32, uses: u64) -> u32 {
        let more = if less == NONE { self.least } else { self.groups[less].more };
        if more != NONE && self.groups[more].uses == uses {
            return more;
        }
        let group = self.groups.insert(Group { uses, entries: List::default(), less, more });
        self.link(less, group);
        self.link(group, more);
        group
    }

    /// Makes two groups, or the ends of the row, neighbours.
    fn link(&mut self, less: u32, more: u32) {
        match less {
            NONE => self.least = more,
            less => self.groups[less].more = more,
        }
        if more != NONE {
            self.groups[more].less = less;
        }
    }

    fn drop_if_empty(&mut self, group: u32) {
        if self.groups[group].entries.len() == 0 {
            let Group { less, more, .. } = self.groups[group];
            self.link(less, more);
            self.groups.remove(group);
        }
    }

    fn enter(&mut self, store: &mut Store, id: u32, group: u32) {
        store[id].mark = group;
        store.push_front(&mut self.groups[group].entries, id);
    }
}

impl Order for Lfu {
    fn fresh(&self) -> Lfu {
        Lfu::new()
    }

    fn hit(&mut self, store: &mut Store, id: u32) {
        let group = store[id].mark;
        let next = self.group_after(group, self.groups[group].uses + 1);
        store.unlink(&mut self.groups[group].entries, id);
        self.enter(store, id, next);
        self.drop_if_empty(group);
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        let victim = self.groups[self.least].entries.last();
        self.leave(store, victim);
        victim
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        let group = self.group_after(NONE, 1);
        self.enter(store, id, group);
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        let group = store[id].mark;
        store.unlink(&mut self.groups[group].entries, id);
        self.drop_if_empty(group);
    }
}
