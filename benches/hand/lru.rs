//! A cache of keys that are small numbers: the entry whose last use is longest ago goes first.

/// A ring of keys, linked both ways, the latest used behind the number that stands for its beginning.
pub(super) struct Lru {
    /// By key: the one used before it, and the one used after it.
    links: Vec<(u32, u32)>,
    room: u32,
    /// The beginning of the ring, which is no key.
    head: u32,
}

/// Neighbour of a key that is not there.
const ABSENT: u32 = u32::MAX;

impl Lru {
    /// A cache for so many of the keys below `keys`.
    pub(super) fn new(keys: u32, capacity: u32) -> Lru {
        let mut links = vec![(ABSENT, ABSENT); keys as usize];
        links.push((keys, keys));
        Lru { links, room: capacity, head: keys }
    }

    /// Whether a key is there; it is the latest used then.
    #[inline]
    pub(super) fn look_up(&mut self, key: u32) -> bool {
        let is_there = self.links[key as usize].0 != ABSENT;
        if is_there {
            self.unlink(key);
            self.link(key);
        }
        is_there
    }

    /// Puts a key in, and where there is no room takes another one out.
    #[inline]
    pub(super) fn put(&mut self, key: u32) {
        if self.links[key as usize].0 != ABSENT {
            return;
        }
        if self.room == 0 {
            let oldest = self.links[self.head as usize].1;
            self.unlink(oldest);
            self.links[oldest as usize] = (ABSENT, ABSENT);
        } else {
            self.room -= 1;
        }
        self.link(key);
    }

    fn unlink(&mut self, key: u32) {
        let (before, after) = self.links[key as usize];
        self.links[before as usize].1 = after;
        self.links[after as usize].0 = before;
    }

    fn link(&mut self, key: u32) {
        let latest = self.links[self.head as usize].0;
        self.links[key as usize] = (latest, self.head);
        self.links[latest as usize].1 = key;
        self.links[self.head as usize].0 = key;
    }
}
