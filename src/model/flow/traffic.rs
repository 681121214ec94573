//! Where the requests of a workload go: read off the program from above.
//!
//! `Flow` looks at routines from below: what each asks for by itself and by whom it calls. Here calls are followed
//! downwards, from the workload's requests to whoever they lead to, because it matters who called whom, and which
//! replica was meant: a key that everybody asks for makes one shard busier than the others.

use std::collections::BTreeMap;

use super::callees::{Callee, To, Whose};
use super::contents::missed;
use super::{Flows, frequencies};
use crate::model::Model;
use crate::model::program::{NOWHERE, Op, Place, Region};

/// What one request of a workload asks for, on average, and whom it meets on its way.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// By group of stations.
    pub asks: Vec<Ask>,
    /// By station: its share of what its group is asked for; 0 where the group is asked for nothing.
    pub shares: Vec<f64>,
    /// How long a request takes when nobody waits, in seconds.
    pub duration: f64,
    /// Calls and visits per request, from a component (none is the workload itself) to another: indices into the
    /// model's components.
    pub links: BTreeMap<(Option<u32>, u32), f64>,
    /// Runs of each routine per request.
    pub runs: Vec<f64>,
}

/// What is asked of a group of stations.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ask {
    /// Visits per request: the visit ratio.
    pub visits: f64,
    /// Service per request, all visits together, in seconds: the demand.
    pub service: f64,
    /// What is held by the wait for others lasts longer than this; what caches hold is a guess.
    pub guessed: bool,
}

impl Model {
    /// What the requests of each workload ask for, workload by workload.
    pub fn traffic(&self) -> Vec<Traffic> {
        let flows = Flows::new(self);
        let names = ComponentNames::new(self);
        let one = |workload: usize| {
            let mut walk = Walk::new(self, workload, &flows, &names);
            let mut below = 0.0;
            for operation in &self.workloads[workload].operations {
                walk.roots.push((operation.routine, operation.cumulative - below));
                below = operation.cumulative;
            }
            walk.go()
        };
        (0..self.workloads.len()).map(one).collect()
    }
}

/// Which component a routine or a group belongs to.
struct ComponentNames {
    by_routine: Vec<Option<u32>>,
    by_group: Vec<Option<u32>>,
}

impl ComponentNames {
    fn new(model: &Model) -> ComponentNames {
        let indices: BTreeMap<&str, u32> = model.components.iter().map(|(name, _)| name.as_str()).zip(0..).collect();
        // `app.browse/arm 1` belongs to the longest component whose name it begins with.
        let owner = |name: &str| {
            let ends = name.char_indices().filter(|(_, c)| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
            let ends = std::iter::once(name.len()).chain(ends.map(|(at, _)| at).rev());
            ends.filter_map(|end| indices.get(&name[..end])).next().copied()
        };
        ComponentNames {
            by_routine: model.routines.iter().map(|routine| owner(&routine.name)).collect(),
            by_group: model.groups.iter().map(|group| indices.get(group.component.as_str()).copied()).collect(),
        }
    }
}

/// How often something is run per request, and on which replica.
#[derive(Debug, Clone, Default)]
struct Load {
    /// All replicas alike.
    even: f64,
    /// And so much on each of these.
    each: Vec<f64>,
    /// On behalf of which component.
    owner: Option<u32>,
}

impl Load {
    fn total(&self) -> f64 {
        self.even + self.each.iter().sum::<f64>()
    }

    fn add(&mut self, replica: usize, more: f64) {
        if self.each.len() <= replica {
            self.each.resize(replica + 1, 0.0);
        }
        self.each[replica] += more;
    }

    /// The load of somebody who is called so many times by whoever has this load.
    fn onto(&self, times: f64, to: &To, callee: &mut Load) {
        match to {
            To::Any => callee.even += times * self.total(),
            To::Same => {
                callee.even += times * self.even;
                self.each.iter().enumerate().for_each(|(replica, load)| callee.add(replica, times * load));
            }
            To::Shares(shares) => {
                let all = times * self.total();
                shares.iter().enumerate().for_each(|(replica, share)| callee.add(replica, all * share));
            }
            To::Own { width, sharing, replicas } => {
                callee.even += times * self.even;
                for (replica, load) in self.each.iter().enumerate() {
                    let first = replica / sharing * width;
                    let own = replicas.iter().skip(first).take(*width);
                    own.for_each(|&replica| callee.add(replica as usize, times * load / *width as f64));
                }
            }
        }
    }
}

/// A routine, the place from which it is called, and the contents whose misses lead there: behind a cache, keys are not
/// as popular as before it.
type Node = (u32, Region, Option<u32>);

/// A call to a node.
type Call = (Node, Callee);

struct Walk<'a> {
    model: &'a Model,
    /// Whose keys say which replicas are meant.
    workload: usize,
    flows: &'a Flows,
    names: &'a ComponentNames,
    /// Routines of the workload's operations, and their shares.
    roots: Vec<(u32, f64)>,
    loads: BTreeMap<Node, Load>,
    /// By station, service asked for, or visits where servers are held.
    weights: Vec<f64>,
    traffic: Traffic,
}

