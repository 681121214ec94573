//! What caches that are warm at the start have in them.

use super::super::Engine;
use crate::model::ContentsSpec;
use crate::policy::balance::{Loads, View};

impl Engine<'_> {
    /// Fills the caches that are warm at the start.
    pub(in crate::engine) fn warm_caches(&mut self) {
        let model = self.model;
        for spec in &model.contents {
            // The most popular come in last: what nobody has used yet is as old as its place in this row.
            for (node, key) in self.warm_keys(spec).into_iter().rev() {
                self.warm(spec, node, key);
            }
        }
    }

    /// What each node is warm with, as many keys as fit there, the most popular first.
    fn warm_keys(&mut self, spec: &ContentsSpec) -> Vec<(u32, u64)> {
        let room = spec.capacity.map_or(u64::MAX, |capacity| capacity / spec.entry);
        let mut free = vec![room; spec.count as usize];
        let mut kept = Vec::new();
        for &key in &spec.warm {
            let nodes = match spec.balancer {
                Some(balancer) => {
                    let node = self.node_of(balancer, key);
                    node..node + 1
                }
                None => 0..spec.count,
            };
            for node in nodes {
                let free = &mut free[node as usize];
                kept.extend((*free > 0).then_some((node, key)));
                *free = free.saturating_sub(1);
            }
        }
        kept
    }

    /// The node that is asked for a key.
    fn node_of(&mut self, balancer: u32, key: u64) -> u32 {
        let spec = &self.model.balancers[balancer as usize];
        let view = View {
            loads: Loads::Counted(&self.loads),
            fronts: &spec.fronts,
            outstanding: &[],
            session: Some(key),
            distances: &[],
            region: None,
        };
        let chosen = self.balancers[balancer as usize].policy.choose(&view, &mut self.streams[spec.stream as usize]);
        spec.targets[chosen].replica
    }

    fn warm(&mut self, spec: &ContentsSpec, node: u32, key: u64) {
        let contents = &mut self.contents[(spec.first + node) as usize];
        let before = contents.len();
        let rng = &mut self.streams[spec.stream as usize];
        // A policy may have less room for such keys than fit: parts of its capacity are too small for one.
        let mut gone = Vec::new();
        if contents.policy.insert(key, spec.entry, rng, &mut |key| gone.push(key)) {
            contents.note(key, 0, false, false);
        }
        contents.forget(&mut gone);
        contents.entries.change(0, before, contents.len());
    }
}
