//! What was watched over time: of one replication, and of all of them together.

use super::alerts::{self, Firing};
use super::estimate::mean;
use super::numbers::Numbers;
use super::recovery::{self, Course};
use super::results::{AlertFiring, AlertSummary, Observed, ObservedStation, Planned, Recovery, SeriesWindow};
use super::series::{self, WindowNumbers};
use crate::engine::Observations;
use crate::model::{Group, Model};

/// What one replication showed over time.
pub(super) struct Watched {
    series: Vec<WindowNumbers>,
    /// By alert.
    alerts: Vec<Vec<Firing>>,
    /// By trigger and workload.
    recovery: Vec<Course>,
}

impl Watched {
    pub(super) fn new(model: &Model, seen: &Observations) -> Watched {
        let monitor = &model.monitor;
        let windows = seen.series.iter().map(|marks| series::windows(model, marks));
        let mut windows: Vec<Vec<WindowNumbers>> = windows.collect();
        let alert = |spec| alerts::firings(spec, &monitor.clocks, &windows, seen.window);
        Watched {
            alerts: monitor.alerts.iter().map(alert).collect(),
            recovery: monitor.recovery.map_or(Vec::new(), |clock| recovery::courses(model, &windows[clock])),
            series: monitor.series.map_or(Vec::new(), |clock| std::mem::take(&mut windows[clock])),
        }
    }
}

/// When alerts went off in a replication, in order of time.
pub(super) fn firings(model: &Model, first: Option<&Numbers>) -> Vec<AlertFiring> {
    first.map_or(Vec::new(), |numbers| alerts::in_order(model, &numbers.watched.alerts))
}

/// What each alert did in all replications.
pub(super) fn alerts<'a>(model: &Model, all: impl Iterator<Item = &'a Numbers> + Clone) -> Vec<AlertSummary> {
    let own = all.map(|numbers| (numbers.window, &numbers.watched.alerts));
    alerts::summaries(model, own)
}

/// What the scenario lets happen.
pub(super) fn planned(model: &Model) -> Vec<Planned> {
    let seconds = |ticks: u64| model.seconds(ticks as f64);
    let told = model.planned.iter().map(|planned| Planned {
        what: planned.name.clone(),
        at_s: seconds(planned.from),
        until_s: planned.until.map(seconds),
    });
    told.collect()
}

/// By trigger and workload: whether the system came back.
pub(super) fn recovery<'a>(model: &Model, all: impl Iterator<Item = &'a Numbers> + Clone) -> Vec<Recovery> {
    recovery::results(model, all.map(|numbers| &numbers.watched.recovery))
}

/// What happened in each window of time, where asked for.
pub(super) fn series<'a>(model: &Model, all: impl Iterator<Item = &'a Numbers> + Clone) -> Vec<SeriesWindow> {
    match model.monitor.series {
        Some(_) => series::results(model, all.map(|numbers| &numbers.watched.series)),
        None => Vec::new(),
    }
}

/// The state at the instants to observe, from the numbers in system of each replication by instant and group.
pub(super) fn observed(model: &Model, own: &[Option<Vec<Vec<u64>>>]) -> Vec<Observed> {
    let seen = |at: usize, group: usize| {
        let all = own.iter().flatten();
        all.filter_map(move |instants| instants.get(at).map(|present| present[group] as f64))
    };
    let observed = |(at, &ticks): (usize, &u64)| {
        let station = |(index, group): (usize, &Group)| {
            let empty = seen(at, index).map(|present| f64::from(u8::from(present == 0.0)));
            (group.name(), ObservedStation { in_system: mean(seen(at, index)), empty: mean(empty) })
        };
        Observed { at_s: model.seconds(ticks as f64), stations: model.groups.iter().enumerate().map(station).collect() }
    };
    model.observe_at.iter().enumerate().map(observed).collect()
}
