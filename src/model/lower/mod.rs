//! Components lowered to groups of stations, and to routines on demand: a file for each kind.

mod absence;
mod balancer;
mod cache;
mod database;
mod disk;
mod host;
mod link;
mod lock;
mod machine;
mod memory;
mod pool;
mod queue;
mod service;
mod station;

use super::build::Builder;
use super::circle::join;
use super::names::Kind;
use super::program::{Place, Region, Site};
use super::steps::{Body, Caller};
use super::wiring::Destination;
use super::{Group, Special};
use crate::policy::discipline::Rule;
use crate::scenario::Servers;

pub(super) use cache::{ALL, CacheTask, Cached};
pub(super) use disk::{Array, Drive};
pub(super) use machine::{Hardware, Nic};
pub(super) use memory::{Level, LevelTime};

/// What a component became.
#[derive(Debug, Clone, Default)]
pub(super) struct Lowered {
    /// How many replicas.
    pub(super) replicas: u32,
    /// The station that stands for the first replica.
    pub(super) front: Option<u32>,
    /// What its replicas run on.
    pub(super) hardware: Hardware,
    /// Where its threads, or what one may hold of it, are.
    pub(super) held: Option<Place>,
    /// Who owns its random streams.
    pub(super) streams: String,
    /// Who chooses among its replicas or targets.
    pub(super) balancer: Option<u32>,
    /// Where each replica is; empty is nowhere in particular.
    pub(super) regions: Vec<Region>,
}

/// Whose a group of stations is: `orders`, or the `replica`s of `orders`, two for each of its shards.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    /// The component.
    pub(super) component: String,
    /// What its nodes are, where they are not simply its replicas.
    pub(super) role: Option<&'static str>,
    /// How many nodes of this role each replica of the component has.
    pub(super) copies: u32,
    /// How many nodes there are in all.
    pub(super) count: u32,
    /// Who owns the random streams.
    pub(super) streams: String,
}

impl Owner {
    /// The replicas of a component.
    pub(super) fn replicas(component: &str, streams: &str, count: u32) -> Owner {
        Owner { component: component.to_string(), role: None, copies: 1, count, streams: streams.to_string() }
    }
}