impl<'a> Walk<'a> {
    fn new(model: &'a Model, workload: usize, flows: &'a Flows, names: &'a ComponentNames) -> Walk<'a> {
        let asks = vec![Ask::default(); model.groups.len()];
        let traffic = Traffic { asks, runs: vec![0.0; model.routines.len()], ..Traffic::default() };
        let weights = vec![0.0; model.stations as usize];
        Walk { model, workload, flows, names, roots: Vec::new(), loads: BTreeMap::new(), weights, traffic }
    }

    fn go(mut self) -> Traffic {
        self.ask_below();
        let mut order = Vec::new();
        for (routine, share) in self.roots.clone() {
            self.sort((routine, NOWHERE, None), &mut order);
            self.loads.entry((routine, NOWHERE, None)).or_default().even += share;
        }
        // Callers before those whom they call.
        for (node, calls) in order.into_iter().rev() {
            self.pass_on(node, &calls);
        }
        for group in &self.model.groups {
            let range = group.first as usize..(group.first + group.count) as usize;
            let total: f64 = self.weights[range.clone()].iter().sum();
            self.weights[range].iter_mut().filter(|_| total > 0.0).for_each(|weight| *weight /= total);
        }
        self.traffic.shares = self.weights;
        self.traffic
    }

    /// What flows know already.
    fn ask_below(&mut self) {
        for &(routine, share) in &self.roots {
            let flow = self.flows.of(routine);
            self.traffic.duration += share * self.model.seconds(flow.duration);
            for (&group, demand) in &flow.demand {
                let ask = &mut self.traffic.asks[group as usize];
                ask.visits += share * demand.visits;
                ask.service += share * self.model.seconds(demand.service);
                ask.guessed |= demand.guessed;
            }
        }
    }

    /// Depth first; whoever is called comes before its callers. What calls itself does so in the background of a cache,
    /// and never more than it was called.
    fn sort(&mut self, root: Node, order: &mut Vec<(Node, Vec<Call>)>) {
        let mut stack = vec![(root, None::<Vec<Call>>, 0)];
        while let Some((node, calls, next)) = stack.pop() {
            let calls = match calls {
                Some(calls) => calls,
                None if self.loads.contains_key(&node) => continue,
                None => {
                    self.loads.insert(node, Load::default());
                    self.calls(node)
                }
            };
            match calls.get(next).map(|(node, _)| *node) {
                Some(callee) => {
                    stack.push((node, Some(calls), next + 1));
                    stack.push((callee, None, 0));
                }
                None => order.push((node, calls)),
            }
        }
    }

    /// Whom a routine calls.
    fn calls(&self, (routine, here, behind): Node) -> Vec<Call> {
        let span = &self.model.routines[routine as usize];
        let (entry, end) = (span.entry as usize, span.end as usize);
        let frequency = frequencies(self.model, entry, end);
        let used = (entry..end).zip(frequency).filter(|(_, times)| *times > 0.0);
        let calls = used.flat_map(|(pc, times)| {
            let whose = Whose { workload: self.workload, behind: missed(self.model, entry, pc).or(behind) };
            let callees = super::callees::of(self.model, whose, self.model.program[pc], here, times);
            callees.into_iter().map(move |callee| ((callee.node.0, callee.node.1, whose.behind), callee))
        });
        calls.collect()
    }

    fn pass_on(&mut self, node: Node, calls: &[Call]) {
        let (routine, here, _) = node;
        let mut load = self.loads.get(&node).cloned().unwrap_or_default();
        load.owner = self.names.by_routine[routine as usize].or(load.owner);
        self.traffic.runs[routine as usize] += load.total();
        for (to, callee) in calls.iter().filter(|(_, callee)| callee.node != (routine, here)) {
            let owner = self.names.by_routine[callee.node.0 as usize];
            self.link(load.owner, owner, callee.times * load.total());
            let to = self.loads.entry(*to).or_default();
            load.onto(callee.times, &callee.to, to);
            to.owner = to.owner.or(owner).or(load.owner);
        }
        self.visit_stations(node, load);
    }

    /// What a routine asks of stations by itself.
    fn visit_stations(&mut self, (routine, _, behind): Node, mut load: Load) {
        let (model, span) = (self.model, &self.model.routines[routine as usize]);
        let entry = span.entry as usize;
        let frequency = frequencies(model, entry, span.end as usize);
        let caller = load.clone();
        for (pc, times) in (entry..).zip(frequency) {
            let (place, mean) = match model.program[pc] {
                Op::Pick { site } => {
                    let mut picked = Load { owner: load.owner, ..Load::default() };
                    let whose = Whose { workload: self.workload, behind: missed(model, entry, pc).or(behind) };
                    caller.onto(1.0, &super::callees::replicas(model, whose, site), &mut picked);
                    load = picked;
                    continue;
                }
                Op::Visit { place, law, .. } => (place, model.laws[law as usize].mean()),
                Op::Share { place, share } => {
                    let spec = model.shares[share as usize];
                    (place, spec.share * model.laws[spec.law as usize].mean())
                }
                Op::Acquire { place } => (place, 1.0),
                _ => continue,
            };
            let group = model.group_of(place);
            self.link(load.owner, self.names.by_group[group], times * load.total());
            self.weigh(place, group, &load, times * mean);
        }
    }

    fn weigh(&mut self, place: Place, group: usize, load: &Load, weight: f64) {
        let group = &self.model.groups[group];
        let all = group.first as usize..(group.first + group.count) as usize;
        if place.station(0) == place.station(1) {
            self.weights[place.station(0) as usize] += weight * load.total();
            return;
        }
        let even = weight * load.even / f64::from(group.count);
        self.weights[all.clone()].iter_mut().for_each(|at| *at += even);
        for (replica, each) in load.each.iter().enumerate() {
            let station = place.station(replica as u32) as usize;
            if all.contains(&station) {
                self.weights[station] += weight * each;
            }
        }
    }

    fn link(&mut self, from: Option<u32>, to: Option<u32>, calls: f64) {
        if let Some(to) = to.filter(|to| Some(*to) != from && calls > 0.0) {
            *self.traffic.links.entry((from, to)).or_default() += calls;
        }
    }
}
