//! Calls, their failures, and what is undone on the way out.

use super::Engine;
use super::interpret::Flow;
use super::record::Failure;
use super::task::{Client, Frame, FrameKind, Leg, NONE};
use crate::model::program::{BackoffSpec, BalancerSpec, Losers, NOWHERE, Region, Site, Target};
use crate::policy::admit::Done;
use crate::policy::balance::{Loads, View};
use crate::rng;
use crate::scenario::Jitter;

impl Engine<'_> {
    /// Chooses a target; returns its index, or `NONE` if nobody is there.
    #[inline]
    pub(super) fn choose(&mut self, task: u32, site: u32) -> u32 {
        let spec = &self.model.sites[site as usize];
        let Some(balancer) = spec.balancer else { return 0 };
        let model = &self.model.balancers[balancer as usize];
        let client = &self.tasks.tasks[task].client;
        if model.remember.is_some()
            && let Some(known) = self.balancers[balancer as usize].memory.recall(client, self.now)
        {
            return known;
        }
        let own = self.own_targets(task, spec, model);
        let outstanding = self.row(task, spec, balancer);
        let place = self.place_of(task, spec.wiring);
        let distances = spec.wiring.map_or(&[][..], |wiring| self.model.wirings[wiring as usize].distances(place));
        let region = self.home_of(client).unwrap_or(place);
        let router = &mut self.balancers[balancer as usize];
        let outstanding = router.outstanding.get(outstanding).unwrap_or(&[]);
        let view = View {
            loads: Loads::Counted(&self.loads),
            fronts: &model.fronts[own.clone()],
            outstanding: outstanding.get(own.clone()).unwrap_or(&[]),
            session: session(client),
            region: u32::from(region).checked_sub(1),
            distances: distances.get(own.clone()).unwrap_or(&[]),
        };
        let stream = &mut self.streams[model.stream as usize];
        let chosen = match router.absent.is_none() {
            true => router.policy.choose(&view, stream),
            false => match router.absent.choose(&mut *router.policy, &view, own.start, stream) {
                Some(chosen) => chosen,
                None => return NONE,
            },
        };
        let chosen = (own.start + chosen) as u32;
        if let Some(ticks) = model.remember {
            router.memory.keep(client, chosen, self.now, self.now.saturating_add(ticks));
        }
        chosen
    }

    /// Several targets at once: different ones, drawn at random, as long as there are enough; then
    /// each once more, and so on.
    pub(super) fn several(&mut self, task: u32, site: u32, count: u32, targets: &mut Vec<u32>) {
        targets.clear();
        let spec = &self.model.sites[site as usize];
        let Some(balancer) = spec.balancer else { return targets.resize(count as usize, 0) };
        let model = &self.model.balancers[balancer as usize];
        targets.extend(self.own_targets(task, spec, model).map(|index| index as u32));
        let absent = &self.balancers[balancer as usize].absent;
        if !absent.is_none() && targets.iter().any(|&target| absent.has(target as usize)) {
            targets.retain(|&target| absent.has(target as usize));
        }
        let width = targets.len();
        // Whole rounds need no choice. Who is drawn for the rest comes first in every round: Fisher
        // and Yates's shuffle (1938), stopped there.
        let rng = &mut self.streams[model.stream as usize];
        for at in 0..count % width as u32 {
            targets.swap(at as usize, (at + rng::below(rng, width as u32 - at)) as usize);
        }
        targets.truncate(count as usize);
        (targets.len()..count as usize).for_each(|at| targets.push(targets[at - width]));
    }

    /// The targets that this caller may choose from: all, or those that belong to its own replica.
    #[inline]
    fn own_targets(&self, task: u32, site: &Site, balancer: &BalancerSpec) -> std::ops::Range<usize> {
        match site.slice {
            None => 0..balancer.targets.len(),
            Some(width) => {
                let first = (self.tasks.tasks[task].replica / site.sharing * width) as usize;
                first..first + width as usize
            }
        }
    }

    /// The targets that a caller may choose from.
    pub(super) fn targets_of(&self, task: u32, site: u32) -> std::ops::Range<usize> {
        let spec = &self.model.sites[site as usize];
        spec.balancer.map_or(0..1, |balancer| self.own_targets(task, spec, &self.model.balancers[balancer as usize]))
    }

    /// A target's component among those of its balancer, and its replica.
    #[inline]
    pub(super) fn target(&self, site: u32, index: u32) -> Target {
        match self.model.sites[site as usize].balancer {
            Some(balancer) => self.model.balancers[balancer as usize].targets[index as usize],
            None => Target { component: 0, replica: 0 },
        }
    }

    /// Where the outstanding counts of this caller are.
    fn row(&self, task: u32, site: &Site, balancer: u32) -> std::ops::Range<usize> {
        self.row_of(self.tasks.tasks[task].replica, site, balancer)
    }

    fn row_of(&self, replica: u32, site: &Site, balancer: u32) -> std::ops::Range<usize> {
        let spec = &self.model.balancers[balancer as usize];
        if !spec.answers {
            return 0..0;
        }
        let row = site.row + if site.row_per_replica { replica } else { 0 };
        let width = spec.targets.len();
        row as usize * width..(row as usize + 1) * width
    }

    #[inline]
    pub(super) fn call(&mut self, task: u32, site: u32) -> Flow {
        let target = self.choose(task, site);
        if target == NONE {
            self.fail(task, Failure::Failed);
            return Flow::Off;
        }
        self.enter(task, site, target)
    }

    /// Calls one target of a site.
    #[inline]
    pub(super) fn enter(&mut self, task: u32, site: u32, target: u32) -> Flow {
        let Target { component, replica } = self.target(site, target);
        let spec = &self.model.sites[site as usize];
        let caller = self.tasks.tasks[task];
        if let Some(balancer) = spec.balancer
            && self.model.balancers[balancer as usize].answers
        {
            let row = self.row(task, spec, balancer);
            self.balancers[balancer as usize].outstanding[row][target as usize] += 1;
        }
        let kind = FrameKind::Call { site, target, replica: caller.replica, sent: self.now };
        self.tasks.push(task, caller.pc, kind);
        let routine = spec.routines[component as usize];
        let entry = self.model.routines[routine as usize].entry;
        if let Some(wiring) = spec.wiring {
            return self.set_out(task, [wiring, target, routine], Target { component, replica });
        }
        if self.nodes.troubled > 0 && self.is_refused(task, routine, replica) {
            return Flow::On;
        }
        let callee = &mut self.tasks.tasks[task];
        callee.replica = replica;
        callee.pc = entry;
        Flow::On
    }

    /// Goes on at the caller, who skips so many ops.
    pub(super) fn return_to_caller(&mut self, task: u32, skipped: u32) -> Flow {
        let Some(mut frame) = self.tasks.pop(task) else { return self.vanish(task) };
        if skipped > 0 && matches!(frame.kind, FrameKind::Call { .. }) {
            frame.pc += skipped;
        }
        match frame.kind {
            FrameKind::Hop { leg } => self.arrive_from(task, frame.pc, leg),
            _ if self.is_wired_call(&frame) => {
                self.goes_back(task, frame, Leg::Back).unwrap_or_else(|| self.come_back(task, frame))
            }
            _ => self.come_back(task, frame),
        }
    }

    /// Goes on where the caller is.
    pub(super) fn come_back(&mut self, task: u32, frame: Frame) -> Flow {
        match frame.kind {
            FrameKind::Call { site, target, replica, sent } => {
                self.answered(site, target, replica, sent);
                let caller = &mut self.tasks.tasks[task];
                caller.replica = replica;
                caller.pc = frame.pc;
                Flow::On
            }
            _ => self.vanish(task),
        }
    }

    /// The balancer hears of an answer, or that nobody waits for one any more.
    pub(super) fn answered(&mut self, site: u32, target: u32, replica: u32, sent: u64) {
        let spec = &self.model.sites[site as usize];
        let Some(balancer) = spec.balancer else { return };
        if !self.model.balancers[balancer as usize].answers {
            return;
        }
        let row = self.row_of(replica, spec, balancer);
        let router = &mut self.balancers[balancer as usize];
        router.outstanding[row][target as usize] -= 1;
        router.policy.answered(target as usize, self.now - sent);
    }

    /// A task fails: what it holds is given back, until someone tries again or everyone knows.
    pub(super) fn fail(&mut self, task: u32, failure: Failure) {
        if self.tasks.tasks[task].lingers() {
            self.let_go(task);
        }
        let mut on_its_way = false;
        while let Some(frame) = self.tasks.pop(task) {
            if let FrameKind::Try { retry, attempt, waited } = frame.kind
                && self.try_again(task, frame, retry, attempt, waited)
            {
                return;
            }
            if matches!(frame.kind, FrameKind::Rescue { .. }) && self.rescues(task, frame) {
                return;
            }
            if let FrameKind::Post { kept: true, lost: true, .. } = frame.kind {
                self.tasks.push(task, frame.pc, frame.kind);
                return self.park(task);
            }
            let leg = Leg::Failed(failure);
            if !on_its_way
                && self.is_wired_call(&frame)
                && let Some(flow) = self.goes_back(task, frame, leg)
            {
                if flow == Flow::On {
                    self.wake(task);
                }
                return;
            }
            // A call that fails on its way has not been answered yet, or has been.
            on_its_way = matches!(frame.kind, FrameKind::Hop { .. });
            self.undo(task, frame, None);
        }
        if self.tasks.tasks[task].fork != NONE {
            return self.arm_failed(task, failure);
        }
        self.answer(task, Some(failure));
    }

    fn is_wired_call(&self, frame: &Frame) -> bool {
        matches!(frame.kind, FrameKind::Call { site, .. } if self.model.sites[site as usize].wiring.is_some())
    }

    /// Undoes what one frame stands for; arms that run are lost as a caller says who gives up, or
    /// else as their fork says.
    pub(super) fn undo(&mut self, task: u32, frame: Frame, losers: Option<Losers>) {
        match frame.kind {
            FrameKind::Call { site, target, replica, sent } => {
                self.answered(site, target, replica, sent);
                self.tasks.tasks[task].replica = replica;
            }
            FrameKind::Hold { station, arrived, started } => {
                self.release(self.tasks.tasks[task].client, station, arrived, started);
            }
            FrameKind::Inside { gate, inside, since } => {
                self.pass_out(task, frame.pc, gate, Done { since, inside, answered: false });
            }
            FrameKind::Fork { fork } => self.end_fork(fork, losers),
            FrameKind::Orphan | FrameKind::Lost | FrameKind::Loop { .. } | FrameKind::Work { .. } => {}
            FrameKind::Try { .. } | FrameKind::Rescue { .. } => {}
            FrameKind::Deadline { timer, .. } => self.calendar.clear_timer(timer),
            FrameKind::Expires { .. } | FrameKind::Expiry { .. } => {}
            FrameKind::Watch { guard, row, age } => self.end_watch([guard, row, age], losers),
            FrameKind::Sent { .. } | FrameKind::Hedge { .. } if losers.is_some() => self.end_copy(task, &frame),
            FrameKind::Sent { .. } | FrameKind::Hedge { .. } => {}
            FrameKind::Attempt { counter, .. } => self.end_attempt(task, counter),
            FrameKind::Hop { .. } | FrameKind::Post { .. } => {}
            FrameKind::Delivery { delivery } => self.end_delivery(delivery, false),
            FrameKind::Batch { batch, index } => self.end_batch(batch, Some(index)),
            FrameKind::Member { batch } => self.leave_batch(task, batch),
            FrameKind::Version { .. } | FrameKind::Reader { .. } | FrameKind::Transit { .. } => {
                self.leave_store(task, frame.kind, false);
            }
        }
    }

    fn try_again(&mut self, task: u32, frame: Frame, retry: u32, attempt: u32, waited: u64) -> bool {
        let spec = &self.model.retries[retry as usize];
        if spec.attempts.is_some_and(|most| attempt >= most) || !self.may_retry(task, spec.guard) {
            return false;
        }
        let wait = self.backoff(retry, attempt, waited);
        let kind = FrameKind::Try { retry, attempt: attempt.saturating_add(1), waited: wait };
        self.tasks.push(task, frame.pc, kind);
        self.tasks.tasks[task].pc = frame.pc;
        if wait == 0 {
            self.wake(task);
        } else {
            self.sleep(task, wait);
        }
        true
    }

    /// How long to wait before the retry that follows this attempt.
    fn backoff(&mut self, retry: u32, attempt: u32, waited: u64) -> u64 {
        let spec = &self.model.retries[retry as usize];
        match spec.backoff {
            BackoffSpec::None => 0,
            BackoffSpec::Delay(law) => self.draw(law, spec.stream),
            BackoffSpec::Exponential { base, factor, cap, jitter } => {
                let wait = cap.min(base * libm::pow(factor, f64::from(attempt - 1)));
                let wait = match jitter {
                    Jitter::None => wait,
                    Jitter::Full => wait * self.chance(spec.stream),
                    Jitter::Equal => wait / 2.0 * (1.0 + self.chance(spec.stream)),
                    Jitter::Decorrelated => {
                        let before = if attempt == 1 { base } else { waited as f64 };
                        cap.min(base + (3.0 * before - base) * self.chance(spec.stream))
                    }
                };
                (wait + 0.5) as u64
            }
        }
    }

    /// Where a request's client is, if that is said.
    fn home_of(&self, client: &Client) -> Option<Region> {
        let workload = self.model.workloads.get(client.workload as usize)?;
        (workload.region != NOWHERE).then_some(workload.region)
    }
}

/// Who a request's client is, for policies that remember: the key, or else the user.
fn session(client: &Client) -> Option<u64> {
    if client.keyed {
        return Some(client.key);
    }
    (client.user != NONE).then(|| u64::from(client.user))
}
