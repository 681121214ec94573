//! Forks: the one primitive of doing several things at once.

use super::Engine;
use super::interpret::Flow;
use super::record::Failure;
use super::task::{Fork, FrameKind, NONE};
use crate::model::program::Losers;

impl Engine<'_> {
    /// Starts the arms; the parent waits.
    pub(super) fn fork(&mut self, task: u32, index: u32) -> Flow {
        let spec = &self.model.forks[index as usize];
        let number = self.calendar.number();
        let running = spec.arms.len() as u32;
        let fork = Fork { parent: task, spec: index, need: spec.need, running, arms: NONE, number };
        let fork = self.tasks.forks.insert(fork);
        self.tasks.push(task, NONE, FrameKind::Fork { fork });
        let parent = self.tasks.tasks[task];
        for &arm in spec.arms.iter().rev() {
            let id = self.spawn(self.model.routines[arm as usize].entry, parent.client);
            let child = &mut self.tasks.tasks[id];
            child.client.workload = NONE;
            child.replica = parent.replica;
            child.fork = fork;
            child.number = number;
            child.sibling = std::mem::replace(&mut self.tasks.forks[fork].arms, id);
            self.alive += 1;
        }
        self.wake_arms(fork);
        Flow::Off
    }

    fn wake_arms(&mut self, fork: u32) {
        let mut arm = self.tasks.forks[fork].arms;
        while arm != NONE {
            self.wake(arm);
            arm = self.tasks.tasks[arm].sibling;
        }
    }

    /// An arm is done.
    pub(super) fn join(&mut self, task: u32) -> Flow {
        let Some(fork) = self.leave_fork(task) else { return self.vanish(task) };
        self.vanish(task);
        let at = &mut self.tasks.forks[fork];
        at.need -= 1;
        if at.need == 0 {
            let parent = at.parent;
            self.tasks.pop(parent);
            self.end_fork(fork, None);
            self.wake(parent);
        }
        Flow::Off
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

    /// Takes an arm off its fork's list; none if the fork is over.
    fn leave_fork(&mut self, task: u32) -> Option<u32> {
        let arm = self.tasks.tasks[task];
        if arm.fork == NONE || self.tasks.forks[arm.fork].number != arm.number {
            return None;
        }
        self.relink(arm.fork, task, arm.sibling);
        self.tasks.forks[arm.fork].running -= 1;
        Some(arm.fork)
    }

    /// Puts `with` in the place of `task` in a fork's list of arms.
    fn relink(&mut self, fork: u32, task: u32, with: u32) {
        let first = self.tasks.forks[fork].arms;
        if first == task {
            self.tasks.forks[fork].arms = with;
            return;
        }
        let mut at = first;
        while at != NONE {
            let next = self.tasks.tasks[at].sibling;
            if next == task {
                self.tasks.tasks[at].sibling = with;
                return;
            }
            at = next;
        }
    }

    /// A caller took over from an arm: the fork now knows it.
    pub(super) fn replace_arm(&mut self, task: u32, caller: u32) {
        let arm = self.tasks.tasks[task];
        if arm.fork != NONE && self.tasks.forks[arm.fork].number == arm.number {
            self.relink(arm.fork, task, caller);
        }
    }

    /// Nobody waits for the remaining arms any more; they are lost as the fork says, or `losers`.
    pub(super) fn end_fork(&mut self, fork: u32, losers: Option<Losers>) {
        let own = self.model.forks[self.tasks.forks[fork].spec as usize].losers;
        let losers = losers.unwrap_or(own);
        let mut arm = self.tasks.forks[fork].arms;
        self.tasks.forks[fork].number = 0;
        self.tasks.forks.remove(fork);
        while arm != NONE {
            let next = self.tasks.tasks[arm].sibling;
            self.lose(arm, losers);
            arm = next;
        }
    }
}
