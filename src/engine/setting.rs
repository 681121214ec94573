//! Values that change while the simulation runs: from then on the engine draws from another model, which differs in
//! numbers only.

use super::Engine;
use super::task::NONE;
use crate::model::source::{ProfileSpec, SourceSpec};
use crate::model::{Model, Workload};

impl Engine<'_> {
    /// From now on the numbers are those of a variant.
    pub(super) fn set_numbers(&mut self, variant: Option<u32>) {
        let before = self.model;
        self.model = variant.map_or(self.base, |variant| &self.base.variants[variant as usize]);
        self.calendar.set_delays(&self.model.lanes);
        for index in 0..self.model.groups.len() {
            self.set_stations(before, index);
        }
        self.revise_sources(before);
    }

    fn set_stations(&mut self, before: &Model, index: usize) {
        let (old, new) = (&before.groups[index], &self.model.groups[index]);
        let (first, count) = (new.first, new.count);
        let (servers, capacity) = (new.servers.unwrap_or(NONE), new.capacity.unwrap_or(NONE));
        let (other_servers, other_room) = (old.servers != new.servers, old.capacity != new.capacity);
        for station in first..first + count {
            if other_servers {
                self.set_servers(station, servers);
            }
            if other_room && !self.is_closed(station) {
                self.stations[station as usize].capacity = capacity;
                self.opened.push_back(station);
            }
        }
    }

    /// More servers turn to those who wait; of fewer, those that are busy finish first.
    fn set_servers(&mut self, station: u32, servers: u32) {
        let now = self.now;
        let at = &mut self.stations[station as usize];
        let Some(special) = at.special.as_deref_mut() else { return };
        let before = special.down();
        special.installed = servers;
        special.tally.down.change(now, before, special.down());
        at.servers = special.available();
        if let Some(sharing) = &mut at.sharing {
            sharing.set_servers(now, at.servers);
            return self.reschedule(station);
        }
        self.fill(station);
        self.settle(station);
    }

    /// The intervals that have begun are stretched or shortened in the proportion of the rates.
    fn revise_sources(&mut self, before: &Model) {
        let mut sources = std::mem::take(&mut self.sources);
        sources.revise(|workload, time| {
            let (old, new) = (&before.workloads[workload], &self.model.workloads[workload]);
            if open(old) == open(new) { time } else { self.revised(old, new, time) }
        });
        self.sources = sources;
    }

    /// When the next request arrives instead of at `time`.
    fn revised(&self, old: &Workload, new: &Workload, time: u64) -> u64 {
        let (Some((old, old_profile)), Some((new, new_profile))) = (gap(old), gap(new)) else { return time };
        let at = self.now as f64 - self.start as f64;
        let left = match old_profile {
            _ if time == u64::MAX => return time,
            None => (time - self.now) as f64,
            Some(profile) => amount(profile, at, (time - self.now) as f64),
        };
        let left = left * new / old;
        let later = match new_profile {
            None => left,
            Some(profile) => profile.advance(at, left) - at,
        };
        self.now.saturating_add(super::whole(later.min(LONG)))
    }
}

/// Longer than any run, in ticks, and still a whole number.
const LONG: f64 = 9e18;

/// What makes the arrivals of an open source.
fn open(workload: &Workload) -> Option<&SourceSpec> {
    Some(&workload.source).filter(|source| matches!(source, SourceSpec::Open { .. }))
}

/// The mean interval of an open source, and how its rate changes.
fn gap(workload: &Workload) -> Option<(f64, Option<&ProfileSpec>)> {
    match &workload.source {
        SourceSpec::Open { process, profile, .. } => Some((process.mean_gap(), profile.as_ref())),
        _ => None,
    }
}

/// The integral of a profile over a time from `at`, which is what `advance` inverts: by bisection.
fn amount(profile: &ProfileSpec, at: f64, time: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while profile.advance(at, high) - at < time && high < LONG {
        high *= 2.0;
    }
    for _ in 0..80 {
        let middle = low + (high - low) / 2.0;
        if profile.advance(at, middle) - at < time { low = middle } else { high = middle }
    }
    high
}
