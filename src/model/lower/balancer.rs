//! A balancer becomes a station, where it takes time, and a choice.

use super::{Lowered, Owner, join};
use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::names::{CALLABLE, Kind};
use crate::model::places::Written;
use crate::model::program::Op;
use crate::model::steps::{Body, Caller};
use crate::model::wiring::{Destination, Payload};
use crate::syntax::At;

impl Builder<'_> {
    pub(super) fn lower_balancer(&mut self, name: &str) {
        let Some(balancer) = self.scenario.balancer.get(name) else { return };
        if self.lowered.contains_key(name) {
            return;
        }
        // There before its targets are: balancers in a circle are reported elsewhere.
        let written = Written { region: balancer.region.as_ref(), ..Written::default() };
        let regions = self.regions(written, 1);
        let placed = Lowered { replicas: 1, regions, ..Lowered::default() };
        self.lowered.insert(name.to_string(), placed.clone());
        balancer.to.value.iter().for_each(|target| self.lower_balancer(&target.value));
        let streams = balancer.stream.clone().unwrap_or_else(|| name.to_string());
        let mut lowered = Lowered { streams: streams.clone(), ..placed };
        if balancer.service_time.is_some() {
            let group = self.group(&Owner::replicas(name, &streams, 1), None);
            lowered.front = Some(self.stations);
            lowered.held = Some(self.add_group(group));
        }
        let known =
            |target: &&At<String>| self.names.component(target, &target.value, &CALLABLE, self.diagnostics).is_some();
        let components: Vec<&At<String>> = balancer.to.value.iter().filter(known).collect();
        if balancer.to.value.is_empty() {
            let message = "a balancer needs at least one target";
            self.diagnostics.push(
                Diagnostic::error(balancer.to.span, message).help("name the components it spreads requests over"),
            );
        }
        let names: Vec<String> = components.iter().map(|target| target.value.clone()).collect();
        if !names.is_empty() {
            let remember = balancer.dns_ttl.map(|ttl| self.ticks(ttl.value.0, ttl.span));
            lowered.balancer = self.add_balancer(name, &streams, balancer.policy.as_ref(), &names, remember);
        }
        self.lowered.insert(name.to_string(), lowered);
    }

    /// The routine of an operation, for a call that sends something: a balancer hands it on.
    pub(super) fn entry_carrying(&mut self, component: &str, operation: &str, payload: Payload) -> u32 {
        if payload == Payload::default() || self.kind(component) != Some(Kind::Balancer) {
            return self.entry(component, operation);
        }
        let name = format!("{}/{} B/{} B", join(component, operation), payload.request, payload.response);
        let key = (name.clone(), String::new());
        if let Some(&known) = self.entries.get(&key) {
            return known;
        }
        let body = Body::Carrying { balancer: component.to_string(), operation: operation.to_string(), payload };
        let routine = self.routine(name, body);
        self.entries.insert(key, routine);
        routine
    }

    /// The balancer's own queue, then whomever it chooses.
    pub(in crate::model) fn compile_balancer(&mut self, name: &str, operation: &str, payload: Payload) {
        let Some(balancer) = self.scenario.balancer.get(name) else { return };
        let Some(lowered) = self.lowered.get(name).cloned() else { return };
        let gates = self.gates(name, &balancer.admit, 1);
        self.emit_arrival(&gates);
        if let (Some(place), Some(service_time)) = (lowered.held, &balancer.service_time) {
            let law = self.law(service_time, 1.0);
            self.emit(Op::Visit { place, law, own: false });
        }
        let caller = Caller {
            anywhere: lowered.regions.is_empty(),
            regions: lowered.regions,
            payload,
            ..Caller::single(name, &lowered.streams)
        };
        let known = balancer.to.value.iter().filter(|target| self.lowered.contains_key(&target.value));
        let targets: Vec<&At<String>> = known.collect();
        let (mut routines, mut destinations) = (Vec::new(), Vec::new());
        for target in targets {
            let only = self.only_operation(&target.value, operation);
            let relayed = balancer.dns_ttl.is_some() && self.has_own_balancer(&target.value);
            routines.push(match relayed {
                true => self.relay(name, &target.value, &only, payload),
                false => self.entry_carrying(&target.value, &only, payload),
            });
            destinations.push(Destination { relayed, ..Destination::to(&target.value, &only) });
        }
        let site = self.add_site(&caller, lowered.balancer, routines);
        self.wire(site, &caller, &destinations);
        self.emit(Op::Enter { site });
        self.emit_departure(&gates);
    }

    /// Whether someone else picks among a component's replicas than a balancer in front of it.
    fn has_own_balancer(&self, component: &str) -> bool {
        self.kind(component) != Some(Kind::Balancer)
            && self.lowered.get(component).is_some_and(|lowered| lowered.balancer.is_some())
    }

    fn relay(&mut self, balancer: &str, component: &str, operation: &str, payload: Payload) -> u32 {
        let name = format!("{balancer}/{}", join(component, operation));
        let (balancer, component, operation) = (balancer.to_string(), component.to_string(), operation.to_string());
        self.routine(name, Body::Relay { balancer, component, operation, payload })
    }

    /// A component whose own balancer picks the replica, from where the balancer in front of it is.
    pub(in crate::model) fn compile_relay(&mut self, name: &str, component: &str, operation: &str, payload: Payload) {
        let streams = self.lowered.get(name).map(|lowered| lowered.streams.clone()).unwrap_or_default();
        let caller = Caller { anywhere: true, payload, ..Caller::single(name, &streams) };
        let site = self.site(&caller, component, operation);
        self.emit(Op::Enter { site });
        self.emit(Op::Return);
    }

    /// The operation that a call without one means, where the target has just one.
    fn only_operation(&self, component: &str, operation: &str) -> String {
        if let Some(first) = self.kind(component).and_then(|kind| kind.operations().first()) {
            return if operation.is_empty() { first } else { operation }.to_string();
        }
        let service = self.scenario.service.get(component).filter(|service| service.operation.len() == 1);
        let only = service.and_then(|service| service.operation.entries.keys().next());
        match only {
            Some(only) if operation.is_empty() => only.clone(),
            _ => operation.to_string(),
        }
    }
}
