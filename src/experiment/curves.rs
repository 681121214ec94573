//! Curves for pictures, from what replications add up to.

use super::results::Curves;
use super::summary::Summary;
use crate::engine::Mark;
use crate::model::{Group, Model};
use crate::stats::Histogram;

impl Summary {
    pub(super) fn curves(&self, model: &Model) -> Curves {
        let survival = model.workloads.iter().zip(&self.workloads);
        let survival = survival
            .map(|(workload, pool)| (workload.name.clone(), survival_curve(&pool.latency, model.ticks_per_second)));
        let groups = || model.groups.iter().enumerate();
        let finite = groups().filter(|(_, group)| group.servers.is_some());
        let capacity = |group: &Group| f64::from(group.servers_ever()) * f64::from(group.count);
        Curves {
            survival: survival.collect(),
            utilization: finite
                .map(|(index, group)| (group.name(), self.over_time(model, index, capacity(group), |area| area.1)))
                .collect(),
            in_system: groups()
                .map(|(index, group)| (group.name(), self.over_time(model, index, 1.0, |area| area.0)))
                .collect(),
        }
    }

    /// An integral's growth in each bucket, as a level, averaged over replications.
    fn over_time(
        &self,
        model: &Model,
        group: usize,
        capacity: f64,
        area: fn(&(u128, u128)) -> u128,
    ) -> Vec<(f64, f64)> {
        // A replication that was stopped has fewer buckets than the others.
        if self.stopped.is_some() {
            return Vec::new();
        }
        let replications = self.finished().count() as f64;
        let (mut before, mut from) = (0, 0);
        let level = |bucket: &Bucket| {
            let now = area(&bucket.areas[group]);
            let grown = now - std::mem::replace(&mut before, now);
            let from = std::mem::replace(&mut from, bucket.to);
            let middle = model.seconds((from + bucket.to) as f64 / 2.0);
            (middle, grown as f64 / (bucket.to - from) as f64 / capacity / replications)
        };
        self.buckets.iter().map(level).collect()
    }
}

/// Up to the end of a bucket: integrals of each group of stations, summed over replications.
pub(super) struct Bucket {
    to: u64,
    areas: Vec<(u128, u128)>,
}

pub(super) fn add_buckets(sum: &mut Vec<Bucket>, marks: Vec<Mark>) {
    if sum.is_empty() {
        sum.extend(marks.into_iter().map(|mark| Bucket { to: mark.at, areas: mark.areas }));
        return;
    }
    for (sum, mark) in sum.iter_mut().zip(&marks) {
        for (sum, area) in sum.areas.iter_mut().zip(&mark.areas) {
            sum.0 += area.0;
            sum.1 += area.1;
        }
    }
}

/// The share of requests that took longer, thinned to what a picture can show.
fn survival_curve(latency: &Histogram, ticks_per_second: f64) -> Vec<(f64, f64)> {
    let total = latency.count() as f64;
    let mut curve: Vec<(f64, f64)> = Vec::new();
    for (value, count) in latency.points() {
        let share = 1.0 - count as f64 / total;
        let point = (value / ticks_per_second, share);
        let near = curve.last().is_some_and(|last| point.0 < last.0 * 1.01 && share > last.1 * 0.99);
        if share > 0.0 && !near {
            curve.push(point);
        }
    }
    curve
}
