//! A queue for values that are copied: less work for each than `VecDeque` takes, since its size is a power of two.

/// First in, first out.
#[derive(Debug, Clone)]
pub struct Ring<T> {
    /// None, or a power of two.
    slots: Vec<T>,
    head: usize,
    len: usize,
}

impl<T> Default for Ring<T> {
    fn default() -> Ring<T> {
        Ring { slots: Vec::new(), head: 0, len: 0 }
    }
}

impl<T: Copy> Ring<T> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds one at the end.
    #[inline(always)]
    pub fn push_back(&mut self, value: T) {
        if self.len == self.slots.len() {
            self.grow(value);
        }
        let at = (self.head + self.len) & (self.slots.len() - 1);
        self.slots[at] = value;
        self.len += 1;
    }

    /// Takes the first one.
    #[inline(always)]
    pub fn pop_front(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        let value = self.slots[self.head];
        self.head = (self.head + 1) & (self.slots.len() - 1);
        self.len -= 1;
        Some(value)
    }

    /// Takes the last one.
    pub fn pop_back(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        Some(self.slots[(self.head + self.len) & (self.slots.len() - 1)])
    }

    /// From the first to the last.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let (wrapped, first) = self.slots.split_at(self.head);
        first.iter().chain(wrapped).take(self.len)
    }

    /// Keeps those for which this is true, in their order.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let all = std::mem::take(self);
        all.iter().filter(|value| keep(value)).for_each(|&value| self.push_back(value));
    }

    /// Twice the room; what is not used yet holds copies of anything.
    #[cold]
    fn grow(&mut self, filler: T) {
        let mut slots: Vec<T> = self.iter().copied().collect();
        slots.resize((2 * self.slots.len()).max(4), filler);
        self.slots = slots;
        self.head = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::Ring;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #[test]
        fn it_is_a_queue(steps in prop::collection::vec(0u8..8, 1..200)) {
            let (mut ring, mut queue) = (Ring::default(), VecDeque::new());
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    0..4 => { ring.push_back(number); queue.push_back(number); }
                    4..6 => prop_assert_eq!(ring.pop_front(), queue.pop_front()),
                    6 => prop_assert_eq!(ring.pop_back(), queue.pop_back()),
                    _ => { ring.retain(|value| value % 3 > 0); queue.retain(|value| value % 3 > 0); }
                }
                prop_assert!(ring.iter().eq(&queue));
                prop_assert_eq!((ring.len(), ring.is_empty()), (queue.len(), queue.is_empty()));
            }
        }
    }
}
