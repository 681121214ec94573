//! A vector whose freed places are used again: indices are small, memory follows the live count.

/// Values under stable `u32` indices; freed indices are reused, last freed first.
#[derive(Debug, Clone)]
pub struct Arena<T> {
    slots: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Arena<T> {
        Arena { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Stores a value and returns its index.
    #[inline]
    pub fn insert(&mut self, value: T) -> u32 {
        match self.free.pop() {
            Some(index) => {
                self.slots[index as usize] = value;
                index
            }
            None => {
                self.slots.push(value);
                (self.slots.len() - 1) as u32
            }
        }
    }

    /// An index to use, and whatever was stored there before.
    #[inline]
    pub fn take(&mut self) -> u32
    where
        T: Default,
    {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(T::default());
            (self.slots.len() - 1) as u32
        })
    }

    /// Gives the index back; the value stays readable until the index is used again.
    #[inline]
    pub fn remove(&mut self, index: u32) {
        self.free.push(index);
    }

    /// How many values are live.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// How many values were live at once, at most.
    pub fn most(&self) -> usize {
        self.slots.len()
    }

    /// Whether no value is live.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every slot, live or not.
    pub fn slots(&self) -> impl Iterator<Item = (u32, &T)> {
        self.slots.iter().enumerate().map(|(index, value)| (index as u32, value))
    }
}

impl<T> std::ops::Index<u32> for Arena<T> {
    type Output = T;
    #[inline]
    fn index(&self, index: u32) -> &T {
        &self.slots[index as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Arena<T> {
    #[inline]
    fn index_mut(&mut self, index: u32) -> &mut T {
        &mut self.slots[index as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Arena;

    #[test]
    fn freed_places_are_used_again() {
        let mut arena = Arena::default();
        let (a, b) = (arena.insert("a"), arena.insert("b"));
        arena.remove(a);
        assert_eq!(arena.len(), 1);
        assert_eq!(arena.insert("c"), a);
        assert_eq!((arena[a], arena[b]), ("c", "b"));
    }
}
