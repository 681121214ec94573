//! Calls that go round in a circle: a request would never end.

use std::collections::BTreeMap;

use super::names::{Kind, Names};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::scenario::{Scenario, Step};
use crate::syntax::At;

/// So many calls may be within each other: what looks at them does so call by call, within itself.
const MOST_NESTED: u32 = 256;

/// Reports every circle once, at the call that closes it, and a call that is too deep within others: then it is false,
/// and nothing that goes from call to call may follow.
pub(super) fn check(scenario: &Scenario, names: &Names, diagnostics: &mut Diagnostics) -> bool {
    let mut search =
        Search { scenario, names, state: BTreeMap::new(), path: Vec::new(), found: Vec::new(), deep: None };
    roots(scenario).iter().for_each(|root| _ = search.visit(root));
    if let Some(span) = search.deep {
        let message = format!("calls and messages lead to others more than {MOST_NESTED} deep");
        let help = "let fewer components follow each other, or let a workload visit stations in turn by a `route`";
        diagnostics.push(Diagnostic::error(span, message).label("below this call").help(help));
    }
    for (circle, span) in &search.found {
        let message = format!("calls go round in a circle: {circle}");
        let help = "a request may not come back to an operation that it is still in: take one of these calls out";
        diagnostics.push(Diagnostic::error(*span, message).label("this call closes the circle").help(help));
    }
    search.deep.is_none()
}

fn roots(scenario: &Scenario) -> Vec<String> {
    let mut roots: Vec<String> =
        scenario.balancer.entries.keys().chain(scenario.queue.entries.keys()).cloned().collect();
    for name in scenario.cache.entries.keys() {
        roots.extend(["read", "write", "delete"].map(|operation| join(name, operation)));
    }
    for name in scenario.database.entries.keys() {
        roots.extend(Kind::Database.operations().iter().map(|operation| join(name, operation)));
    }
    for (name, entry) in &scenario.service.entries {
        roots.push(name.clone());
        roots.extend(entry.value.operation.entries.keys().map(|operation| join(name, operation)));
    }
    roots
}

/// A depth-first search over references: `component` or `component.operation`.
struct Search<'a> {
    scenario: &'a Scenario,
    names: &'a Names,
    /// How many calls are within each other below, when that is known; nothing while on the path.
    state: BTreeMap<String, Option<u32>>,
    path: Vec<String>,
    found: Vec<(String, Span)>,
    /// A call below which too many are within each other.
    deep: Option<Span>,
}

