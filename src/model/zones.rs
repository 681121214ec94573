//! Zones: which nodes are lost together. Nothing else is different between zones.

use super::build::Builder;
use super::names::Kind;
use crate::syntax::At;

impl Builder<'_> {
    /// The zone of each node, where it is said.
    pub(super) fn give_zones(&mut self) {
        let ranges = self.node_ranges.clone();
        for (owner, nodes) in &ranges {
            let zones = self.zones_of(owner);
            let (first, copies) = self.copies_of(owner);
            for node in (0..nodes.count).filter(|_| !zones.is_empty()) {
                let turn = first + node % copies.unwrap_or(nodes.count);
                self.nodes[(nodes.first + node) as usize].zone = zones[turn as usize % zones.len()];
            }
        }
    }

    /// Of a role of a database: which copy its first node is, and how many there are of each shard.
    fn copies_of(&self, owner: &str) -> (u32, Option<u32>) {
        let Some((name, role)) = owner.rsplit_once('.') else { return (0, None) };
        let Some(layout) = self.databases.get(name) else { return (0, None) };
        let primaries = layout.primary.as_ref().map_or(0, |primary| primary.owner.copies);
        let replicas = layout.replica.as_ref().map_or(0, |replica| replica.owner.copies);
        if role == "primary" { (0, Some(primaries)) } else { (primaries, Some(replicas)) }
    }

    /// The zones that a component is spread over, by number; what is on a host is where that is.
    fn zones_of(&mut self, owner: &str) -> Vec<Option<u32>> {
        let scenario = self.scenario;
        let name = owner.split('.').next().unwrap_or(owner);
        let (zone, zones, host) = match self.kind(name) {
            Some(Kind::Service) => {
                scenario.service.get(name).map(|one| (&one.zone, one.zones.as_ref(), one.host.as_ref()))
            }
            Some(Kind::Database) => {
                scenario.database.get(name).map(|one| (&one.zone, one.zones.as_ref(), one.host.as_ref()))
            }
            Some(Kind::Station) => scenario.station.get(name).map(|one| (&one.zone, one.zones.as_ref(), None)),
            Some(Kind::Cache) => scenario.cache.get(name).map(|one| (&one.zone, one.zones.as_ref(), None)),
            Some(Kind::Balancer) => scenario.balancer.get(name).map(|one| (&one.zone, None, None)),
            Some(Kind::Host) => scenario.host.get(name).map(|one| (&one.zone, None, None)),
            _ => None,
        }
        .unwrap_or((&None, None, None));
        let host = host.and_then(|host| scenario.host.get(&host.value)?.zone.as_ref());
        let written: Vec<&At<String>> = match zones {
            Some(zones) => zones.value.iter().collect(),
            None => zone.as_ref().or(host).into_iter().collect(),
        };
        let known = |zone: &&At<String>| self.names.has_zone(zone, self.diagnostics);
        let written: Vec<&At<String>> = written.into_iter().filter(known).collect();
        written.into_iter().map(|zone| self.names.zone(&zone.value)).collect()
    }
}
