//! A service becomes its threads and the parts of its machines.

use super::absence::Absences;
use super::{Hardware, Lowered, Owner, finite};
use crate::diagnostic::Diagnostic;
use crate::model::Group;
use crate::model::admission::Line;
use crate::model::build::Builder;
use crate::model::names::Kind;
use crate::model::places::Written;
use crate::policy::discipline::Rule;
use crate::scenario::{Discipline, MOST_REPLICAS, Service};

impl Builder<'_> {
    pub(super) fn lower_service(&mut self, name: &str) {
        let Some(service) = self.scenario.service.get(name) else { return };
        let streams = service.stream.clone().unwrap_or_else(|| name.to_string());
        let replicas = self.most_replicas(name, service.replicas).min(MOST_REPLICAS);
        let owner = Owner::replicas(name, &streams, replicas);
        let hardware = self.service_hardware(name, &owner).unwrap_or_default();
        self.add_process_pauses(name, &streams, &hardware);
        let mut group = self.group(&owner, Some("threads"));
        group.servers = finite(service.threads.value);
        group.held = true;
        self.set_line(&mut group, service);
        let line = (group.rule, group.special.shed);
        let queue = service.queue.as_ref().map(|queue| queue.value);
        group.capacity = queue.zip(group.servers).map(|(queue, threads)| queue.saturating_add(threads));
        if let (Some(queue), None) = (&service.queue, group.servers) {
            let message = "nobody waits for a thread: there are as many as requests";
            self.diagnostics.push(Diagnostic::error(queue.span, message).help("say how many `threads` a replica has"));
        }
        let front = self.stations;
        let held = self.add_group(group);
        self.add_bulkheads(&owner, service, line);
        let absences = Absences {
            set_up: service.set_up.as_ref(),
            keep_alive: service.keep_alive.as_ref(),
            ..Absences::default()
        };
        self.add_absences(held, &format!("{streams}.threads"), &absences);
        let written = Written { region: service.region.as_ref(), regions: service.regions.as_ref() };
        let regions = self.hosted_regions("service", written, service.host.as_ref(), replicas);
        let lowered =
            Lowered { replicas, front: Some(front), hardware, held: Some(held), streams, balancer: None, regions };
        self.lowered.insert(name.to_string(), lowered);
        self.add_own_balancer(name, service.balance.as_ref());
    }

    /// Who waits for a thread gets the next one.
    fn set_line(&mut self, group: &mut Group, service: &Service) {
        self.set_rule(group, &service.discipline);
        if !group.rule.is_blind() && !matches!(service.discipline.value, Discipline::Priority) {
            let message = "a thread is held until its request is done, however long that takes";
            let help = "use `fifo`, `lifo`, `adaptive-lifo`, `random` or `priority`";
            self.diagnostics.push(Diagnostic::error(service.discipline.span, message).help(help));
            group.rule = Rule::InOrder;
        }
        let line = Line {
            discipline: Some(service.discipline.span),
            patience: None,
            help: "say how many `threads` a replica has",
        };
        // Operations with threads of their own have such lines too.
        let finite = service.operation.iter().any(|(_, operation)| operation.value.threads.is_some());
        if group.servers.is_some() || !finite {
            return self.set_shed(group, service.shed.as_ref(), line);
        }
        group.servers = Some(1);
        self.set_shed(group, service.shed.as_ref(), line);
        group.servers = None;
    }

    /// Threads that operations have for themselves.
    fn add_bulkheads(&mut self, owner: &Owner, service: &Service, (rule, shed): (Rule, Option<u32>)) {
        for (operation, entry) in service.operation.iter() {
            let (threads, queue) = (&entry.value.threads, &entry.value.queue);
            if let (None, Some(queue)) = (threads, queue) {
                let message = "this operation has no threads of its own that one could wait for";
                let help = "say how many, `threads = 4`, or limit the `queue` of the service";
                self.diagnostics.push(Diagnostic::error(queue.span, message).help(help));
            }
            let Some(threads) = threads else { continue };
            let mut group = self.group(owner, Some(&format!("{operation}.threads")));
            (group.servers, group.held, group.rule, group.special.shed) = (Some(threads.0), true, rule, shed);
            group.capacity = queue.as_ref().map(|queue| queue.value.saturating_add(threads.0));
            let place = self.add_group(group);
            self.bulkheads.insert((owner.component.clone(), operation.to_string()), place);
        }
    }

    /// A process that stops leaves its processors idle.
    fn add_process_pauses(&mut self, name: &str, streams: &str, hardware: &Hardware) {
        let Some(pauses) = self.scenario.service.get(name).and_then(|service| service.pauses.as_ref()) else { return };
        match (hardware.cpu, self.scenario.service.get(name).and_then(|service| service.machine.as_ref())) {
            (Some((place, _)), Some(_)) => {
                let absences = Absences { whole: true, pauses: Some(pauses), ..Absences::default() };
                self.add_absences(place, streams, &absences);
            }
            _ => {
                let message = format!("`{name}` has no processors of its own that could pause");
                let help = "give the service a `machine`; what shares a `host` does not pause it";
                self.diagnostics.push(Diagnostic::error(pauses.span, message).help(help));
            }
        }
    }

    fn service_hardware(&mut self, name: &str, owner: &Owner) -> Option<Hardware> {
        let service = self.scenario.service.get(name)?;
        if let (Some(machine), Some(host)) = (&service.machine, &service.host) {
            let message = "a service has a machine of its own or shares a host, not both";
            let note = "the other one is here";
            self.diagnostics
                .push(Diagnostic::error(host.span, message).note(machine.span, note).help("leave one of them out"));
        }
        if let Some(host) = &service.host {
            self.names.component(host, &host.value, &[Kind::Host], self.diagnostics)?;
            return Some(self.lowered.get(&host.value)?.hardware.clone());
        }
        let machine = self.machine(service.machine.as_ref()?)?;
        Some(self.lower_machine(owner, machine))
    }
}
