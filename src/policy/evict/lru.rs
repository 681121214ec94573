//! `lru`: the entry whose last use is longest ago goes first.
//!
//! ```toml
//! eviction = "lru"
//! ```
//!
//! Belady 1966; its hit ratio under independent requests is King's (1971).

use super::cache::{Cache, Order};
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry =
    Entry { name: "lru", doc: "The entry whose last use is longest ago goes first (Belady 1966).", build };

/// Latest used first.
#[derive(Debug, Clone, Default)]
struct Lru {
    stack: List,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    args::none(args)?;
    Ok(Box::new(Cache::new(Lru::default(), capacity)))
}

impl Order for Lru {
    fn fresh(&self) -> Lru {
        Lru::default()
    }

    fn hit(&mut self, store: &mut Store, id: u32) {
        store.move_to_front(&mut self.stack, id);
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        store.take_last(&mut self.stack)
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        store.push_front(&mut self.stack, id);
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        store.unlink(&mut self.stack, id);
    }
}
