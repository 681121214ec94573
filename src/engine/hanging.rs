//! Tasks that will never be answered: what they keep meanwhile, and when they let go of it.

use super::Engine;
use super::task::{FrameKind, NONE};
use crate::model::program::Losers;

impl Engine<'_> {
    /// A task will not be answered: it waits until its caller gives up, with all that it holds. What has no caller, and
    /// holds nothing, is gone.
    pub(super) fn hang(&mut self, task: u32) {
        if let Some(post) = self.kept_post(task) {
            self.recall(task, post);
            return self.park(task);
        }
        if self.is_forsaken(task) && !self.holds(task) {
            return self.cancel(task, Losers::Abandon);
        }
        self.nodes.hangs = true;
        self.tasks.push(task, NONE, FrameKind::Lost);
        self.tasks.tasks[task].pending = 0;
    }

    /// Whether something does not answer at the moment, and nobody is told.
    fn is_silent_somewhere(&self) -> bool {
        self.nodes.silent > 0 || self.network.is_troubled()
    }

    /// If everybody answers again, those who find that their callers have gone let go of what they hold.
    pub(super) fn clear_hung(&mut self) {
        if !self.nodes.hangs || self.is_silent_somewhere() {
            return;
        }
        let mut hung: Vec<u32> = self
            .tasks
            .live()
            .map(|(task, _)| task)
            .filter(|&task| task >= self.daemons && self.is_unwanted(task))
            .collect();
        hung.sort_by_key(|&task| self.seniority(task));
        for task in hung {
            if self.tasks.tasks[task].pc != NONE && self.is_unwanted(task) {
                self.cancel(task, Losers::Abandon);
            }
        }
    }

    /// Whether nobody waits for a task that waits for nothing.
    fn is_unwanted(&self, task: u32) -> bool {
        self.is_lost(task) && self.is_forsaken(task)
    }

    /// Whether nobody waits for a task, and no timer of its own will end it.
    fn is_forsaken(&self, task: u32) -> bool {
        let at = &self.tasks.tasks[task];
        let limits = |kind: &FrameKind| matches!(kind, FrameKind::Deadline { .. });
        !at.client.waits && at.fork == NONE && !self.tasks.stack(task).any(|(_, frame)| limits(&frame.kind))
    }

    /// Whether a task has something that others may wait for.
    fn holds(&self, task: u32) -> bool {
        self.is_silent_somewhere() && self.tasks.stack(task).any(|(_, frame)| is_held(&frame.kind))
    }

    /// Whether what was called above a frame, and will not be answered, holds something: it keeps that.
    pub(super) fn keeps_hold(&self, task: u32, frame: u32) -> bool {
        if !self.is_silent_somewhere() {
            return false;
        }
        let mut held = false;
        let mut above = self.tasks.stack(task).take_while(|&(id, _)| id != frame);
        above.any(|(_, above)| {
            held |= is_held(&above.kind);
            held && matches!(above.kind, FrameKind::Call { .. })
        })
    }

    /// Whether nobody would miss a task that nobody waits for any more.
    pub(super) fn is_waste(&self, task: u32) -> bool {
        self.is_lost(task) && !self.holds(task)
    }

    /// Whether a task waits for an answer, or for arms, that will never come.
    pub(super) fn is_lost(&self, task: u32) -> bool {
        let top = self.tasks.tasks[task].frame;
        if top == NONE || !self.nodes.hangs {
            return false;
        }
        match self.tasks.frames[top].kind {
            FrameKind::Lost => true,
            FrameKind::Fork { fork } => {
                let fork = &self.tasks.forks[fork];
                let known = |arm: u32| (arm != NONE).then_some(arm);
                let arms = std::iter::successors(known(fork.arms), |&arm| known(self.tasks.tasks[arm].next));
                let alive = arms.filter(|&arm| !self.is_lost(arm)).count();
                alive < fork.need as usize
            }
            _ => false,
        }
    }
}

/// What others may wait for.
fn is_held(kind: &FrameKind) -> bool {
    matches!(kind, FrameKind::Hold { .. } | FrameKind::Inside { .. })
}
