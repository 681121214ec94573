//! `random`: any entry goes, each as likely as the others.
//!
//! ```toml
//! eviction = "random"
//! ```
//!
//! Belady 1966. Under independent requests it hits as often as FIFO (Gelenbe 1973).

use super::cache::{Cache, Order};
use super::store::Store;
use super::{Args, Entry, Evict, args};
use crate::laws::cache::Keeping;
use crate::rng::{Rng, below};

pub(super) const ENTRY: Entry =
    Entry { name: "random", doc: "Any entry goes, each as likely as the others (Belady 1966).", build };

/// All entries; each one's `mark` is its place here.
#[derive(Debug, Clone, Default)]
struct Random {
    entries: Vec<u32>,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    args::none(args)?;
    Ok(Box::new(Cache::new(Random::default(), capacity)))
}

impl Order for Random {
    const KEEPING: Keeping = Keeping::Any;

    fn fresh(&self) -> Random {
        Random::default()
    }

    fn hit(&mut self, _: &mut Store, _: u32) {}

    fn evict(&mut self, store: &mut Store, rng: &mut Rng) -> u32 {
        let victim = self.entries[below(rng, self.entries.len() as u32) as usize];
        self.leave(store, victim);
        victim
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        store[id].mark = self.entries.len() as u32;
        self.entries.push(id);
    }

    /// The last entry takes the place that becomes free.
    fn leave(&mut self, store: &mut Store, id: u32) {
        let place = store[id].mark;
        self.entries.swap_remove(place as usize);
        if let Some(&moved) = self.entries.get(place as usize) {
            store[moved].mark = place;
        }
    }
}
