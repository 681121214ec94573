//! The policies once more, as slow and as plain as can be: what tests compare with.

use std::collections::BTreeMap;

use super::sketch::Sketch;

#[derive(Debug, Clone)]
struct Item {
    key: u64,
    size: u64,
    uses: u32,
    queue: u8,
    times: Vec<u64>,
}

/// A cache under the policy of some name, all in lists that are searched from end to end.
pub(super) struct Model {
    policy: &'static str,
    capacity: u64,
    /// Those to go first come first.
    items: Vec<Item>,
    ghosts: Vec<Item>,
    /// Of SIEVE: the key at the hand.
    hand: Option<u64>,
    /// Of ARC.
    p: f64,
    /// Of LRU-K.
    clock: u64,
    /// Of LFU with a memory.
    counts: BTreeMap<u64, u32>,
    /// Of W-TinyLFU: not modelled again.
    sketch: Sketch,
}

fn used(items: &[Item]) -> u64 {
    items.iter().map(|item| item.size).sum()
}

fn used_of(items: &[Item], queue: u8) -> u64 {
    items.iter().filter(|item| item.queue == queue).map(|item| item.size).sum()
}

fn first_of(items: &[Item], queue: u8) -> Option<usize> {
    items.iter().position(|item| item.queue == queue)
}

impl Model {
    pub(super) fn new(policy: &'static str, capacity: u64) -> Model {
        let (items, ghosts, hand, counts) = Default::default();
        Model { policy, capacity, items, ghosts, hand, p: 0.0, clock: 0, counts, sketch: Sketch::default() }
    }

    pub(super) fn contents(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = self.items.iter().map(|item| item.key).collect();
        keys.sort_unstable();
        keys
    }

    pub(super) fn used(&self) -> u64 {
        used(&self.items)
    }

    fn at(&self, key: u64) -> Option<usize> {
        self.items.iter().position(|item| item.key == key)
    }

    fn renew(&mut self, at: usize) {
        let item = self.items.remove(at);
        self.items.push(item);
    }

    pub(super) fn lookup(&mut self, key: u64) -> bool {
        *self.counts.entry(key).or_default() += 1;
        if self.policy == "w-tinylfu" {
            self.sketch.count(key);
        }
        let Some(at) = self.at(key) else { return false };
        self.clock += 1;
        self.items[at].times.insert(0, self.clock);
        self.items[at].uses += 1;
        match self.policy {
            "lru" | "lfu" | "perfect" => self.renew(at),
            "arc" => {
                self.items[at].queue = 2;
                self.renew(at);
            }
            "w-tinylfu" => self.protect(at),
            _ => {}
        }
        true
    }

    /// Of W-TinyLFU.
    fn protect(&mut self, at: usize) {
        if self.items[at].queue == 1 {
            self.items[at].queue = 2;
        }
        self.renew(at);
        while used_of(&self.items, 2) > (self.main() as f64 * 0.8) as u64 {
            let demoted = first_of(&self.items, 2).unwrap();
            self.items[demoted].queue = 1;
            self.renew(demoted);
        }
    }

    pub(super) fn remove(&mut self, key: u64) -> bool {
        let Some(at) = self.at(key) else { return false };
        if self.hand == Some(key) {
            self.hand = self.items.get(at + 1).map(|next| next.key);
        }
        self.items.remove(at);
        true
    }

    /// Whether it is there, and who went.
    pub(super) fn insert(&mut self, key: u64, size: u64) -> (bool, Vec<u64>) {
        if self.at(key).is_some() {
            return (true, vec![]);
        }
        if size > self.capacity {
            return (false, vec![]);
        }
        let mut item = Item { key, size, uses: 0, queue: 0, times: vec![] };
        match self.policy {
            "perfect" => return self.insert_if_better(item),
            "w-tinylfu" => return self.insert_by_window(item),
            _ => {}
        }
        let ghost = self.ghosts.iter().position(|ghost| ghost.key == key).map(|at| self.ghosts[at].clone());
        let from = ghost.as_ref().map_or(0, |ghost| ghost.queue);
        self.adapt(from);
        self.ghosts.retain(|ghost| ghost.key != key);
        let mut gone = Vec::new();
        while used(&self.items) + size > self.capacity {
            gone.push(self.evict(from, size));
        }
        self.clock += 1;
        item.times = ghost.as_ref().map(|ghost| ghost.times.clone()).unwrap_or_default();
        item.times.insert(0, self.clock);
        item.queue = match self.policy {
            "arc" if ghost.is_some() => 2,
            "arc" => 1,
            _ => u8::from(ghost.is_some()),
        };
        self.items.push(item);
        (true, gone)
    }

    fn evict(&mut self, from: u8, size: u64) -> u64 {
        match self.policy {
            "lfu" => {
                let least = self.items.iter().map(|item| item.uses).min().unwrap();
                let at = self.items.iter().position(|item| item.uses == least).unwrap();
                self.items.remove(at).key
            }
            "clock" => {
                while self.items[0].uses > 0 {
                    self.items[0].uses = 0;
                    self.renew(0);
                }
                self.items.remove(0).key
            }
            "sieve" => self.evict_sieve(),
            "s3-fifo" => self.evict_s3(),
            "arc" => self.evict_arc(from, size),
            "lru-k" => self.evict_lru_2(),
            _ => self.items.remove(0).key,
        }
    }

