//! Load shedding: customers who are taken out of a line and turned away.

use super::Engine;
use super::queueing::Offer;
use super::record::Failure;
use super::special::Special;
use crate::policy::shed::Entry;

impl Engine<'_> {
    fn shedding(&mut self, station: u32) -> Option<&mut Special> {
        self.stations[station as usize].special.as_deref_mut().filter(|special| special.shed.is_some())
    }

    /// Whether one who would have to wait may join the line.
    pub(super) fn joins(&mut self, task: u32, station: u32) -> Entry {
        let (now, priority) = (self.now, self.tasks.tasks[task].client.priority);
        let at = &mut self.stations[station as usize];
        let waiting = at.line.len();
        let shed = at.special.as_deref_mut().and_then(|special| special.shed.as_mut());
        shed.map_or(Entry::Join, |shed| shed.enter(now, priority, waiting))
    }

    /// One who has come in is not let into the line.
    pub(super) fn turn_away(&mut self, task: u32, station: u32) -> Offer {
        self.count_shed(station);
        self.depart(station, self.now);
        self.tasks.tasks[task].go();
        Offer::Refused
    }

    /// Whether the next one in line is turned away instead of served.
    pub(super) fn is_shed(&mut self, task: u32, station: u32) -> bool {
        let (now, waited) = (self.now, self.now - self.tasks.tasks[task].arrived);
        let at = &mut self.stations[station as usize];
        let behind = at.line.len();
        let shed = at.special.as_deref_mut().and_then(|special| special.shed.as_mut());
        shed.is_some_and(|shed| shed.sheds(now, waited, behind))
    }

    /// Turns away one who was next in line. It hears of it at this instant, but not before whatever happens
    /// at the station is over.
    pub(super) fn shed(&mut self, task: u32, station: u32) {
        let shed = self.group(station).special.shed;
        let Some(spec) = shed.map(|shed| &self.model.sheds[shed as usize]) else { return };
        let refused = self.model.routines[spec.refused as usize].entry;
        self.count_shed(station);
        self.depart(station, self.tasks.tasks[task].arrived);
        let shed = &mut self.tasks.tasks[task];
        shed.go();
        shed.pc = refused;
        self.wake(task);
    }

    /// A server is free, and nobody waits.
    pub(super) fn find_nobody(&mut self, station: u32) {
        let now = self.now;
        if let Some(shed) = self.shedding(station).and_then(|special| special.shed.as_mut()) {
            shed.empty(now);
        }
    }

    /// Whether those who have waited too long are shed there, rather than leave by themselves.
    pub(super) fn sheds_in_time(&mut self, station: u32) -> bool {
        let special = self.shedding(station);
        special.and_then(|special| special.shed.as_ref()).is_some_and(|shed| shed.has_timeout())
    }

    /// One has waited for too long.
    pub(super) fn shed_in_line(&mut self, task: u32, station: u32) {
        self.count_shed(station);
        self.leave_line(task, station);
        self.fail(task, Failure::Rejected);
    }

    fn count_shed(&mut self, station: u32) {
        if let Some(special) = self.shedding(station) {
            special.tally.shed += 1;
        }
    }
}
