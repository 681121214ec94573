//! Rolling deployments: replicas go out of their balancers, down and back, some at a time.

use super::build::Builder;
use super::program::{Change, Nodes};
use crate::diagnostic::Diagnostic;
use crate::scenario::{Event, Rolling, Slow};
use crate::syntax::At;

impl Builder<'_> {
    pub(super) fn lower_rolling(&mut self, event: &Event, rolling: &Rolling) {
        let what = &rolling.what;
        let Some(nodes) = self.node_ranges.get(&what.value).copied() else {
            let known = self.node_ranges.keys().map(String::as_str);
            let message = format!("there is no component `{}` with replicas", what.value);
            let found = Diagnostic::error(what.span, message).did_you_mean(&what.value, known);
            return self.diagnostics.push(found.help("name a service, a station or a role such as `orders.replica`"));
        };
        let (mut at, _) = self.interval_of(event);
        let drain = rolling.drain.map_or(0, |drain| self.ticks(drain.value.0, drain.span));
        let down = self.ticks(rolling.down.value.0, rolling.down.span);
        for first in (0..nodes.count).step_by(rolling.at_a_time.0 as usize) {
            let last = nodes.count.min(first + rolling.at_a_time.0);
            let (stops, back) = (at.saturating_add(drain), at.saturating_add(drain).saturating_add(down));
            (first..last).for_each(|replica| self.deploy(rolling, nodes, replica, [at, stops, back]));
            // The next ones go when these are back: a tick later, since at one instant what begins comes first.
            at = back.saturating_add(1);
        }
    }

    /// One replica: not chosen any more, then down, then back, perhaps slow at first.
    fn deploy(&mut self, rolling: &Rolling, nodes: Nodes, replica: u32, [at, stops, back]: [u64; 3]) {
        for (balancer, target) in self.targets_at(&rolling.what.value, replica) {
            self.happens(at, Some(back), Change::TakeOut { balancer, target });
        }
        let node = nodes.of(replica);
        self.make_eventful(node);
        self.happens(stops, Some(back), Change::Crash { node, silent: false });
        if let Some(cold) = &rolling.cold {
            let until = back.saturating_add(self.ticks(cold.r#for.value.0, cold.r#for.span));
            let what = At { span: rolling.what.span, value: self.nodes[node as usize].name.clone() };
            self.slow_down(back, Some(until), &Slow { what, factor: cold.factor });
        }
    }

    /// Where balancers have a replica of a component among their targets.
    fn targets_at(&self, component: &str, replica: u32) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        for fronted in &self.fronted {
            let mut first = 0;
            for other in &fronted.components {
                if other == component {
                    found.push((fronted.balancer, first + replica));
                }
                first += self.lowered.get(other).map_or(0, |lowered| lowered.replicas);
            }
        }
        found
    }
}
