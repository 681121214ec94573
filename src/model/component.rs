//! Components lowered to groups of stations, and to routines on demand.

use super::build::Builder;
use super::names::Kind;
use super::program::Place;
use super::steps::{Body, Caller};
use super::{Group, circle::join};
use crate::diagnostic::{Diagnostic, Span};
use crate::policy::discipline::{self, Rule};
use crate::scenario::{Discipline, LockBy, MOST_REPLICAS, Machine, Servers};
use crate::syntax::At;

/// What a component became.
#[derive(Debug, Clone, Default)]
pub(super) struct Lowered {
    /// How many replicas.
    pub(super) replicas: u32,
    /// The station that stands for the first replica.
    pub(super) front: Option<u32>,
    /// Where its CPU is, and how fast.
    pub(super) cpu: Option<(Place, f64)>,
    /// Where its threads, or what one may hold of it, are.
    pub(super) held: Option<Place>,
    /// Who owns its random streams.
    pub(super) streams: String,
    /// Who chooses among its replicas or targets.
    pub(super) balancer: Option<u32>,
}

impl<'a> Builder<'a> {
    /// Every component becomes groups of stations, in the order of their names.
    pub(super) fn lower_components(&mut self) {
        let scenario = self.scenario;
        scenario.host.entries.keys().for_each(|name| self.lower_host(name));
        scenario.station.entries.keys().for_each(|name| self.lower_station(name));
        scenario.service.entries.keys().for_each(|name| self.lower_service(name));
        scenario.lock.entries.keys().for_each(|name| self.lower_lock(name));
        scenario.pool.entries.keys().for_each(|name| self.lower_pool(name));
        scenario.balancer.entries.keys().for_each(|name| self.lower_balancer(name));
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
        for (name, entry) in &scenario.queue.entries {
            self.reference(&entry.value.consumer, &[Kind::Service]);
            self.lowered.insert(name.clone(), Lowered { replicas: 1, streams: name.clone(), ..Lowered::default() });
        }
    }

    fn add_group(&mut self, mut group: Group) -> Place {
        group.first = self.stations;
        self.stations += group.count;
        let place = group.place();
        self.groups.push(group);
        place
    }

    /// A group with the defaults of a textbook.
    fn group(&mut self, component: &str, part: Option<&'static str>, streams: &str) -> Group {
        let owner = part.map_or(streams.to_string(), |part| format!("{streams}.{part}"));
        Group {
            component: component.to_string(),
            part,
            first: 0,
            count: 1,
            servers: Some(1),
            capacity: None,
            rule: Rule::InOrder,
            quantum: 0,
            patience: None,
            initial: 0,
            initial_routine: 0,
            held: false,
            keyed: false,
            service_stream: self.stream(&owner, "service"),
            patience_stream: self.stream(&owner, "patience"),
            discipline_stream: self.stream(&owner, "discipline"),
        }
    }

