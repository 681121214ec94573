//! Calls to several targets that may not all arrive, and logs: what is sent to copies is kept until they have it.
//!
//! A post is a frame that says where its task goes. If it is kept in a log and gets lost, the task waits here until
//! its target may be reached again.

use super::Engine;
use super::calendar::Class;
use super::interpret::Flow;
use super::task::{FrameKind, NONE};
use crate::model::program::{FanSpec, LogOwner, LogSpec};

/// What the logs of all nodes keep until it can be sent.
#[derive(Debug, Default)]
pub(super) struct Logs {
    /// Tasks that wait, and the number by which each is known.
    parked: Vec<(u32, u64)>,
    /// How often they were sent again.
    rounds: u32,
}

/// The ops that a fan's routine ends with: the sending, and the end of an arm.
const SENDING: u32 = 3;

impl Engine<'_> {
    /// Whether a call may find nobody.
    #[inline]
    pub(super) fn is_troubled(&self) -> bool {
        self.nodes.troubled > 0 || self.network.is_troubled()
    }

    /// A fan whose calls are made one after the other when all are ready, so that each may fail by itself. Nobody waits
    /// for copies that are left out.
    pub(super) fn post(&mut self, task: u32, index: u32) -> Flow {
        let spec = &self.model.fans[index as usize];
        let mut targets = std::mem::take(&mut self.scratch);
        self.several(task, spec.site, spec.arms, &mut targets);
        let (awaited, others): (Vec<u32>, Vec<u32>) =
            targets.iter().partition(|&&target| spec.fork.is_some() && !self.is_left_out(spec, target));
        self.scratch = targets;
        let fork = spec.fork.filter(|_| !awaited.is_empty());
        let fork = fork.map(|fork| self.open_fork(task, fork, awaited.len() as u32));
        let entry = self.model.routines[spec.join as usize].entry;
        for &target in awaited.iter().rev() {
            let arm = self.start_arm(task, fork.unwrap_or(NONE), entry);
            self.push_post(task, arm, spec, target);
        }
        fork.into_iter().for_each(|fork| self.wake_arms(fork));
        for target in others {
            let message = self.message(task, entry);
            self.push_post(task, message, spec, target);
            self.wake(message);
        }
        if fork.is_some() { Flow::Off } else { Flow::On }
    }

    fn push_post(&mut self, sender: u32, task: u32, spec: &FanSpec, target: u32) {
        let owner = spec.log.map_or(NONE, |log| self.log_owner(sender, log));
        let (site, since, kept) = (spec.site, self.now, spec.log.is_some());
        let send = self.model.routines[spec.join as usize].end - SENDING;
        let kind = FrameKind::Post { site, target, owner, round: 0, since, kept, lost: false, again: false };
        self.tasks.push(task, send, kind);
    }

    /// The node that keeps what a task sends.
    fn log_owner(&self, task: u32, log: LogSpec) -> u32 {
        let (store, at) = (&self.model.stores[log.store as usize], self.tasks.tasks[task].replica);
        let index = match log.owner {
            LogOwner::Copy(copy) => at * store.copies + copy,
            LogOwner::Here => at,
        };
        store.nodes.get(index as usize).copied().unwrap_or(NONE)
    }

    /// Calls the target of the post on top of a task's stack.
    pub(super) fn send_post(&mut self, task: u32) -> Flow {
        let top = self.tasks.tasks[task].frame;
        let FrameKind::Post { site, target, owner, round, lost, again, .. } = &mut self.tasks.frames[top].kind else {
            return Flow::On;
        };
        *again |= std::mem::take(lost);
        *round = self.logs.rounds;
        let (site, target, owner) = (*site, *target, *owner);
        if owner != NONE && self.nodes.is_down(owner) {
            self.hang(task);
            return Flow::Off;
        }
        self.enter(task, site, target)
    }

    /// The post in a log that a task carries out.
    pub(super) fn kept_post(&self, task: u32) -> Option<u32> {
        let kept = |kind: &FrameKind| matches!(kind, FrameKind::Post { kept: true, .. });
        self.tasks.stack(task).find(|(_, frame)| kept(&frame.kind)).map(|(id, _)| id)
    }

    /// What a task carries to a copy does not arrive, and is still in the log.
    pub(super) fn mark_lost(&mut self, task: u32) {
        if let Some(post) = self.kept_post(task)
            && let FrameKind::Post { lost, .. } = &mut self.tasks.frames[post].kind
        {
            *lost = true;
        }
    }

    /// Whether what a task carries to a copy will be sent again.
    pub(super) fn is_sent_later(&self, task: u32) -> bool {
        let kept = self.kept_post(task).map(|post| self.tasks.frames[post].kind);
        matches!(kept, Some(FrameKind::Post { lost: true, .. }))
    }

    /// A post that got lost is back in its log: the task waits there, unless something has changed since it was sent.
    pub(super) fn park(&mut self, task: u32) {
        let post = self.tasks.frames[self.tasks.tasks[task].frame];
        let number = self.calendar.number();
        self.tasks.tasks[task].pending = number;
        self.tasks.tasks[task].pc = post.pc;
        match post.kind {
            FrameKind::Post { round, .. } if round != self.logs.rounds => self.ready.push_back((task, number)),
            _ => self.logs.parked.push((task, number)),
        }
    }

    /// What a task carries to a copy does not arrive: it goes back to its post.
    pub(super) fn recall(&mut self, task: u32, post: u32) {
        self.mark_lost(task);
        self.unwind(task, post);
    }

    /// Undoes whatever a task does to carry a post out.
    pub(super) fn unwind(&mut self, task: u32, post: u32) {
        while self.tasks.tasks[task].frame != post {
            let Some(above) = self.tasks.pop(task) else { break };
            self.undo(task, above, None);
        }
    }

    /// A message is lost: a log sends it again after a time, anybody else waits in vain.
    pub(super) fn lose_message(&mut self, task: u32, lane: u32) {
        let Some(post) = self.kept_post(task) else { return self.hang(task) };
        self.recall(task, post);
        self.tasks.tasks[task].pc = self.tasks.frames[post].pc;
        self.tasks.tasks[task].pending = self.calendar.schedule_lane(lane, self.now, Class::Completion, task);
    }

    /// What a node has not sent yet when it stops waits until it is back.
    pub(super) fn hold_back(&mut self, node: u32) {
        let unsent = |&task: &u32| {
            let top = self.tasks.tasks[task].frame;
            top != NONE && matches!(self.tasks.frames[top].kind, FrameKind::Post { owner, .. } if owner == node)
        };
        let waiting: Vec<u32> = self.tasks.live().map(|(task, _)| task).filter(unsent).collect();
        waiting.into_iter().for_each(|task| self.park(task));
    }

    /// Something may be reached again: logs send what they have kept, oldest first.
    pub(super) fn resend(&mut self) {
        self.logs.rounds = self.logs.rounds.wrapping_add(1);
        let parked = std::mem::take(&mut self.logs.parked);
        let mut ready = Vec::new();
        for (task, number) in parked {
            if self.tasks.tasks[task].pending != number {
                continue;
            }
            match self.tasks.frames[self.tasks.tasks[task].frame].kind {
                FrameKind::Post { site, target, owner, .. } if self.is_out_of_reach(owner, site, target) => {
                    self.logs.parked.push((task, number));
                }
                FrameKind::Post { target, .. } => ready.push((self.tasks.tasks[task].ticket, target, task)),
                _ => {}
            }
        }
        ready.sort_unstable();
        ready.into_iter().for_each(|(.., task)| self.wake(task));
    }

    /// Whether nothing that is sent now would arrive.
    fn is_out_of_reach(&self, owner: u32, site: u32, target: u32) -> bool {
        let is_down = |node: u32| node != NONE && self.nodes.is_down(node);
        let Some(to) = self.callee(site, target) else { return is_down(owner) };
        let cut = owner != NONE && {
            let (from, to) = (self.node(owner).region, self.node(to).region);
            self.network.is_cut(from, to) || self.network.is_cut(to, from)
        };
        is_down(owner) || is_down(to) || cut
    }
}
