//! Stations that become slower for a time.
//!
//! Who waits has its work in time at the usual speed, who is served in time at that of the moment: so the time with a
//! server is always the service received.

use super::Engine;
use super::calendar::Class;
use super::station::Station;
use super::task::Task;
use crate::policy::discipline::Rule;

impl Station {
    /// How many times as long everything takes here.
    fn slowness(&self) -> f64 {
        self.special.as_ref().map_or(1.0, |special| special.slowness)
    }

    /// How long what is left would take at the usual speed.
    pub(super) fn at_usual_speed(&self, remaining: u64) -> u64 {
        stretched(remaining, 1.0 / self.slowness())
    }
}

impl Engine<'_> {
    /// A station becomes so many times as slow, or is not any more.
    pub(super) fn change_speed(&mut self, station: u32, factor: f64, ends: bool) {
        let Some(special) = self.special(station) else { return };
        let before = special.slowness;
        match special.slowed.iter().position(|&known| known == factor).filter(|_| ends) {
            Some(known) => _ = special.slowed.remove(known),
            None => special.slowed.push(factor),
        }
        special.slowness = special.slowed.iter().product();
        let slowness = special.slowness;
        if let Some(sharing) = &mut self.stations[station as usize].sharing {
            sharing.set_slow(self.now, slowness);
            return self.reschedule(station);
        }
        for task in self.stations[station as usize].running.clone() {
            let served = self.now - self.tasks.tasks[task].started;
            self.stretch(task, station, served, slowness / before);
            self.serve_on(task, station);
        }
    }

    /// Who begins to be served is served at the speed of the moment.
    pub(super) fn slow_down(&mut self, task: u32, station: u32) {
        let slowness = self.stations[station as usize].slowness();
        if slowness != 1.0 {
            self.stretch(task, station, 0, slowness);
        }
    }

    /// Who loses its server waits at the usual speed.
    pub(super) fn speed_up(&mut self, task: u32, station: u32) {
        let slowness = self.stations[station as usize].slowness();
        if slowness != 1.0 {
            self.stretch(task, station, 0, 1.0 / slowness);
        }
    }

    /// What is left of a service, which has gone on for a time, takes longer by a factor.
    fn stretch(&mut self, task: u32, station: u32, served: u64, factor: f64) {
        let at = &mut self.tasks.tasks[task];
        let left = at.remaining.saturating_sub(served);
        let now = stretched(left, factor);
        at.remaining = (at.remaining - left).saturating_add(now);
        at.service = (at.service - left).saturating_add(now);
        let service = at.service;
        self.rest_of_bulk(task, station, |rider| rider.service = service);
    }

    /// When the service of one that is served goes on to is another time than it was.
    fn serve_on(&mut self, task: u32, station: u32) {
        let group = self.group(station);
        let (rule, quantum) = (group.rule, group.quantum);
        let Task { started, remaining, .. } = self.tasks.tasks[task];
        let (class, time) = match rule {
            Rule::Turns if remaining > quantum => (Class::Quantum, quantum),
            _ => (Class::Completion, remaining),
        };
        self.tasks.tasks[task].pending = self.calendar.schedule(started.saturating_add(time), class, task);
    }
}

/// So many ticks times a factor.
fn stretched(ticks: u64, factor: f64) -> u64 {
    if factor == 1.0 { ticks } else { libm::round(ticks as f64 * factor) as u64 }
}
