//! A balancer becomes a station, where it takes time, and a choice.

use super::{Lowered, Owner};
use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::names::CALLABLE;
use crate::syntax::At;

impl Builder<'_> {
    pub(super) fn lower_balancer(&mut self, name: &str) {
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
            lowered.balancer = self.add_balancer(name, &streams, balancer.policy.as_ref(), &names);
        }
        self.lowered.insert(name.to_string(), lowered);
    }
}