    fn lower_station(&mut self, name: &str) {
        let Some(station) = self.scenario.station.get(name) else { return };
        let streams = station.stream.clone().unwrap_or_else(|| name.to_string());
        let mut group = self.group(name, None, &streams);
        // Too many are an error already, and would not fit into memory.
        let replicas = station.replicas.value.0.min(MOST_REPLICAS);
        group.count = replicas;
        group.servers = finite(station.servers.value);
        group.capacity = station.capacity.as_ref().map(|capacity| capacity.value.0);
        group.patience = station.patience.as_ref().map(|patience| self.law(patience, 1.0));
        self.set_rule(&mut group, &station.discipline);
        group.initial = station.initial;
        let front = self.stations;
        let place = self.add_group(group);
        let lowered = Lowered { replicas, front: Some(front), held: Some(place), streams, ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
        self.add_own_balancer(name, station.balance.as_ref());
        if station.initial > 0 && station.service_time.is_none() {
            let key = self.scenario.station.entries.get(name).map_or(Span::default(), |entry| entry.key);
            self.lacks_service_time(name, key);
        }
        let most = station.capacity.as_ref().map_or(u32::MAX, |capacity| capacity.value.0);
        if station.initial > most {
            let message = format!("{} customers at the start do not fit in a capacity of {most}", station.initial);
            let span = station.capacity.as_ref().map_or(Span::default(), |capacity| capacity.span);
            self.diagnostics.push(Diagnostic::error(span, message).help("make `initial` smaller or `capacity` larger"));
        }
        if station.initial > 0 {
            let routine = self.routine(format!("{name}/initial"), Body::Initial { station: name.to_string() });
            if let Some(group) = self.groups.last_mut() {
                group.initial_routine = routine;
            }
        }
    }

    fn set_rule(&mut self, group: &mut Group, discipline: &At<Discipline>) {
        let name = discipline.value.name();
        let found = discipline::REGISTRY.iter().find(|(known, _)| *known == name);
        group.rule = found.map_or(Rule::InOrder, |&(_, rule)| rule);
        if let Discipline::RoundRobin(turns) = discipline.value {
            group.quantum = self.ticks(turns.quantum.0, discipline.span).max(1);
        }
        if matches!(group.rule, Rule::Shared { weighted: true }) && group.servers != Some(1) {
            let message = "shares can be weighted only where there is one server";
            let help = "use `servers = 1` with a shorter service time, or `processor-sharing`";
            self.diagnostics.push(Diagnostic::error(discipline.span, message).help(help));
        }
    }

    fn lower_host(&mut self, name: &str) {
        let Some(host) = self.scenario.host.get(name) else { return };
        let Some(machine) = self.machine(&host.machine) else { return };
        let cpu = self.lower_cpu(name, name, machine, 1);
        self.cost_per_hour += machine.price.value;
        let lowered = Lowered { replicas: 1, cpu: Some(cpu), streams: name.to_string(), ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
    }

    fn machine(&mut self, reference: &At<String>) -> Option<&'a Machine> {
        self.names.has_machine(reference, self.diagnostics);
        self.scenario.machine.get(&reference.value)
    }

    fn lower_cpu(&mut self, name: &str, streams: &str, machine: &Machine, count: u32) -> (Place, f64) {
        let mut group = self.group(name, Some("cpu"), streams);
        group.count = count;
        group.servers = Some(machine.cores.value.0);
        self.set_rule(&mut group, &machine.discipline);
        (self.add_group(group), machine.speed.value)
    }

    fn lower_service(&mut self, name: &str) {
        let Some(service) = self.scenario.service.get(name) else { return };
        let streams = service.stream.clone().unwrap_or_else(|| name.to_string());
        let replicas = service.replicas.value.0.min(MOST_REPLICAS);
        let cpu = self.service_cpu(name, &streams, replicas);
        let mut group = self.group(name, Some("threads"), &streams);
        group.count = replicas;
        group.servers = finite(service.threads.value);
        group.held = true;
        let queue = service.queue.as_ref().map(|queue| queue.value);
        group.capacity = queue.zip(group.servers).map(|(queue, threads)| queue.saturating_add(threads));
        if let (Some(queue), None) = (&service.queue, group.servers) {
            let message = "nobody waits for a thread: there are as many as requests";
            self.diagnostics.push(Diagnostic::error(queue.span, message).help("say how many `threads` a replica has"));
        }
        let front = self.stations;
        let held = self.add_group(group);
        let lowered = Lowered { replicas, front: Some(front), cpu, held: Some(held), streams, balancer: None };
        self.lowered.insert(name.to_string(), lowered);
        self.add_own_balancer(name, service.balance.as_ref());
    }

    fn service_cpu(&mut self, name: &str, streams: &str, replicas: u32) -> Option<(Place, f64)> {
        let service = self.scenario.service.get(name)?;
        if let (Some(machine), Some(host)) = (&service.machine, &service.host) {
            let message = "a service has a machine of its own or shares a host, not both";
            let note = "the other one is here";
            self.diagnostics
                .push(Diagnostic::error(host.span, message).note(machine.span, note).help("leave one of them out"));
        }
        if let Some(host) = &service.host {
            self.names.component(host, &host.value, &[Kind::Host], self.diagnostics)?;
            return self.lowered.get(&host.value)?.cpu;
        }
        let machine = self.machine(service.machine.as_ref()?)?;
        self.cost_per_hour += machine.price.value * f64::from(replicas);
        Some(self.lower_cpu(name, streams, machine, replicas))
    }

    fn lower_lock(&mut self, name: &str) {
        let Some(lock) = self.scenario.lock.get(name) else { return };
        let mut group = self.group(name, None, name);
        group.held = true;
        if lock.by == LockBy::Key {
            group.keyed = true;
            group.servers = None;
        }
        self.lower_held(name, group);
    }

    fn lower_pool(&mut self, name: &str) {
        let Some(pool) = self.scenario.pool.get(name) else { return };
        let mut group = self.group(name, None, name);
        let size = pool.size.value.0;
        group.held = true;
        group.servers = Some(size);
        group.capacity = pool.queue.as_ref().map(|queue| queue.value.saturating_add(size));
        self.lower_held(name, group);
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

    fn lower_balancer(&mut self, name: &str) {
        let Some(balancer) = self.scenario.balancer.get(name) else { return };
        if self.lowered.contains_key(name) {
            return;
        }
        // There before its targets are: balancers in a circle are reported elsewhere.
        self.lowered.insert(name.to_string(), Lowered { replicas: 1, ..Lowered::default() });
        balancer.to.value.iter().for_each(|target| self.lower_balancer(&target.value));
        let streams = balancer.stream.clone().unwrap_or_else(|| name.to_string());
        let mut lowered = Lowered { replicas: 1, streams: streams.clone(), ..Lowered::default() };
        if balancer.service_time.is_some() {
            let group = self.group(name, None, &streams);
            lowered.front = Some(self.stations);
            lowered.held = Some(self.add_group(group));
        }
        let wanted = [Kind::Balancer, Kind::Station, Kind::Service];
        let known =
            |target: &&At<String>| self.names.component(target, &target.value, &wanted, self.diagnostics).is_some();
        let components: Vec<&At<String>> = balancer.to.value.iter().filter(known).collect();
        if balancer.to.value.is_empty() {
            let message = "a balancer needs at least one target";
            self.diagnostics.push(
                Diagnostic::error(balancer.to.span, message).help("name the components it spreads requests over"),
            );
        }
        let names: Vec<String> = components.iter().map(|target| target.value.clone()).collect();
        if !names.is_empty() {
            lowered.balancer = self.add_balancer(name, &streams, balancer.policy.as_ref(), &names);
        }
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
        // A balancer is one target; it chooses among its own in its own routine.
        let replicated = self.kind(component) != Some(Kind::Balancer);
        let balancer = self.lowered.get(component).and_then(|lowered| lowered.balancer).filter(|_| replicated);
        let routine = self.entry(component, operation);
        self.add_site(caller, balancer, vec![routine])
    }

    pub(super) fn add_site(&mut self, caller: &Caller, balancer: Option<u32>, routines: Vec<u32>) -> u32 {
        let row = balancer.map_or(0, |balancer| self.row(balancer, caller));
        let site = super::program::Site { balancer, routines, row, row_per_replica: caller.replicas > 1 };
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

    /// Says that a station lacks the service time that this visit needs, unless its table has
    /// mistakes of its own: the service time may be one of them.
    pub(super) fn lacks_service_time(&mut self, name: &str, span: Span) {
        if self.scenario.station.entries.get(name).is_none_or(|entry| !entry.complete) {
            return;
        }
        let message = format!("how long a service at `{name}` takes is not said");
        let help = format!("add `service-time` to `[station.{name}]`");
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }
}

fn finite(servers: Servers) -> Option<u32> {
    match servers {
        Servers::Finite(count) => Some(count),
        Servers::Infinite => None,
    }
}
