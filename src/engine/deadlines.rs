//! Deadlines, and what becomes of work that nobody waits for any more.

use super::Engine;
use super::calendar::{Class, MAX_SLOTS};
use super::interpret::Flow;
use super::record::{Failure, Stopped};
use super::task::{FrameKind, NONE, WAITING};
use crate::model::program::Losers;

impl Engine<'_> {
    pub(super) fn set_deadline(&mut self, task: u32, deadline: u32) -> Flow {
        let frame = self.tasks.push(task, NONE, FrameKind::Deadline { deadline, timer: 0, task });
        if frame as usize >= MAX_SLOTS {
            self.stop(Stopped::TooManyInFlight);
            return Flow::Off;
        }
        let lane = self.model.deadlines[deadline as usize].lane;
        let timer = self.calendar.schedule_lane(lane, self.now, Class::Deadline, frame);
        self.tasks.frames[frame].kind = FrameKind::Deadline { deadline, timer, task };
        Flow::On
    }

    /// A timer rings: if its deadline still stands, the caller gives up.
    pub(super) fn on_deadline(&mut self, frame: u32, number: u64) {
        let FrameKind::Deadline { deadline, timer, task } = self.tasks.frames[frame].kind else { return };
        if timer != number {
            return;
        }
        let losers = self.model.deadlines[deadline as usize].losers;
        let caller = match losers {
            Losers::Cancel => self.take_back(task),
            Losers::CancelQueued if self.waits_in_line(task) => self.take_back(task),
            Losers::CancelQueued | Losers::Abandon => self.part(task, frame),
        };
        while self.tasks.tasks[caller].frame != frame {
            let Some(above) = self.tasks.pop(caller) else { break };
            self.undo(caller, above, Some(losers));
        }
        self.tasks.pop(caller);
        self.fail(caller, Failure::TimedOut);
    }

    /// Whether a task does nothing but wait: in a line, or for arms, which are then asked in turn.
    fn waits_in_line(&self, id: u32) -> bool {
        let task = &self.tasks.tasks[id];
        let forked = task.frame != NONE && matches!(self.tasks.frames[task.frame].kind, FrameKind::Fork { .. });
        forked
            || self.waits_at_gate(id)
            || task.station != NONE && !task.is_served()
            || self.blocks && self.is_at_door(id)
    }

    /// Takes a task out of whatever it waits for; its frames are still to be undone.
    pub(super) fn take_back(&mut self, task: u32) -> u32 {
        self.withdraw(task);
        self.tasks.tasks[task].pending = 0;
        task
    }

    /// Separates the caller, who gives up at `frame`, from the work, which goes on for nobody.
    /// Returns the caller.
    fn part(&mut self, task: u32, frame: u32) -> u32 {
        let above = self.tasks.stack(task).take_while(|&(id, _)| id != frame);
        let calls = above.filter(|(_, above)| matches!(above.kind, FrameKind::Call { .. }));
        let Some((call, _)) = calls.last() else { return self.take_back(task) };
        let FrameKind::Call { site, target, replica, sent } = self.tasks.frames[call].kind else { return task };
        self.answered(site, target, replica, sent);
        let mut caller = self.tasks.tasks[task];
        caller.ticket = self.tasks.ticket_below(task, call);
        caller.frame = self.tasks.frames[call].below;
        caller.replica = replica;
        caller.station = NONE;
        caller.started = WAITING;
        // The work may ride along with somebody; the caller does not.
        (caller.pending, caller.remaining) = (0, 0);
        let caller = self.tasks.tasks.insert(caller);
        self.alive += 1;
        self.adopt(caller, task);
        self.tasks.frames[call].kind = FrameKind::Orphan;
        self.tasks.frames[call].below = NONE;
        let work = &mut self.tasks.tasks[task];
        work.client.waits = false;
        work.fork = NONE;
        caller
    }

    /// What knew the task by its old number now knows the caller by its new one.
    fn adopt(&mut self, caller: u32, task: u32) {
        let frames: Vec<u32> = self.tasks.stack(caller).map(|(id, _)| id).collect();
        for id in frames {
            if let FrameKind::Deadline { task, .. } = &mut self.tasks.frames[id].kind {
                *task = caller;
            }
        }
        self.replace_arm(task, caller);
    }

    /// Ends a task that nobody needs any more, wherever it is.
    fn cancel(&mut self, task: u32, losers: Losers) {
        self.take_back(task);
        while let Some(frame) = self.tasks.pop(task) {
            self.undo(task, frame, Some(losers));
        }
        self.vanish(task);
    }

    /// Ends or abandons a task that nobody needs any more.
    pub(super) fn lose(&mut self, task: u32, losers: Losers) {
        match losers {
            Losers::Cancel => self.cancel(task, losers),
            Losers::CancelQueued if self.waits_in_line(task) => self.cancel(task, losers),
            Losers::CancelQueued | Losers::Abandon => self.tasks.tasks[task].fork = NONE,
        }
    }
}
