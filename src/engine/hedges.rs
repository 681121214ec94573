//! Hedged attempts: copies of a call, of which the first answer counts (Dean & Barroso, *The tail at
//! scale*, 2013). Until its timer rings, an attempt is a call like any other. Then it becomes a fork that
//! needs one arm; an arm that has not been sent yet only waits for its time.

use super::Engine;
use super::calendar::{Class, MAX_SLOTS};
use super::guards::sends_copy;
use super::interpret::Flow;
use super::record::{Failure, Stopped};
use super::task::{Frame, FrameKind, NONE};
use crate::model::program::{AfterSpec, HedgeSpec};
use crate::rng;
use crate::stats::RunningQuantile;

/// Answers before a percentile is believed.
const FEWEST: u64 = 100;

/// How often a policy is asked for a target that has no copy yet, before one is drawn.
const TRIES: u32 = 8;

/// What first copies took, by replica of the caller; empty where nobody asks.
#[derive(Debug, Default)]
pub(crate) struct Seen(Vec<RunningQuantile>);

impl Seen {
    pub(crate) fn new(spec: &HedgeSpec, rows: u32) -> Seen {
        match spec.after {
            AfterSpec::Never | AfterSpec::Lanes { .. } => Seen::default(),
            AfterSpec::Percentile { share, .. } => Seen(vec![RunningQuantile::new(share); rows.max(1) as usize]),
        }
    }

    fn at(&mut self, replica: u32) -> Option<&mut RunningQuantile> {
        let last = self.0.len().checked_sub(1)?;
        self.0.get_mut((replica as usize).min(last))
    }
}

