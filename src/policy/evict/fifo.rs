//! `fifo`: the entry that came in first goes first.
//!
//! ```toml
//! eviction = "fifo"
//! ```
//!
//! Belady, A study of replacement algorithms for a virtual-storage computer, 1966. More capacity may
//! mean more misses (Belady, Nelson and Shedler 1969).

use super::cache::{Cache, Order};
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::laws::cache::Keeping;
use crate::rng::Rng;

pub(super) const ENTRY: Entry =
    Entry { name: "fifo", doc: "The entry that came in first goes first (Belady 1966).", build };

/// Newest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Fifo {
    queue: List,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    args::none(args)?;
    Ok(Box::new(Cache::new(Fifo::default(), capacity)))
}

impl Order for Fifo {
    const KEEPING: Keeping = Keeping::Any;

    fn fresh(&self) -> Fifo {
        Fifo::default()
    }

    fn hit(&mut self, _: &mut Store, _: u32) {}

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        store.take_last(&mut self.queue)
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        store.push_front(&mut self.queue, id);
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        store.unlink(&mut self.queue, id);
    }
}
