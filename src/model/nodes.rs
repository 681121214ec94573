//! Nodes: what fails, stands still or goes away as a whole, one for each replica of a component.

use super::build::Builder;
use super::layout::{Layout, Part, Role, role};
use super::lower::ALL;
use super::names::Kind;
use super::program::{NOWHERE, NodeSpec, Nodes, Region};
use super::steps::Body;

impl Builder<'_> {
    /// A node for each replica of each component, and for each node of each role of a database.
    pub(super) fn add_all_nodes(&mut self) {
        let lowered = self.lowered.iter().filter(|(name, _)| self.is_whole(name));
        let mut all: Vec<(String, Vec<String>, Vec<Region>)> = Vec::new();
        for (name, lowered) in lowered {
            all.push((name.clone(), indexed(name, lowered.replicas), lowered.regions.clone()));
        }
        for layout in self.databases.values() {
            for role in [&layout.primary, &layout.replica].into_iter().flatten() {
                all.push((role.names().0, node_names(layout, role), role.regions.clone()));
            }
        }
        all.into_iter().for_each(|(owner, names, regions)| self.add_component_nodes(owner, names, &regions));
        self.give_stations();
        self.tell_stores();
        self.tell_consumers();
        self.give_zones();
    }

    /// Which node has which copy.
    fn tell_stores(&mut self) {
        for layout in self.databases.values() {
            let Some(store) = layout.store else { continue };
            let roles: Vec<(Nodes, u32)> = [&layout.primary, &layout.replica]
                .into_iter()
                .flatten()
                .filter_map(|role| Some((*self.node_ranges.get(&role.names().0)?, role.owner.copies)))
                .collect();
            let shards = 0..layout.shards;
            self.stores[store as usize].nodes = shards
                .flat_map(|shard| {
                    roles.iter().flat_map(move |(nodes, copies)| {
                        (0..*copies).map(move |copy| nodes.first + shard * copies + copy)
                    })
                })
                .collect();
        }
    }

    /// Whether a component fails replica by replica. A private cache fails with its caller.
    fn is_whole(&self, name: &str) -> bool {
        let kind = self.kind(name);
        let whole = [Kind::Station, Kind::Service, Kind::Balancer, Kind::Cache, Kind::Host];
        kind.is_some_and(|kind| whole.contains(&kind)) && !self.is_private(name)
    }

    fn add_component_nodes(&mut self, owner: String, names: Vec<String>, regions: &[Region]) {
        self.node_ranges.insert(owner, Nodes { first: self.nodes.len() as u32, count: names.len() as u32, stride: 1 });
        let regions = regions.iter().copied().chain(std::iter::repeat(NOWHERE));
        let nodes = names.into_iter().zip(regions);
        self.nodes.extend(nodes.map(|(name, region)| NodeSpec { name, region, ..NodeSpec::default() }));
    }

    /// Each node consists of its share of the stations of its component.
    fn give_stations(&mut self) {
        for group in &self.groups {
            let Some(nodes) = group_owner(group).and_then(|owner| self.node_ranges.get(&owner)) else { continue };
            if group.count != nodes.count * group.width {
                continue;
            }
            for station in 0..group.count {
                let node = nodes.first + station / group.width;
                self.nodes[node as usize].stations.push(group.first + station);
            }
        }
    }

    /// Each node loses what it holds in memory with everything else: its part of a cache, or its own.
    pub(super) fn give_contents(&mut self) {
        let holder = |(name, holder): &(String, String)| if holder == ALL { name.clone() } else { holder.clone() };
        let mut owners: Vec<(u32, String)> =
            self.cached.iter().map(|(key, cached)| (cached.contents, holder(key))).collect();
        for (index, spec) in self.contents.iter().enumerate() {
            let level = &self.caches[spec.cache as usize];
            let group = self.groups.iter().find(|group| group.name() == *level);
            owners.extend(group.and_then(group_owner).map(|owner| (index as u32, owner)));
        }
        for (contents, owner) in owners {
            let nodes = self.node_ranges.get(&owner).copied();
            let spec = &mut self.contents[contents as usize];
            spec.holders = nodes.filter(|nodes| nodes.count == spec.count);
        }
    }

    /// Whose nodes run a stretch of code.
    pub(super) fn nodes_of(&self, body: &Body<'_>) -> Option<Nodes> {
        match body {
            Body::Operation { component, operation } if operation == "write" && self.is_primary_alone(component) => {
                self.nodes_of_copy(component, 0)
            }
            Body::Database { name, part } if part.home().is_some() => self.nodes_of_copy(name, part.home()?),
            Body::Operation { component, .. } => self.node_ranges.get(component).copied(),
            Body::Database { name, part: part @ (Part::Read { .. } | Part::Write { .. } | Part::Copy { .. }) } => {
                self.node_ranges.get(&format!("{name}.{}", role(part.is_primary()))).copied()
            }
            _ => None,
        }
    }
}

impl Builder<'_> {
    /// Whether a database is nowhere in particular, and its writes are the work of the one node that is primary.
    fn is_primary_alone(&self, name: &str) -> bool {
        let Some(layout) = self.databases.get(name) else { return false };
        !layout.is_placed() && layout.homes.is_none() && layout.replica.is_some() && layout.primary.is_some()
    }

    /// The node of each shard that has this copy.
    fn nodes_of_copy(&self, name: &str, home: u32) -> Option<Nodes> {
        let layout = self.databases.get(name)?;
        let role = layout.role(home == 0)?;
        let nodes = self.node_ranges.get(&role.names().0)?;
        Some(Nodes { first: nodes.first + home.saturating_sub(1), count: layout.shards, stride: role.owner.copies })
    }
}

/// `app`, or `app[0]`, `app[1]`, …
fn indexed(name: &str, count: u32) -> Vec<String> {
    if count == 1 { vec![name.to_string()] } else { (0..count).map(|index| format!("{name}[{index}]")).collect() }
}

/// `orders.primary`, `orders[3].replica[1]`
fn node_names(layout: &Layout, role: &Role) -> Vec<String> {
    let shards = indexed(&layout.name, layout.shards);
    let roles = indexed(role.owner.role.unwrap_or_default(), role.owner.copies);
    shards.iter().flat_map(|shard| roles.iter().map(move |role| format!("{shard}.{role}"))).collect()
}

/// Whose nodes a group of stations belongs to: `app`, `orders.primary`.
fn group_owner(group: &super::Group) -> Option<String> {
    let role = group.part.as_deref().map(|part| part.split('.').next().unwrap_or(part));
    match role {
        Some(role @ ("primary" | "replica")) => Some(format!("{}.{role}", group.component)),
        _ => Some(group.component.clone()),
    }
}
