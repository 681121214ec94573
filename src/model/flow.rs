//! How often a request comes to each station, and for how long: read off the program.
//!
//! Per call of a routine: expected visits to each group of stations, expected service asked for
//! there, and the time that the routine takes when nobody waits. What is held (threads, pools,
//! locks) is held for the time that passes in between, without waiting: a lower bound.
//!
//! Part of the demand is *certain*: it comes whatever happens before. What lies behind a station
//! that turns customers away, a deadline or a race whose losers are cancelled, or a choice that
//! depends on loads is expected, but not certain, and makes nobody unstable beforehand.

mod callees;
mod contents;
mod paths;
mod protected;
pub(super) mod traffic;
mod wired;

use std::collections::BTreeMap;

use self::contents::depends_on_contents;
use self::paths::frequencies;
use super::Model;
use super::program::{
    Act, BatchSpec, FanSpec, ForkSpec, Losers, NOWHERE, Op, Place, Region, ShareSpec, Shield, Site, TopicSpec,
};

/// Visits and demand, by group of stations.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    /// Per call of the routine.
    pub(super) demand: BTreeMap<u32, Demand>,
    /// Time from entry to return when nobody waits, in ticks.
    pub(super) duration: f64,
    /// Customers may be lost on the way: what follows is not certain.
    loses: bool,
}

/// What comes to a group of stations.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Demand {
    /// How often.
    pub(super) visits: f64,
    /// Service asked for, in ticks.
    pub(super) service: f64,
    /// The part of it that is certain.
    pub(super) certain: f64,
    /// Depends on what caches hold, so that all of this is a guess.
    pub(super) guessed: bool,
}

/// The flow of every routine.
#[derive(Debug, Default)]
pub(super) struct Flows {
    /// By routine and the place from which it is called, where that makes a difference; else nowhere.
    flows: BTreeMap<(u32, Region), Flow>,
    group_of: Vec<u32>,
}

impl Flows {
    pub(super) fn new(model: &Model) -> Flows {
        let mut flows = Flows { flows: BTreeMap::new(), group_of: Vec::new() };
        for (index, group) in model.groups.iter().enumerate() {
            flows.group_of.extend((0..group.count).map(|_| index as u32));
        }
        for routine in 0..model.routines.len() as u32 {
            flows.analyse(model, routine, NOWHERE);
        }
        flows
    }

    pub(super) fn of(&self, routine: u32) -> &Flow {
        &self.flows[&(routine, NOWHERE)]
    }

    /// What a routine does when it is called from a place.
    pub(super) fn analyse(&mut self, model: &Model, routine: u32, here: Region) -> &Flow {
        if !self.flows.contains_key(&(routine, here)) {
            // What a cache does in the background may make it do more of that.
            self.flows.insert((routine, here), Flow::default());
            let flow = self.flow(model, routine, here);
            self.flows.insert((routine, here), flow);
        }
        &self.flows[&(routine, here)]
    }

    fn flow(&mut self, model: &Model, routine: u32, here: Region) -> Flow {
        let span = &model.routines[routine as usize];
        let (entry, end) = (span.entry as usize, span.end as usize);
        let frequency = frequencies(model, entry, end);
        let mut flow = Flow::default();
        let mut durations = vec![0.0; end - entry];
        for pc in entry..end {
            let mut part = self.op(model, model.program[pc], here);
            let times = frequency[pc - entry];
            durations[pc - entry] = times * part.duration;
            let by_contents = depends_on_contents(model, entry, pc);
            part.demand.values_mut().for_each(|demand| demand.guessed |= by_contents);
            let doubted = flow.loses || by_contents || is_cut_short(model, entry, pc);
            flow.add(&part, times, if doubted { 0.0 } else { 1.0 });
            flow.loses |= part.loses;
        }
        cut_at_deadlines(model, entry, &frequency, &mut durations);
        self.add_held(model, entry, end, &frequency, &durations, &mut flow);
        flow.duration = durations.iter().sum();
        flow
    }

