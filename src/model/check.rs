//! What can be said before the run: offered load, stability, the predicted bottleneck.

use super::flow::Flows;
use super::source::{Batch, Process};
use super::{Model, SourceSpec, Workload};

/// What was computed before the run.
#[derive(Debug, Clone, Default)]
pub struct Forecast {
    /// By group of stations.
    pub groups: Vec<GroupForecast>,
    /// By workload: requests per second; for users, the most that the bounds allow.
    pub rates: Vec<f64>,
    /// Index of the group that saturates first.
    pub bottleneck: Option<usize>,
    /// Stations whose offered load is at least their capacity, with that load.
    pub unstable: Vec<(String, f64)>,
}

/// What comes to a group of stations.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GroupForecast {
    /// Visits per second, over all replicas.
    pub visits: f64,
    /// Mean service asked for per visit, in seconds.
    pub service: f64,
    /// Offered load as a share of capacity; none for infinite servers.
    pub load: Option<f64>,
    /// The part of it that is certain to come: from open workloads, whatever happens before.
    pub open_load: f64,
    /// Some of what comes depends on what caches hold: all of this is a guess.
    pub guessed: bool,
}

/// Computes offered loads from the program and the workloads' rates.
pub(super) fn forecast(model: &Model, flows: &Flows) -> Forecast {
    let rates: Vec<(f64, bool)> = model.workloads.iter().map(|workload| rate(model, workload, flows)).collect();
    let mut groups = vec![GroupForecast::default(); model.groups.len()];
    for (workload, &(rate, open)) in model.workloads.iter().zip(&rates) {
        for (share, routine) in shares(workload) {
            for (&group, demand) in &flows.of(routine).demand {
                let at = &mut groups[group as usize];
                at.guessed |= demand.guessed;
                at.visits += rate * share * demand.visits;
                at.service += rate * share * model.seconds(demand.service);
                at.open_load += if open { rate * share * model.seconds(demand.certain) } else { 0.0 };
            }
        }
    }
    for (forecast, group) in groups.iter_mut().zip(&model.groups) {
        let busy = forecast.service;
        let capacity = group.most_service();
        forecast.load = capacity.map(|capacity| busy / capacity);
        forecast.open_load = capacity.map_or(0.0, |capacity| forecast.open_load / capacity);
        forecast.service = if forecast.visits > 0.0 { busy / forecast.visits } else { 0.0 };
    }
    let bottleneck = bottleneck(model, &groups);
    let unstable = unstable(model, &groups);
    Forecast { groups, rates: rates.iter().map(|&(rate, _)| rate).collect(), bottleneck, unstable }
}

/// The group with the greatest load; what is merely held is so because of something else.
fn bottleneck(model: &Model, groups: &[GroupForecast]) -> Option<usize> {
    let load = |&index: &usize| groups[index].load.filter(|load| *load > 0.0);
    let rank = |index: &usize| (load(index).unwrap_or(0.0), !model.groups[*index].held);
    let loaded = (0..groups.len()).filter(|index| load(index).is_some());
    loaded.max_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal).then(b.cmp(a)))
}

impl Forecast {
    /// What to say of each station without a steady state.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        let say =
            |(station, load): &(String, f64)| format!("{station}: offered load {load:.2} of capacity: no steady state");
        self.unstable.iter().map(say)
    }
}

fn unstable(model: &Model, groups: &[GroupForecast]) -> Vec<(String, f64)> {
    let over =
        model.groups.iter().zip(groups).filter(|(group, forecast)| !group.loses() && forecast.open_load >= 1.0 - 1e-12);
    over.map(|(group, forecast)| (group.name(), forecast.open_load)).collect()
}

