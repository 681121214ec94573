//! Forks: the one primitive of doing several things at once.

use super::Engine;
use super::interpret::Flow;
use super::record::Failure;
use super::task::{Fork, FrameKind, NONE, Task};
use crate::model::program::Losers;

impl Engine<'_> {
    /// Starts the arms; the parent waits.
    pub(super) fn fork(&mut self, task: u32, index: u32) -> Flow {
        let model = self.model;
        let spec = &model.forks[index as usize];
        let work = self.tasks.work(task);
        let fork = self.open_fork(task, index, spec.arms.len() as u32);
        for &arm in spec.arms.iter().rev() {
            let arm = self.start_arm(task, fork, model.routines[arm as usize].entry);
            if let Some(ticks) = work {
                self.tasks.push(arm, NONE, FrameKind::Work { ticks });
            }
        }
        self.wake_arms(fork);
        Flow::Off
    }

    /// The same call to several targets at once; the parent waits, unless nobody does.
    pub(super) fn fan_out(&mut self, task: u32, index: u32) -> Flow {
        let model = self.model;
        let spec = &model.fans[index as usize];
        if spec.log.is_some() || self.is_troubled() {
            return self.post(task, index);
        }
        let mut targets = std::mem::take(&mut self.scratch);
        self.several(task, spec.site, spec.arms, &mut targets);
        let back = model.routines[spec.join as usize].end - 1;
        let flow = match spec.fork {
            Some(fork) => {
                let fork = self.open_fork(task, fork, spec.arms);
                for &target in targets.iter().rev() {
                    let arm = self.start_arm(task, fork, back);
                    self.enter(arm, spec.site, target);
                }
                self.wake_arms(fork);
                Flow::Off
            }
            None => {
                for &target in &targets {
                    let message = self.message(task, back);
                    self.enter(message, spec.site, target);
                    self.wake(message);
                }
                Flow::On
            }
        };
        self.scratch = targets;
        flow
    }

    pub(super) fn open_fork(&mut self, task: u32, spec: u32, running: u32) -> u32 {
        let need = self.model.forks[spec as usize].need.min(running);
        let fork = self.tasks.forks.insert(Fork { parent: task, spec, need, running, arms: NONE });
        self.tasks.push(task, NONE, FrameKind::Fork { fork });
        fork
    }

    /// A new arm, the first in its fork's list.
    pub(super) fn start_arm(&mut self, parent: u32, fork: u32, pc: u32) -> u32 {
        let arm = self.message(parent, pc);
        self.tasks.tasks[arm].fork = fork;
        let first = self.tasks.forks[fork].arms;
        self.link(fork, arm, first);
        self.link(fork, NONE, arm);
        arm
    }

    /// A task that works for the same client as another, and that nobody waits for.
    pub(super) fn message(&mut self, sender: u32, pc: u32) -> u32 {
        let Task { client, replica, ticket, .. } = self.tasks.tasks[sender];
        let message = self.spawn(pc, client);
        let new = &mut self.tasks.tasks[message];
        new.client.waits = false;
        new.replica = replica;
        new.ticket = ticket;
        self.alive += 1;
        message
    }

    pub(super) fn wake_arms(&mut self, fork: u32) {
        let mut arm = self.tasks.forks[fork].arms;
        while arm != NONE {
            self.wake(arm);
            arm = self.tasks.tasks[arm].next;
        }
    }

    /// An arm is done.
    pub(super) fn join(&mut self, task: u32) -> Flow {
        let Some(fork) = self.leave_fork(task) else { return self.vanish(task) };
        self.vanish(task);
        self.tasks.forks[fork].need -= 1;
        self.close_fork(fork);
        Flow::Off
    }

    /// The parent goes on if no arm is needed any more.
    fn close_fork(&mut self, fork: u32) {
        let at = &self.tasks.forks[fork];
        if at.need == 0 {
            let parent = at.parent;
            self.tasks.pop(parent);
            self.end_fork(fork, None);
            self.wake(parent);
        }
    }

    /// Nobody waits for an arm any more, nor for more arms than are left.
    pub(super) fn excuse(&mut self, task: u32) {
        let Some(fork) = self.leave_fork(task) else { return };
        self.tasks.tasks[task].fork = NONE;
        let at = &mut self.tasks.forks[fork];
        at.need = at.need.min(at.running);
        self.close_fork(fork);
    }

    /// An arm has failed: so has the parent, once too few are left.
    pub(super) fn arm_failed(&mut self, task: u32, failure: Failure) {
        let fork = self.leave_fork(task);
        self.vanish(task);
        let Some(fork) = fork else { return };
        let at = &self.tasks.forks[fork];
        if at.running < at.need {
            let parent = at.parent;
            self.fail(parent, failure);
        }
    }

    /// Takes an arm off its fork's list; none if nobody waits for it.
    fn leave_fork(&mut self, task: u32) -> Option<u32> {
        let Task { fork, previous, next, .. } = self.tasks.tasks[task];
        if fork == NONE {
            return None;
        }
        self.link(fork, previous, next);
        self.tasks.forks[fork].running -= 1;
        Some(fork)
    }

    /// An arm ends at once, and its fork is not told.
    pub(super) fn lose_arm(&mut self, arm: u32) {
        self.leave_fork(arm);
        self.tasks.tasks[arm].fork = NONE;
        self.lose(arm, Losers::Cancel);
    }

    /// Makes two arms neighbours in a fork's list; before the first and after the last is none.
    pub(super) fn link(&mut self, fork: u32, left: u32, right: u32) {
        match left {
            NONE => self.tasks.forks[fork].arms = right,
            _ => self.tasks.tasks[left].next = right,
        }
        if right != NONE {
            self.tasks.tasks[right].previous = left;
        }
    }

    /// A caller took over from an arm: the fork now knows it.
    pub(super) fn replace_arm(&mut self, task: u32, caller: u32) {
        let Task { fork, previous, next, .. } = self.tasks.tasks[task];
        if fork != NONE {
            self.link(fork, previous, caller);
            self.link(fork, caller, next);
        }
    }

    /// Nobody waits for the remaining arms any more; they are lost as the fork says, or `losers`. None
    /// of them knows the fork afterwards.
    pub(super) fn end_fork(&mut self, fork: u32, losers: Option<Losers>) {
        let own = self.model.forks[self.tasks.forks[fork].spec as usize].losers;
        let losers = losers.unwrap_or(own);
        let mut arm = self.tasks.forks[fork].arms;
        self.tasks.forks.remove(fork);
        while arm != NONE {
            let next = self.tasks.tasks[arm].next;
            self.lose(arm, if self.is_unsent(arm) { Losers::Cancel } else { losers });
            arm = next;
        }
    }
}
