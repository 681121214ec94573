//! Who chooses among targets: policies resolved, and what they may look at.

use super::build::Builder;
use super::program::{BalancerSpec, Target};
use crate::diagnostic::{Diagnostic, Span};
use crate::policy::balance::{self, Args};
use crate::scenario::Balance;
use crate::syntax::Value;

impl Builder<'_> {
    /// A component with replicas and no balancer in front chooses for itself.
    pub(super) fn add_own_balancer(&mut self, name: &str, policy: Option<&Balance>) {
        let Some(lowered) = self.lowered.get(name) else { return };
        let (streams, replicas) = (lowered.streams.clone(), lowered.replicas);
        if replicas == 1 && policy.is_none() {
            return;
        }
        let balancer = self.add_balancer(name, &streams, policy, &[name.to_string()]);
        if let Some(lowered) = self.lowered.get_mut(name).filter(|_| replicas > 1) {
            lowered.balancer = balancer;
        }
    }

    pub(super) fn add_balancer(
        &mut self,
        name: &str,
        streams: &str,
        policy: Option<&Balance>,
        components: &[String],
    ) -> Option<u32> {
        let (mut targets, mut fronts, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (component, target) in components.iter().enumerate() {
            let lowered = self.lowered.get(target)?;
            for replica in 0..lowered.replicas {
                targets.push(Target { component: component as u32, replica });
                fronts.push(lowered.front.unwrap_or(0) + replica);
                names.push(if lowered.replicas == 1 { target.clone() } else { format!("{target}[{replica}]") });
            }
        }
        let span = policy.map_or(Span::default(), |policy| policy.name.span);
        let balancer = self.add_targets(name, streams, policy, &names, targets, fronts)?;
        if self.balancers[balancer as usize].policy.needs_loads() {
            self.check_fronts(components, span);
        }
        Some(balancer)
    }

    /// A policy for these targets.
    pub(super) fn add_targets(
        &mut self,
        name: &str,
        streams: &str,
        policy: Option<&Balance>,
        names: &[String],
        targets: Vec<Target>,
        fronts: Vec<u32>,
    ) -> Option<u32> {
        let policy = self.policy(policy, names)?;
        let answers = policy.needs_answers();
        let stream = self.stream(streams, "balance");
        self.balancers.push(BalancerSpec { name: name.to_string(), policy, targets, fronts, answers, rows: 0, stream });
        Some(self.balancers.len() as u32 - 1)
    }

    /// A policy that looks at the number in system needs a station to look at.
    fn check_fronts(&mut self, components: &[String], span: Span) {
        let front = |name: &&String| self.lowered.get(*name).is_some_and(|lowered| lowered.front.is_none());
        if let Some(name) = components.iter().find(front) {
            let message = format!("`{name}` has no queue that this policy could look at");
            let help = format!("give `[balancer.{name}]` a `service-time`, or use `least-outstanding`");
            self.diagnostics.push(Diagnostic::error(span, message).help(help));
        }
    }

    fn policy(&mut self, written: Option<&Balance>, targets: &[String]) -> Option<Box<dyn balance::Balance>> {
        let Some(written) = written else {
            return balance::find("random").and_then(|entry| (entry.build)(None, targets).ok());
        };
        let name = &written.name;
        let Some(entry) = balance::find(&name.value) else {
            let known: Vec<&str> = balance::REGISTRY.iter().map(|entry| entry.name).collect();
            let diagnostic = Diagnostic::error(name.span, format!("there is no balancing policy `{}`", name.value));
            let diagnostic = diagnostic.did_you_mean(&name.value, known.iter().copied());
            self.diagnostics.push(diagnostic.help(format!("one of: {}", known.join(", "))));
            return None;
        };
        let (args, span) = match &written.args {
            Some(node) => (Some(arguments(&node.value)), node.span),
            None => (None, name.span),
        };
        let args = match args {
            Some(None) => {
                let message = format!("`{}` cannot work with what it is given here", entry.name);
                self.diagnostics.push(Diagnostic::error(span, message).label("expected a table of numbers"));
                return None;
            }
            Some(args) => args,
            None => None,
        };
        let built = (entry.build)(args.as_ref(), targets);
        let message = format!("`{}` cannot work with what it is given here", entry.name);
        built.map_err(|problem| self.diagnostics.push(Diagnostic::error(span, message).label(problem))).ok()
    }
}

/// A table of numbers as arguments of a policy.
fn arguments(value: &Value) -> Option<Args> {
    let Value::Table(table) = value else { return None };
    let number = |(key, node): &(crate::syntax::Key, crate::syntax::Node)| Some((key.name.clone(), node.number()?));
    Some(Args { numbers: table.entries.iter().map(number).collect::<Option<_>>()? })
}
