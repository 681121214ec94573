//! A hash table from `u64` keys to small numbers, the same in every run and on every platform.

/// No value: marks a slot that is empty.
const EMPTY: u32 = u32::MAX;

/// 2⁶⁴ divided by the golden ratio, the multiplier of Fibonacci hashing (Knuth, The Art of Computer
/// Programming 3, 1973, section 6.4).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Slots of an empty table, a power of two.
const FEWEST: usize = 8;

/// Values below 2³² − 1 by key.
///
/// Open addressing with linear probing and Fibonacci hashing; a deletion shifts the entries behind
/// it back, so that there are no tombstones (Knuth, TAOCP 3, algorithm 6.4R). At most half of the slots are
/// taken. It cannot be iterated: nothing can depend on the order of its slots.
///
/// ```
/// let mut map = knee::keymap::KeyMap::default();
/// map.insert(42, 7);
/// assert_eq!(map.get(42), Some(7));
/// assert_eq!(map.remove(42), Some(7));
/// assert!(map.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct KeyMap {
    slots: Vec<Slot>,
    /// 64 less the logarithm of the number of slots.
    shift: u32,
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    value: u32,
}

impl Default for KeyMap {
    fn default() -> KeyMap {
        KeyMap::with_slots(FEWEST)
    }
}

impl KeyMap {
    /// `slots` is a power of two of at least 2.
    fn with_slots(slots: usize) -> KeyMap {
        KeyMap { slots: vec![Slot { key: 0, value: EMPTY }; slots], shift: 64 - slots.trailing_zeros(), len: 0 }
    }

    /// The value of a key, if it has one.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        let slot = self.slots[self.probe(key)];
        (slot.value != EMPTY).then_some(slot.value)
    }

    /// Gives a key a value, of at most 2³² − 2, and returns the one that it had.
    #[inline]
    pub fn insert(&mut self, key: u64, value: u32) -> Option<u32> {
        debug_assert!(value != EMPTY, "the value stands for no value");
        let at = self.probe(key);
        let old = std::mem::replace(&mut self.slots[at], Slot { key, value }).value;
        if old != EMPTY {
            return Some(old);
        }
        self.len += 1;
        if self.len * 2 > self.slots.len() {
            self.grow();
        }
        None
    }

    /// Forgets a key and returns the value that it had.
    #[inline]
    pub fn remove(&mut self, key: u64) -> Option<u32> {
        let mut hole = self.probe(key);
        let value = self.slots[hole].value;
        if value == EMPTY {
            return None;
        }
        self.len -= 1;
        let mask = self.slots.len() - 1;
        let mut next = (hole + 1) & mask;
        while self.slots[next].value != EMPTY {
            // An entry may move back to the hole if it has come past it from its home.
            let come = next.wrapping_sub(self.home(self.slots[next].key)) & mask;
            if come >= next.wrapping_sub(hole) & mask {
                self.slots[hole] = self.slots[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        self.slots[hole].value = EMPTY;
        Some(value)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot of the key, or the empty one where it would go.
    #[inline]
    fn probe(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.home(key);
        loop {
            let slot = &self.slots[at];
            if slot.key == key || slot.value == EMPTY {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// The slot where the search for a key begins. Both halves of the product are used (as in wyhash, Wang
    /// Yi 2019): in the lower one the upper bits of a key would have little say.
    #[inline]
    fn home(&self, key: u64) -> usize {
        let product = u128::from(key) * u128::from(GOLDEN);
        (((product >> 64) as u64 ^ product as u64) >> self.shift) as usize
    }

    fn grow(&mut self) {
        let mut larger = KeyMap::with_slots(self.slots.len() * 2);
        for slot in self.slots.iter().filter(|slot| slot.value != EMPTY) {
            larger.insert(slot.key, slot.value);
        }
        *self = larger;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Keys that share their home in small tables, and keys that do not.
    fn keys() -> impl Strategy<Value = u64> {
        prop_oneof![0u64..40, (0u64..40).prop_map(|k| k << 32), (0u64..40).prop_map(|k| k << 58), any::<u64>()]
    }

    proptest! {
        #[test]
        fn it_is_a_map(ops in prop::collection::vec((0u8..3, keys(), 0u32..100), 0..300)) {
            let (mut map, mut model) = (KeyMap::default(), BTreeMap::new());
            for (op, key, value) in ops {
                match op {
                    0 => prop_assert_eq!(map.insert(key, value), model.insert(key, value)),
                    1 => prop_assert_eq!(map.remove(key), model.remove(&key)),
                    _ => prop_assert_eq!(map.get(key), model.get(&key).copied()),
                }
                prop_assert_eq!(map.len(), model.len());
            }
            for (&key, &value) in &model {
                prop_assert_eq!(map.get(key), Some(value));
            }
        }
    }

    #[test]
    fn deletions_across_the_end_of_the_table_lose_nothing() {
        let home = |map: &KeyMap, key: u64| map.home(key);
        let map = KeyMap::default();
        let last: Vec<u64> = (1u64..1000).filter(|&key| home(&map, key) == FEWEST - 1).take(4).collect();
        let mut map = map;
        for (value, &key) in last.iter().enumerate() {
            map.insert(key, value as u32);
        }
        assert_eq!(map.remove(last[0]), Some(0));
        for (value, &key) in last.iter().enumerate().skip(1) {
            assert_eq!(map.get(key), Some(value as u32));
        }
    }

    #[test]
    fn searches_are_short_for_keys_with_a_pattern() {
        // Random homes would make it 0.22 slots at this load (Knuth, TAOCP 3, section 6.4).
        for step in [1u64, 8, 1000, 4096, 1 << 20, 1 << 32, 1 << 40, 1 << 48] {
            let mut map = KeyMap::default();
            (0..10_000).for_each(|i| assert_eq!(map.insert(i * step, 1), None));
            let mask = map.slots.len() - 1;
            let far = |i: u64| map.probe(i * step).wrapping_sub(map.home(i * step)) & mask;
            let mean = (0..10_000).map(far).sum::<usize>() as f64 / 10_000.0;
            assert!(mean < 0.4, "step {step}: {mean}");
        }
    }
}
