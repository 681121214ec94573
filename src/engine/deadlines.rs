//! Deadlines, and what becomes of work that nobody waits for any more.

use super::Engine;
use super::calendar::{MAX_SLOTS, OF_TASK};
use super::interpret::Flow;
use super::record::{Failure, Stopped, workload_of};
use super::task::{Frame, FrameKind, NONE, WAITING};
use crate::model::program::{DeadlineSpec, Losers, Op};

impl Engine<'_> {
    /// What follows, up to the matching `End`, is given up after a time.
    #[inline]
    pub(super) fn set_deadline(&mut self, task: u32, deadline: u32) -> Flow {
        let frame = self.tasks.push(task, NONE, FrameKind::Deadline { deadline, timer: 0, task });
        if frame as usize >= MAX_SLOTS {
            self.stop(Stopped::InFlight);
            return Flow::Off;
        }
        let lane = self.model.deadlines[deadline as usize].lane;
        let timer = self.calendar.set_timer(lane, self.now, frame);
        self.tasks.frames[frame].kind = FrameKind::Deadline { deadline, timer, task };
        Flow::On
    }

    /// A request is given up after a time. Nothing lies below this deadline, so it needs no frame.
    #[inline(always)]
    pub(super) fn set_limit(&mut self, task: u32, lane: u32) {
        let timer = self.calendar.set_timer(lane, self.now, OF_TASK | task);
        self.tasks.set_limit(task, timer);
    }

    /// The limit of the request that a client waits for, if it has one.
    fn limit_of(&self, task: u32) -> Option<DeadlineSpec> {
        self.model.workloads[workload_of(&self.tasks.tasks[task].client)?].limit
    }

    /// A timer rings: the caller gives up.
    pub(super) fn on_deadline(&mut self, slot: u32) {
        if slot & OF_TASK != 0 {
            let task = slot & !OF_TASK;
            if let Some(limit) = self.limit_of(task) {
                self.give_up(task, NONE, limit.losers);
            }
        } else if let FrameKind::Deadline { deadline, task, .. } = self.tasks.frames[slot].kind {
            self.give_up(task, slot, self.model.deadlines[deadline as usize].losers);
        }
    }

    /// A caller gives up what it waits for above a frame, or all of it.
    fn give_up(&mut self, task: u32, frame: u32, losers: Losers) {
        let caller = match losers {
            _ if self.is_lost(task) && !self.keeps_hold(task, frame) => self.take_back(task),
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
    pub(super) fn waits_in_line(&self, id: u32) -> bool {
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
    pub(super) fn part(&mut self, task: u32, frame: u32) -> u32 {
        let above = self.tasks.stack(task).take_while(|&(id, _)| id != frame);
        let calls = above.filter(|(_, above)| matches!(above.kind, FrameKind::Call { .. }));
        let Some((call, _)) = calls.last() else {
            let visits = self.is_on_visit(task);
            return if visits { self.split(task, self.tasks.tasks[task].frame) } else { self.take_back(task) };
        };
        let Frame { below, kind, .. } = self.tasks.frames[call];
        let FrameKind::Call { site, target, replica, sent } = kind else { return task };
        self.answered(site, target, replica, sent);
        let ticket = self.tasks.ticket_below(task, call);
        let caller = self.split(task, below);
        let at = &mut self.tasks.tasks[caller];
        (at.ticket, at.replica) = (ticket, replica);
        self.tasks.frames[call].kind = FrameKind::Orphan;
        self.tasks.frames[call].below = NONE;
        caller
    }

    /// Whether a task makes a visit that is no call: nobody hears of its end but who asked for it.
    fn is_on_visit(&self, id: u32) -> bool {
        let task = &self.tasks.tasks[id];
        let visits = || matches!(self.model.program[task.pc as usize - 1], Op::Visit { .. });
        task.station != NONE && visits() || self.blocks && self.is_at_door(id)
    }

    /// A new task for the caller, with the frames from `top` down; the old one keeps the others.
    pub(super) fn split(&mut self, task: u32, top: u32) -> u32 {
        let work = &mut self.tasks.tasks[task];
        let mut caller = *work;
        if work.frame == top {
            work.frame = NONE;
        }
        work.client.waits = false;
        caller.frame = top;
        caller.station = NONE;
        caller.started = WAITING;
        // The work may ride along with somebody; the caller does not.
        (caller.pending, caller.remaining) = (0, 0);
        let caller = self.tasks.tasks.insert(caller);
        if caller >= self.bounds.next {
            self.look_at_tasks(caller);
        }
        self.alive += 1;
        self.adopt(caller, task);
        self.tasks.tasks[task].fork = NONE;
        if self.limit_of(caller).is_some() {
            let timer = self.tasks.limits[task as usize];
            self.tasks.set_limit(caller, timer);
            self.calendar.readdress(timer, OF_TASK | caller);
        }
        caller
    }

    /// What knew the task by its old number now knows the caller by its new one.
    pub(super) fn adopt(&mut self, caller: u32, task: u32) {
        let frames: Vec<u32> = self.tasks.stack(caller).map(|(id, _)| id).collect();
        for id in frames {
            if let FrameKind::Deadline { task, .. } | FrameKind::Expiry { task, .. } | FrameKind::Hedge { task, .. } =
                &mut self.tasks.frames[id].kind
            {
                *task = caller;
            }
        }
        self.replace_arm(task, caller);
    }

    /// Ends a task that nobody needs any more, wherever it is.
    pub(super) fn cancel(&mut self, task: u32, losers: Losers) {
        self.take_back(task);
        while let Some(frame) = self.tasks.pop(task) {
            self.undo(task, frame, Some(losers));
        }
        self.vanish(task);
    }

    /// Ends or abandons a task that nobody needs any more.
    pub(super) fn lose(&mut self, task: u32, losers: Losers) {
        match losers {
            _ if self.is_waste(task) => self.cancel(task, losers),
            Losers::Cancel => self.cancel(task, losers),
            Losers::CancelQueued if self.waits_in_line(task) => self.cancel(task, losers),
            Losers::CancelQueued | Losers::Abandon => self.tasks.tasks[task].fork = NONE,
        }
    }
}
