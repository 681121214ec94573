//! What becomes of versions when another copy is the one that counts.

use super::{Datum, Flux, Store};

impl Store {
    /// How many committed versions a copy lacks, in one part of the data.
    pub(in crate::engine) fn missed(&self, part: u32, copy: u32) -> u64 {
        let missed = |flux: &Flux| flux.versions.len() - flux.place(flux.copies[copy as usize].saturating_add(1));
        self.data.range((part, 0)..=(part, u64::MAX)).map(|(_, &index)| missed(&self.flux[index]) as u64).sum()
    }

    /// Whether a copy has a version, or a newer one.
    pub(in crate::engine) fn has(&self, datum: Datum, copy: u32, number: u32) -> bool {
        self.data.get(&datum).is_none_or(|&index| self.flux[index].copies[copy as usize] >= number)
    }

    /// One part of the data is what this copy has of it: all that is newer is lost.
    pub(in crate::engine) fn install(&mut self, part: u32, copy: u32, now: u64) {
        let data: Vec<(Datum, u32)> =
            self.data.range((part, 0)..=(part, u64::MAX)).map(|(&datum, &index)| (datum, index)).collect();
        for (datum, index) in data {
            self.record.lost += self.flux[index].roll_back(copy);
            self.settle(datum, index);
        }
        self.record.failovers += 1;
        self.find_primary(now);
    }

    /// One part of the data has no primary from now on.
    pub(in crate::engine) fn lose_primary(&mut self, now: u64) {
        self.vacancy.up(now);
        self.vacant += 1;
    }

    /// It has one again.
    pub(in crate::engine) fn find_primary(&mut self, now: u64) {
        self.vacancy.down(now);
        self.vacant -= 1;
    }
}

impl Flux {
    /// Forgets what a copy lacks; returns how many committed versions that were.
    fn roll_back(&mut self, copy: u32) -> u64 {
        let newest = self.copies[copy as usize];
        self.copies.iter_mut().for_each(|copy| *copy = newest.min(*copy));
        let lost = self.versions.split_off(self.place(newest.saturating_add(1)));
        self.sessions = self.versions.iter().map(|version| (version.session, version.number)).collect();
        lost.len() as u64
    }
}
