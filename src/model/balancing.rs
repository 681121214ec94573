//! Who chooses among targets: policies resolved, and what they may look at.

use super::build::Builder;
use super::health::Fronted;
use super::program::{BalancerSpec, Target};
use super::sharding::Spread;
use crate::diagnostic::{Diagnostic, Span};
use crate::policy::balance::{self, Args};
use crate::policy::evict;
use crate::scenario::{Balance, Eviction, Written};
use crate::syntax::Value;

impl Builder<'_> {
    /// A component with replicas and no balancer in front chooses for itself.
    pub(super) fn add_own_balancer(&mut self, name: &str, policy: Option<&Balance>) {
        let Some(lowered) = self.lowered.get(name) else { return };
        let (streams, replicas) = (lowered.streams.clone(), lowered.replicas);
        if replicas == 1 && policy.is_none() {
            return;
        }
        let balancer = self.add_balancer(name, &streams, policy, &[name.to_string()], None);
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
        remember: Option<u64>,
    ) -> Option<u32> {
        let (mut targets, mut fronts, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (component, target) in components.iter().enumerate() {
            let lowered = self.lowered.get(target)?;
            // What is looked up is the name of a component.
            let replicas = if remember.is_some() { 1 } else { lowered.replicas };
            for replica in 0..replicas {
                targets.push(Target { component: component as u32, replica });
                fronts.push(lowered.front.unwrap_or(0) + replica);
                names.push(if replicas == 1 { target.clone() } else { format!("{target}[{replica}]") });
            }
        }
        let span = policy.map_or(Span::default(), |policy| policy.0.name.span);
        let balancer = self.add_targets(name, streams, policy, &names, targets, fronts)?;
        if remember.is_none() {
            self.fronted.push(Fronted { balancer, components: components.to_vec() });
        }
        let chosen = &self.balancers[balancer as usize].policy;
        let (loads, answers) = (chosen.needs_loads(), chosen.needs_answers());
        if loads {
            self.check_fronts(components, span);
        }
        if remember.is_some() && (loads || answers) {
            let message = "a name that is looked up knows nothing of queues and answers";
            let help =
                "with `dns-ttl` use `nearest`, `random`, `round-robin`, `weighted`, `weighted-random` or `sticky`";
            self.diagnostics.push(Diagnostic::error(span, message).help(help));
        }
        self.balancers[balancer as usize].remember = remember;
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
        let written = policy;
        let policy = self.policy(policy, names)?;
        if let Some(Balance(written)) = written.filter(|_| names.len() > 1) {
            let (by, targets) = (written.name.value.clone(), names.to_vec());
            let args = written.args.as_ref().and_then(|args| arguments(&args.value));
            self.spreads.push(Spread { name: name.to_string(), by, args, targets });
        }
        Some(self.push_balancer(name, streams, policy, targets, fronts))
    }

    /// A balancer that remembers nothing.
    pub(super) fn push_balancer(
        &mut self,
        name: &str,
        streams: &str,
        policy: Box<dyn balance::Balance>,
        targets: Vec<Target>,
        fronts: Vec<u32>,
    ) -> u32 {
        let (answers, stream) = (policy.needs_answers(), self.stream(streams, "balance"));
        let name = name.to_string();
        let spec = BalancerSpec { name, policy, targets, fronts, answers, rows: 0, stream, remember: None };
        self.balancers.push(spec);
        self.balancers.len() as u32 - 1
    }

    /// Who chooses among parts of machines, such as disks, at random.
    pub(super) fn add_random(&mut self, name: &str, streams: &str, fronts: Vec<u32>) -> Option<u32> {
        let policy = self.policy(None, &[])?;
        let targets = (0..fronts.len() as u32).map(|replica| Target { component: 0, replica }).collect();
        Some(self.push_balancer(name, streams, policy, targets, fronts))
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

    pub(super) fn policy(
        &mut self,
        written: Option<&Balance>,
        targets: &[String],
    ) -> Option<Box<dyn balance::Balance>> {
        let Some(Balance(written)) = written else {
            return balance::find("random").and_then(|entry| (entry.build)(None, targets).ok());
        };
        let known: Vec<&str> = balance::REGISTRY.iter().map(|entry| entry.name).collect();
        self.written_policy(written, "balancing policy", &known, |args| {
            balance::find(&written.name.value).map(|entry| (entry.build)(args, targets))
        })
    }

    /// The contents of a cache of this capacity, empty.
    pub(super) fn eviction(&mut self, written: Option<&Eviction>, capacity: u64) -> Option<Box<dyn evict::Evict>> {
        let Some(Eviction(written)) = written else {
            return evict::find("lru").and_then(|entry| (entry.build)(None, capacity).ok());
        };
        let known: Vec<&str> = evict::REGISTRY.iter().map(|entry| entry.name).collect();
        self.written_policy(written, "eviction policy", &known, |args| {
            evict::find(&written.name.value).map(|entry| (entry.build)(args, capacity))
        })
    }

    /// A policy of a registry, made from what is written; says what is wrong with it.
    fn written_policy<T>(
        &mut self,
        Written { name, args }: &Written,
        what: &str,
        known: &[&str],
        build: impl FnOnce(Option<&Args>) -> Option<Result<T, String>>,
    ) -> Option<T> {
        let span = args.as_ref().map_or(name.span, |args| args.span);
        let message = format!("`{}` cannot work with what it is given here", name.value);
        let numbers = args.as_ref().map(|args| arguments(&args.value));
        if !known.contains(&name.value.as_str()) {
            let diagnostic = Diagnostic::error(name.span, format!("there is no {what} `{}`", name.value));
            let diagnostic = diagnostic.did_you_mean(&name.value, known.iter().copied());
            self.diagnostics.push(diagnostic.help(format!("one of: {}", known.join(", "))));
            return None;
        }
        if numbers == Some(None) {
            self.diagnostics.push(Diagnostic::error(span, message).label("expected a table of numbers"));
            return None;
        }
        match build(numbers.flatten().as_ref())? {
            Ok(policy) => Some(policy),
            Err(problem) => {
                self.diagnostics.push(Diagnostic::error(span, message).label(problem));
                None
            }
        }
    }
}

/// A table of numbers as arguments of a policy.
fn arguments(value: &Value) -> Option<Args> {
    let Value::Table(table) = value else { return None };
    let number = |(key, node): &(crate::syntax::Key, crate::syntax::Node)| Some((key.name.clone(), node.number()?));
    Some(Args { numbers: table.entries.iter().map(number).collect::<Option<_>>()? })
}
