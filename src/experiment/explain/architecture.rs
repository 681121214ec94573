//! Who calls whom.

use std::collections::BTreeMap;

use super::network::Network;
use super::plan::{Component, Link};

/// Workloads, then components that requests come to.
pub(super) fn components(network: &Network<'_>, rates: &[f64]) -> Vec<Component> {
    let mut found: Vec<Component> = Vec::new();
    for (class, &rate) in network.classes.iter().zip(rates) {
        let name = class.workload.name.clone();
        found.push(Component { name, kind: "workload", replicas: None, stations: Vec::new(), load: None, calls: rate });
    }
    let mut calls = vec![0.0; network.model.components.len()];
    for (class, rate) in network.classes.iter().zip(rates) {
        class.traffic.links.iter().for_each(|(&(_, to), times)| calls[to as usize] += rate * times);
    }
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for group in (0..network.model.groups.len()).filter(|&group| network.visits(group) > 0.0) {
        groups.entry(&network.group(group).component).or_default().push(group);
    }
    for ((name, kind), calls) in network.model.components.iter().zip(calls) {
        let own = groups.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        if calls > 0.0 || !own.is_empty() {
            found.push(component(
                network,
                rates,
                own,
                Component { name: name.clone(), kind, replicas: None, stations: Vec::new(), load: None, calls },
            ));
        }
    }
    found
}

fn component(network: &Network<'_>, rates: &[f64], groups: &[usize], plain: Component) -> Component {
    let load = |&group: &usize| {
        let capacity = network.capacity(group)?;
        network.work(group, rates).into_iter().reduce(f64::max).map(|work| work / capacity)
    };
    Component {
        replicas: groups.iter().map(|&group| network.group(group)).map(|group| group.count / group.width).max(),
        stations: groups.iter().map(|&group| network.group(group).name()).collect(),
        load: groups.iter().filter_map(load).reduce(f64::max),
        ..plain
    }
}

/// Calls between them, by caller and callee.
pub(super) fn links(network: &Network<'_>, rates: &[f64]) -> Vec<Link> {
    let mut sums: BTreeMap<(String, u32), (f64, f64)> = BTreeMap::new();
    for (class, &rate) in network.classes.iter().zip(rates) {
        for (&(from, to), &times) in &class.traffic.links {
            let from = from.map_or(&class.workload.name, |from| &network.model.components[from as usize].0);
            let (calls, requests) = sums.entry((from.clone(), to)).or_default();
            *calls += rate * times;
            *requests += rate;
        }
    }
    let link = |((from, to), (rate, requests)): ((String, u32), (f64, f64))| Link {
        from,
        to: network.model.components[to as usize].0.clone(),
        rate,
        per_request: if requests > 0.0 { rate / requests } else { 0.0 },
    };
    sums.into_iter().map(link).collect()
}
