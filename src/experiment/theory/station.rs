//! A station of which everything is known: who comes, what for, and in which order they are served.

use super::heads::heads;
use crate::distribution::Law;
use crate::model::source::{Batch, Process};
use crate::model::{Group, GroupForecast, Model, SourceSpec, Workload};
use crate::policy::discipline::{Customer, Rule};

/// A station of which everything is known.
pub(super) struct Station<'a> {
    pub(super) group: &'a Group,
    pub(super) streams: Vec<Stream<'a>>,
    pub(super) flow: Flow,
    pub(super) service: Service,
    pub(super) order: Order,
    /// Mean patience in seconds, if it is exponential.
    pub(super) patience: Option<f64>,
}

/// Requests of one kind that come to a station.
#[derive(Clone)]
pub(super) struct Stream<'a> {
    workload: &'a Workload,
    pub(super) priority: i32,
    pub(super) weight: f64,
    /// Per second.
    pub(super) rate: f64,
    /// Of the service time, in seconds.
    pub(super) mean: f64,
    law: &'a Law,
    /// They come as the workload issues them, all of them.
    as_issued: bool,
    /// They go round between the station and their thoughts.
    goes_round: bool,
}

impl Stream<'_> {
    /// Squared coefficient of variation of the service time.
    pub(super) fn scv(&self) -> f64 {
        self.law.scv()
    }

    /// Whether the service time is exponential.
    pub(super) fn is_exponential(&self) -> bool {
        self.law.is_exponential()
    }
}

/// How customers arrive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Flow {
    Poisson,
    /// Poisson batches: moments of the size, and the size if it is fixed.
    Batches {
        rate: f64,
        mean: f64,
        mean_square: f64,
        fixed: Option<u32>,
    },
    Regular,
    /// Interarrival times of so many exponential stages.
    Erlang(u32),
    /// Independent interarrival times of another law: their squared coefficient of variation.
    Renewal(f64),
    /// So many users, with exponential think times of this mean in seconds.
    Users {
        count: u32,
        think: f64,
    },
}

/// Service times of all customers together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Service {
    /// Arrivals per second.
    pub(super) rate: f64,
    /// In seconds.
    pub(super) mean: f64,
    /// Squared coefficient of variation.
    pub(super) scv: f64,
    /// Kendall's letter.
    pub(super) letter: char,
}

/// Who is served when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// First come, first served.
    Arrival,
    /// Without regard to anything known of the customer, without interruption.
    Blind,
    /// By priority.
    Urgency { preempts: bool },
    /// The latest arrival interrupts.
    LatestPreempts,
    /// All at once, equally.
    Shared,
    /// All at once, by weight.
    Weighted,
    /// In turns.
    Turns,
    /// By size, or in a way unknown here.
    Other,
}

/// Rounding; a path less likely than this changes nothing that could be seen.
const SAME: f64 = 1e-9;

/// The stations of a model of which everything is known.
pub(super) fn known(model: &Model) -> Vec<Station<'_>> {
    let mut streams: Vec<Vec<Stream<'_>>> = vec![Vec::new(); model.groups.len()];
    // How much a replay brings is known, but not when.
    // Who cannot leave a station keeps its server from others.
    if model.blocks() || model.workloads.iter().any(|workload| matches!(workload.source, SourceSpec::Trace(_))) {
        return Vec::new();
    }
    for (workload, &rate) in model.workloads.iter().zip(&model.forecast.rates) {
        add_streams(model, workload, rate, &mut streams);
    }
    let pairs = streams.into_iter().enumerate();
    pairs.filter_map(|(group, streams)| station(model, group, streams)).collect()
}

fn add_streams<'a>(model: &'a Model, workload: &'a Workload, rate: f64, streams: &mut [Vec<Stream<'a>>]) {
    let mut below = 0.0;
    let single = workload.operations.len() == 1;
    for operation in &workload.operations {
        let share = operation.cumulative - below;
        below = operation.cumulative;
        for head in heads(model, operation.routine) {
            let law = &model.laws[head.law as usize];
            streams[head.group].push(Stream {
                workload,
                priority: workload.priority,
                weight: workload.weight,
                rate: rate * share * head.chance,
                mean: model.seconds(law.mean()),
                law,
                as_issued: single && head.as_issued,
                goes_round: head.at_once && head.last,
            });
        }
    }
}

fn station<'a>(model: &'a Model, index: usize, streams: Vec<Stream<'a>>) -> Option<Station<'a>> {
    let group = &model.groups[index];
    let plain = group.special.is_none() && group.count == 1 && !group.held && !group.keyed && group.initial == 0;
    let GroupForecast { visits, guessed, .. } = model.forecast.groups[index];
    let seen: f64 = streams.iter().map(|stream| stream.rate).sum();
    if !plain || guessed || seen <= 0.0 || (seen - visits).abs() > SAME * visits {
        return None;
    }
    let patience = match group.patience.map(|law| &model.laws[law as usize]) {
        None => None,
        Some(law) if law.is_exponential() => Some(model.seconds(law.mean())),
        Some(_) => return None,
    };
    let service = service(&streams).filter(|service| service.mean > 0.0)?;
    let order = order(group.rule, &streams);
    Some(Station { group, flow: flow(model, &streams)?, service, order, patience, streams })
}

