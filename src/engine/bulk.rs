//! Bulk service: a server takes many at once, for one service time, and they leave together.
//!
//! The first of them stands for the service: it is the one that the calendar and the counters
//! know. The others ride along.

use super::Engine;
use super::calendar::Class;
use super::queueing::is_valid;
use super::task::{RIDES, Task};

impl Engine<'_> {
    /// A server has begun with one: it takes those who wait besides, as many as it can.
    pub(super) fn fill_bulk(&mut self, first: u32, station: u32) {
        let tasks = &mut self.tasks.tasks;
        let at = &mut self.stations[station as usize];
        let Some(special) = at.special.as_deref_mut().filter(|special| special.batch > 1) else { return };
        let service = tasks[first].service;
        let mut batch = vec![first];
        while (batch.len() as u32) < special.batch {
            let stream = at.discipline_stream;
            let next = at.line.pop(&mut self.streams, stream, |entry| is_valid(tasks, station, entry));
            let Some(next) = next else { break };
            let rider = &mut tasks[next];
            rider.begin(self.now);
            (rider.service, rider.remaining) = (service, RIDES);
            batch.push(next);
        }
        special.batches.push(batch);
        self.ride(station);
    }

    /// Counts who is served now together with another.
    pub(super) fn ride(&mut self, station: u32) {
        let tasks = &self.tasks.tasks;
        let at = &mut self.stations[station as usize];
        let Some(special) = at.special.as_deref_mut().filter(|special| special.batch > 1) else { return };
        let served = special.batches.iter().filter(|batch| tasks[batch[0]].is_served());
        let riders = served.map(|batch| batch.len() as u32 - 1).sum();
        special.tally.riders.change(self.now, special.riders, riders);
        special.riders = riders;
    }

    /// Changes all that are served together with the first of them.
    pub(super) fn rest_of_bulk(&mut self, first: u32, station: u32, mut change: impl FnMut(&mut Task)) {
        let Some(special) = &self.stations[station as usize].special else { return };
        let Some(batch) = special.batches.iter().find(|batch| batch[0] == first) else { return };
        batch[1..].iter().for_each(|&rider| change(&mut self.tasks.tasks[rider]));
    }

    /// The service of a first one is complete; returns who rode along.
    pub(super) fn end_bulk(&mut self, first: u32, station: u32) -> Vec<u32> {
        let Some(special) = &mut self.stations[station as usize].special else { return Vec::new() };
        let Some(at) = special.batches.iter().position(|batch| batch[0] == first) else { return Vec::new() };
        special.tally.batches += 1;
        let mut batch = special.batches.swap_remove(at);
        self.ride(station);
        batch.remove(0);
        batch
    }

    /// A service is complete: those who rode along leave, and go on by themselves.
    pub(super) fn release_riders(&mut self, first: u32, station: u32) {
        for rider in self.end_bulk(first, station) {
            let Task { arrived, service, .. } = self.tasks.tasks[rider];
            self.record_visit(station, arrived, service);
            self.stations[station as usize].tally.received -= i128::from(service);
            self.depart(station, arrived);
            self.stop_riding(rider);
            self.wake(rider);
        }
    }

    /// A task is taken out of a service of many, which goes on without it. False if it is alone,
    /// or not served with others.
    pub(super) fn leave_bulk(&mut self, task: u32, station: u32) -> bool {
        let at = &mut self.stations[station as usize];
        let Some(special) = at.special.as_deref_mut() else { return false };
        let Some(index) = special.batches.iter().position(|batch| batch.contains(&task)) else { return false };
        let batch = &mut special.batches[index];
        let was_first = batch[0] == task;
        batch.retain(|&id| id != task);
        let Some(&next) = batch.first() else {
            special.batches.swap_remove(index);
            return false;
        };
        if was_first {
            let interrupted = special.interrupted.iter_mut().map(|(_, id)| id);
            at.running.iter_mut().chain(interrupted).filter(|id| **id == task).for_each(|id| *id = next);
            self.succeed(task, next);
        }
        self.ride(station);
        self.depart(station, self.tasks.tasks[task].arrived);
        self.stop_riding(task);
        true
    }

    fn stop_riding(&mut self, task: u32) {
        let rider = &mut self.tasks.tasks[task];
        rider.go();
        (rider.pending, rider.remaining) = (0, 0);
    }

    /// Another one stands for the service from now on.
    fn succeed(&mut self, first: u32, next: u32) {
        let Task { remaining, started, .. } = self.tasks.tasks[first];
        let heir = &mut self.tasks.tasks[next];
        heir.remaining = remaining;
        if heir.is_served() {
            let end = started.saturating_add(remaining);
            heir.pending = self.calendar.schedule(end, Class::Completion, next);
        }
    }
}
