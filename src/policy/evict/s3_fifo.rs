//! `s3-fifo`: a small queue that new objects have to pass, a main queue for those that were used
//! there, and the memory of those that were not.
//!
//! ```toml
//! eviction = "s3-fifo"
//! eviction = { s3-fifo = { small = 0.1, ghost = 0.9, threshold = 2 } }
//! ```
//!
//! Yang, Zhang, Qiu, Yue and Rashmi, FIFO queues are all you need for cache eviction, SOSP 2023, with the
//! parameters of the authors' simulator. `small` and `ghost` are shares of the capacity; an object
//! used `threshold` times in the small queue moves to the main queue, where it is spared once for each use since, at
//! most three. An object that is remembered goes to the main queue at once. While there is room the
//! small queue may be longer than its share; when there is none, it is the main queue that has to keep to its share.
//!
//! The authors' simulator declines objects larger than the small queue. Here they come in.

use super::cache::{Cache, Order};
use super::store::{List, Store};
use super::{Args, Entry, Evict, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "s3-fifo",
    doc: "A small queue that new objects have to pass, a main queue for those used there, and the memory of the \
          others (Yang et al. 2023).",
    build,
};

/// Uses are counted up to this.
const MOST_USES: u32 = 3;

/// Names of the queues in `list` of an entry.
const SMALL: u8 = 0;
const MAIN: u8 = 1;

/// The `mark` of an entry is the number of its uses since it came to its queue.
#[derive(Debug, Clone)]
struct S3Fifo {
    /// Units from which on the main queue has to evict.
    main_share: u64,
    ghost_share: u64,
    threshold: u32,
    small: List,
    main: List,
    ghosts: List,
    /// Whether the object that comes in is remembered.
    returns: bool,
}

fn build(args: Option<&Args>, capacity: u64) -> Result<Box<dyn Evict>, String> {
    let [small, ghost, threshold] = args::numbers(args, [("small", 0.1), ("ghost", 0.9), ("threshold", 2.0)])?;
    let small = (args::share("small", small)? * capacity as f64) as u64;
    if !(0.0..=10.0).contains(&ghost) {
        return Err("`ghost` is a multiple of the capacity from 0 to 10".into());
    }
    let order = S3Fifo {
        main_share: capacity.saturating_sub(small.max(1)),
        ghost_share: (ghost * capacity as f64) as u64,
        threshold: args::whole("threshold", threshold, 1..=MOST_USES)?,
        small: List::default(),
        main: List::default(),
        ghosts: List::default(),
        returns: false,
    };
    Ok(Box::new(Cache::new(order, capacity)))
}

impl S3Fifo {
    /// Moves on what was used, and takes out the first that was not, if there is one.
    fn evict_small(&mut self, store: &mut Store) -> Option<u32> {
        while self.small.len() > 0 {
            let id = store.take_last(&mut self.small);
            if store[id].mark < self.threshold {
                self.remember(store, id);
                return Some(id);
            }
            self.enter_main(store, id, 0);
        }
        None
    }

    /// Takes out the first that was not used since it was last spared.
    fn evict_main(&mut self, store: &mut Store) -> u32 {
        loop {
            let id = store.take_last(&mut self.main);
            match store[id].mark {
                0 => return id,
                uses => self.enter_main(store, id, uses - 1),
            }
        }
    }

    fn enter_main(&mut self, store: &mut Store, id: u32, uses: u32) {
        (store[id].list, store[id].mark) = (MAIN, uses);
        store.push_front(&mut self.main, id);
    }

    /// Makes an entry a ghost, and forgets the oldest ghosts for it.
    fn remember(&mut self, store: &mut Store, id: u32) {
        let size = store.size(id);
        if size > self.ghost_share {
            return;
        }
        while self.ghosts.used() > self.ghost_share - size {
            store.forget_last(&mut self.ghosts);
        }
        store[id].ghost = true;
        store.push_front(&mut self.ghosts, id);
    }
}

impl Order for S3Fifo {
    const GHOSTS: bool = true;

    fn fresh(&self) -> S3Fifo {
        let (small, main, ghosts) = <(List, List, List)>::default();
        S3Fifo { small, main, ghosts, returns: false, ..*self }
    }

    fn hit(&mut self, store: &mut Store, id: u32) {
        let uses = &mut store[id].mark;
        *uses = MOST_USES.min(*uses + 1);
    }

    fn arriving(&mut self, store: &mut Store, ghost: Option<u32>, _: u64) {
        self.returns = ghost.is_some();
        if let Some(id) = ghost {
            store.unlink(&mut self.ghosts, id);
            store.forget(id);
        }
    }

    fn evict(&mut self, store: &mut Store, _: &mut Rng) -> u32 {
        if self.main.used() <= self.main_share
            && let Some(victim) = self.evict_small(store)
        {
            return victim;
        }
        self.evict_main(store)
    }

    fn add(&mut self, store: &mut Store, id: u32) {
        if self.returns {
            self.enter_main(store, id, 0);
        } else {
            store[id].list = SMALL;
            store.push_front(&mut self.small, id);
        }
    }

    fn leave(&mut self, store: &mut Store, id: u32) {
        let queue = if store[id].list == MAIN { &mut self.main } else { &mut self.small };
        store.unlink(queue, id);
    }
}