    fn evict_sieve(&mut self) -> u64 {
        let mut at = self.hand.and_then(|key| self.at(key)).unwrap_or(0);
        while self.items[at].uses > 0 {
            self.items[at].uses = 0;
            at = (at + 1) % self.items.len();
        }
        let victim = self.items.remove(at);
        self.hand = self.items.get(at).map(|next| next.key);
        victim.key
    }

    /// Queue 0 is the small one, 1 the main one.
    fn evict_s3(&mut self) -> u64 {
        let small = ((self.capacity as f64 * 0.1) as u64).max(1);
        if used_of(&self.items, 1) <= self.capacity - small {
            while let Some(at) = first_of(&self.items, 0) {
                let mut item = self.items.remove(at);
                if item.uses < 2 {
                    let key = item.key;
                    let share = (self.capacity as f64 * 0.9) as u64;
                    if item.size <= share {
                        self.ghosts.push(item);
                    }
                    while used(&self.ghosts) > share {
                        self.ghosts.remove(0);
                    }
                    return key;
                }
                (item.queue, item.uses) = (1, 0);
                self.items.push(item);
            }
        }
        loop {
            let mut item = self.items.remove(first_of(&self.items, 1).unwrap());
            if item.uses == 0 {
                return item.key;
            }
            item.uses = item.uses.min(3) - 1;
            self.items.push(item);
        }
    }

    /// Of ARC, whose lists T1 and B1 are the queue 1, T2 and B2 the queue 2.
    fn adapt(&mut self, from: u8) {
        let (b1, b2) = (used_of(&self.ghosts, 1) as f64, used_of(&self.ghosts, 2) as f64);
        match from {
            1 if b1 > b2 => self.p += 1.0,
            1 => self.p += b2 / b1,
            2 if b2 > b1 => self.p -= 1.0,
            2 => self.p -= b1 / b2,
            _ => {}
        }
        self.p = self.p.clamp(0.0, self.capacity as f64);
    }

    fn evict_arc(&mut self, from: u8, size: u64) -> u64 {
        let (t1, t2) = (used_of(&self.items, 1), used_of(&self.items, 2));
        let (b1, b2) = (used_of(&self.ghosts, 1), used_of(&self.ghosts, 2));
        if from == 0 && t1 + b1 + size > self.capacity {
            if b1 == 0 {
                return self.items.remove(first_of(&self.items, 1).unwrap()).key;
            }
            self.ghosts.remove(first_of(&self.ghosts, 1).unwrap());
        } else if from == 0 && t1 + t2 + b1 + b2 >= 2 * self.capacity && b2 > 0 {
            self.ghosts.remove(first_of(&self.ghosts, 2).unwrap());
        }
        let over = t1 as f64 > self.p || (t1 as f64 == self.p && from == 2);
        let queue = if (t1 > 0 && over) || t2 == 0 { 1 } else { 2 };
        let victim = self.items.remove(first_of(&self.items, queue).unwrap());
        self.ghosts.push(victim.clone());
        victim.key
    }

    fn evict_lru_2(&mut self) -> u64 {
        let rank = |item: &Item| (item.times.len() >= 2, item.times[item.times.len().min(2) - 1]);
        let victim = self.items.iter().min_by_key(|item| rank(item)).unwrap().key;
        let item = self.items.remove(self.at(victim).unwrap());
        self.ghosts.push(item);
        while self.ghosts.len() > self.items.len().max(1) {
            self.ghosts.remove(0);
        }
        victim
    }

    fn insert_if_better(&mut self, item: Item) -> (bool, Vec<u64>) {
        let count = |key: u64| self.counts.get(&key).copied().unwrap_or(0);
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by_key(|&at| (count(self.items[at].key), at));
        let (mut gone, mut room) = (Vec::new(), self.capacity - used(&self.items));
        for at in order {
            if room >= item.size {
                break;
            }
            if count(self.items[at].key) >= count(item.key) {
                return (false, vec![]);
            }
            gone.push(self.items[at].key);
            room += self.items[at].size;
        }
        self.items.retain(|other| !gone.contains(&other.key));
        self.items.push(item);
        (true, gone)
    }

    fn main(&self) -> u64 {
        (self.capacity as f64 * 0.99) as u64
    }

    /// Of W-TinyLFU, whose queues are 0 for the window, 1 on probation, 2 protected.
    fn insert_by_window(&mut self, item: Item) -> (bool, Vec<u64>) {
        let (key, window, main) = (item.key, self.capacity - self.main(), self.main());
        let at = if item.size > window { 0 } else { self.items.len() };
        self.items.insert(at, item);
        let mut gone = Vec::new();
        while used_of(&self.items, 0) > window {
            let mut candidate = self.items.remove(first_of(&self.items, 0).unwrap());
            candidate.queue = 1;
            while used_of(&self.items, 1) + used_of(&self.items, 2) + candidate.size > main {
                let rival = first_of(&self.items, 1).or(first_of(&self.items, 2));
                let rival = rival.filter(|_| candidate.size <= main);
                let frequency = |key| self.sketch.frequency(key);
                match rival.filter(|&at| frequency(self.items[at].key) < frequency(candidate.key)) {
                    Some(at) => gone.push(self.items.remove(at).key),
                    None => {
                        gone.push(candidate.key);
                        candidate.queue = u8::MAX;
                        break;
                    }
                }
            }
            if candidate.queue == 1 {
                self.items.push(candidate);
            }
        }
        gone.retain(|&k| k != key);
        self.sketch.fit(self.items.len());
        (self.at(key).is_some(), gone)
    }
}
