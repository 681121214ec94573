//! Whether a network has a product form, as Baskett, Chandy, Muntz and Palacios (1975) and Kelly (1979) have it:
//! which of their conditions fail.

use super::network::Network;
use super::plan::Source;
use crate::model::program::{Act, Op, Shield};
use crate::model::source::{Batch, KeySpec, Process};
use crate::model::{Group, Model, SourceSpec};
use crate::policy::discipline::Rule;

use super::super::theory::looks_at;

/// Why the network has no product form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Violations {
    /// Of the services at stations that serve one after the other: theory may still know those one by one.
    pub(super) services: Vec<String>,
    /// All others.
    pub(super) others: Vec<String>,
}

/// Means that differ by less are equal.
const EQUAL: f64 = 1e-9;

/// The conditions that fail; none of them is said twice.
pub(super) fn violations(network: &Network<'_>) -> Violations {
    let mut found = Violations::default();
    found.others.extend(of_model(network.model));
    found.others.extend(of_sources(network));
    for group in (0..network.model.groups.len()).filter(|&group| network.visits(group) > 0.0) {
        let spec = network.group(group);
        match of_station(spec) {
            Some(reason) => found.others.push(format!("{}: {reason}", spec.name())),
            None => found.services.extend(of_service(network, group)),
        }
    }
    found.others.extend(of_program(network));
    found.others.dedup();
    found
}

/// What happens to the system as a whole.
fn of_model(model: &Model) -> Vec<String> {
    let crashes = model.groups.iter().any(|group| group.special.crashes);
    let told = [
        (!model.timeline.is_empty() || crashes, "something happens during the run"),
        (!model.scalers.is_empty(), "the number of replicas changes"),
    ];
    told.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason.to_string()).collect()
}

fn of_sources(network: &Network<'_>) -> Vec<String> {
    let open = |source: &Source| !matches!(source, Source::Closed { .. });
    let kinds: Vec<bool> = network.classes.iter().map(|class| open(&class.source)).collect();
    let mut reasons = Vec::new();
    for class in &network.classes {
        let reason = match &class.workload.source {
            SourceSpec::Open { profile: Some(_), .. } => "its rate changes over time",
            SourceSpec::Open { batch: Batch::Fixed(1), process: Process::Renewal(law), .. } if law.is_exponential() => {
                continue;
            }
            SourceSpec::Open { batch: Batch::Fixed(1), .. } => "arrivals are not Poisson",
            SourceSpec::Open { .. } => "requests arrive in batches",
            SourceSpec::Trace(_) => "its requests are replayed",
            SourceSpec::Users { .. } => continue,
        };
        reasons.push(format!("{}: {reason}", class.workload.name));
    }
    if kinds.contains(&true) && kinds.contains(&false) {
        reasons.push("load from outside and users come together: this is not solved here".into());
    }
    reasons
}

/// What a station does that one of a product form does not.
fn of_station(group: &Group) -> Option<&'static str> {
    let plain = group.special.is_none();
    let unlimited = group.servers.is_none() && !group.keyed;
    let reasons = [
        (group.room, "messages wait until a consumer takes them"),
        (!plain && group.special.blocks, "whoever finds it full blocks where it is"),
        (!plain && group.special.batch > 1, "several are served at once"),
        (!plain && group.special.shed.is_some(), "customers are shed"),
        (!plain && group.special.slowdown.is_some(), "customers slow each other"),
        (!plain, "servers are not always there"),
        (group.capacity.is_some(), "its capacity is finite"),
        (group.patience.is_some(), "customers lose patience"),
        (group.held && !unlimited, "servers are held while something else is done"),
        (matches!(group.rule, Rule::Turns), "customers take turns"),
    ];
    reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason)
}

