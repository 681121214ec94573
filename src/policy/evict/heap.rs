//! Entries in order of a rank that changes: a binary heap that knows where each of them is.

/// Where a node that is not in the heap is.
const NOWHERE: u32 = u32::MAX;

/// Nodes of a store by rank, least first (Williams 1964).
#[derive(Debug, Clone)]
pub(super) struct Heap<R> {
    /// Rank and node.
    items: Vec<(R, u32)>,
    /// The place in `items` of each node.
    places: Vec<u32>,
}

impl<R> Default for Heap<R> {
    fn default() -> Heap<R> {
        Heap { items: Vec::new(), places: Vec::new() }
    }
}

impl<R: Ord + Copy> Heap<R> {
    /// The least rank and its node.
    pub(super) fn least(&self) -> Option<(R, u32)> {
        self.items.first().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Puts a node in, or gives it another rank.
    pub(super) fn set(&mut self, id: u32, rank: R) {
        if self.places.len() <= id as usize {
            self.places.resize(id as usize + 1, NOWHERE);
        }
        let place = match self.places[id as usize] {
            NOWHERE => {
                self.items.push((rank, id));
                self.items.len() - 1
            }
            place => place as usize,
        };
        self.settle(place, (rank, id));
    }

    /// Takes a node out that is in.
    pub(super) fn remove(&mut self, id: u32) {
        let place = std::mem::replace(&mut self.places[id as usize], NOWHERE) as usize;
        if let Some(last) = self.items.pop()
            && place < self.items.len()
        {
            self.settle(place, last);
        }
    }

    /// Puts an item where it belongs, from a place that is free for it.
    fn settle(&mut self, mut place: usize, item: (R, u32)) {
        while place > 0 && self.items[(place - 1) / 2].0 > item.0 {
            self.put(place, self.items[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        while let Some(child) = self.lesser_child(place).filter(|&child| self.items[child].0 < item.0) {
            self.put(place, self.items[child]);
            place = child;
        }
        self.put(place, item);
    }

    fn put(&mut self, place: usize, item: (R, u32)) {
        self.items[place] = item;
        self.places[item.1 as usize] = place as u32;
    }

    fn lesser_child(&self, place: usize) -> Option<usize> {
        let (left, right) = (2 * place + 1, 2 * place + 2);
        let rank = |child: usize| self.items.get(child).map(|item| item.0);
        match (rank(left), rank(right)) {
            (Some(l), Some(r)) if r < l => Some(right),
            (Some(_), _) => Some(left),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_least_is_the_least(ops in prop::collection::vec((0u32..20, prop::option::of(0u64..50)), 0..200)) {
            let (mut heap, mut model) = (Heap::default(), BTreeMap::new());
            for (id, rank) in ops {
                match rank {
                    Some(rank) => {
                        heap.set(id, rank);
                        model.insert(id, rank);
                    }
                    None if model.remove(&id).is_some() => heap.remove(id),
                    None => {}
                }
                prop_assert_eq!(heap.len(), model.len());
                prop_assert_eq!(heap.least().map(|(_, id)| model[&id]), model.values().min().copied());
            }
        }
    }
}
