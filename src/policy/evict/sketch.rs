//! How often keys were used lately, in little memory.

/// Counters are of 4 bits, sixteen to a word.
const MOST: u64 = 15;

/// Words of a block; a key's counters are in one block, so in one cache line.
const BLOCK: usize = 8;

/// Rows of counters, one counter of each is a key's.
const ROWS: usize = 4;

/// After this many uses for each entry of the cache all counters are halved.
const SAMPLE: u64 = 10;

/// A count-min sketch of small counters (Cormode and Muthukrishnan 2005) that ages: TinyLFU of Einziger, Friedman and
/// Manes (2017), without its doorkeeper. There is one word, four counters a row, for each entry
/// of the cache; a block of eight words has two of each row.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    /// A power of two of blocks.
    words: Vec<u64>,
    /// The largest number of entries so far.
    entries: u64,
    /// Uses since counters were last halved, half of those before, and so on.
    uses: u64,
}

impl Default for Sketch {
    fn default() -> Sketch {
        Sketch { words: vec![0; BLOCK], entries: 1, uses: 0 }
    }
}

impl Sketch {
    /// The cache has this many entries: the sketch grows with it. A counter that two keys shared is
    /// then each one's own, with the value that it had.
    pub(super) fn fit(&mut self, entries: usize) {
        self.entries = self.entries.max(entries as u64);
        while self.words.len() < entries {
            self.words.extend_from_within(..);
        }
    }

    /// A key is used.
    pub(super) fn count(&mut self, key: u64) {
        let mut is_news = false;
        for (word, shift) in self.counters(key) {
            if (self.words[word] >> shift) & MOST < MOST {
                self.words[word] += 1 << shift;
                is_news = true;
            }
        }
        self.uses += u64::from(is_news);
        if self.uses >= SAMPLE * self.entries {
            self.halve();
        }
    }

    /// About how often a key was used lately: at least so often, but at most 15 and halved with age.
    pub(super) fn frequency(&self, key: u64) -> u64 {
        let counts = self.counters(key).map(|(word, shift)| (self.words[word] >> shift) & MOST);
        counts.into_iter().fold(MOST, u64::min)
    }

    /// Word and shift of a key's counter in each row.
    fn counters(&self, key: u64) -> [(usize, u32); ROWS] {
        let hash = mix(key);
        let block = (hash as usize & (self.words.len() / BLOCK - 1)) * BLOCK;
        std::array::from_fn(|row| {
            // The low half of the hash chooses the block, five bits for each row the counter.
            let bits = (hash >> (32 + 5 * row)) as usize & 31;
            (block + 2 * row + (bits & 1), (bits as u32 >> 1) * 4)
        })
    }

    fn halve(&mut self) {
        const WITHOUT_TOP_BITS: u64 = 0x7777_7777_7777_7777;
        for word in &mut self.words {
            *word = (*word >> 1) & WITHOUT_TOP_BITS;
        }
        self.uses /= 2;
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014; Stafford's variant 13).
fn mix(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_never_too_small() {
        let mut sketch = Sketch::default();
        sketch.fit(1000);
        for key in 0..500 {
            for _ in 0..=key % 10 {
                sketch.count(key);
            }
        }
        assert!((0..500).all(|key| sketch.frequency(key) > key % 10));
        let exact = (0..500).filter(|&key| sketch.frequency(key) == key % 10 + 1).count();
        assert!(exact > 450, "{exact}");
    }

    #[test]
    fn growth_keeps_counts() {
        let mut sketch = Sketch::default();
        (0..5).for_each(|_| sketch.count(7));
        sketch.fit(1000);
        assert_eq!((sketch.words.len(), sketch.frequency(7)), (1024, 5));
    }

    #[test]
    fn age_halves_counts() {
        let mut sketch = Sketch::default();
        sketch.fit(100);
        (0..8).for_each(|_| sketch.count(7));
        (1000..1992).for_each(|key| sketch.count(key));
        assert_eq!(sketch.uses, 500);
        assert!((4..8).contains(&sketch.frequency(7)), "{}", sketch.frequency(7));
    }

    #[test]
    fn counters_end_at_fifteen() {
        let mut sketch = Sketch::default();
        sketch.fit(100);
        (0..40).for_each(|_| sketch.count(7));
        assert_eq!(sketch.frequency(7), 15);
    }
}
