//! Two heaps for the loops: the best that was found for few events, and the standard library's.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A priority queue of keys, the smallest first.
pub(crate) trait Heap: Default {
    /// Puts a key in.
    fn push(&mut self, key: u128);
    /// Takes the smallest key out.
    fn pop(&mut self) -> Option<u128>;
}

/// What most who write such a loop take.
pub(crate) type Std = BinaryHeap<Reverse<u128>>;

impl Heap for Std {
    #[inline]
    fn push(&mut self, key: u128) {
        BinaryHeap::push(self, Reverse(key));
    }

    #[inline]
    fn pop(&mut self) -> Option<u128> {
        BinaryHeap::pop(self).map(|Reverse(key)| key)
    }
}

/// A binary heap whose pop leaves the root empty: an event is nearly always followed by another that it
/// causes, and that one is put there and sifts down once, instead of one down and one up.
#[derive(Default)]
pub(crate) struct Holed {
    keys: Vec<u128>,
    hole: bool,
}

impl Heap for Holed {
    #[inline]
    fn push(&mut self, key: u128) {
        if self.hole {
            self.hole = false;
            return self.sink(key);
        }
        let mut at = self.keys.len();
        self.keys.push(key);
        while at > 0 && key < self.keys[(at - 1) / 2] {
            self.keys[at] = self.keys[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        self.keys[at] = key;
    }

    #[inline]
    fn pop(&mut self) -> Option<u128> {
        if self.hole
            && let Some(last) = self.keys.pop()
            && !self.keys.is_empty()
        {
            self.sink(last);
        }
        self.hole = !self.keys.is_empty();
        self.keys.first().copied()
    }
}

impl Holed {
    /// Puts a key where the empty root is, and lets it sink to its place.
    #[inline]
    fn sink(&mut self, key: u128) {
        let keys = self.keys.as_mut_slice();
        let (mut at, mut child) = (0, 1);
        while child < keys.len() {
            if child + 1 < keys.len() && keys[child + 1] < keys[child] {
                child += 1;
            }
            if key <= keys[child] {
                break;
            }
            keys[at] = keys[child];
            at = child;
            child = 2 * at + 1;
        }
        keys[at] = key;
    }
}
