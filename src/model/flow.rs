//! How often a request comes to each station, and for how long: read off the program.
//!
//! Per call of a routine: expected visits to each group of stations, expected service asked for
//! there, and the time that the routine takes when nobody waits. What is held (threads, pools,
//! locks) is held for the time that passes in between, without waiting: a lower bound.

use std::collections::BTreeMap;

use super::Model;
use super::program::{Op, Place, Site};

/// Visits and demand, by group of stations.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    /// Visits, and service asked for in ticks, per call of the routine.
    pub(super) demand: BTreeMap<u32, (f64, f64)>,
    /// Time from entry to return when nobody waits, in ticks.
    pub(super) duration: f64,
}

/// The flow of every routine.
#[derive(Debug, Default)]
pub(super) struct Flows {
    flows: BTreeMap<u32, Flow>,
    group_of: Vec<u32>,
}

/// A pass over a routine that changes nothing more than this is the last.
const TOLERANCE: f64 = 1e-13;
const MOST_PASSES: u32 = 100_000;

impl Flows {
    pub(super) fn new(model: &Model) -> Flows {
        let mut flows = Flows { flows: BTreeMap::new(), group_of: Vec::new() };
        for (index, group) in model.groups.iter().enumerate() {
            flows.group_of.extend((0..group.count).map(|_| index as u32));
        }
        (0..model.routines.len() as u32).for_each(|routine| flows.analyse(model, routine));
        flows
    }

    pub(super) fn of(&self, routine: u32) -> &Flow {
        &self.flows[&routine]
    }

    fn analyse(&mut self, model: &Model, routine: u32) {
        if self.flows.contains_key(&routine) {
            return;
        }
        let span = &model.routines[routine as usize];
        let (entry, end) = (span.entry as usize, span.end as usize);
        let frequency = frequencies(model, entry, end);
        let mut flow = Flow::default();
        let mut durations = vec![0.0; end - entry];
        for pc in entry..end {
            let part = self.op(model, model.program[pc]);
            let times = frequency[pc - entry];
            durations[pc - entry] = times * part.duration;
            flow.add(&part, times);
        }
        self.add_held(model, entry, end, &frequency, &durations, &mut flow);
        flow.duration = durations.iter().sum();
        self.flows.insert(routine, flow);
    }

    /// What one op does by itself.
    fn op(&mut self, model: &Model, op: Op) -> Flow {
        match op {
            Op::Visit { place, law, .. } => {
                let mean = model.laws[law as usize].mean();
                Flow { demand: BTreeMap::from([(self.group(place), (1.0, mean))]), duration: mean }
            }
            Op::Wait { law, .. } => Flow { duration: model.laws[law as usize].mean(), ..Flow::default() },
            Op::Delay { lane } => Flow { duration: model.lanes[lane as usize] as f64, ..Flow::default() },
            Op::Enter { site } => self.site(model, &model.sites[site as usize]),
            Op::Fork { fork } => {
                let mut flow = Flow::default();
                for &arm in &model.forks[fork as usize].arms {
                    self.analyse(model, arm);
                    let arm = self.of(arm);
                    let longest = flow.duration.max(arm.duration);
                    flow.add(arm, 1.0);
                    flow.duration = longest;
                }
                flow
            }
            Op::Spawn { routine } => {
                self.analyse(model, routine);
                Flow { duration: 0.0, ..self.of(routine).clone() }
            }
            _ => Flow::default(),
        }
    }

    fn group(&self, place: Place) -> u32 {
        self.group_of[place.station(0) as usize]
    }

    /// The average over the targets of a call.
    fn site(&mut self, model: &Model, site: &Site) -> Flow {
        let mut flow = Flow::default();
        for (component, share) in shares(model, site).into_iter().enumerate() {
            let routine = site.routines[component];
            self.analyse(model, routine);
            let callee = self.of(routine);
            flow.duration += share * callee.duration;
            flow.add(callee, share);
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
                    part.0 += frequency[from];
                    part.1 += held;
                }
                _ => {}
            }
        }
    }
}

impl Flow {
    /// Adds the demand of another one, so many times.
    fn add(&mut self, other: &Flow, times: f64) {
        for (&group, &(visits, service)) in &other.demand {
            let part = self.demand.entry(group).or_default();
            part.0 += times * visits;
            part.1 += times * service;
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

/// How often each op of a routine is run per call: forward in one pass, and again while what
/// comes back from later ops still changes.
fn frequencies(model: &Model, entry: usize, end: usize) -> Vec<f64> {
    let mut frequency = vec![0.0; end - entry];
    let backward = backward_edges(model, entry, end);
    for _ in 0..MOST_PASSES {
        let mut inflow = vec![0.0; end - entry];
        inflow.iter_mut().take(1).for_each(|first| *first = 1.0);
        backward.iter().for_each(|&(from, to, share)| inflow[to] += frequency[from] * share);
        let mut change = 0.0f64;
        for pc in entry..end {
            let now = inflow[pc - entry];
            change = change.max((now - frequency[pc - entry]).abs() / (1.0 + now));
            frequency[pc - entry] = now;
            forward(model, pc, |to, share| {
                if to > pc && to < end {
                    inflow[to - entry] += now * share;
                }
            });
        }
        if change < TOLERANCE {
            break;
        }
    }
    frequency
}

/// Jumps to earlier ops: from, to, with what probability.
fn backward_edges(model: &Model, entry: usize, end: usize) -> Vec<(usize, usize, f64)> {
    let mut edges = Vec::new();
    for pc in entry..end {
        forward(model, pc, |to, share| {
            if to <= pc && to >= entry {
                edges.push((pc - entry, to - entry, share));
            }
        });
    }
    edges
}

/// Where an op leads, and with what weight: a loop weighs its body by its passes.
fn forward(model: &Model, pc: usize, mut to: impl FnMut(usize, f64)) {
    match model.program[pc] {
        Op::Jump { to: target } => to(target as usize, 1.0),
        Op::Branch { choice, .. } => {
            let choice = &model.choices[choice as usize];
            let mut below = 0.0;
            for (&sum, &target) in choice.cumulative.iter().zip(&choice.targets) {
                to(target as usize, sum - below);
                below = sum;
            }
        }
        Op::Loop { times } => to(pc + 1, f64::from(times)),
        Op::Next { back } => to(pc + 1, 1.0 / passes(model.program[back as usize - 1])),
        Op::Fail { chance, .. } => to(pc + 1, 1.0 - model.chances[chance as usize]),
        Op::Return | Op::Join | Op::Answer | Op::Vanish => {}
        _ => to(pc + 1, 1.0),
    }
}

fn passes(op: Op) -> f64 {
    match op {
        Op::Loop { times } => f64::from(times),
        _ => 1.0,
    }
}
