//! Which components of a large system are shown.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::experiment::explain::{Component, Explanation, Link};

/// Workloads that are shown before anything else.
const MOST_WORKLOADS: usize = 12;

/// Who is drawn, and below whom.
#[derive(Debug)]
pub(super) struct Folding<'a> {
    /// Calls of each component, the most frequent first.
    pub(super) links: BTreeMap<&'a str, Vec<&'a Link>>,
    /// By component, the caller through which it is reached in the fewest steps from a workload.
    pub(super) parent: BTreeMap<&'a str, &'a str>,
    /// Components that are shown.
    pub(super) shown: BTreeSet<&'a str>,
}

impl<'a> Folding<'a> {
    /// All components, if there are no more than `most`; else workloads and the busiest ones, with whoever leads to them,
    /// as long as there is room.
    pub(super) fn new(explanation: &'a Explanation, most: usize) -> Folding<'a> {
        let mut links: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
        for link in &explanation.links {
            links.entry(&link.from).or_default().push(link);
        }
        for below in links.values_mut() {
            below.sort_by(|a, b| b.rate.total_cmp(&a.rate).then(a.to.cmp(&b.to)));
        }
        let parent = parents(explanation, &links);
        let mut shown = BTreeSet::new();
        for component in ranking(explanation) {
            let mut way: Vec<&str> = Vec::new();
            let mut next = Some(component.name.as_str());
            while let Some(at) = next.filter(|at| !shown.contains(at)) {
                way.push(at);
                next = parent.get(at).copied();
            }
            if shown.len() + way.len() <= most {
                shown.extend(way);
            }
        }
        Folding { links, parent, shown }
    }

    /// How many components are reached through one, itself included.
    pub(super) fn size(&self, name: &str) -> usize {
        let links = self.links.get(name).into_iter().flatten();
        let own = links.filter(|link| self.parent.get(link.to.as_str()) == Some(&name));
        1 + own.map(|link| self.size(&link.to)).sum::<usize>()
    }
}

/// Breadth first, so that everything is as near to the workloads as it can be.
fn parents<'a>(explanation: &'a Explanation, links: &BTreeMap<&'a str, Vec<&'a Link>>) -> BTreeMap<&'a str, &'a str> {
    let roots = explanation.components.iter().filter(|component| component.kind == "workload");
    let mut queue: VecDeque<&str> = roots.map(|root| root.name.as_str()).collect();
    let mut parent: BTreeMap<&str, &str> = BTreeMap::new();
    while let Some(from) = queue.pop_front() {
        for link in links.get(from).into_iter().flatten() {
            if !parent.contains_key(link.to.as_str()) {
                parent.insert(&link.to, from);
                queue.push_back(&link.to);
            }
        }
    }
    parent
}

/// Workloads with the most requests first, for half of them; the busiest of the others.
fn ranking(explanation: &Explanation) -> Vec<&Component> {
    let mut ranking: Vec<&Component> = explanation.components.iter().collect();
    let asks = |component: &Component| component.kind == "workload";
    let rank = |component: &Component| if asks(component) { component.calls } else { component.load.unwrap_or(0.0) };
    ranking.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let (workloads, others): (Vec<&Component>, Vec<&Component>) = ranking.into_iter().partition(|one| asks(one));
    let (first, rest) = workloads.split_at(workloads.len().min(MOST_WORKLOADS));
    [first, &others, rest].concat()
}

/// The component that a station, or a replica of it, is part of.
pub(super) fn component_of<'a>(explanation: &'a Explanation, station: &str) -> Option<&'a str> {
    let part =
        |name: &&str| station.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    explanation.components.iter().map(|component| component.name.as_str()).filter(part).max_by_key(|name| name.len())
}
