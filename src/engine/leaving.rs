//! Customers who leave a station without being served to the end: impatient, cancelled, or taken back.

use super::Engine;
use super::queueing::is_valid;
use super::record::Failure;
use super::task::{NONE, RIDES, Task};

impl Engine<'_> {
    /// Patience has run out.
    pub(super) fn on_patience(&mut self, task: u32) {
        let station = self.tasks.tasks[task].station;
        let waited = self.now - self.tasks.tasks[task].arrived;
        if self.sheds_in_time(station) {
            return self.shed_in_line(task, station);
        }
        let at = &mut self.stations[station as usize];
        at.tally.abandoned += 1;
        self.groups[at.group as usize].gave_up.record(waited);
        self.leave_line(task, station);
        self.fail(task, Failure::Abandoned);
    }

    /// A waiting task goes without service.
    pub(super) fn leave_line(&mut self, task: u32, station: u32) {
        self.depart(station, self.tasks.tasks[task].arrived);
        self.tasks.tasks[task].station = NONE;
        if !self.leave_interrupted(task, station) {
            let tasks = &self.tasks.tasks;
            self.stations[station as usize].line.forget(|entry| is_valid(tasks, station, entry));
        }
        self.settle(station);
    }

    /// Service that a task at a station that is not shared has received.
    pub(super) fn received(&self, task: &Task) -> u64 {
        if task.remaining == RIDES || task.lingers() {
            return if task.remaining == RIDES || task.rode() { 0 } else { task.service };
        }
        let plain = self.stations[task.station as usize].plain;
        let needed = if plain { task.service } else { task.remaining };
        let running = if task.is_served() { self.now - task.started } else { 0 };
        task.service - needed + running.min(needed)
    }

    /// Takes a task out of the station where it is, whatever it does there.
    pub(super) fn withdraw(&mut self, task: u32) {
        if self.blocks {
            self.leave_door(task);
        }
        let station = self.tasks.tasks[task].station;
        if station == NONE {
            return;
        }
        if self.tasks.tasks[task].lingers() {
            return self.let_go(task);
        }
        if self.leave_bulk(task, station) {
            return;
        }
        if self.stations[station as usize].sharing.is_some() {
            let received = self.attained_shared(station, task);
            self.stations[station as usize].tally.received += i128::from(received);
            return self.unshare(task, station);
        }
        let running = &self.tasks.tasks[task];
        let received = self.received(running);
        if !self.group(station).held {
            self.stations[station as usize].tally.received += i128::from(received);
        }
        match running.is_served() {
            true if self.group(station).keyed => self.give_up_key(task, station),
            true => self.vacate(task, station),
            false => self.leave_line(task, station),
        }
    }
}
