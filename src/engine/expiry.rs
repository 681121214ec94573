//! Deadlines that travel with the work: what has not begun by then never begins.

use super::Engine;
use super::calendar::{Class, MAX_SLOTS};
use super::interpret::Flow;
use super::record::{Failure, Stopped};
use super::task::{FrameKind, NONE};
use crate::model::program::Losers;

impl Engine<'_> {
    /// The work of what follows may begin until then.
    pub(super) fn begin_to_expire(&mut self, task: u32, lane: u32) -> Flow {
        let until = self.now.saturating_add(self.model.lanes[lane as usize]);
        self.tasks.push(task, NONE, FrameKind::Expires { until });
        Flow::On
    }

    /// A copy takes its caller's deadline with it, at the bottom of its stack.
    pub(super) fn travel(&mut self, task: u32, hedge: u32) {
        let fork = self.tasks.tasks[task].fork;
        let caller = self.tasks.forks[fork].parent;
        let until = self.tasks.stack(caller).find_map(|(_, frame)| match frame.kind {
            FrameKind::Expires { until } => Some(until),
            _ => None,
        });
        let Some(until) = until else { return };
        let frame = self.tasks.push(task, NONE, FrameKind::Expiry { hedge, timer: 0, task });
        if frame as usize >= MAX_SLOTS {
            return self.stop(Stopped::InFlight);
        }
        let timer = self.calendar.schedule(until, Class::Copy, frame);
        self.tasks.frames[frame].kind = FrameKind::Expiry { hedge, timer, task };
    }

    /// A timer rings that is not a caller's. Whoever called work whose deadline has passed has given up
    /// before, at the same instant.
    pub(super) fn on_other_timer(&mut self, frame: u32, number: u64) {
        match self.tasks.frames[frame].kind {
            FrameKind::Expiry { hedge, timer, task } if timer == number => self.expire(task, hedge),
            FrameKind::Hedge { hedge, task, timer, .. } if timer == number => self.send_more(task, hedge, frame),
            _ => {}
        }
    }

    /// What waits is dropped now, what is served when it is done, and of arms each by itself.
    fn expire(&mut self, task: u32, hedge: u32) {
        let top = self.tasks.tasks[task].frame;
        if top != NONE
            && let FrameKind::Fork { fork } = self.tasks.frames[top].kind
        {
            let mut arm = self.tasks.forks[fork].arms;
            while arm != NONE {
                let next = self.tasks.tasks[arm].next;
                self.expire_arm(arm, hedge);
                arm = next;
            }
            self.tasks.forks.remove(fork);
            self.tasks.pop(task);
            self.drop_expired(task, hedge);
        } else if self.waits_in_line(task) || self.is_lost(task) {
            self.drop_expired(task, hedge);
        } else {
            self.still_timers(task);
            let routine = self.model.hedges[hedge as usize].first;
            self.tasks.tasks[task].pc = self.model.routines[routine as usize].end - 1;
        }
    }

    /// Nobody gives up on a call of this work any more, and no copy follows one.
    fn still_timers(&mut self, task: u32) {
        let mut at = self.tasks.tasks[task].frame;
        while at != NONE {
            let frame = &mut self.tasks.frames[at];
            at = frame.below;
            match &mut frame.kind {
                FrameKind::Hedge { timer, .. } => *timer = 0,
                &mut FrameKind::Deadline { timer, .. } => self.calendar.clear_timer(timer),
                _ => {}
            }
        }
    }

    fn expire_arm(&mut self, arm: u32, hedge: u32) {
        self.tasks.tasks[arm].fork = NONE;
        if self.is_unsent(arm) {
            self.lose(arm, Losers::Cancel);
        } else {
            self.expire(arm, hedge);
        }
    }

    /// Work ends that nobody wants any more.
    pub(super) fn drop_expired(&mut self, task: u32, hedge: u32) -> Flow {
        let guard = self.model.hedges[hedge as usize].guard;
        self.guards[guard as usize].tally.expired += 1;
        // It may have been granted what it waited for at this very instant.
        self.take_back(task);
        while let Some(frame) = self.tasks.pop(task) {
            self.undo(task, frame, Some(Losers::CancelQueued));
        }
        self.arm_failed(task, Failure::TimedOut);
        Flow::Off
    }
}
