//! What a call passes on its way to its target and back: links and networks.
//!
//! Each of them is a routine that a task runs between the caller and the callee. A frame on top of the
//! call's own says where it goes on afterwards; giving up in between finds the frames it always finds.

use super::Engine;
use super::interpret::Flow;
use super::task::{Frame, FrameKind, Leg, NONE};
use crate::model::program::{NOWHERE, Region, Target, Way};

impl Engine<'_> {
    /// Sets out for a target behind the frame of its call, to run a routine, if that is the same from everywhere.
    pub(super) fn set_out(&mut self, task: u32, [wiring, target, routine]: [u32; 3], to: Target) -> Flow {
        let wiring = &self.model.wirings[wiring as usize];
        let from = wiring.place(self.tasks.tasks[task].replica);
        let Target { component, replica } = to;
        let routine = wiring.entry(component, from).unwrap_or(routine);
        // Who is everywhere has a replica for each place.
        let replica = if wiring.to[target as usize].is_none() { u32::from(from) } else { replica };
        if self.network.is_troubled() {
            let to = wiring.to[target as usize].unwrap_or(from);
            if self.is_lost_between(task, from, to) {
                return Flow::Off;
            }
        }
        let way = self.way_of(task, from);
        match way.and_then(|way| way.request) {
            Some(way) => {
                self.hop(task, routine, way, Leg::There { replica });
                Flow::On
            }
            None => self.begin_at(task, routine, replica),
        }
    }

    /// Begins a routine at a replica, unless that is down.
    fn begin_at(&mut self, task: u32, routine: u32, replica: u32) -> Flow {
        if self.nodes.troubled > 0 && self.is_refused(task, routine, replica) {
            return Flow::On;
        }
        let callee = &mut self.tasks.tasks[task];
        callee.replica = replica;
        callee.pc = self.model.routines[routine as usize].entry;
        Flow::On
    }

    /// Goes through a routine on the way, to another one.
    fn hop(&mut self, task: u32, after: u32, routine: u32, leg: Leg) {
        self.tasks.push(task, after, FrameKind::Hop { leg });
        self.tasks.tasks[task].pc = self.model.routines[routine as usize].entry;
    }

    /// The end of such a routine.
    pub(super) fn arrive_from(&mut self, task: u32, after: u32, leg: Leg) -> Flow {
        match leg {
            Leg::There { replica } => self.begin_at(task, after, replica),
            Leg::Back => match self.tasks.pop(task) {
                Some(call) => self.come_back(task, call),
                None => self.vanish(task),
            },
            Leg::Failed(failure) => {
                if let Some(call) = self.tasks.pop(task) {
                    self.undo(task, call, None);
                }
                self.fail(task, failure);
                Flow::Off
            }
        }
    }

    /// Takes an answer, or bad news, to the caller whose frame was taken off, if something lies in between; it may be
    /// lost on the way.
    pub(super) fn goes_back(&mut self, task: u32, call: Frame, leg: Leg) -> Option<Flow> {
        self.tasks.push(task, call.pc, call.kind);
        if self.network.is_troubled() && self.is_lost_going_back(task, leg) {
            return Some(Flow::Off);
        }
        let way = self.way_back(task);
        let routine = if matches!(leg, Leg::Back) { way.answer } else { way.failure };
        match routine {
            Some(routine) => self.hop(task, 0, routine, leg),
            None => drop(self.tasks.pop(task)),
        }
        routine.map(|_| Flow::On)
    }

    /// Whether what goes back to the caller of the call on top of a task's stack is lost. Nobody waits to hear that a
    /// copy has what was sent to it in the background.
    fn is_lost_going_back(&mut self, task: u32, leg: Leg) -> bool {
        let top = self.tasks.tasks[task].frame;
        let FrameKind::Call { site, target, replica, .. } = self.tasks.frames[top].kind else { return false };
        let Some(wiring) = self.model.sites[site as usize].wiring else { return false };
        let wiring = &self.model.wirings[wiring as usize];
        let home = wiring.place(replica);
        let away = wiring.to[target as usize].unwrap_or(home);
        let below = self.tasks.frames[top].below;
        let is_kept = below != NONE && self.kept_post(task) == Some(below);
        let is_heard = !is_kept || !matches!(leg, Leg::Back) || self.tasks.tasks[task].fork != NONE;
        is_heard && self.is_lost_between(task, away, home)
    }

    fn way_back(&self, task: u32) -> Way {
        let frame = &self.tasks.frames[self.tasks.tasks[task].frame];
        let FrameKind::Call { site, replica, .. } = frame.kind else { return Way::default() };
        let Some(wiring) = self.model.sites[site as usize].wiring else { return Way::default() };
        let from = self.model.wirings[wiring as usize].place(replica);
        self.way_of(task, from).unwrap_or_default()
    }

    /// The way of the call on top of a task's stack.
    fn way_of(&self, task: u32, from: Region) -> Option<Way> {
        let FrameKind::Call { site, target, .. } = self.tasks.frames[self.tasks.tasks[task].frame].kind else {
            return None;
        };
        let wiring = &self.model.wirings[self.model.sites[site as usize].wiring? as usize];
        Some(wiring.way(from, self.target(site, target).component, target))
    }

    /// Where the caller at a site is, as far as the site knows.
    #[inline]
    pub(super) fn place_of(&self, task: u32, wiring: Option<u32>) -> Region {
        wiring.map_or(NOWHERE, |wiring| self.model.wirings[wiring as usize].place(self.tasks.tasks[task].replica))
    }
}
