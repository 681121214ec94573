//! The solution of a network, where it has one that theory knows.
//!
//! Open networks of a product form are as if each station were alone (Jackson 1957; Baskett, Chandy, Muntz and Palacios
//! 1975). Closed ones are solved by mean value analysis (Reiser and Lavenberg 1980), or Buzen's convolution (1973),
//! whose results are the same. Other stations are solved one by one, if all that comes to them is known.

use std::collections::BTreeMap;

use super::conditions::violations;
use super::network::Network;
use super::plan::{ExactStation, ExactWorkload, Solution, Source};
use crate::experiment::theory::{Quantity, predictions_of_stations};
use crate::laws::erlang;
use crate::laws::mva::{Station, mva};
use crate::laws::mva_classes::mva_classes;
use crate::model::Group;

/// Means in the steady state.
#[derive(Debug)]
pub(super) struct Solved {
    /// Requests per second of each class.
    pub(super) throughput: Vec<f64>,
    /// Time that a request of each class spends at each group, all visits together; none where it is not known.
    residence: Vec<Vec<Option<f64>>>,
    /// Time of each class between stations.
    delay: Vec<f64>,
    names: Vec<String>,
}

/// What a convolution or a recursion may take: about a second.
const MOST_STEPS: f64 = 2e8;
const MOST_STATES: f64 = 2e7;

/// The solution, as far as there is one, and what to say about it.
pub(super) fn solve(network: &Network<'_>) -> (Option<Solved>, Solution) {
    let violations = violations(network);
    let mut because: Vec<String> = violations.others.iter().chain(&violations.services).cloned().collect();
    if because.is_empty() {
        match product_form(network) {
            Ok((solved, method)) => return (Some(solved), Solution { exact: true, method: Some(method), because }),
            Err(reason) => because.push(reason),
        }
    }
    if violations.others.is_empty() && !violations.services.is_empty() {
        if let Some((solved, models)) = one_by_one(network) {
            let method = Some(format!("each station by itself: {}", models.join(", ")));
            return (Some(solved), Solution { exact: true, method, because: Vec::new() });
        }
    }
    (None, Solution { exact: false, method: None, because })
}

fn product_form(network: &Network<'_>) -> Result<(Solved, String), String> {
    let mut users = Vec::new();
    for class in &network.classes {
        if let Source::Closed { users: count, think_time } = class.source {
            users.push((count, think_time));
        }
    }
    match users[..] {
        [] => open(network),
        [(count, think_time)] => one_class(network, count, think_time),
        _ => classes(network, &users),
    }
}

/// Each station of an open network is as if alone.
fn open(network: &Network<'_>) -> Result<(Solved, String), String> {
    let rates = network.rates();
    let mut solved = Solved::nothing(network, rates.clone());
    for group in network.groups() {
        let spec = network.group(group);
        let work = network.work(group, &rates);
        let Some(servers) = spec.servers else {
            solved.serve_all(network, group);
            continue;
        };
        let visits: f64 =
            network.classes.iter().zip(&rates).map(|(class, rate)| rate * class.traffic.asks[group].visits).sum();
        let total: f64 = work.iter().sum();
        // Response time over service time at each station: the same for all visits by their service.
        let stretch: Vec<f64> = work.iter().map(|work| stretch(*work, servers, total / visits)).collect();
        if stretch.iter().any(|stretch| stretch.is_infinite()) {
            return Err(format!("{}: there is no steady state", spec.name()));
        }
        for class in 0..network.classes.len() {
            let demand = network.demand(class, group);
            let parts = network.shares(class, group).iter().zip(&stretch).map(|(share, stretch)| share * stretch);
            solved.residence[class][group] = Some(if demand > 0.0 { demand * parts.sum::<f64>() } else { 0.0 });
        }
    }
    Ok((solved, "product form of an open network: each station as if alone".into()))
}

/// Response time over mean service time of an M/M/c queue with so much work per second.
fn stretch(work: f64, servers: u32, service: f64) -> f64 {
    if work <= 0.0 { 1.0 } else { erlang::mmc_response(work / service, service, servers) / service }
}

/// Stations of a closed network that can make anybody wait: group, servers, demand by class.
struct Places {
    groups: Vec<usize>,
    servers: Vec<u32>,
    demands: Vec<Vec<f64>>,
}

fn places(network: &Network<'_>) -> Places {
    let classes = network.classes.len();
    let mut places = Places { groups: Vec::new(), servers: Vec::new(), demands: vec![Vec::new(); classes] };
    for group in network.groups() {
        let Some(servers) = network.group(group).servers else { continue };
        for index in 0..network.group(group).count as usize {
            let demand = |class: usize| network.demand(class, group) * network.shares(class, group)[index];
            if (0..classes).any(|class| demand(class) > 0.0) {
                places.groups.push(group);
                places.servers.push(servers);
                (0..classes).for_each(|class| places.demands[class].push(demand(class)));
            }
        }
    }
    places
}

/// Time of a cycle of a class in which it waits for nobody, but for thinking.
fn apart(network: &Network<'_>, class: usize) -> f64 {
    let unlimited = network.groups().filter(|&group| network.group(group).servers.is_none());
    network.delay(class) + unlimited.map(|group| network.demand(class, group)).sum::<f64>()
}

