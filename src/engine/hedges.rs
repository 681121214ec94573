//! Hedged attempts: copies of a call, of which the first answer counts (Dean & Barroso, *The tail at
//! scale*, 2013). An attempt is a fork that needs one arm; an arm that has not been sent yet only waits
//! for its time.

use super::Engine;
use super::calendar::Class;
use super::guards::sends_copy;
use super::interpret::Flow;
use super::record::Failure;
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
            AfterSpec::Lanes(_) => Seen::default(),
            AfterSpec::Percentile { share, .. } => Seen(vec![RunningQuantile::new(share); rows.max(1) as usize]),
        }
    }

    fn at(&mut self, replica: u32) -> Option<&mut RunningQuantile> {
        let last = self.0.len().checked_sub(1)?;
        self.0.get_mut((replica as usize).min(last))
    }
}

impl Engine<'_> {
    /// Sends the first copy, and sets the others down for later.
    pub(super) fn hedge(&mut self, task: u32, hedge: u32) -> Flow {
        let model = self.model;
        let spec = &model.hedges[hedge as usize];
        let fork = self.open_fork(task, spec.fork, 1);
        match &spec.after {
            AfterSpec::Lanes(lanes) => {
                for &lane in lanes.iter().rev() {
                    let copy = self.start_arm(task, fork, model.routines[spec.other as usize].entry);
                    let timer = self.calendar.schedule_lane(lane, self.now, Class::Patience, copy);
                    self.tasks.tasks[copy].pending = timer;
                }
            }
            &AfterSpec::Percentile { most, .. } => self.hedge_by_percentile(task, fork, hedge, most),
        }
        let first = self.start_arm(task, fork, model.routines[spec.first as usize].entry);
        if spec.travels {
            self.travel(first, hedge);
        }
        if matches!(spec.after, AfterSpec::Percentile { .. }) {
            self.tasks.push(first, 0, FrameKind::Sent { hedge, since: self.now });
        }
        self.wake(first);
        Flow::Off
    }

    fn hedge_by_percentile(&mut self, task: u32, fork: u32, hedge: u32, most: u32) {
        let replica = self.tasks.tasks[task].replica;
        let seen = self.seen[hedge as usize].at(replica).filter(|seen| seen.count() >= FEWEST);
        let Some(wait) = seen.and_then(|seen| seen.value()) else { return };
        for copy in (1..=most).rev() {
            let time = self.now.saturating_add((wait * f64::from(copy) + 0.5) as u64);
            let entry = self.model.routines[self.model.hedges[hedge as usize].other as usize].entry;
            let copy = self.start_arm(task, fork, entry);
            self.tasks.tasks[copy].pending = self.calendar.schedule(time, Class::Patience, copy);
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
        let FrameKind::Sent { hedge, since } = frame.kind else { return };
        let replica = self.tasks.tasks[task].replica;
        if let Some(seen) = self.seen[hedge as usize].at(replica) {
            seen.record((self.now - since) as f64);
        }
    }

    /// Whether a task is a copy that has not been sent yet.
    pub(super) fn is_unsent(&self, task: u32) -> bool {
        sends_copy(self.model.program[self.tasks.tasks[task].pc as usize])
    }
}
