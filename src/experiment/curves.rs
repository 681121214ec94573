//! Curves for pictures, from what replications add up to.

use super::replicate::HALVES;
use super::results::Curves;
use super::summary::Summary;
use crate::engine::{Areas, Mark};
use crate::model::{Group, Model};
use crate::stats::Histogram;

impl Summary {
    pub(super) fn curves(&self, model: &Model) -> Curves {
        let survival = model.workloads.iter().zip(&self.workloads);
        let survival = survival
            .map(|(workload, pool)| (workload.name.clone(), survival_curve(&pool.latency, model.ticks_per_second)));
        let groups = || model.groups.iter().enumerate();
        let finite = groups().filter(|(_, group)| group.servers.is_some());
        Curves {
            survival: survival.collect(),
            utilization: finite.map(|(index, group)| (group.name(), self.utilization(model, index, group))).collect(),
            in_system: groups()
                .map(|(index, group)| {
                    let level = |grown: Areas, ticks: f64| grown.present as f64 / ticks;
                    (group.name(), self.over_time(model, index, level))
                })
                .collect(),
        }
    }

    /// Busy server-seconds over available server-seconds, in each bucket.
    fn utilization(&self, model: &Model, index: usize, group: &Group) -> Vec<(f64, f64)> {
        let most = f64::from(group.servers_ever()) * f64::from(group.count);
        self.over_time(model, index, |grown, ticks| grown.busy as f64 / (most * ticks - grown.away as f64))
    }

    /// What integrals grew by in each bucket, all replications together, and in how many ticks, made a level. A bucket
    /// without a level (nothing was available in it) has no point.
    fn over_time(&self, model: &Model, group: usize, level: impl Fn(Areas, f64) -> f64) -> Vec<(f64, f64)> {
        // A replication that was stopped has fewer buckets than the others; a few are no curve.
        if self.stopped.is_some() || self.buckets.len() <= HALVES as usize {
            return Vec::new();
        }
        let replications = self.finished().count() as f64;
        let (mut before, mut from) = (Areas::default(), 0);
        let point = |bucket: &Bucket| {
            let now = bucket.areas[group];
            let then = std::mem::replace(&mut before, now);
            let from = std::mem::replace(&mut from, bucket.to);
            let grown =
                Areas { present: now.present - then.present, busy: now.busy - then.busy, away: now.away - then.away };
            let middle = model.seconds(from.saturating_add(bucket.to) as f64 / 2.0);
            (middle, level(grown, (bucket.to - from) as f64 * replications))
        };
        self.buckets.iter().map(point).filter(|(_, level)| level.is_finite()).collect()
    }
}

/// Up to the end of a bucket: integrals of each group of stations, summed over replications.
pub(super) struct Bucket {
    to: u64,
    areas: Vec<Areas>,
}

pub(super) fn add_buckets(sum: &mut Vec<Bucket>, marks: Vec<Mark>) {
    if sum.is_empty() {
        sum.extend(marks.into_iter().map(|mark| Bucket { to: mark.at, areas: mark.areas }));
        return;
    }
    for (sum, mark) in sum.iter_mut().zip(&marks) {
        for (sum, area) in sum.areas.iter_mut().zip(&mark.areas) {
            sum.present += area.present;
            sum.busy += area.busy;
            sum.away += area.away;
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

#[cfg(test)]
mod tests {
    use crate::experiment::results::Results;
    use crate::experiment::{Control, Options, run};
    use crate::model;
    use crate::scenario::Source;
    use std::sync::atomic::AtomicBool;

    fn results(text: &str) -> Results {
        let source = Source { name: "it.toml".into(), text: text.into(), overrides: Vec::new() };
        let model = model::load(&source, &|path| Err(path.into())).0.unwrap();
        run(&model, &Options::default(), &Control { progress: &|_| (), cancelled: &AtomicBool::new(false) })
    }

    /// A second of service each second, for two replicas at first, then for four.
    #[test]
    fn utilization_over_time_is_of_what_is_available() {
        let text = "[workload.jobs]\nto = \"desk\"\narrivals = { constant = \"10/s\" }\n[station.desk]\nreplicas = 2\n\
                    balance = \"round-robin\"\nservice-time = \"100ms\"\n\
                    [[event]]\nat = \"100s\"\nscale = { desk = 4 }\n\
                    [run]\nduration = \"200s\"\nwarm-up = \"10s\"\nreplications = 2\nseries = \"50s\"\n";
        let results = results(text);
        let (_, curve) = results.curves.utilization.iter().find(|(name, _)| name == "desk").unwrap();
        for (at, busy) in curve {
            let expected = if *at < 100.0 { 0.5 } else { 0.25 };
            assert!((busy - expected).abs() < 0.11, "{busy} at {at} s");
        }
        let windows: Vec<f64> =
            results.series.iter().map(|window| window.stations["desk"].utilization.value.unwrap()).collect();
        for (quarter, window) in windows.iter().enumerate() {
            let own = curve.iter().filter(|(at, _)| (*at / 50.0) as usize == quarter).map(|(_, busy)| busy);
            let mean = own.clone().sum::<f64>() / own.count() as f64;
            assert!((mean - window).abs() < 1e-9, "{mean} in the curve, {window} in the series");
        }
    }

    /// While its only server is away there is nothing that could be busy.
    #[test]
    fn there_is_no_utilization_where_nothing_is_available() {
        let text = "[workload.jobs]\nto = \"desk\"\narrivals = { constant = \"1/s\" }\n[station.desk]\nservice-time = \"500ms\"\n\
                    [[event]]\nat = \"50s\"\nfor = \"100s\"\ncrash = \"desk\"\n\
                    [run]\nduration = \"200s\"\nwarm-up = \"10s\"\nreplications = 1\n";
        let results = results(text);
        let (_, curve) = results.curves.utilization.iter().find(|(name, _)| name == "desk").unwrap();
        assert!(curve.iter().all(|(at, busy)| !(51.0..149.0).contains(at) && (0.0..=1.0).contains(busy)), "{curve:?}");
        assert!(curve.len() > 50, "{}", curve.len());
    }
}
