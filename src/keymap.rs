//! A table from `u64` keys to small numbers, the same in every run and on every platform.

/// No value: marks a slot that is empty.
const EMPTY: u32 = u32::MAX;

/// 2⁶⁴ divided by the golden ratio, the multiplier of Fibonacci hashing (Knuth, The Art of Computer
/// Programming 3, 1973, section 6.4).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Slots of an empty table, a power of two.
const FEWEST: usize = 8;

/// Small keys are not hashed where at least one key in so many is there: that takes as much memory at most.
const SPARSEST: usize = 16;

/// Values below 2³² − 1 by key.
///
/// Where the keys are numbers from 0 on, as ranks are, most of them are places in an array, so that popular keys are
/// beside each other; only those beyond it are hashed (as the tables of Lua; Ierusalimschy, de Figueiredo & Celes
/// 2005). Hashing is open addressing with linear probing and Fibonacci hashing; a deletion shifts the entries behind
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
    /// Values of the keys below its length.
    array: Vec<u32>,
    slots: Vec<Slot>,
    /// 64 less the logarithm of the number of slots.
    shift: u32,
    /// How many keys are in the array, and how many are hashed.
    placed: usize,
    hashed: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    value: u32,
}

impl Default for KeyMap {
    fn default() -> KeyMap {
        let (slots, shift) = slots(FEWEST);
        KeyMap { array: Vec::new(), slots, shift, placed: 0, hashed: 0 }
    }
}

/// So many empty slots, a power of two of at least 2, and the shift that belongs to them.
fn slots(count: usize) -> (Vec<Slot>, u32) {
    (vec![Slot { key: 0, value: EMPTY }; count], 64 - count.trailing_zeros())
}

impl KeyMap {
    /// The value of a key, if it has one.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        let value = match self.is_placed(key) {
            true => self.array[key as usize],
            false => self.slots[self.probe(key)].value,
        };
        (value != EMPTY).then_some(value)
    }

    /// Gives a key a value, of at most 2³² − 2, and returns the one that it had.
    #[inline]
    pub fn insert(&mut self, key: u64, value: u32) -> Option<u32> {
        debug_assert!(value != EMPTY, "the value stands for no value");
        let old = match self.is_placed(key) {
            true => self.place(key, value),
            false => self.hash(key, value),
        };
        if self.hashed * 2 > self.slots.len() {
            self.grow();
        }
        (old != EMPTY).then_some(old)
    }

    /// Forgets a key and returns the value that it had.
    #[inline]
    pub fn remove(&mut self, key: u64) -> Option<u32> {
        if !self.is_placed(key) {
            return self.remove_hashed(key);
        }
        let old = std::mem::replace(&mut self.array[key as usize], EMPTY);
        self.placed -= usize::from(old != EMPTY);
        (old != EMPTY).then_some(old)
    }

    fn remove_hashed(&mut self, key: u64) -> Option<u32> {
        let mut hole = self.probe(key);
        let value = self.slots[hole].value;
        if value == EMPTY {
            return None;
        }
        self.hashed -= 1;
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
        self.placed + self.hashed
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a key is a place in the array.
    #[inline]
    fn is_placed(&self, key: u64) -> bool {
        key < self.array.len() as u64
    }

    /// Puts a value into the array; returns the one that was there.
    #[inline]
    fn place(&mut self, key: u64, value: u32) -> u32 {
        let old = std::mem::replace(&mut self.array[key as usize], value);
        self.placed += usize::from(old == EMPTY);
        old
    }

    /// Puts a value into a slot; returns the one that was there.
    #[inline]
    fn hash(&mut self, key: u64, value: u32) -> u32 {
        let at = self.probe(key);
        let old = std::mem::replace(&mut self.slots[at], Slot { key, value }).value;
        self.hashed += usize::from(old == EMPTY);
        old
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

    /// Makes room for more keys: in the array as far as it is well used, and for the others in slots.
    #[cold]
    fn grow(&mut self) {
        let bits = self.well_used();
        if 1 << bits > self.array.len() {
            self.array.resize(1 << bits, EMPTY);
        }
        let taken = self.slots.iter().filter(|slot| slot.value != EMPTY);
        let room = taken.filter(|slot| !self.is_placed(slot.key)).count() * 2;
        let (larger, shift) = slots(room.next_power_of_two().max(FEWEST));
        let before = std::mem::replace(&mut self.slots, larger);
        (self.shift, self.hashed) = (shift, 0);
        for Slot { key, value } in before.into_iter().filter(|slot| slot.value != EMPTY) {
            match self.is_placed(key) {
                true => self.place(key, value),
                false => self.hash(key, value),
            };
        }
    }

    /// Bits of the longest array in which few enough places would be empty.
    fn well_used(&self) -> u32 {
        let mut by_bits = [0; 65];
        let taken = self.slots.iter().filter(|slot| slot.value != EMPTY);
        taken.for_each(|slot| by_bits[(64 - slot.key.leading_zeros()) as usize] += 1);
        let (mut below, mut best) = (self.placed, 0);
        for (bits, count) in by_bits.into_iter().enumerate() {
            below += count;
            if below.checked_mul(SPARSEST).is_some_and(|most| most >> bits.min(63) > 0) {
                best = bits as u32;
            }
        }
        best
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
        assert!(map.array.is_empty());
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
        for step in [100u64, 1000, 4096, 1 << 20, 1 << 32, 1 << 40, 1 << 48] {
            let mut map = KeyMap::default();
            (0..10_000).for_each(|i| assert_eq!(map.insert(i * step, 1), None));
            let mask = map.slots.len() - 1;
            let far = |i: u64| map.probe(i * step).wrapping_sub(map.home(i * step)) & mask;
            let mean = (0..10_000).map(far).sum::<usize>() as f64 / 10_000.0;
            assert!(mean < 0.4, "step {step}: {mean}");
        }
    }

    #[test]
    fn ranks_are_places_and_rare_keys_are_hashed() {
        let mut map = KeyMap::default();
        (0..1000u64).for_each(|i| assert_eq!(map.insert(i * 8, i as u32), None));
        (0..1000u64).for_each(|i| assert_eq!(map.insert(u64::MAX - i, i as u32), None));
        assert!(map.array.len() >= 4096 && map.array.len() <= 2 * 8000, "{}", map.array.len());
        assert!(map.slots.len() <= 4096, "{}", map.slots.len());
        assert_eq!((map.len(), map.get(80), map.get(81), map.get(u64::MAX)), (2000, Some(10), None, Some(0)));
    }
}
