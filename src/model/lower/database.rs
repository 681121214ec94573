//! A database becomes its nodes: for each shard a primary and replicas, each with connections and
//! the parts of a machine.

use super::{Hardware, Lowered, Owner, finite};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::admission::Line;
use crate::model::build::Builder;
use crate::model::layout::{Layout, Role};
use crate::model::names::Kind;
use crate::model::places::Written;
use crate::model::program::{CopySpec, NOWHERE, Place, Region, StoreSpec, Target};
use crate::scenario::{
    Balance, Database, Keys, MOST_COPIES, MOST_REPLICAS, Mode, PrimaryWrites, Reads, Replication, ShardBy,
};
use crate::syntax::{At, Key, Node, Table, Value};

impl<'a> Builder<'a> {
    pub(super) fn lower_database(&mut self, name: &str) {
        let Some(database) = self.scenario.database.get(name) else { return };
        let streams = database.stream.clone().unwrap_or_else(|| name.to_string());
        self.check_connections(database);
        let written = database.replication.as_ref().map(|replication| &replication.value);
        let (primaries, replicas) = nodes(written);
        // Too many are an error already, and would not fit into memory.
        let most = MOST_REPLICAS / (primaries + replicas);
        let shards = database.sharding.as_ref().map_or(1, |sharding| sharding.shards.0.min(most));
        let mut layout = Layout { name: name.to_string(), streams: streams.clone(), shards, ..Layout::default() };
        let places = self.node_places(database, shards, primaries, primaries + replicas);
        layout.store = written.map(|written| self.add_store(name, written, primaries + replicas));
        let role = |builder: &mut Self, role, first, count| {
            let owner = Owner {
                component: name.to_string(),
                role: Some(role),
                copies: count,
                count: count * shards,
                streams: streams.clone(),
            };
            let mut regions = places.iter().skip((first * shards) as usize);
            let regions = regions.by_ref().take((count * shards) as usize).copied().collect();
            (count > 0).then(|| builder.add_role(database, &owner, layout.store, first, regions))
        };
        layout.primary = role(self, "primary", 0, primaries);
        layout.replica = role(self, "replica", primaries, replicas);
        for role in [&mut layout.primary, &mut layout.replica].into_iter().flatten() {
            let (label, streams) = role.names();
            role.all = self.add_nodes(&label, &streams, None, &[role], shards);
        }
        let front = layout.primary.as_ref().or(layout.replica.as_ref()).map(|role| role.front);
        let lowered = Lowered { replicas: shards, front, streams: streams.clone(), ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
        if let Some(written) = written {
            self.add_copies(name, &streams, written, &mut layout);
            self.add_failover(written, &mut layout);
        }
        self.databases.insert(name.to_string(), layout);
        if let Some(sharding) = database.sharding.as_ref().filter(|_| shards > 1) {
            let by = self.shard_policy(&sharding.by);
            self.add_own_balancer(name, Some(&by));
        }
    }

    /// The balancing policy that chooses the shard of a key. Ranges are equal parts of the keys that the workloads use.
    fn shard_policy(&self, by: &ShardBy) -> Balance {
        let mut by = by.0.clone();
        if by.0.name.value == "range"
            && by.0.args.is_none()
            && let Some(keys) = self.key_count()
        {
            let count = Node { span: by.0.name.span, value: Value::Integer(i64::from(keys)) };
            let keys = Key { name: "keys".to_string(), span: by.0.name.span };
            let value = Value::Table(Table { entries: vec![(keys, count)], ..Table::default() });
            by.0.args = Some(Node { span: by.0.name.span, value });
        }
        by
    }

    /// How many keys there are, as far as the workloads say.
    fn key_count(&self) -> Option<u32> {
        let workloads = self.scenario.workload.entries.values();
        let counts = workloads.filter_map(|entry| match &entry.value.keys.as_ref()?.value {
            Keys::Zipf(zipf) => Some(zipf.count.value.0),
            Keys::Uniform(count) => Some(count.value.0),
            Keys::HotSet(set) => Some(set.count.value.0),
            Keys::Trace(_) => None,
        });
        counts.max()
    }

    fn check_connections(&mut self, database: &Database) {
        let shed = database.shed.as_ref().map(|shed| shed.span);
        let line = database.queue.as_ref().map(|queue| queue.span).or(shed);
        if let (Some(line), None) = (line, finite(database.connections.value)) {
            let message = "nobody waits for a connection: there are as many as requests";
            self.diagnostics.push(Diagnostic::error(line, message).help("say how many `connections` a node has"));
        }
        if let (Some(machine), Some(host)) = (&database.machine, &database.host) {
            let message = "a database has machines of its own or shares a host, not both";
            let note = "the other one is here";
            self.diagnostics
                .push(Diagnostic::error(host.span, message).note(machine.span, note).help("leave one of them out"));
        }
    }

    fn add_store(&mut self, name: &str, written: &Replication, copies: u32) -> u32 {
        let mut probes = Vec::new();
        for (probe, entry) in &self.scenario.probe.entries {
            for after in entry.value.after.value.iter().filter(|_| entry.value.of.value == name) {
                probes.push((probe.clone(), self.ticks(after.value.0, after.span)));
            }
        }
        let answers = if written.mode.value == Mode::Quorum { written.quorum(written.r) } else { 1 };
        let independent = written.mode.value == Mode::MultiPrimary;
        let name = name.to_string();
        self.stores.push(StoreSpec { name, copies, answers, independent, probes, ..StoreSpec::default() });
        self.stores.len() as u32 - 1
    }

    /// The nodes of one role: their connections and machines, and which copies they have.
    fn add_role(
        &mut self,
        database: &'a Database,
        owner: &Owner,
        store: Option<u32>,
        first: u32,
        regions: Vec<Region>,
    ) -> Role {
        let hardware = self.node_hardware(database, owner).unwrap_or_default();
        let mut group = self.group(owner, Some("connections"));
        group.held = true;
        group.servers = finite(database.connections.value);
        let queue = database.queue.as_ref().map(|queue| queue.value);
        group.capacity = queue.zip(group.servers).map(|(queue, servers)| queue.saturating_add(servers));
        if group.servers.is_some() {
            self.set_shed(&mut group, database.shed.as_ref(), Line::default());
        }
        let front = self.stations;
        let connections = self.add_group(group);
        let copies = store.map(|store| {
            self.copies.push(CopySpec { store, first, width: owner.copies });
            self.copies.len() as u32 - 1
        });
        let role = Role {
            owner: owner.clone(),
            hardware,
            connections,
            front,
            copies,
            all: None,
            apply: None,
            regions: regions.clone(),
        };
        if !regions.is_empty() {
            // Calls of the database itself go there.
            let (label, streams) = role.names();
            let lowered = Lowered { replicas: owner.count, front: Some(front), streams, regions, ..Lowered::default() };
            self.lowered.insert(label, lowered);
        }
        role
    }

    /// Where each node is: the primaries, shard by shard, then the replicas.
    fn node_places(&mut self, database: &Database, shards: u32, primaries: u32, copies: u32) -> Vec<Region> {
        let written = Written { region: database.region.as_ref(), regions: database.regions.as_ref() };
        let by_region = database.sharding.as_ref().is_some_and(|sharding| sharding.by.0.0.name.value == "region");
        let count = if by_region { shards } else { copies };
        let regions = self.hosted_regions("database", written, database.host.as_ref(), count);
        if regions.is_empty() {
            return regions;
        }
        if let Some(written) = database.regions.as_ref().filter(|_| by_region) {
            self.check_shards(&regions, shards, written.span);
        }
        let role = |first: u32, end: u32| {
            let regions = &regions;
            (0..shards).flat_map(move |shard| {
                (first..end).map(move |copy| regions[if by_region { shard } else { copy } as usize])
            })
        };
        role(0, primaries).chain(role(primaries, copies)).collect()
    }

    /// A shard that has the data of a region where the database is should be there.
    fn check_shards(&mut self, places: &[Region], shards: u32, span: Span) {
        let number = |place: &Region| u32::from(*place).saturating_sub(1);
        let astray =
            places.iter().find(|&place| *place != NOWHERE && places[(number(place) % shards) as usize] != *place);
        let Some(&place) = astray else { return };
        let shard = number(&place) % shards;
        let (data, at) = (self.place_name(place).to_string(), self.place_name(places[shard as usize]));
        let message = format!("the data of `{data}` would be in `{at}`");
        let label = format!("they are in shard {shard}");
        let help = "have a shard for each region, and name the regions here in the order of their names";
        self.diagnostics.push(Diagnostic::error(span, message).label(label).help(help));
    }

    fn node_hardware(&mut self, database: &'a Database, owner: &Owner) -> Option<Hardware> {
        if let Some(host) = &database.host {
            self.names.component(host, &host.value, &[Kind::Host], self.diagnostics)?;
            return Some(self.lowered.get(&host.value)?.hardware.clone());
        }
        let machine = self.machine(database.machine.as_ref()?)?;
        Some(self.lower_machine(owner, machine))
    }

    /// What replication adds: who applies writes, and who chooses among nodes.
    fn add_copies(&mut self, name: &str, streams: &str, written: &Replication, layout: &mut Layout) {
        let independent = written.mode.value == Mode::MultiPrimary;
        let primary = layout.primary.as_mut().filter(|_| independent || written.failover.is_some());
        let behind = [primary, layout.replica.as_mut().filter(|_| !independent)];
        for role in behind.into_iter().flatten().filter(|_| written.apply.is_some()) {
            role.apply = Some(self.add_apply(&role.owner));
        }
        let roles: Vec<&Role> = match (written.mode.value, written.reads.map(|reads| reads.value)) {
            (Mode::Quorum, _) => return,
            _ if written.failover.is_some() => layout.primary.iter().chain(&layout.replica).collect(),
            (Mode::MultiPrimary, _) | (_, None | Some(Reads::Primary)) => layout.primary.iter().collect(),
            (_, Some(Reads::Replicas)) => layout.replica.iter().collect(),
            _ => layout.primary.iter().chain(&layout.replica).collect(),
        };
        layout.read_from = roles.iter().map(|role| role.owner.role == Some("primary")).collect();
        let nearest = Balance::usual("nearest");
        let reads = matches!(written.reads.map(|reads| reads.value), Some(Reads::Nearest));
        let writes = matches!(written.writes.map(|writes| writes.value), Some(PrimaryWrites::Nearest));
        let width = roles.iter().map(|role| role.owner.copies).sum();
        let policy = |is_nearest| if is_nearest { Some(&nearest) } else { written.balance.as_ref() };
        let readers = self.add_nodes(name, &format!("{streams}.reads"), policy(reads), &roles, layout.shards);
        let writers = match reads == writes || written.mode.value != Mode::MultiPrimary {
            true => readers,
            false => self.add_nodes(name, &format!("{streams}.writes"), policy(writes), &roles, layout.shards),
        };
        (layout.readers, layout.writers, layout.readable) = (readers, writers, width);
    }

    /// Any node may be primary.
    fn add_failover(&mut self, written: &Replication, layout: &mut Layout) {
        let Some(failover) = &written.failover else { return };
        let spec = self.failover_spec(written, failover, layout);
        layout.homes = self.add_homes(layout);
        if let Some(store) = layout.store.filter(|_| layout.homes.is_some()) {
            self.stores[store as usize].failover = Some(spec);
        }
    }

    /// The station of each node that applies writes one at a time.
    fn add_apply(&mut self, owner: &Owner) -> Place {
        let group = self.group(owner, Some("apply"));
        self.add_group(group)
    }

    /// Who chooses among the nodes of these roles, shard by shard; nobody where there is one.
    fn add_nodes(
        &mut self,
        name: &str,
        streams: &str,
        policy: Option<&Balance>,
        roles: &[&Role],
        shards: u32,
    ) -> Option<u32> {
        let (mut targets, mut fronts, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for shard in 0..shards {
            for (component, role) in roles.iter().enumerate() {
                let width = role.owner.copies;
                for replica in shard * width..(shard + 1) * width {
                    targets.push(Target { component: component as u32, replica });
                    fronts.push(role.front + replica);
                    names.push(format!("{}[{replica}]", role.owner.role.unwrap_or_default()));
                }
            }
        }
        if targets.len() < 2 && policy.is_none() {
            return None;
        }
        self.add_targets(name, streams, policy, &names, targets, fronts)
    }

    /// Probes of what is no database, or has no copies that could differ.
    pub(super) fn check_probes(&mut self) {
        for entry in self.scenario.probe.entries.values() {
            let of: &At<String> = &entry.value.of;
            if self.names.component(of, &of.value, &[Kind::Database], self.diagnostics).is_none() {
                continue;
            }
            let database = self.scenario.database.get(&of.value);
            if database.is_some_and(|database| database.replication.is_none()) {
                let message = format!("`{}` has one copy: whatever is written is seen at once", of.value);
                let help = format!("add `replication` to `[database.{}]`, or leave the probe out", of.value);
                self.diagnostics.push(Diagnostic::error(of.span, message).help(help));
            }
        }
    }
}

/// Primaries and replicas of each shard.
fn nodes(written: Option<&Replication>) -> (u32, u32) {
    match written {
        None => (1, 0),
        Some(written) if written.mode.value == Mode::Quorum => (0, written.nodes().min(MOST_COPIES)),
        Some(written) if written.mode.value == Mode::MultiPrimary => (written.nodes().clamp(1, MOST_COPIES), 0),
        Some(written) => (1, written.replicas().min(MOST_COPIES)),
    }
}
