//! Records in places that are used again.

use std::ops::{Index, IndexMut};

/// Records by place; the places of those who left are taken first.
pub(super) struct Slab<T> {
    places: Vec<T>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(super) fn new() -> Slab<T> {
        Slab { places: Vec::new(), free: Vec::new() }
    }

    /// Keeps a record and returns its place.
    #[inline]
    pub(super) fn put(&mut self, record: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = record;
            return place;
        }
        self.places.push(record);
        self.places.len() as u32 - 1
    }

    /// The place may be used again; until then the record can still be read.
    #[inline]
    pub(super) fn free(&mut self, place: u32) {
        self.free.push(place);
    }
}

impl<T> Index<u32> for Slab<T> {
    type Output = T;

    #[inline]
    fn index(&self, place: u32) -> &T {
        &self.places[place as usize]
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut T {
        &mut self.places[place as usize]
    }
}
