//! `clock`: first in, first out, but an entry that was used gets a second chance.
//!
//! ```toml
//! eviction = "clock"
//! ```
//!
//! Corbató, A paging experiment with the Multics system, 1968. Each entry has one bit. It comes in
//! unset and a hit sets it; the hand clears the bits that it passes and evicts the first entry whose bit is not set.

use super::cache::{Cache, Order};
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "clock",
    doc: "First in, first out, but an entry that was used since it was last passed over stays (Corbató 1968).",
    build,
};

/// The circle, cut at the hand, which points to the back. The `mark` of an entry is its bit.
#[derive(Debug, Clone, Default)]
struct Clock {
    queue: List,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    args::none(args)?;
    Ok(Box::new(Cache::new(Clock::default(), capacity)))
}

impl Order for Clock {
    fn fresh(&self) -> Clock {
        Clock::default()
    }

    fn hit(&mut self, store: &mut Store, id: u32) {
        store[id].mark = 1;
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        while store[self.queue.last()].mark == 1 {
            let spared = self.queue.last();
            store[spared].mark = 0;
            store.move_to_front(&mut self.queue, spared);
        }
        store.take_last(&mut self.queue)
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        store.push_front(&mut self.queue, id);
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        store.unlink(&mut self.queue, id);
    }
}