/// Finds replicas that get more than the others, and more than they can do, though their group as a whole could.
pub(super) fn find_hot_replicas(model: &mut Model) {
    if !is_uneven(model) {
        return;
    }
    let (traffic, forecast) = (model.traffic(), &model.forecast);
    let open = |workload: &&Workload| !matches!(workload.source, SourceSpec::Users { .. });
    let mut hot = Vec::new();
    for (index, group) in model.groups.iter().enumerate() {
        let load = forecast.groups[index].open_load;
        if group.loses() || load >= 1.0 - 1e-12 || load * f64::from(group.count) < 1.0 {
            continue;
        }
        let mut work = vec![0.0; group.count as usize];
        let sources = model.workloads.iter().zip(&traffic).zip(&forecast.rates);
        for ((_, traffic), rate) in sources.filter(|((workload, _), _)| open(workload)) {
            let shares = &traffic.shares[group.first as usize..(group.first + group.count) as usize];
            let asked = rate * traffic.asks[index].service;
            work.iter_mut().zip(shares).for_each(|(work, share)| *work += asked * share);
        }
        let mean = work.iter().sum::<f64>() / work.len() as f64;
        let hottest = (0..work.len()).reduce(|a, b| if work[b] > work[a] { b } else { a }).unwrap_or(0);
        let load = load * work[hottest] / mean;
        if load >= 1.0 - 1e-12 {
            hot.push((group.replica_name(hottest as u32), load));
        }
    }
    model.forecast.unstable.extend(hot);
}

/// Whether keys or weights say who gets what.
fn is_uneven(model: &Model) -> bool {
    let weighs = |balancer: &super::program::BalancerSpec| {
        let shares = balancer.policy.shares(balancer.targets.len());
        shares.windows(2).any(|pair| (pair[0] - pair[1]).abs() > 1e-12)
    };
    !model.sharding.is_empty() || model.balancers.iter().any(weighs)
}

/// Shares and routines of a workload's operations.
fn shares(workload: &Workload) -> impl Iterator<Item = (f64, u32)> {
    let mut below = 0.0;
    workload.operations.iter().map(move |operation| {
        let share = operation.cumulative - below;
        below = operation.cumulative;
        (share, operation.routine)
    })
}

/// Requests per second, and whether they come whatever the system does.
fn rate(model: &Model, workload: &Workload, flows: &Flows) -> (f64, bool) {
    match &workload.source {
        SourceSpec::Open { process, batch, profile } => {
            let batch = match *batch {
                Batch::Fixed(size) => f64::from(size),
                Batch::Geometric(success) => 1.0 / success,
            };
            let window = match model.horizon {
                super::Horizon::Ticks(window) => window as f64,
                super::Horizon::UntilEmpty => 86_400.0 * model.ticks_per_second,
            };
            let factor = profile.as_ref().map_or(1.0, |profile| profile.mean(window));
            (batch * factor * process_rate(process) * model.ticks_per_second, true)
        }
        SourceSpec::Trace(rows) => {
            let span = rows.last().map_or(0, |row| row.time) - rows.first().map_or(0, |row| row.time);
            let span = model.seconds(span as f64);
            (if span > 0.0 { rows.len() as f64 / span } else { 0.0 }, true)
        }
        SourceSpec::Users { count, think } => {
            let think = think.map_or(0.0, |law| model.seconds(model.laws[law as usize].mean()));
            (closed_rate(model, workload, flows, f64::from(*count), think), false)
        }
    }
}

fn process_rate(process: &Process) -> f64 {
    match process {
        Process::Renewal(law) => 1.0 / law.mean(),
        Process::Mmpp { gaps, dwell } => {
            let total: f64 = dwell.iter().sum();
            gaps.iter().zip(dwell).map(|(gap, dwell)| dwell / total / gap).sum()
        }
    }
}

/// The asymptotic bound min(N/(D + Z), 1/D_max) (Denning & Buzen 1978).
fn closed_rate(model: &Model, workload: &Workload, flows: &Flows, users: f64, think: f64) -> f64 {
    let (mut busiest, mut cycle) = (0.0f64, think);
    let mut demand = vec![0.0; model.groups.len()];
    for (share, routine) in shares(workload) {
        let flow = flows.of(routine);
        cycle += share * model.seconds(flow.duration);
        flow.demand.iter().for_each(|(&group, part)| demand[group as usize] += share * model.seconds(part.service));
    }
    for (demand, group) in demand.iter().zip(&model.groups) {
        if let Some(most) = group.most_service() {
            busiest = busiest.max(demand / most);
        }
    }
    let by_users = if cycle > 0.0 { users / cycle } else { f64::INFINITY };
    let by_station = if busiest > 0.0 { 1.0 / busiest } else { f64::INFINITY };
    let rate = by_users.min(by_station);
    if rate.is_finite() { rate } else { 0.0 }
}
