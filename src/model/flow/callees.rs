//! Whom an op calls, how often, and which of their replicas.

use super::wired::routes;
use crate::model::Model;
use crate::model::program::{Act, NOWHERE, Op, Region, Shield, Site, Wiring};

/// A routine that is run on behalf of another one.
#[derive(Debug, Clone)]
pub(super) struct Callee {
    /// The routine, and the place from which it is called, where that makes a difference.
    pub(super) node: (u32, Region),
    /// Runs per run of the caller.
    pub(super) times: f64,
    /// On which replica.
    pub(super) to: To,
}

/// Which replica.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum To {
    /// Any, each as likely as the others, or with loads that are not known beforehand.
    Any,
    /// The caller's.
    Same,
    /// By replica, its share.
    Shares(Vec<f64>),
    /// One of those that the caller has for itself.
    Own {
        /// How many each has.
        width: usize,
        /// How many callers share what is one's.
        sharing: usize,
        /// The replica that each target is.
        replicas: Vec<u32>,
    },
}

/// Whose keys are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose {
    /// The workload.
    pub(super) workload: usize,
    /// The contents that miss them; none where all keys come by.
    pub(super) behind: Option<u32>,
}

/// Whom an op calls that is run so many times on behalf of a workload's requests.
pub(super) fn of(model: &Model, whose: Whose, op: Op, here: Region, times: f64) -> Vec<Callee> {
    let same = |routine: u32, times: f64| Callee { node: (routine, NOWHERE), times, to: To::Same };
    match op {
        Op::Enter { site } | Op::EnterHome { site } | Op::Look { site, .. } => call(model, whose, site, here, times),
        Op::EnterPrimary { site, .. } => {
            let first = model.sites[site as usize].routines.first();
            first.map(|&routine| same(routine, times)).into_iter().collect()
        }
        Op::Probe { .. } => Vec::new(),
        Op::Fill { contents, dirty: true, .. } => {
            let spec = &model.contents[contents as usize];
            let spills = spec.spill.filter(|_| spec.capacity.is_some());
            spec.flush.or(spills).map(|routine| same(routine, times)).into_iter().collect()
        }
        Op::Protect { act: Shield::Race, index } => {
            call(model, whose, model.hedges[index as usize].site, NOWHERE, times)
        }
        Op::Fork { fork } => model.forks[fork as usize].arms.iter().map(|&arm| same(arm, times)).collect(),
        Op::FanOut { fan } => {
            let fan = &model.fans[fan as usize];
            call(model, whose, fan.site, NOWHERE, times * f64::from(fan.arms))
        }
        Op::Spawn { routine } => vec![same(routine, times)],
        Op::Message { act: Act::Publish, index } => {
            let topic = &model.messages.topics[index as usize];
            let queues = &model.messages.queues[topic.first as usize..(topic.first + topic.count) as usize];
            queues
                .iter()
                .map(|queue| Callee { to: To::Any, ..same(queue.work, times / f64::from(queue.batch)) })
                .collect()
        }
        Op::Message { act: Act::Gather, index } => {
            let batch = &model.messages.batches[index as usize];
            batch.work.map(|work| same(work, times / f64::from(batch.size))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The targets of a call.
fn call(model: &Model, whose: Whose, site: u32, here: Region, times: f64) -> Vec<Callee> {
    let spec = &model.sites[site as usize];
    match spec.wiring {
        Some(wiring) => over_wires(model, whose, spec, &model.wirings[wiring as usize], here, times),
        None => {
            let shares = super::shares(model, spec).into_iter().zip(&spec.routines).enumerate();
            let callee = |(component, (share, &routine)): (usize, (f64, &u32))| Callee {
                node: (routine, NOWHERE),
                times: times * share,
                to: replicas_of(model, whose, spec, component as u32),
            };
            shares.map(callee).collect()
        }
    }
}

/// What is on the way as well.
fn over_wires(model: &Model, whose: Whose, site: &Site, wiring: &Wiring, here: Region, times: f64) -> Vec<Callee> {
    let mut callees = Vec::new();
    for (from, to, component, share) in routes(model, site, wiring, here) {
        let way = wiring.ways[wiring.index(component, from, to.unwrap_or(from))];
        let entry = wiring.entry(component, from).unwrap_or(site.routines[component as usize]);
        let place = if to.is_none() { from } else { NOWHERE };
        let times = times * share;
        callees.push(Callee { node: (entry, place), times, to: replicas_of(model, whose, site, component) });
        let ways = [way.request, way.answer].into_iter().flatten();
        callees.extend(ways.map(|routine| Callee { node: (routine, NOWHERE), times, to: To::Same }));
    }
    callees
}

/// Which station is picked.
pub(super) fn replicas(model: &Model, whose: Whose, site: u32) -> To {
    replicas_of(model, whose, &model.sites[site as usize], 0)
}

/// Which replicas of one of its components a call goes to.
fn replicas_of(model: &Model, whose: Whose, site: &Site, component: u32) -> To {
    let Some(balancer) = site.balancer.map(|balancer| &model.balancers[balancer as usize]) else {
        return To::Any;
    };
    if let Some(width) = site.slice {
        let replicas = balancer.targets.iter().map(|target| target.replica).collect();
        return To::Own { width: width as usize, sharing: site.sharing as usize, replicas };
    }
    // Requests without a key go anywhere.
    let known = model.sharding.iter().find(|known| known.name == balancer.name);
    let behind = whose.behind.map(|contents| &model.contents[contents as usize]);
    let by_key = known.map(|known| known.shares_behind(whose.workload, behind));
    let by_key = by_key.filter(|shares| balancer.policy.by_key() && shares.len() == balancer.targets.len());
    let shares = match by_key {
        Some(shares) => shares,
        None => balancer.policy.shares(balancer.targets.len()),
    };
    let mut own: Vec<f64> = Vec::new();
    for (target, share) in balancer.targets.iter().zip(shares).filter(|(target, _)| target.component == component) {
        own.resize(own.len().max(target.replica as usize + 1), 0.0);
        own[target.replica as usize] += share;
    }
    let total: f64 = own.iter().sum();
    let even = total / own.len().max(1) as f64;
    if own.iter().all(|share| (share - even).abs() <= 1e-12 * even) {
        return To::Any;
    }
    To::Shares(own.into_iter().map(|share| share / total).collect())
}
