//! A model as a queueing network: classes of requests, and what each asks of every station.

use std::collections::BTreeMap;

use super::plan::{Extreme, Source, StationPlan};
use super::solve::Solved;
use crate::model::{Group, Model, SourceSpec, Traffic, Workload};

/// The classes of a model: its workloads.
pub(super) struct Network<'a> {
    pub(super) model: &'a Model,
    pub(super) classes: Vec<Class<'a>>,
}

/// A workload and what its requests ask for.
pub(super) struct Class<'a> {
    pub(super) workload: &'a Workload,
    pub(super) source: Source,
    pub(super) traffic: Traffic,
}

/// Shares that differ by less are equal.
const EVEN: f64 = 1e-9;

impl<'a> Network<'a> {
    pub(super) fn new(model: &'a Model) -> Network<'a> {
        let traffic = model.traffic().into_iter().zip(&model.forecast.rates);
        let classes = model.workloads.iter().zip(traffic).map(|(workload, (traffic, &rate))| {
            let source = match &workload.source {
                SourceSpec::Open { .. } => Source::Open { rate },
                SourceSpec::Trace(_) => Source::Replayed { rate },
                SourceSpec::Users { count, think } => {
                    let think = think.map_or(0.0, |law| model.seconds(model.laws[law as usize].mean()));
                    Source::Closed { users: *count, think_time: think }
                }
            };
            Class { workload, source, traffic }
        });
        Network { model, classes: classes.collect() }
    }

    /// Requests per second of each class: of users, the most that the bounds allow.
    pub(super) fn rates(&self) -> Vec<f64> {
        self.model.forecast.rates.clone()
    }

    /// Groups that serve, rather than are held or waited in.
    pub(super) fn groups(&self) -> impl Iterator<Item = usize> + use<'_> {
        (0..self.model.groups.len()).filter(|&group| self.serves(group))
    }

    /// Whether a group serves: what is held while something else is done does no work of its own.
    pub(super) fn serves(&self, group: usize) -> bool {
        !self.model.groups[group].held && !self.model.groups[group].room
    }

    pub(super) fn group(&self, group: usize) -> &'a Group {
        &self.model.groups[group]
    }

    /// Visits to a group by one request of each class.
    pub(super) fn visits(&self, group: usize) -> f64 {
        self.classes.iter().map(|class| class.traffic.asks[group].visits).sum()
    }

    /// Service that a request of a class asks of a group, in seconds.
    pub(super) fn demand(&self, class: usize, group: usize) -> f64 {
        self.classes[class].traffic.asks[group].service
    }

    /// Time that a request of a class lets pass between services: pauses, latencies.
    pub(super) fn delay(&self, class: usize) -> f64 {
        let served: f64 = self.groups().map(|group| self.demand(class, group)).sum();
        (self.classes[class].traffic.duration - served).max(0.0)
    }

    /// The share of a class's demand at a group that each of its stations gets.
    pub(super) fn shares(&self, class: usize, group: usize) -> &[f64] {
        let group = self.group(group);
        &self.classes[class].traffic.shares[group.first as usize..(group.first + group.count) as usize]
    }

    /// Service per second that one station of a group can do at most.
    pub(super) fn capacity(&self, group: usize) -> Option<f64> {
        let group = self.group(group);
        group.most_service().map(|most| most / f64::from(group.count))
    }

    /// Service asked of each station of a group per second, at these rates of the classes.
    pub(super) fn work(&self, group: usize, rates: &[f64]) -> Vec<f64> {
        let mut work = vec![0.0; self.group(group).count as usize];
        for (class, rate) in rates.iter().enumerate() {
            let demand = rate * self.demand(class, group);
            work.iter_mut().zip(self.shares(class, group)).for_each(|(work, share)| *work += demand * share);
        }
        work
    }

    /// The name of one station of a group: that of the group where all are alike.
    pub(super) fn name(&self, group: usize, work: &[f64], index: usize) -> String {
        let group = self.group(group);
        if is_even(work) { group.name() } else { group.replica_name(index as u32) }
    }

    /// What is known of a group at these rates of the classes.
    pub(super) fn plan(&self, index: usize, rates: &[f64], solved: Option<&Solved>) -> StationPlan {
        let group = self.group(index);
        let named = |value: &dyn Fn(&Class<'_>) -> f64| -> BTreeMap<String, f64> {
            let values = self.classes.iter().map(|class| (class.workload.name.clone(), value(class)));
            values.filter(|(_, value)| *value > 0.0).collect()
        };
        let asks = |class: &Class<'_>| class.traffic.asks[index];
        let throughput: f64 = self.classes.iter().zip(rates).map(|(class, rate)| rate * asks(class).visits).sum();
        let work = self.work(index, rates);
        let total: f64 = work.iter().sum();
        let capacity = self.capacity(index);
        let extreme = |order: fn(f64, f64) -> bool| {
            let at = (0..work.len()).reduce(|a, b| if order(work[b], work[a]) { b } else { a })?;
            let load = capacity.map(|capacity| work[at] / capacity);
            Some(Extreme { station: group.replica_name(at as u32), share: work[at] / total, load })
        };
        let differ = !is_even(&work);
        StationPlan {
            component: group.component.clone(),
            replicas: group.count,
            servers: group.working(group.count),
            held: group.held,
            guessed: self.classes.iter().any(|class| asks(class).guessed),
            visits: named(&|class| asks(class).visits),
            demand_s: named(&|class| asks(class).service),
            service_mean_s: (throughput > 0.0 && !group.room).then(|| total / throughput),
            throughput,
            load: capacity.filter(|_| !group.room).map(|capacity| total / capacity / f64::from(group.count)),
            hottest: differ.then(|| extreme(|a, b| a > b)).flatten(),
            coldest: differ.then(|| extreme(|a, b| a < b)).flatten(),
            exact: solved.and_then(|solved| solved.station(self, index)),
        }
    }
}

/// Whether all have the same work to do.
fn is_even(work: &[f64]) -> bool {
    let mean = work.iter().sum::<f64>() / work.len() as f64;
    work.iter().all(|work| (work - mean).abs() <= EVEN * mean)
}