impl Search<'_> {
    /// Returns how many calls are within each other below.
    fn visit(&mut self, node: &str) -> u32 {
        if let Some(known) = self.state.get(node) {
            return known.unwrap_or(0);
        }
        let mut depth = 0;
        self.state.insert(node.to_string(), None);
        self.path.push(node.to_string());
        for (next, span) in self.successors(node) {
            let next = self.with_operation(next);
            if self.state.get(&next) == Some(&None) {
                self.report(&next, span);
            }
            let is_over = self.path.len() as u32 > MOST_NESTED;
            depth = depth.max(1 + if is_over { MOST_NESTED } else { self.visit(&next) });
            if depth > MOST_NESTED && self.deep.is_none() {
                self.deep = Some(span);
            }
        }
        self.path.pop();
        self.state.insert(node.to_string(), Some(depth));
        depth
    }

    fn report(&mut self, closing: &String, span: Span) {
        let start = self.path.iter().position(|node| node == closing).unwrap_or(0);
        let circle: Vec<&str> = self.path[start..].iter().chain([closing]).map(String::as_str).collect();
        self.found.push((circle.join(" → "), span));
    }

    fn successors(&self, node: &str) -> Vec<(String, Span)> {
        let (name, operation) = node.split_once('.').unwrap_or((node, ""));
        match self.names.kind(name) {
            Some(Kind::Service) => self.calls(name, operation),
            Some(Kind::Database) => self.database_calls(name, operation),
            Some(Kind::Balancer) => {
                let targets = self.scenario.balancer.get(name).into_iter().flat_map(|balancer| &balancer.to.value);
                targets.map(|target| (join(&target.value, operation), target.span)).collect()
            }
            Some(Kind::Cache) => {
                let origin = self.scenario.cache.get(name).and_then(|cache| cache.origin.as_ref());
                let asked = |origin: &At<String>| (self.origin(&origin.value, operation), origin.span);
                let each = |(asked, span): (Vec<String>, Span)| asked.into_iter().map(move |asked| (asked, span));
                origin.map(asked).into_iter().flat_map(each).collect()
            }
            Some(Kind::Queue) => {
                let queue = self.scenario.queue.get(name);
                let next = queue.into_iter().flat_map(|queue| queue.all_consumers().chain(&queue.dead_letter_to));
                next.map(|next| (next.value.clone(), next.span)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What a cache's operation asks its origin for: a deletion is a write where there is no other.
    fn origin(&self, origin: &str, operation: &str) -> Vec<String> {
        let component = origin.split('.').next().unwrap_or(origin);
        if component != origin && operation == "read" {
            return vec![origin.to_string()];
        }
        let written = if operation == "delete" { "write" } else { operation };
        match self.names.kind(component) {
            Some(Kind::Cache) => vec![join(component, operation)],
            Some(Kind::Database) => vec![join(component, written)],
            Some(Kind::Service) => {
                let known = |operation: &&str| {
                    self.scenario.service.get(component).is_some_and(|service| service.operation.contains(operation))
                };
                let known = [operation, written].into_iter().find(known);
                vec![known.map_or(origin.to_string(), |known| join(component, known))]
            }
            // Targets without an operation of this name are asked for the only one that they have.
            Some(Kind::Balancer) if operation == "read" => vec![component.to_string(), join(component, operation)],
            Some(Kind::Balancer) => vec![join(component, operation)],
            _ => vec![origin.to_string()],
        }
    }

    fn calls(&self, name: &str, operation: &str) -> Vec<(String, Span)> {
        let mut calls = Vec::new();
        if let Some(service) = self.scenario.service.get(name) {
            match service.operation.get(operation) {
                Some(operation) => collect(&operation.steps, &mut calls),
                None => service.steps.iter().for_each(|steps| collect(&steps.value, &mut calls)),
            }
        }
        calls
    }

    fn database_calls(&self, name: &str, operation: &str) -> Vec<(String, Span)> {
        let mut calls = Vec::new();
        if let Some(database) = self.scenario.database.get(name) {
            collect(if operation == "write" { &database.write } else { &database.read }, &mut calls);
        }
        calls
    }

    /// A service with one operation, and whatever has a first one, may be called without its name.
    fn with_operation(&self, reference: String) -> String {
        if let Some(first) = self.names.kind(&reference).and_then(|kind| kind.operations().first()) {
            return join(&reference, first);
        }
        let service = self.scenario.service.get(&reference).filter(|service| service.operation.len() == 1);
        let only = service.and_then(|service| service.operation.entries.keys().next());
        only.map_or(reference.clone(), |operation| join(&reference, operation))
    }
}

pub(super) fn join(component: &str, operation: &str) -> String {
    if operation.is_empty() { component.to_string() } else { format!("{component}.{operation}") }
}

/// Every component that steps call or publish to.
fn collect(steps: &[At<Step>], calls: &mut Vec<(String, Span)>) {
    for step in steps {
        match &step.value {
            Step::Call(call) => {
                calls.push((call.0.to.value.clone(), call.0.to.span));
                call.0.fallback.iter().for_each(|steps| collect(&steps.value, calls));
            }
            // A look from aside asks nobody else.
            Step::LookAside(look) => collect(&look.miss, calls),
            Step::FanOut(fan) => calls.push((fan.to.value.clone(), fan.to.span)),
            Step::Publish(queue) => calls.push((queue.value.clone(), queue.span)),
            Step::Parallel(parallel) => parallel.0.arms.value.iter().for_each(|arm| collect(arm, calls)),
            Step::Choose(arms) => arms.value.iter().for_each(|(_, arm)| collect(arm, calls)),
            Step::Repeat(repeat) => collect(&repeat.value.steps, calls),
            Step::Hold(hold) => collect(&hold.steps, calls),
            Step::Cpu(_) | Step::Memory(_) | Step::Disk(_) | Step::Speedup(_) => {}
            Step::Network(_) | Step::Wait(_) | Step::Visit(_) | Step::Fail(_) => {}
            Step::Optimistic(optimistic) => collect(&optimistic.steps, calls),
            Step::Batch(batch) => collect(&batch.steps, calls),
        }
    }
}
