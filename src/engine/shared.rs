//! What happens to a task at a station that serves everyone at once.

use super::Engine;
use super::calendar::Class;
use super::line::Entry;
use super::queueing::is_present;

impl Engine<'_> {
    pub(super) fn share(&mut self, task: u32, station: u32) {
        let at = &mut self.stations[station as usize];
        let new = &self.tasks.tasks[task];
        if let Some(sharing) = &mut at.sharing {
            sharing.join(self.now, Entry { order: new.order, task }, new.service, new.client.weight);
            let attention = sharing.attention();
            let new = &mut self.tasks.tasks[task];
            new.remaining = attention.unwrap_or(new.remaining);
        }
        self.tasks.tasks[task].started = self.now;
        self.reschedule(station);
    }

    pub(super) fn unshare(&mut self, task: u32, station: u32) {
        self.depart(station, self.tasks.tasks[task].arrived);
        self.stop_sharing(task, station);
        self.tasks.tasks[task].go();
    }

    /// The next completion of a shared station: where customers slow each other, the service
    /// is the time that it took.
    pub(super) fn finish_sharing(&mut self, task: u32, station: u32) {
        let Some(sharing) = &mut self.stations[station as usize].sharing else { return };
        sharing.finish_first(self.now);
        if let Some(attention) = sharing.attention() {
            let done = &mut self.tasks.tasks[task];
            done.service = received(attention, done.remaining, sharing.share(done.client.weight));
        }
    }

    /// The task has no share in the servers any more.
    pub(super) fn stop_sharing(&mut self, task: u32, station: u32) {
        let weight = self.tasks.tasks[task].client.weight;
        if let Some(sharing) = &mut self.stations[station as usize].sharing {
            sharing.leave(self.now, weight);
        }
        // Its place among those to be done is stale from now on.
        let gone = &mut self.tasks.tasks[task];
        (gone.order, gone.pending) = (0, 0);
        self.reschedule(station);
    }

    /// Puts the next completion of a shared station in the calendar.
    pub(super) fn reschedule(&mut self, station: u32) {
        let at = &mut self.stations[station as usize];
        let Some(present) = at.sharing.as_ref().map(|sharing| sharing.present()) else { return };
        at.set_busy(self.now, present.min(at.servers));
        let Some(sharing) = &mut at.sharing else { return };
        let tasks = &mut self.tasks.tasks;
        let first = sharing.first(|entry| is_present(tasks, station, entry));
        let before = sharing.replace_next(first.map(|(entry, _)| entry));
        if let Some(before) = before.filter(|&entry| is_present(tasks, station, entry)) {
            tasks[before.task].pending = 0;
        }
        if let Some((entry, time)) = first {
            tasks[entry.task].pending = self.calendar.schedule(time.max(self.now), Class::Completion, entry.task);
        }
        self.settle(station);
    }

    /// Service that a task at a shared station has received.
    pub(super) fn attained_shared(&mut self, station: u32, task: u32) -> u64 {
        let present = self.shared_attained(station);
        present.into_iter().find(|&(id, _)| id == task).map_or(0, |(_, attained)| attained)
    }

    /// Who is at a shared station, and the service that each has received.
    pub(super) fn shared_attained(&mut self, station: u32) -> Vec<(u32, u64)> {
        let now = self.now;
        let Some(sharing) = &mut self.stations[station as usize].sharing else { return Vec::new() };
        sharing.advance(now);
        let tasks = &self.tasks.tasks;
        let attention = sharing.attention();
        let present = sharing.needed().filter(|&(entry, _)| is_present(tasks, station, entry));
        let attained = |(entry, needed): (Entry, f64)| {
            let task = &tasks[entry.task];
            if let Some(attention) = attention {
                return (entry.task, received(attention, task.remaining, sharing.share(task.client.weight)));
            }
            let left = needed * sharing.share(task.client.weight);
            (entry.task, task.service.saturating_sub(left.round() as u64))
        };
        present.map(attained).collect()
    }
}

/// What a customer has received since it came, by the attention for customers of weight 1.
fn received(attention: u64, came: u64, share: f64) -> u64 {
    let attention = attention.saturating_sub(came);
    if share == 1.0 { attention } else { (attention as f64 * share).round() as u64 }
}
