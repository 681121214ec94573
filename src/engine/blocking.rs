//! Blocking after service: who is done at a station, and finds no room at the next, stays on the
//! server that it has.
//!
//! In a model where this can happen, everyone who is done *lingers*: it is still at its station,
//! whose server is neither busy nor available, while it is seen where it goes. Usually it has gone
//! within the same instant.

use super::Engine;
use super::interpret::Flow;
use super::task::{FrameKind, NONE, Task, WAITING};
use crate::model::program::Op;

/// How a task that lingers was served: it does not hold the server; it rode along.
const NOT_LAST: u64 = 1;
const RODE: u64 = 2;

impl Task {
    /// Whether it is done at the station where it is, and has not gone yet.
    #[inline]
    pub(super) fn lingers(&self) -> bool {
        self.station != NONE && self.order == 0
    }

    /// Whether it rode along in a service that counts as another one's.
    pub(super) fn rode(&self) -> bool {
        self.lingers() && self.remaining & RODE != 0
    }
}

impl Engine<'_> {
    /// A service is complete: those who were served are seen off, the first of them at once.
    pub(super) fn linger(&mut self, task: u32, station: u32) -> Flow {
        let riders = self.end_bulk(task, station);
        if self.stations[station as usize].sharing.is_some() {
            self.finish_sharing(task, station);
            self.stop_sharing(task, station);
        } else {
            let at = &mut self.stations[station as usize];
            at.free(self.now);
            at.running.retain(|&id| id != task);
            if let Some(special) = at.special.as_deref_mut() {
                special.held_up += 1;
                at.servers = special.available();
            }
        }
        self.begin_to_linger(task, if riders.is_empty() { 0 } else { NOT_LAST });
        for (index, &rider) in riders.iter().enumerate() {
            let last = index + 1 == riders.len();
            self.begin_to_linger(rider, if last { RODE } else { RODE | NOT_LAST });
            self.wake(rider);
        }
        self.see_off(task)
    }

    fn begin_to_linger(&mut self, task: u32, how: u64) {
        let done = &mut self.tasks.tasks[task];
        (done.started, done.order, done.pending, done.remaining) = (WAITING, 0, 0, how);
    }

    /// Lets a task that lingers go on as far as the next thing that takes it elsewhere.
    pub(super) fn see_off(&mut self, task: u32) -> Flow {
        while self.tasks.tasks[task].lingers() {
            let at = self.tasks.tasks[task];
            let stays = match self.model.program[at.pc as usize] {
                Op::Visit { place, .. } => {
                    let next = place.station(at.replica);
                    if next != at.station && self.is_barred(next) {
                        return self.stand_at_door(task, next);
                    }
                    false
                }
                Op::Return => at.frame != NONE && matches!(self.tasks.frames[at.frame].kind, FrameKind::Call { .. }),
                Op::Jump { .. } | Op::Branch { .. } | Op::Loop { .. } | Op::Next { .. } | Op::Enter { .. } => true,
                Op::Pick { .. } | Op::Release | Op::Try { .. } | Op::Deadline { .. } | Op::End => true,
                Op::Spawn { .. } | Op::Fail { .. } | Op::Rescue { .. } => true,
                Op::Protect { act, .. } => act.takes_no_time(),
                _ => false,
            };
            if !stays {
                self.let_go(task);
            } else if self.step(task) == Flow::Off {
                return Flow::Off;
            }
        }
        Flow::On
    }

    /// Who lingers is gone; its server turns to the next.
    pub(super) fn let_go(&mut self, task: u32) {
        let Task { station, arrived, service, remaining, .. } = self.tasks.tasks[task];
        self.record_visit(station, arrived, service);
        let at = &mut self.stations[station as usize];
        if remaining & RODE != 0 {
            at.tally.received -= i128::from(service);
        }
        let holds = remaining & NOT_LAST == 0 && at.sharing.is_none();
        if let Some(special) = at.special.as_deref_mut().filter(|_| holds) {
            special.held_up -= 1;
        }
        self.depart(station, arrived);
        self.tasks.tasks[task].go();
        if holds {
            self.adjust(station);
        } else {
            self.settle(station);
        }
    }

    /// Whether whoever comes to a station has to wait for room.
    pub(super) fn is_barred(&self, station: u32) -> bool {
        let at = &self.stations[station as usize];
        let Some(special) = at.special.as_ref().filter(|special| special.blocks) else { return false };
        !self.admits
            && !self.is_closed(station)
            && (self.loads[station as usize] >= at.capacity || !special.door.is_empty())
    }

    /// Waits for room; the op to be run then is that of the visit.
    pub(super) fn stand_at_door(&mut self, task: u32, station: u32) -> Flow {
        if let Some(special) = &mut self.stations[station as usize].special {
            special.tally.door.up(self.now);
            special.door.push_back(task);
        }
        let from = self.tasks.tasks[task].station;
        if from != NONE {
            self.settle(from);
        }
        Flow::Off
    }

    /// There is room: who waits for it comes in.
    pub(super) fn admit(&mut self, station: u32) {
        loop {
            let at = &mut self.stations[station as usize];
            let room = self.loads[station as usize] < at.capacity;
            let Some(special) = at.special.as_mut().filter(|_| room) else { return };
            let Some(task) = special.door.pop_front() else { return };
            special.tally.door.down(self.now);
            if self.tasks.tasks[task].lingers() {
                self.let_go(task);
            }
            self.admits = true;
            self.step(task);
            self.admits = false;
        }
    }

    /// Who is first at the door does not wait there any more.
    pub(super) fn leave_front(&mut self, station: u32) -> Option<u32> {
        let special = self.stations[station as usize].special.as_mut()?;
        let task = special.door.pop_front()?;
        special.tally.door.down(self.now);
        Some(task)
    }

    /// A task does not wait for room any more.
    pub(super) fn leave_door(&mut self, task: u32) {
        let Task { pc, replica, .. } = self.tasks.tasks[task];
        let Some(&Op::Visit { place, .. }) = self.model.program.get(pc as usize) else { return };
        let station = place.station(replica);
        let Some(special) = &mut self.stations[station as usize].special else { return };
        if let Some(at) = special.door.iter().position(|&id| id == task) {
            special.door.remove(at);
            special.tally.door.down(self.now);
        }
    }

    /// Whether a task waits for room somewhere.
    pub(super) fn is_at_door(&self, task: u32) -> bool {
        let Task { pc, replica, .. } = self.tasks.tasks[task];
        let Some(&Op::Visit { place, .. }) = self.model.program.get(pc as usize) else { return false };
        let special = &self.stations[place.station(replica) as usize].special;
        special.as_ref().is_some_and(|special| special.door.contains(&task))
    }
}