fn one_class(network: &Network<'_>, users: u32, think_time: f64) -> Result<(Solved, String), String> {
    let places = places(network);
    let steps = f64::from(users) * f64::from(users) * places.groups.len() as f64;
    if steps > MOST_STEPS {
        return Err(format!("{users} users at {} stations are too many to solve exactly", places.groups.len()));
    }
    let stations = places.demands[0].iter().zip(&places.servers).map(|(&demand, &servers)| match servers {
        1 => Station::Queue(demand),
        _ => Station::Servers(demand, servers),
    });
    let stations = stations.collect::<Vec<_>>();
    let closed = mva(&stations, think_time + apart(network, 0), users);
    let mut solved = Solved::nothing(network, vec![closed.throughput]);
    solved.fill_unlimited(network);
    for (&group, number) in places.groups.iter().zip(&closed.numbers) {
        *solved.residence[0][group].get_or_insert(0.0) += number / closed.throughput;
    }
    Ok((solved, "mean value analysis".into()))
}

fn classes(network: &Network<'_>, users: &[(u32, f64)]) -> Result<(Solved, String), String> {
    let places = places(network);
    if let Some(at) = places.servers.iter().position(|&servers| servers > 1) {
        let name = network.group(places.groups[at]).name();
        return Err(format!("{name}: several workloads of users at several servers are not solved here"));
    }
    let states: f64 = users.iter().map(|(count, _)| f64::from(*count) + 1.0).product();
    if states * places.groups.len() as f64 > MOST_STATES {
        return Err("there are too many combinations of users to solve exactly".into());
    }
    let counts: Vec<u32> = users.iter().map(|(count, _)| *count).collect();
    let rest: Vec<f64> = users.iter().enumerate().map(|(class, (_, think))| think + apart(network, class)).collect();
    let closed = mva_classes(&places.demands, &rest, &counts);
    let mut solved = Solved::nothing(network, closed.throughput);
    solved.fill_unlimited(network);
    for (class, residence) in closed.residence.iter().enumerate() {
        for (&group, time) in places.groups.iter().zip(residence) {
            *solved.residence[class][group].get_or_insert(0.0) += time;
        }
    }
    Ok((solved, "mean value analysis of several classes".into()))
}

/// Every station that can make anybody wait is one of which all is known. There is one class: means of the visits of
/// several would have to be told apart.
fn one_by_one(network: &Network<'_>) -> Option<(Solved, Vec<String>)> {
    let [class] = &network.classes[..] else { return None };
    let predictions = predictions_of_stations(network.model);
    let mut solved = Solved::nothing(network, network.rates());
    if let Source::Closed { .. } = class.source {
        return None;
    }
    solved.fill_unlimited(network);
    let mut models = Vec::new();
    for group in network.groups().filter(|&group| network.group(group).servers.is_some() && network.visits(group) > 0.0)
    {
        let name = network.group(group).name();
        let known =
            predictions.iter().find(|known| known.station == name && known.quantity == Quantity::ResponseMean)?;
        solved.residence[0][group] = Some(known.predicted * class.traffic.asks[group].visits);
        models.push(known.model.clone());
    }
    Some((solved, models))
}

impl Solved {
    fn nothing(network: &Network<'_>, throughput: Vec<f64>) -> Solved {
        let classes = 0..network.classes.len();
        Solved {
            throughput,
            residence: vec![vec![None; network.model.groups.len()]; network.classes.len()],
            delay: classes.map(|class| network.delay(class)).collect(),
            names: network.classes.iter().map(|class| class.workload.name.clone()).collect(),
        }
    }

    /// Nobody waits where servers are without limit.
    fn serve_all(&mut self, network: &Network<'_>, group: usize) {
        for class in 0..network.classes.len() {
            self.residence[class][group] = Some(network.demand(class, group));
        }
    }

    fn fill_unlimited(&mut self, network: &Network<'_>) {
        let unlimited = network.groups().filter(|&group| network.group(group).servers.is_none());
        unlimited.for_each(|group| self.serve_all(network, group));
    }

    pub(super) fn workload(&self, class: usize) -> Option<ExactWorkload> {
        let throughput = self.throughput[class];
        let response = self.delay[class] + self.residence[class].iter().flatten().sum::<f64>();
        Some(ExactWorkload { throughput, response_mean_s: response, in_flight: throughput * response })
    }

    pub(super) fn station(&self, network: &Network<'_>, group: usize) -> Option<ExactStation> {
        let spec: &Group = network.group(group);
        let classes = 0..self.throughput.len();
        let sum = |value: &dyn Fn(usize) -> f64| {
            classes.clone().map(|class| self.throughput[class] * value(class)).sum::<f64>()
        };
        let known = classes.clone().map(|class| Some((self.names[class].clone(), self.residence[class][group]?)));
        let residence: Option<BTreeMap<String, f64>> = known.collect();
        let residence = residence?;
        let (visits, work) = (
            sum(&|class| network.classes[class].traffic.asks[group].visits),
            sum(&|class| network.demand(class, group)),
        );
        let number = sum(&|class| self.residence[class][group].unwrap_or(0.0));
        Some(ExactStation {
            utilization: spec.servers.map(|servers| work / f64::from(servers) / f64::from(spec.count)),
            in_system: number,
            response_mean_s: number / visits,
            wait_mean_s: ((number - work) / visits).max(0.0),
            residence_s: residence.into_iter().filter(|(_, time)| *time > 0.0).collect(),
        })
    }
}