/// All streams are Poisson, or there is only one.
fn flow(model: &Model, streams: &[Stream<'_>]) -> Option<Flow> {
    if streams.iter().all(|stream| is_poisson(&stream.workload.source)) {
        return Some(Flow::Poisson);
    }
    let [stream] = streams else { return None };
    match &stream.workload.source {
        _ if !stream.as_issued => None,
        SourceSpec::Open { process: Process::Renewal(law), batch, profile: None } => renewal(stream.rate, law, *batch),
        SourceSpec::Users { count, think } if stream.goes_round => {
            let think = think.map(|law| &model.laws[law as usize]).filter(|law| law.mean() > 0.0);
            let known = think.is_none_or(Law::is_exponential);
            known.then(|| Flow::Users { count: *count, think: think.map_or(0.0, |law| model.seconds(law.mean())) })
        }
        _ => None,
    }
}

fn is_poisson(source: &SourceSpec) -> bool {
    matches!(source, SourceSpec::Open { process: Process::Renewal(law), batch: Batch::Fixed(1), profile: None } if law.is_exponential())
}

fn renewal(rate: f64, law: &Law, batch: Batch) -> Option<Flow> {
    match (law, batch) {
        (Law::Constant(_), Batch::Fixed(1)) => Some(Flow::Regular),
        (Law::Erlang(law), Batch::Fixed(1)) => Some(Flow::Erlang(law.stages())),
        (law, batch) if law.is_exponential() => {
            let (mean, mean_square, fixed) = moments(batch);
            Some(Flow::Batches { rate: rate / mean, mean, mean_square, fixed })
        }
        (law, Batch::Fixed(1)) => Some(Flow::Renewal(law.scv())),
        _ => None,
    }
}

fn moments(batch: Batch) -> (f64, f64, Option<u32>) {
    match batch {
        Batch::Fixed(size) => (f64::from(size), f64::from(size) * f64::from(size), Some(size)),
        Batch::Geometric(success) => (1.0 / success, (2.0 - success) / (success * success), None),
    }
}

/// The mixture of the streams' service times. Only equal ones are exponential or constant together.
fn service(streams: &[Stream<'_>]) -> Option<Service> {
    let first = streams.first()?;
    let rate: f64 = streams.iter().map(|stream| stream.rate).sum();
    let average = |value: &dyn Fn(&Stream<'_>) -> f64| streams.iter().map(|s| s.rate / rate * value(s)).sum::<f64>();
    let mean = average(&|stream| stream.mean);
    let square = average(&|stream| (1.0 + stream.scv()) * stream.mean * stream.mean);
    let equal = streams.iter().all(|stream| (stream.mean - first.mean).abs() <= SAME * first.mean);
    let letter = match equal {
        true if streams.iter().all(|stream| stream.law.is_exponential()) => 'M',
        true if streams.iter().all(|stream| stream.law.as_constant().is_some()) => 'D',
        _ => 'G',
    };
    Some(Service { rate, mean, scv: square / (mean * mean) - 1.0, letter })
}

fn order(rule: Rule, streams: &[Stream<'_>]) -> Order {
    let alike = |value: &dyn Fn(&Stream<'_>) -> f64| streams.windows(2).all(|pair| value(&pair[0]) == value(&pair[1]));
    match rule {
        Rule::InOrder => Order::Arrival,
        Rule::LatestFirst | Rule::LatestBeyond { .. } | Rule::AtRandom => Order::Blind,
        Rule::Ranked { rank, preempts } => match looks_at(rank) {
            [true, false, false] if alike(&|stream| f64::from(stream.priority)) => Order::Arrival,
            [true, false, false] => Order::Urgency { preempts },
            [false, false, true] if preempts => Order::LatestPreempts,
            _ => Order::Other,
        },
        Rule::Shared { weighted } if !weighted || alike(&|stream| stream.weight) => Order::Shared,
        Rule::Shared { .. } => Order::Weighted,
        Rule::Turns => Order::Turns,
    }
}

/// What a rank depends on: priority (smaller first), size, order of arrival (latest first).
pub(in crate::experiment) fn looks_at(rank: fn(&Customer) -> u64) -> [bool; 3] {
    let one = Customer { priority: 1, service: 2, remaining: 1, order: 1 };
    let size = [Customer { service: 9, ..one }, Customer { remaining: 2, ..one }];
    [
        rank(&Customer { priority: 2, ..one }) > rank(&one),
        size.iter().any(|other| rank(other) != rank(&one)),
        rank(&Customer { order: 2, ..one }) < rank(&one),
    ]
}
