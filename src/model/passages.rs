//! Virtual departures: where the time at which a customer leaves is known as he comes, no event has to tell it.
//!
//! That is so in a model in which requests do nothing but pass through one station each, first come, first served, and
//! nothing can happen to them there: whoever comes later changes nothing for those before. The engine then computes each
//! departure on arrival (`engine/passages.rs`). What a run shows is the same, byte for byte.

use super::program::{Op, Passage, Site};
use super::source::{Batch, SourceSpec};
use super::{Group, Horizon, Model, OperationSpec, Workload};
use crate::policy::discipline::Rule;

/// The free times of more servers than this, or of all stations of a group together, are not worth keeping.
const MOST_SERVERS: u32 = 1024;
const MOST_FREE_TIMES: u64 = 1 << 20;
/// Where somebody asks how many there are, all servers of a station are looked at.
const FEW_SERVERS: u32 = 64;

/// Finds out whether all requests of a model only pass, and what each then does.
pub(super) fn find_passages(model: &mut Model) {
    if !nothing_happens(model) {
        return;
    }
    let passage_of = |workload: &Workload| match &workload.operations[..] {
        [operation] if comes_alone(&workload.source) => passage(model, operation),
        _ => None,
    };
    let all: Option<Vec<Passage>> = model.workloads.iter().map(passage_of).collect();
    let Some(all) = all else { return };
    for (workload, passage) in model.workloads.iter_mut().zip(all) {
        workload.operations[0].passage = Some(passage);
    }
    model.passes = true;
}

/// Nothing happens at a certain time, nobody is there at the start, and the end does not depend on who is there.
fn nothing_happens(model: &Model) -> bool {
    model.timeline.is_empty()
        && model.scalers.is_empty()
        && model.health.is_empty()
        && model.horizon != Horizon::UntilEmpty
        && model.groups.iter().all(|group| group.initial == 0)
}

/// Requests come from outside, one at a time: whoever leaves at an instant has left before the next one looks.
fn comes_alone(source: &SourceSpec) -> bool {
    match source {
        SourceSpec::Open { batch, .. } => *batch == Batch::Fixed(1),
        SourceSpec::Trace(_) => true,
        SourceSpec::Users { .. } => false,
    }
}

/// What a request does, if it only passes: perhaps choose a replica, be served, answer.
fn passage(model: &Model, operation: &OperationSpec) -> Option<Passage> {
    let mut pc = model.routines[operation.routine as usize].entry as usize;
    let mut site = None;
    if let Op::Pick { site: chosen } = model.program[pc] {
        site = Some(chosen);
        pc += 1;
    }
    let Some(&[Op::Visit { place, law, own }, Op::Answer]) = model.program.get(pc..pc + 2) else { return None };
    let group = &model.groups[model.group_of(place)];
    let counts = match site {
        Some(site) => loads_asked(model, &model.sites[site as usize])?,
        None => false,
    };
    is_foreseeable(group, counts).then_some(Passage { site, place, law, own, counts })
}

/// Whether the balancer of a site asks how many are at its targets; none if it asks for more than a few of them, or for
/// what only an answer tells.
fn loads_asked(model: &Model, site: &Site) -> Option<bool> {
    if site.slice.is_some() || site.wiring.is_some() {
        return None;
    }
    let Some(balancer) = site.balancer else { return Some(false) };
    let spec = &model.balancers[balancer as usize];
    let plain = !spec.answers && spec.remember.is_none();
    let loads = spec.policy.needs_loads();
    (plain && (!loads || spec.policy.needs_few_loads())).then_some(loads)
}

/// Whether what comes later changes nothing for those who are there; `counts` if somebody asks how many they are.
fn is_foreseeable(group: &Group, counts: bool) -> bool {
    let most = if counts { FEW_SERVERS } else { MOST_SERVERS };
    let servers = group
        .servers
        .map_or(!counts, |servers| servers <= most && u64::from(servers) * u64::from(group.count) <= MOST_FREE_TIMES);
    let in_order = matches!(group.rule, Rule::InOrder) && group.capacity.is_none() && group.patience.is_none();
    servers && in_order && group.special.is_none() && !group.held && !group.keyed && !group.room
}