/// What is wrong with the service times of a group, given its discipline.
fn of_service(network: &Network<'_>, index: usize) -> Option<String> {
    let group = network.group(index);
    if group.servers.is_none() || group.held {
        return None;
    }
    let several = |value: &dyn Fn(usize) -> f64| {
        let mut values = (0..network.classes.len())
            .filter(|&class| network.classes[class].traffic.asks[index].visits > 0.0)
            .map(value);
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    let ranked = several(&|class| f64::from(network.classes[class].workload.priority));
    let reason = match group.rule {
        Rule::Shared { weighted: true } if several(&|class| network.classes[class].workload.weight) => {
            "shares differ by workload"
        }
        Rule::Shared { .. } => return None,
        Rule::Ranked { rank, preempts } => match looks_at(rank) {
            [true, false, false] if !ranked => return unequal(network, index),
            [true, false, false] => "workloads have different priorities",
            // Whoever came last interrupts: a symmetric discipline, with any law, if there is one server.
            [false, false, true] if preempts && group.servers == Some(1) => return None,
            _ => "who is served next depends on service times",
        },
        _ => return unequal(network, index),
    };
    Some(format!("{}: {reason}", group.name()))
}

/// Served one after the other: exponential service with the same mean for all.
fn unequal(network: &Network<'_>, index: usize) -> Option<String> {
    let model = network.model;
    let mut means = Vec::new();
    for op in ops(network) {
        if let Op::Visit { place, law, .. } = op {
            if model.group_of(place) != index {
                continue;
            }
            let law = &model.laws[law as usize];
            if !law.is_exponential() {
                return Some(format!("{}: service times are not exponential", model.groups[index].name()));
            }
            means.push(law.mean());
        }
    }
    let first = *means.first()?;
    let differ = means.iter().any(|mean| (mean - first).abs() > EQUAL * first);
    differ.then(|| format!("{}: mean service times differ by visit", model.groups[index].name()))
}

/// The ops of all routines that some request may come to.
fn ops<'a>(network: &'a Network<'_>) -> impl Iterator<Item = Op> + 'a {
    let model = network.model;
    let used = |routine: usize| network.classes.iter().any(|class| class.traffic.runs[routine] > 0.0);
    let routines = model.routines.iter().enumerate().filter(move |(index, _)| used(*index));
    routines.flat_map(|(_, routine)| model.program[routine.entry as usize..routine.end as usize].iter().copied())
}

/// What requests do that customers of a product form do not.
fn of_program(network: &Network<'_>) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for op in ops(network) {
        if let Some(reason) = of_op(network, op).filter(|reason| !reasons.contains(reason)) {
            reasons.push(reason);
        }
    }
    reasons
}

fn of_op(network: &Network<'_>, op: Op) -> Option<String> {
    let model = network.model;
    let reason = match op {
        Op::Fork { .. } | Op::FanOut { .. } => "requests do several things at once",
        Op::Draw { .. } | Op::Share { .. } => "a job is divided among several servers",
        Op::Spawn { .. } => "requests start work that nobody waits for",
        Op::Message { act: Act::Publish, .. } => "requests publish messages",
        Op::Message { act: Act::Gather, .. } => "requests wait for each other in batches",
        Op::Probe { contents, .. } | Op::Look { contents, .. } => {
            let spec = &model.contents[contents as usize];
            let cache = model.caches.get(spec.cache as usize)?;
            return spec.stated.is_none().then(|| format!("{cache}: what it holds decides where requests go"));
        }
        Op::Deadline { .. } | Op::Limit { .. } => "requests time out",
        Op::Protect { act: Shield::Hedge | Shield::Race, .. } => "calls are sent twice",
        Op::Protect { act: Shield::Break, .. } => "a circuit breaker rejects calls",
        Op::Admit { .. } => "not everybody is let in",
        Op::Begin { .. } => "optimistic attempts are repeated when they conflict",
        Op::Fail { .. } => "requests fail",
        Op::Ship { .. } => "writes are copied at once",
        Op::Enter { site } | Op::EnterHome { site } | Op::Pick { site } => return of_choice(network, site),
        _ => return None,
    };
    Some(reason.to_string())
}

/// Who chooses among targets does so independently of all that goes on.
fn of_choice(network: &Network<'_>, site: u32) -> Option<String> {
    let balancer = &network.model.balancers[network.model.sites[site as usize].balancer? as usize];
    if balancer.targets.len() < 2 {
        return None;
    }
    let keyed = |class: &super::network::Class<'_>| match class.workload.keys {
        Some(KeySpec::Trace(_)) => false,
        Some(_) => true,
        // Those of users go where they went before.
        None => !balancer.policy.by_key() || matches!(class.source, Source::Open { .. }),
    };
    let independent = balancer.policy.is_independent() && network.classes.iter().all(keyed);
    let reason = "which replica is chosen depends on earlier requests";
    (!independent || balancer.remember.is_some()).then(|| format!("{}: {reason}", balancer.name))
}