impl Engine<'_> {
    /// A first copy begins. It is done by the request's own task until another one has to be sent.
    pub(super) fn hedge(&mut self, task: u32, hedge: u32) -> Flow {
        let since = self.now;
        let kind = |timer| FrameKind::Hedge { hedge, task, timer, since };
        let frame = self.tasks.push(task, NONE, kind(0));
        if frame as usize >= MAX_SLOTS {
            self.stop(Stopped::InFlight);
            return Flow::Off;
        }
        let timer = match self.model.hedges[hedge as usize].after {
            AfterSpec::Lanes { first, .. } => self.calendar.schedule_lane(first, since, Class::Copy, frame),
            _ => match self.percentile(task, hedge) {
                Some(wait) => self.calendar.schedule(since.saturating_add(wait), Class::Copy, frame),
                None => 0,
            },
        };
        self.tasks.frames[frame].kind = kind(timer);
        Flow::On
    }

    /// The percentile of what first copies took, once it is believed.
    fn percentile(&mut self, task: u32, hedge: u32) -> Option<u64> {
        let replica = self.tasks.tasks[task].replica;
        let seen = self.seen[hedge as usize].at(replica).filter(|seen| seen.count() >= FEWEST)?;
        seen.value().map(|wait| (wait + 0.5) as u64)
    }

    /// A first copy is answered before there was another one.
    pub(super) fn answer_first(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task) {
            self.end_copy(task, &frame);
        }
        Flow::On
    }

    /// There is no answer yet: the first copy becomes a task of its own, and others follow it.
    pub(super) fn send_more(&mut self, task: u32, hedge: u32, frame: u32) {
        let Some(caller) = self.part_from_copy(task, hedge, frame) else { return };
        let spec = &self.model.hedges[hedge as usize];
        let fork = self.open_fork(caller, spec.fork, 1);
        self.tasks.tasks[task].fork = fork;
        self.link(fork, NONE, task);
        self.tasks.tasks[task].next = NONE;
        let wait = match self.tasks.frames[frame].kind {
            FrameKind::Sent { since, .. } => self.now - since,
            _ => 0,
        };
        for copy in 1..spec.copies() {
            let arm = self.set_copy_down(caller, fork, hedge);
            self.tasks.tasks[arm].pending = self.schedule_copy(arm, hedge, copy, wait);
        }
        let second = self.set_copy_down(caller, fork, hedge);
        self.wake(second);
    }

    /// Separates the caller from its first copy, which keeps the task; returns the caller's new one.
    fn part_from_copy(&mut self, task: u32, hedge: u32, frame: u32) -> Option<u32> {
        let (call, _) = self.tasks.stack(task).take_while(|&(id, _)| id != frame).last()?;
        let FrameKind::Call { replica, .. } = self.tasks.frames[call].kind else { return None };
        let FrameKind::Hedge { since, .. } = self.tasks.frames[frame].kind else { return None };
        let ticket = self.tasks.ticket_below(task, call);
        let caller = self.split(task, self.tasks.frames[frame].below);
        let at = &mut self.tasks.tasks[caller];
        (at.ticket, at.replica) = (ticket, replica);
        // Past the answer that comes to nobody now.
        at.pc = self.tasks.frames[call].pc + 1;
        let first = self.model.hedges[hedge as usize].first;
        self.tasks.frames[call].pc = self.model.routines[first as usize].entry + 1;
        self.tasks.frames[frame].kind = FrameKind::Sent { hedge, since };
        self.tasks.frames[frame].below = NONE;
        Some(caller)
    }

    /// An attempt whose copies are all tasks of their own, because its deadline travels with them.
    pub(super) fn race(&mut self, task: u32, hedge: u32) -> Flow {
        let spec = &self.model.hedges[hedge as usize];
        let fork = self.open_fork(task, spec.fork, 1);
        let wait = match spec.after {
            AfterSpec::Percentile { .. } => self.percentile(task, hedge),
            _ => Some(0),
        };
        for copy in 1..=spec.copies() {
            let Some(wait) = wait else { break };
            let arm = self.set_copy_down(task, fork, hedge);
            self.tasks.tasks[arm].pending = self.schedule_copy(arm, hedge, copy, wait);
        }
        let first = self.start_arm(task, fork, self.model.routines[spec.first as usize].entry);
        self.travel(first, hedge);
        self.tasks.push(first, 0, FrameKind::Sent { hedge, since: self.now });
        self.wake(first);
        Flow::Off
    }

    /// A copy that waits for its time.
    fn set_copy_down(&mut self, caller: u32, fork: u32, hedge: u32) -> u32 {
        let other = self.model.hedges[hedge as usize].other;
        self.start_arm(caller, fork, self.model.routines[other as usize].entry)
    }

    /// When the so manieth copy from now is sent, by lane or by a time.
    fn schedule_copy(&mut self, arm: u32, hedge: u32, copy: u32, wait: u64) -> u64 {
        match &self.model.hedges[hedge as usize].after {
            AfterSpec::Lanes { each, .. } => {
                self.calendar.schedule_lane(each[copy as usize - 1], self.now, Class::Patience, arm)
            }
            _ => {
                let time = self.now.saturating_add(wait.saturating_mul(u64::from(copy)));
                self.calendar.schedule(time, Class::Patience, arm)
            }
        }
    }

    /// There is no answer yet: another copy is sent.
    pub(super) fn send_copy(&mut self, task: u32, hedge: u32) -> Flow {
        let spec = &self.model.hedges[hedge as usize];
        let fork = self.tasks.tasks[task].fork;
        self.tasks.forks[fork].running += 1;
        self.guards[spec.guard as usize].tally.hedges += 1;
        if spec.travels {
            self.travel(task, hedge);
        }
        let target = self.choose_other(task, fork, spec.site);
        if target == NONE {
            self.fail(task, Failure::Failed);
            return Flow::Off;
        }
        self.enter(task, spec.site, target)
    }

    /// A target for another copy: whom the policy names, unless a copy is there already.
    fn choose_other(&mut self, task: u32, fork: u32, site: u32) -> u32 {
        let mut taken = std::mem::take(&mut self.scratch);
        taken.clear();
        self.targets_of_copies(fork, site, &mut taken);
        let mut chosen = self.choose(task, site);
        for _ in 1..TRIES {
            if !taken.contains(&chosen) {
                break;
            }
            chosen = self.choose(task, site);
        }
        if taken.contains(&chosen) {
            chosen = self.draw_other(task, site, &taken).unwrap_or(chosen);
        }
        self.scratch = taken;
        chosen
    }

    /// Where copies of an attempt are at work.
    fn targets_of_copies(&self, fork: u32, site: u32, targets: &mut Vec<u32>) {
        let mut arm = self.tasks.forks[fork].arms;
        while arm != NONE {
            // The call itself is the lowest one.
            let calls = self.tasks.stack(arm).filter_map(|(_, frame)| match frame.kind {
                FrameKind::Call { site: of, target, .. } if of == site => Some(target),
                _ => None,
            });
            targets.extend(calls.last());
            arm = self.tasks.tasks[arm].next;
        }
    }

    /// One of the targets that have no copy yet, at random; none if all have.
    fn draw_other(&mut self, task: u32, site: u32, taken: &[u32]) -> Option<u32> {
        let all = self.targets_of(task, site);
        let balancer = self.model.sites[site as usize].balancer?;
        let free = |target: &u32| !taken.contains(target);
        let count = all.clone().filter(|&target| free(&(target as u32))).count() as u32;
        if count == 0 {
            return None;
        }
        let stream = self.model.balancers[balancer as usize].stream;
        let drawn = rng::below(&mut self.streams[stream as usize], count);
        all.map(|target| target as u32).filter(free).nth(drawn as usize)
    }

    /// The first copy is answered.
    pub(super) fn join_first(&mut self, task: u32) -> Flow {
        while let Some(frame) = self.tasks.pop(task) {
            self.end_copy(task, &frame);
        }
        self.join(task)
    }

    /// Another copy is answered: has it won?
    pub(super) fn join_copy(&mut self, task: u32, hedge: u32) -> Flow {
        while self.tasks.pop(task).is_some() {}
        if self.tasks.tasks[task].fork != NONE {
            let guard = self.model.hedges[hedge as usize].guard;
            self.guards[guard as usize].tally.hedge_wins += 1;
        }
        self.join(task)
    }

    /// What a first copy took is known, or that it takes longer than this.
    pub(super) fn end_copy(&mut self, task: u32, frame: &Frame) {
        let (FrameKind::Sent { hedge, since } | FrameKind::Hedge { hedge, since, .. }) = frame.kind else { return };
        let replica = self.tasks.tasks[task].replica;
        if let Some(seen) = self.seen[hedge as usize].at(replica) {
            seen.record((self.now - since) as f64);
        }
    }

    /// Whether a task is a copy that has not been sent yet.
    pub(super) fn is_unsent(&self, task: u32) -> bool {
        self.model.program.get(self.tasks.tasks[task].pc as usize).is_some_and(|&op| sends_copy(op))
    }
}
