//! What can be said of a scenario without simulating it: who asks what of whom, what saturates first, and how fast it
//! can be at most; where the scenario is a network that theory has solved, the solution.

mod architecture;
mod bounds;
mod conditions;
mod listing;
mod network;
mod plan;
mod solve;

pub use plan::{
    BalancedJob, Bottleneck, Bounds, Component, ExactStation, ExactWorkload, Explanation, Extreme, Highest, Link,
    PlanMap, Solution, Source, StationPlan, Summary, WorkloadPlan,
};

use std::collections::BTreeMap;

use super::results::Exact;
use super::theory::shows_steady_state;
use crate::model::Model;
use network::Network;

/// Explains a model.
///
/// The demand of a station is the service that one request asks for there, all visits together; throughput cannot
/// exceed servers over demand, and response time cannot fall below the time without waiting (Denning and Buzen 1978).
///
/// ```
/// use knee::{experiment, model, scenario::Source};
/// let text = "[workload.w]\nto = \"desk\"\nusers = 20\nthink-time = \"15s\"\n[station.desk]\nservice-time = \"2s\"\n";
/// let source = Source { name: "it.toml".into(), text: text.into(), overrides: vec![] };
/// let model = model::load(&source, &|_| Err("no files".into())).0.unwrap();
/// let explanation = experiment::explain(&model);
/// assert_eq!(explanation.workloads["w"].bounds.throughput_high, Some(0.5));
/// assert_eq!(explanation.workloads["w"].bounds.knee_users, Some(8.5));
/// ```
pub fn explain(model: &Model) -> Explanation {
    let network = Network::new(model);
    let (solved, solution) = solve::solve(&network);
    let rates = solved.as_ref().map_or_else(|| network.rates(), |solved| solved.throughput.clone());
    let plans = network.classes.iter().enumerate().map(|(index, class)| {
        let plan = WorkloadPlan {
            source: class.source,
            demand_s: network.groups().fold(0.0, |sum, group| sum + network.demand(index, group)),
            unloaded_response_s: class.traffic.duration,
            bounds: bounds::of(&network, index, solution.exact),
            exact: solved.as_ref().and_then(|solved| solved.workload(index)),
        };
        (class.workload.name.clone(), plan)
    });
    let workloads: BTreeMap<String, WorkloadPlan> = plans.collect();
    let used = (0..model.groups.len()).filter(|&group| network.visits(group) > 0.0);
    let stations = used.map(|group| (model.groups[group].name(), network.plan(group, &rates, solved.as_ref())));
    let ranking = bounds::ranking(&network, &rates);
    Explanation {
        scenario: Summary { title: model.title.clone(), file: model.file.clone(), set: model.set.clone() },
        workloads,
        stations: PlanMap(stations.collect()),
        bottleneck: ranking.first().cloned(),
        next_bottleneck: ranking.get(1).cloned(),
        highest: bounds::highest(&network, ranking.first()),
        solution,
        components: architecture::components(&network, &rates),
        links: architecture::links(&network, &rates),
        program: Vec::new(),
    }
}

/// What theory says of the workloads of a run; none where it says nothing, or where the run is not meant to show a
/// steady state.
pub(super) fn exact(model: &Model) -> Option<Exact> {
    if !shows_steady_state(model) {
        return None;
    }
    let network = Network::new(model);
    let (solved, solution) = solve::solve(&network);
    let (solved, method) = (solved?, solution.method?);
    let means =
        |(index, class): (usize, &network::Class<'_>)| Some((class.workload.name.clone(), solved.workload(index)?));
    let workloads = network.classes.iter().enumerate().map(means).collect::<Option<_>>()?;
    Some(Exact { method, workloads })
}

/// The program that requests run, op by op: a listing for each routine that some request may come to.
pub fn program(model: &Model) -> Vec<Listing> {
    listing::listing(model)
}

pub use listing::Listing;

#[cfg(test)]
mod tests;