    /// What one op does by itself.
    fn op(&mut self, model: &Model, op: Op, here: Region) -> Flow {
        match op {
            Op::Visit { place, law, .. } => self.visit(model, place, model.laws[law as usize].mean()),
            Op::Share { place, share } => {
                let ShareSpec { law, share } = model.shares[share as usize];
                self.visit(model, place, share * model.laws[law as usize].mean())
            }
            Op::Acquire { place } => {
                Flow { loses: model.groups[self.group(place) as usize].loses(), ..Flow::default() }
            }
            Op::Wait { law, .. } => Flow { duration: model.laws[law as usize].mean(), ..Flow::default() },
            Op::Delay { lane } => Flow { duration: model.lanes[lane as usize] as f64, ..Flow::default() },
            Op::Enter { site } | Op::EnterHome { site } | Op::Look { site, .. } => {
                self.site(model, &model.sites[site as usize], here)
            }
            Op::EnterPrimary { site, .. } => self.primary(model, &model.sites[site as usize], here),
            Op::Probe { .. } | Op::Fill { .. } => self.background(model, op),
            Op::Protect { act, index } => self.protected(model, act, index),
            Op::Fork { fork } => self.fork(model, &model.forks[fork as usize]),
            Op::FanOut { fan } => self.fan(model, &model.fans[fan as usize]),
            // How many are let in is not known beforehand.
            Op::Admit { .. } => Flow { loses: true, ..Flow::default() },
            // An attempt is made at least once; after the last one the request fails.
            Op::Commit { most: Some(_), .. } => Flow { loses: true, ..Flow::default() },
            Op::Spawn { routine } => {
                Flow { duration: 0.0, loses: false, ..self.analyse(model, routine, NOWHERE).clone() }
            }
            Op::Message { act: Act::Publish, index } => self.publish(model, &model.messages.topics[index as usize]),
            Op::Message { act: Act::Gather, index } => self.gather(model, &model.messages.batches[index as usize]),
            _ => Flow::default(),
        }
    }

    fn visit(&self, model: &Model, place: Place, mean: f64) -> Flow {
        let group = self.group(place);
        let demand = Demand { visits: 1.0, service: mean, certain: mean, guessed: false };
        let loses = model.groups[group as usize].loses();
        Flow { demand: BTreeMap::from([(group, demand)]), duration: mean, loses }
    }

    /// Every queue of a topic gets the message, and nobody waits. What finds no room is not certain to come.
    fn publish(&mut self, model: &Model, topic: &TopicSpec) -> Flow {
        let loses = topic.capacity.is_some() && topic.outbox.is_none() || !topic.outages.is_empty();
        let mut flow = Flow { loses, ..Flow::default() };
        for queue in &model.messages.queues[topic.first as usize..(topic.first + topic.count) as usize] {
            let work = self.analyse(model, queue.work, NOWHERE);
            // Calls of an overloaded consumer are full.
            flow.add(work, 1.0 / f64::from(queue.batch), if loses { 0.0 } else { 1.0 });
            flow.demand.entry(queue.group).or_default().visits += 1.0;
        }
        flow
    }

    /// What is done once for a batch that is full.
    fn gather(&mut self, model: &Model, batch: &BatchSpec) -> Flow {
        let mut flow = Flow::default();
        if let Some(work) = batch.work {
            let work = self.analyse(model, work, NOWHERE);
            flow.add(work, 1.0 / f64::from(batch.size), 1.0);
            (flow.duration, flow.loses) = (work.duration, work.loses);
        }
        flow.demand.entry(batch.group).or_default().visits += 1.0;
        flow
    }

    /// All arms; they take as long as the last one that is needed.
    fn fork(&mut self, model: &Model, fork: &ForkSpec) -> Flow {
        let mut flow = Flow::default();
        let mut durations = Vec::new();
        let certain = fork.losers == Losers::Abandon || fork.need as usize == fork.arms.len();
        for &arm in &fork.arms {
            let arm = self.analyse(model, arm, NOWHERE);
            durations.push(arm.duration);
            flow.add(arm, 1.0, if certain { 1.0 } else { 0.0 });
            flow.loses |= arm.loses;
        }
        durations.sort_by(f64::total_cmp);
        flow.duration = durations.get(fork.need as usize - 1).copied().unwrap_or(0.0);
        flow
    }

    /// So many calls; they take as long as one, or no time where nobody waits.
    fn fan(&mut self, model: &Model, fan: &FanSpec) -> Flow {
        let call = self.site(model, &model.sites[fan.site as usize], NOWHERE);
        let late = self.analyse(model, fan.join, NOWHERE).duration;
        let fork = fan.fork.map(|fork| &model.forks[fork as usize]);
        let certain = fork.is_none_or(|fork| fork.losers == Losers::Abandon || fork.need == fan.arms);
        let waited = if fork.is_some() { 1.0 } else { 0.0 };
        let mut flow =
            Flow { duration: waited * (late + call.duration), loses: fork.is_some() && call.loses, ..Flow::default() };
        flow.add(&call, f64::from(fan.arms), if certain { 1.0 } else { 0.0 });
        flow
    }

    /// A call of the primary is one of the first copy, as long as that has not failed.
    fn primary(&mut self, model: &Model, site: &Site, here: Region) -> Flow {
        let first = site.routines.iter().take(1).copied().collect();
        self.site(model, &Site { balancer: None, routines: first, ..site.clone() }, here)
    }

