//! Health checks: who asks which nodes.

use super::build::Builder;
use super::names::Kind;
use super::program::{HealthSpec, NO_NODE, NOWHERE};
use crate::scenario::HealthCheck;

/// A balancer and the components whose replicas are its targets, in order.
#[derive(Debug, Clone)]
pub(super) struct Fronted {
    pub(super) balancer: u32,
    pub(super) components: Vec<String>,
}

impl Builder<'_> {
    /// The checks of all balancers, and of components that choose for themselves.
    pub(super) fn lower_health(&mut self) -> Vec<HealthSpec> {
        let scenario = self.scenario;
        let balancers = scenario.balancer.iter().map(|(name, entry)| (name, entry.value.health_check));
        let services = scenario.service.iter().map(|(name, entry)| (name, entry.value.health_check));
        let stations = scenario.station.iter().map(|(name, entry)| (name, entry.value.health_check));
        let checks = balancers.chain(services).chain(stations);
        checks.filter_map(|(name, check)| self.health_spec(name, check?)).collect()
    }

    fn health_spec(&mut self, name: &str, check: HealthCheck) -> Option<HealthSpec> {
        let balancer = self.lowered.get(name)?.balancer?;
        let fronted = self.fronted.iter().find(|fronted| fronted.balancer == balancer)?;
        let nodes = fronted.components.iter().flat_map(|component| self.replica_nodes(component)).collect();
        let (failures, successes) = (check.failures.0, check.successes.0);
        let every = self.ticks(check.every.value.0, check.every.span);
        let from = self.lowered.get(name)?.regions.first().copied().filter(|_| self.kind(name) == Some(Kind::Balancer));
        Some(HealthSpec { balancer, every, failures, successes, nodes, from: from.unwrap_or(NOWHERE) })
    }

    /// The node of each replica of a component; none where it is not known which one answers.
    fn replica_nodes(&self, component: &str) -> Vec<u32> {
        let replicas = self.lowered.get(component).map_or(0, |lowered| lowered.replicas);
        match self.node_ranges.get(component) {
            Some(nodes) => (0..replicas).map(|replica| nodes.of(replica)).collect(),
            None => vec![NO_NODE; replicas as usize],
        }
    }
}
