//! Time series: one replication's numbers in each window, and the means over all of them.

use std::collections::BTreeMap;

use super::estimate::mean;
use super::results::{ErrorRates, SeriesWindow, StationWindow, WorkloadWindow};
use crate::engine::{Areas, GroupMark, Mark, WorkloadMark};
use crate::model::{Group, Metric, Model, Percentile, Subject};

/// What one replication says of a window.
pub(super) struct WindowNumbers {
    /// Its beginning and its end, in ticks from the end of warm-up.
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) workloads: Vec<WorkloadNumbers>,
    pub(super) groups: Vec<GroupNumbers>,
}

pub(super) struct WorkloadNumbers {
    pub(super) offered: f64,
    pub(super) throughput: f64,
    errors: [f64; 4],
    error_rate: f64,
    in_flight: f64,
    latency: f64,
    percentiles: [f64; 5],
}

pub(super) struct GroupNumbers {
    utilization: f64,
    throughput: f64,
    in_system: f64,
    queue_length: f64,
    wait: f64,
    response: f64,
    /// Of wait and response.
    percentiles: Option<Box<[[f64; 5]; 2]>>,
}

/// The windows between marks, the first from the end of warm-up.
pub(super) fn windows(model: &Model, marks: &[Mark]) -> Vec<WindowNumbers> {
    let before = std::iter::once(None).chain(marks.iter().map(Some));
    before.zip(marks).map(|(before, mark)| window(model, before, mark)).collect()
}

fn window(model: &Model, before: Option<&Mark>, mark: &Mark) -> WindowNumbers {
    let from = before.map_or(0, |before| before.at);
    let span = Span { ticks: (mark.at - from) as f64, per_second: model.ticks_per_second };
    let workload =
        |(index, now): (usize, &WorkloadMark)| span.workload(before.map(|before| &before.workloads[index]), now);
    let group = |(index, group): (usize, &Group)| {
        let area = |mark: &Mark| mark.areas[index];
        let counts = [before.map_or_else(Areas::default, area), area(mark)];
        span.group(group, counts, before.map(|before| &before.groups[index]), &mark.groups[index])
    };
    WindowNumbers {
        from,
        to: mark.at,
        workloads: mark.workloads.iter().enumerate().map(workload).collect(),
        groups: model.groups.iter().enumerate().map(group).collect(),
    }
}

/// A length of time.
struct Span {
    ticks: f64,
    per_second: f64,
}

impl Span {
    fn rate(&self, count: u64) -> f64 {
        count as f64 / self.ticks * self.per_second
    }

    fn mean_time(&self, sum: u128, count: u64) -> f64 {
        sum as f64 / count as f64 / self.per_second
    }

    fn workload(&self, before: Option<&WorkloadMark>, now: &WorkloadMark) -> WorkloadNumbers {
        let grown = |value: fn(&WorkloadMark) -> u64| value(now) - before.map_or(0, value);
        let sum = |value: fn(&WorkloadMark) -> u128| value(now) - before.map_or(0, value);
        let errors = std::array::from_fn(|kind| now.errors[kind] - before.map_or(0, |before| before.errors[kind]));
        let (answered, failed) = (grown(|mark| mark.answered), errors.iter().sum::<u64>());
        WorkloadNumbers {
            offered: self.rate(grown(|mark| mark.offered)),
            throughput: self.rate(answered),
            errors: errors.map(|count| self.rate(count)),
            error_rate: failed as f64 / (answered + failed) as f64,
            in_flight: sum(|mark| mark.in_flight) as f64 / self.ticks,
            latency: self.mean_time(sum(|mark| mark.latency), answered),
            percentiles: now.percentiles.map(|ticks| ticks / self.per_second),
        }
    }

    fn group(
        &self,
        group: &Group,
        [then, until]: [Areas; 2],
        before: Option<&GroupMark>,
        now: &GroupMark,
    ) -> GroupNumbers {
        let sum = |value: fn(&GroupMark) -> u128| value(now) - before.map_or(0, value);
        let completed = now.completed - before.map_or(0, |before| before.completed);
        let (present, busy) = ((until.present - then.present) as f64, (until.busy - then.busy) as f64);
        let response = sum(|mark| mark.response);
        let most = group.servers.map_or(f64::NAN, |_| f64::from(group.servers_ever()) * f64::from(group.count));
        let times = now.percentiles.as_ref();
        GroupNumbers {
            utilization: busy / (most * self.ticks - (until.away - then.away) as f64),
            throughput: self.rate(completed),
            in_system: present / self.ticks,
            queue_length: (present - busy - sum(|mark| mark.riders) as f64) / self.ticks,
            wait: self.mean_time(response - sum(|mark| mark.service).min(response), completed),
            response: self.mean_time(response, completed),
            percentiles: times.map(|times| Box::new(times.map(|one| one.map(|ticks| ticks / self.per_second)))),
        }
    }
}