    fn group(&self, place: Place) -> u32 {
        self.group_of[place.station(0) as usize]
    }

    /// The average over the targets of a call. Where the policy looks at what goes on, the shares
    /// are certain only if all targets take equally long.
    fn site(&mut self, model: &Model, site: &Site, here: Region) -> Flow {
        if let Some(wiring) = site.wiring {
            return self.wired(model, site, &model.wirings[wiring as usize], here);
        }
        for &routine in &site.routines {
            self.analyse(model, routine, NOWHERE);
        }
        let first = site.routines.first().map_or(0.0, |&routine| self.of(routine).duration);
        let alike = site.routines.iter().all(|&routine| (self.of(routine).duration - first).abs() <= 1e-9 * first);
        let policy = site.balancer.map(|balancer| &model.balancers[balancer as usize].policy);
        let adapts = policy.is_some_and(|policy| policy.needs_loads() || policy.needs_answers());
        let mut flow = Flow::default();
        for (component, share) in shares(model, site).into_iter().enumerate() {
            let callee = self.of(site.routines[component]);
            flow.duration += share * callee.duration;
            flow.add(callee, share, if adapts && !alike { 0.0 } else { 1.0 });
            flow.loses |= callee.loses;
        }
        flow
    }

    /// From each `Acquire` to its `Release`.
    fn add_held(&self, model: &Model, entry: usize, end: usize, frequency: &[f64], durations: &[f64], flow: &mut Flow) {
        let mut open: Vec<(u32, usize)> = Vec::new();
        for pc in entry..end {
            match model.program[pc] {
                Op::Acquire { place } => open.push((self.group(place), pc - entry)),
                Op::Release => {
                    let Some((group, from)) = open.pop() else { continue };
                    let held: f64 = durations[from..pc - entry].iter().sum();
                    let part = flow.demand.entry(group).or_default();
                    part.visits += frequency[from];
                    part.service += held;
                    part.certain += if flow.loses { 0.0 } else { held };
                }
                _ => {}
            }
        }
    }
}

impl Flow {
    /// Adds the demand of another one, so many times, of which this part is certain.
    fn add(&mut self, other: &Flow, times: f64, certain: f64) {
        for (&group, more) in &other.demand {
            let part = self.demand.entry(group).or_default();
            part.visits += times * more.visits;
            part.service += times * more.service;
            part.certain += times * certain * more.certain;
            part.guessed |= more.guessed;
        }
    }
}

/// Whether a deadline around an op may take its work back, or one before it may have ended it all.
fn is_cut_short(model: &Model, entry: usize, pc: usize) -> bool {
    let mut open = Vec::new();
    let mut over = false;
    for op in &model.program[entry..pc] {
        match *op {
            Op::Deadline { deadline } | Op::Limit { deadline } => {
                open.push(Some(model.deadlines[deadline as usize].losers));
            }
            Op::Try { .. } | Op::Draw { .. } | Op::Protect { act: Shield::Expires, .. } => open.push(None),
            Op::End => over |= open.pop().flatten().is_some(),
            _ => {}
        }
    }
    over || open.iter().flatten().any(|&losers| losers != Losers::Abandon)
}

/// What a caller waits for takes no longer than its deadline.
fn cut_at_deadlines(model: &Model, entry: usize, frequency: &[f64], durations: &mut [f64]) {
    let mut open = Vec::new();
    for at in 0..durations.len() {
        match model.program[entry + at] {
            Op::Deadline { deadline } | Op::Limit { deadline } => {
                open.push(Some((at, model.deadlines[deadline as usize].lane)));
            }
            Op::Try { .. } | Op::Draw { .. } | Op::Protect { act: Shield::Expires, .. } => open.push(None),
            Op::End | Op::Answer => {
                let Some(Some((from, lane))) = open.pop() else { continue };
                let longest = frequency[from] * model.lanes[lane as usize] as f64;
                let total: f64 = durations[from..at].iter().sum();
                if total > longest {
                    durations[from..at].iter_mut().for_each(|duration| *duration *= longest / total);
                }
            }
            _ => {}
        }
    }
}

/// The share of calls that go to each component of a site, as far as weights tell.
fn shares(model: &Model, site: &Site) -> Vec<f64> {
    let mut shares = vec![0.0; site.routines.len()];
    let Some(balancer) = site.balancer else { return vec![1.0] };
    let balancer = &model.balancers[balancer as usize];
    for (target, share) in balancer.targets.iter().zip(balancer.policy.shares(balancer.targets.len())) {
        shares[target.component as usize] += share;
    }
    shares
}
