//! Calls between places: what is on the way counts as well.

use std::collections::BTreeMap;

use super::{Flow, Flows};
use crate::model::Model;
use crate::model::program::{NOWHERE, Region, Site, Wiring};

impl Flows {
    /// The average over the places of the caller, and over the targets from each of them.
    pub(super) fn wired(&mut self, model: &Model, site: &Site, wiring: &Wiring, here: Region) -> Flow {
        let mut flow = Flow::default();
        for (from, to, component, share) in routes(model, site, wiring, here) {
            let at = wiring.index(component, from, to.unwrap_or(from));
            let way = wiring.ways[at];
            // A balancer that is everywhere is called from here.
            let place = if to.is_none() { from } else { NOWHERE };
            let entry = wiring.entry(component, from).unwrap_or(site.routines[component as usize]);
            let callee = (Some(entry), place);
            let adapts = site.balancer.is_some_and(|balancer| {
                let policy = &model.balancers[balancer as usize].policy;
                policy.needs_loads() || policy.needs_answers()
            });
            for (routine, place) in [callee, (way.request, NOWHERE), (way.answer, NOWHERE)] {
                let Some(routine) = routine else { continue };
                let part = self.analyse(model, routine, place);
                flow.duration += share * part.duration;
                flow.add(part, share, if adapts { 0.0 } else { 1.0 });
                flow.loses |= part.loses;
            }
        }
        flow
    }
}

/// From where, to where (none is wherever the caller is), to which component, and what share of the calls of a
/// wired site.
pub(super) fn routes(
    model: &Model,
    site: &Site,
    wiring: &Wiring,
    here: Region,
) -> Vec<(Region, Option<Region>, u32, f64)> {
    let mut origins: BTreeMap<Region, f64> = BTreeMap::new();
    let from = if wiring.anywhere { std::slice::from_ref(&here) } else { &wiring.from };
    from.iter().for_each(|&place| *origins.entry(place).or_default() += 1.0 / from.len() as f64);
    let mut routes: BTreeMap<(Region, Option<Region>, u32), f64> = BTreeMap::new();
    for (&from, &origin) in &origins {
        let Some(balancer) = site.balancer.map(|balancer| &model.balancers[balancer as usize]) else {
            routes.insert((from, wiring.to[0], 0), origin);
            continue;
        };
        let distances = wiring.distances(from);
        let shares = match distances {
            [] => balancer.policy.shares(balancer.targets.len()),
            distances => balancer.policy.shares_at(distances),
        };
        for ((target, &to), share) in balancer.targets.iter().zip(&wiring.to).zip(shares) {
            *routes.entry((from, to, target.component)).or_default() += origin * share;
        }
    }
    let used = routes.into_iter().filter(|&(_, share)| share > 0.0);
    used.map(|((from, to, component), share)| (from, to, component, share)).collect()
}