impl Builder<'_> {
    /// Every component becomes groups of stations, in the order of their names.
    pub(super) fn lower_components(&mut self) {
        let scenario = self.scenario;
        scenario.link.entries.keys().for_each(|name| self.lower_link(name));
        scenario.host.entries.keys().for_each(|name| self.lower_host(name));
        scenario.station.entries.keys().for_each(|name| self.lower_station(name));
        scenario.service.entries.keys().for_each(|name| self.lower_service(name));
        scenario.cache.entries.keys().for_each(|name| self.lower_cache(name));
        scenario.database.entries.keys().for_each(|name| self.lower_database(name));
        self.check_probes();
        scenario.lock.entries.keys().for_each(|name| self.lower_lock(name));
        scenario.pool.entries.keys().for_each(|name| self.lower_pool(name));
        scenario.balancer.entries.keys().for_each(|name| self.lower_balancer(name));
        self.lower_queues();
        self.add_all_nodes();
        self.lower_scalers();
        self.lower_events();
        self.health = self.lower_health();
        self.compile_unused();
    }

    /// Operations that nobody calls are compiled too: their mistakes are mistakes.
    fn compile_unused(&mut self) {
        let scenario = self.scenario;
        for (name, entry) in &scenario.service.entries {
            for operation in entry.value.operation.entries.keys() {
                self.entry(name, operation);
            }
            if entry.value.operation.is_empty() {
                self.entry(name, "");
            }
        }
        scenario.cache.entries.keys().for_each(|name| self.check_cache(name));
        for name in scenario.database.entries.keys() {
            Kind::Database.operations().iter().for_each(|operation| _ = self.entry(name, operation));
        }
    }

    pub(super) fn add_group(&mut self, mut group: Group) -> Place {
        group.first = self.stations;
        self.stations += group.count;
        let place = group.place();
        self.groups.push(group);
        place
    }

    /// A group with the defaults of a textbook: the stations of its owner that play this part.
    pub(super) fn group(&mut self, owner: &Owner, part: Option<&str>) -> Group {
        let part = [owner.role, part].into_iter().flatten().collect::<Vec<&str>>().join(".");
        let streams = if part.is_empty() { owner.streams.clone() } else { format!("{}.{part}", owner.streams) };
        Group {
            component: owner.component.clone(),
            part: (!part.is_empty()).then_some(part),
            copies: if owner.role.is_some() { owner.copies } else { 1 },
            width: 1,
            first: 0,
            count: owner.count,
            servers: Some(1),
            most_servers: None,
            capacity: None,
            rule: Rule::InOrder,
            quantum: 0,
            patience: None,
            initial: 0,
            initial_routine: 0,
            held: false,
            keyed: false,
            special: Special {
                daemons: Vec::new(),
                availability: 1.0,
                sets_up: false,
                keep_alive: 0,
                blocks: false,
                batch: 1,
                slowdown: None,
                eventful: false,
                shed: None,
                crashes: false,
                slowed: false,
                stream: self.stream(&streams, "absence"),
            },
            room: false,
            service_stream: self.stream(&streams, "service"),
            patience_stream: self.stream(&streams, "patience"),
            discipline_stream: self.stream(&streams, "discipline"),
        }
    }

    /// The group of a station.
    pub(super) fn group_of(&self, station: u32) -> Option<&Group> {
        self.group_index(station).map(|index| &self.groups[index])
    }

    /// The number of the group of a station: groups are in the order of their stations.
    pub(super) fn group_index(&self, station: u32) -> Option<usize> {
        let index = self.groups.partition_point(|group| group.first + group.count <= station);
        (index < self.groups.len()).then_some(index)
    }

    fn lower_held(&mut self, name: &str, group: Group) {
        let front = self.stations;
        let place = self.add_group(group);
        let lowered = Lowered {
            replicas: 1,
            front: Some(front),
            held: Some(place),
            streams: name.to_string(),
            ..Lowered::default()
        };
        self.lowered.insert(name.to_string(), lowered);
    }

    /// The routine of an operation.
    pub(super) fn entry(&mut self, component: &str, operation: &str) -> u32 {
        let key = (component.to_string(), operation.to_string());
        if let Some(&known) = self.entries.get(&key) {
            return known;
        }
        let body = Body::Operation { component: component.to_string(), operation: operation.to_string() };
        let routine = self.routine(join(component, operation), body);
        self.entries.insert(key, routine);
        routine
    }

    /// The kind of a component that has been resolved already.
    pub(super) fn kind(&self, component: &str) -> Option<Kind> {
        self.names.kind(component)
    }

    /// A call site of a caller, to an operation of a component or of every target of a balancer.
    pub(super) fn site(&mut self, caller: &Caller, component: &str, operation: &str) -> u32 {
        if self.is_private(component) {
            return self.private_site(caller, component, operation);
        }
        // A balancer is one target; it chooses among its own in its own routine.
        let replicated = self.kind(component) != Some(Kind::Balancer);
        let balancer = self.lowered.get(component).and_then(|lowered| lowered.balancer).filter(|_| replicated);
        let routine = self.entry_carrying(component, operation, caller.payload);
        let site = self.add_site(caller, balancer, vec![routine]);
        self.wire(site, caller, &[Destination::to(component, operation)]);
        site
    }

    pub(super) fn add_site(&mut self, caller: &Caller, balancer: Option<u32>, routines: Vec<u32>) -> u32 {
        let row = balancer.map_or(0, |balancer| self.row(balancer, caller));
        let site = Site {
            balancer,
            routines,
            row,
            row_per_replica: caller.replicas > 1,
            slice: None,
            sharing: 1,
            wiring: None,
        };
        self.sites.push(site);
        self.sites.len() as u32 - 1
    }

    /// The first row of a caller's outstanding counts at a balancer.
    fn row(&mut self, balancer: u32, caller: &Caller) -> u32 {
        let key = (balancer, caller.name.clone());
        if let Some(&known) = self.rows.get(&key) {
            return known;
        }
        let spec = &mut self.balancers[balancer as usize];
        let row = spec.rows;
        spec.rows += caller.replicas;
        self.rows.insert(key, row);
        row
    }
}

fn finite(servers: Servers) -> Option<u32> {
    match servers {
        Servers::Finite(count) => Some(count),
        Servers::Infinite => None,
    }
}