impl WindowNumbers {
    /// The value of a metric; NaN where nothing was observed, or where it is none of its subject's.
    pub(super) fn value(&self, metric: &Metric, of: Subject) -> f64 {
        match of {
            Subject::Workload(index) => self.workloads[index].value(metric),
            Subject::Group(index) => self.groups[index].value(metric),
        }
    }
}

impl WorkloadNumbers {
    fn value(&self, metric: &Metric) -> f64 {
        match metric {
            Metric::Latency(_, percentile) => place(*percentile).map_or(self.latency, |place| self.percentiles[place]),
            Metric::ErrorRate(_) => self.error_rate,
            Metric::InFlight(_) => self.in_flight,
            Metric::Throughput(_) => self.throughput,
            _ => f64::NAN,
        }
    }
}

impl GroupNumbers {
    fn value(&self, metric: &Metric) -> f64 {
        let percentiles = |which: usize| self.percentiles.as_ref().map_or([f64::NAN; 5], |times| times[which]);
        match metric {
            Metric::Throughput(_) => self.throughput,
            Metric::Utilization(_) => self.utilization,
            Metric::QueueLength(_) => self.queue_length,
            Metric::InSystem(_) => self.in_system,
            Metric::Wait(_, percentile) => place(*percentile).map_or(self.wait, |place| percentiles(0)[place]),
            Metric::Response(_, percentile) => place(*percentile).map_or(self.response, |place| percentiles(1)[place]),
            _ => f64::NAN,
        }
    }
}

/// Where a percentile is among those of a window; the mean is none of them.
fn place(percentile: Percentile) -> Option<usize> {
    match percentile {
        Percentile::Mean => None,
        Percentile::P50 => Some(0),
        Percentile::P90 => Some(1),
        Percentile::P95 => Some(2),
        Percentile::P99 => Some(3),
        Percentile::P99_9 => Some(4),
    }
}

/// The series of all replications together. Where one was over earlier, the others make the last means.
pub(super) fn results<'a>(
    model: &Model,
    replications: impl Iterator<Item = &'a Vec<WindowNumbers>> + Clone,
) -> Vec<SeriesWindow> {
    let most = replications.clone().map(Vec::len).max().unwrap_or(0);
    let window = |at: usize| {
        let own = replications.clone().filter_map(move |windows| windows.get(at));
        let to = own.clone().map(|window| window.to).max().unwrap_or(0);
        let from = own.clone().map(|window| window.from).next().unwrap_or(0);
        SeriesWindow {
            at_s: model.seconds(from as f64),
            to_s: model.seconds(to as f64),
            workloads: workloads(model, own.clone()),
            stations: stations(model, own.clone()),
        }
    };
    (0..most).map(window).collect()
}

fn workloads<'a>(
    model: &Model,
    own: impl Iterator<Item = &'a WindowNumbers> + Clone,
) -> BTreeMap<String, WorkloadWindow> {
    let names = model.workloads.iter().map(|workload| workload.name.clone()).enumerate();
    let result = |(index, name): (usize, String)| {
        let own = own.clone().map(move |window| &window.workloads[index]);
        let estimate = |value: fn(&WorkloadNumbers) -> f64| mean(own.clone().map(value));
        let error = |kind: usize| mean(own.clone().map(move |own| own.errors[kind]));
        let percentile = |place: usize| mean(own.clone().map(move |own| own.percentiles[place]));
        let window = WorkloadWindow {
            offered: estimate(|own| own.offered),
            throughput: estimate(|own| own.throughput),
            error_rate: estimate(|own| own.error_rate),
            errors: ErrorRates { rejected: error(0), timed_out: error(1), failed: error(2), abandoned: error(3) },
            in_flight: estimate(|own| own.in_flight),
            latency_mean: estimate(|own| own.latency),
            latency_p50: percentile(0),
            latency_p99: percentile(3),
        };
        (name, window)
    };
    names.map(result).collect()
}

fn stations<'a>(
    model: &Model,
    own: impl Iterator<Item = &'a WindowNumbers> + Clone,
) -> BTreeMap<String, StationWindow> {
    let names = model.groups.iter().map(Group::name).enumerate();
    let result = |(index, name): (usize, String)| {
        let own = own.clone().map(move |window| &window.groups[index]);
        let estimate = |value: fn(&GroupNumbers) -> f64| mean(own.clone().map(value));
        let window = StationWindow {
            utilization: estimate(|own| own.utilization),
            queue_length: estimate(|own| own.queue_length),
            in_system: estimate(|own| own.in_system),
            throughput: estimate(|own| own.throughput),
            wait_mean: estimate(|own| own.wait),
            response_mean: estimate(|own| own.response),
        };
        (name, window)
    };
    names.map(result).collect()
}
