//! What is watched over time: series in windows, alerts, triggers from which a system has to come back.

use super::objective::{self, FORM, Metric, Names, Percentile, Relation};
use super::source::{ProfileSpec, SourceSpec};
use super::{Horizon, Model};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::scenario::{Alert, Scenario};
use crate::syntax::At;
use crate::units::Duration;

/// Most windows of one length in a run.
const MOST_WINDOWS: u64 = 100_000;
/// Windows of a run in which it is seen when goodput is back.
const FINE_WINDOWS: u64 = 1000;

/// Windows of one length, and what is looked at in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockSpec {
    /// Their length, in ticks; they begin at the end of warm-up.
    pub every: u64,
    /// Whether percentiles of latency are wanted too.
    pub percentiles: bool,
    /// Groups of stations of whose times percentiles are wanted.
    pub groups: Vec<u32>,
}

/// Whose metric it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A workload's.
    Workload(usize),
    /// A group of stations'.
    Group(usize),
}

/// An alert, with its metric found.
#[derive(Debug, Clone)]
pub struct AlertSpec {
    /// Its name.
    pub name: String,
    /// Its condition, as written.
    pub when: String,
    /// What is looked at.
    pub metric: Metric,
    /// Of whom.
    pub of: Subject,
    /// On which side of the limit it is bad.
    pub relation: Relation,
    /// The limit.
    pub limit: f64,
    /// In how many windows one after another.
    pub windows: usize,
    /// Which windows.
    pub clock: usize,
}

/// Something that disturbs the system for a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// What it is, for people.
    pub name: String,
    /// When it begins, in ticks from the end of warm-up.
    pub from: u64,
    /// When it is over; none is never.
    pub until: Option<u64>,
}

/// What is watched over time.
#[derive(Debug, Clone, Default)]
pub struct Monitor {
    /// Windows by length.
    pub clocks: Vec<ClockSpec>,
    /// The windows of the series that is asked for.
    pub series: Option<usize>,
    /// The windows in which it is seen whether the system comes back.
    pub recovery: Option<usize>,
    /// What somebody is told of.
    pub alerts: Vec<AlertSpec>,
}

impl Monitor {
    /// The clock with windows of so many ticks.
    fn clock(&mut self, every: u64) -> usize {
        let known = self.clocks.iter().position(|clock| clock.every == every);
        known.unwrap_or_else(|| {
            self.clocks.push(ClockSpec { every, percentiles: false, groups: Vec::new() });
            self.clocks.len() - 1
        })
    }

    /// The clock of an alert, which looks at what the alert wants to know.
    fn clock_of(&mut self, every: u64, metric: &Metric, of: Subject) -> usize {
        let clock = self.clock(every);
        let at = &mut self.clocks[clock];
        match (metric, of) {
            (Metric::Wait(_, Percentile::Mean) | Metric::Response(_, Percentile::Mean), _) => {}
            (Metric::Latency(_, percentile), _) => at.percentiles |= *percentile != Percentile::Mean,
            (Metric::Wait(..) | Metric::Response(..), Subject::Group(group)) => {
                at.groups.push(group as u32);
                at.groups.dedup();
            }
            _ => {}
        }
        clock
    }
}

/// Decides what is watched, and in which windows. Triggers that are no bursts of load are known already.
pub(super) fn watch(model: &mut Model, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    let bursts = bursts(model);
    model.planned.extend(bursts.iter().cloned());
    model.planned.sort_by_key(|planned| planned.from);
    model.triggers.extend(bursts);
    if let Horizon::Ticks(window) = model.horizon {
        model.planned.retain(|planned| planned.from < window);
        model.triggers.retain(|trigger| trigger.from < window);
    }
    model.monitor = compile(scenario, model, diagnostics);
}

fn compile(scenario: &Scenario, model: &Model, diagnostics: &mut Diagnostics) -> Monitor {
    let mut monitor = Monitor::default();
    if let Some(every) = &scenario.run.series
        && let Some(ticks) = window(model, every, diagnostics)
    {
        let clock = monitor.clock(ticks);
        monitor.clocks[clock].percentiles = true;
        monitor.series = Some(clock);
    }
    let names = Names::new(model);
    for alert in &scenario.alert {
        compile_alert(&alert.value, model, &names, &mut monitor, diagnostics);
    }
    if let (Horizon::Ticks(window), false) = (model.horizon, model.triggers.is_empty()) {
        monitor.recovery = Some(monitor.clock(window.div_ceil(FINE_WINDOWS).max(1)));
    }
    monitor
}

/// The length of windows in ticks, if the run has not too many of them.
fn window(model: &Model, every: &At<Duration>, diagnostics: &mut Diagnostics) -> Option<u64> {
    let ticks = model.ticks(every.value.0);
    let many = match model.horizon {
        Horizon::Ticks(window) => ticks == 0 || window / ticks >= MOST_WINDOWS,
        Horizon::UntilEmpty => ticks == 0,
    };
    if many {
        let message = format!("the run has more than {MOST_WINDOWS} windows of this length");
        diagnostics.push(Diagnostic::error(every.span, message).help("make the windows longer"));
    }
    (!many).then_some(ticks)
}

fn compile_alert(alert: &Alert, model: &Model, names: &Names, monitor: &mut Monitor, diagnostics: &mut Diagnostics) {
    let every = window(model, &alert.every, diagnostics);
    let condition = match objective::parse(&alert.when.value).and_then(|condition| names.known(condition)) {
        Ok(condition) => condition,
        Err(problem) => return diagnostics.push(Diagnostic::error(alert.when.span, problem).help(FORM)),
    };
    let (Some(every), Some(of)) = (every, watched(&condition.metric, alert.when.span, model, diagnostics)) else {
        return;
    };
    let windows = model.ticks(alert.r#for.value.0).div_ceil(every).max(1);
    let clock = monitor.clock_of(every, &condition.metric, of);
    monitor.alerts.push(AlertSpec {
        name: alert.name.clone(),
        when: alert.when.value.clone(),
        clock,
        metric: condition.metric,
        of,
        relation: condition.relation,
        limit: condition.limit,
        windows: windows as usize,
    });
}

/// The workload or group of stations of a metric that has a value in every window.
fn watched(metric: &Metric, span: Span, model: &Model, diagnostics: &mut Diagnostics) -> Option<Subject> {
    let workload = |name: &String| {
        let found = model.workloads.iter().position(|workload| workload.name == *name);
        found.map(Subject::Workload)
    };
    let group = |name: &String| model.groups.iter().position(|group| group.name() == *name).map(Subject::Group);
    let found = match metric {
        Metric::Latency(name, _) | Metric::ErrorRate(name) | Metric::InFlight(name) => workload(name),
        Metric::Throughput(name) => workload(name).or_else(|| group(name)),
        Metric::Utilization(name)
        | Metric::QueueLength(name)
        | Metric::InSystem(name)
        | Metric::Wait(name, _)
        | Metric::Response(name, _) => group(name),
        Metric::HitRatio(_)
        | Metric::StaleReads(_)
        | Metric::Staleness(_)
        | Metric::Depth(_)
        | Metric::Lag(_)
        | Metric::Cost => {
            let message = "this metric is known at the end of the run only";
            let help = "alerts watch latency, error-rate, throughput and in-flight of a workload, and utilization, \
                        throughput, queue-length, in-system, wait and response of a station; the depth of a queue \
                        is the in-system of the station with its name";
            diagnostics.push(Diagnostic::error(span, message).help(help));
            return None;
        }
    };
    if found.is_none() {
        let message = "an alert watches all replicas of a component together";
        let help = "leave the number out: `app.cpu`, not `app[2].cpu`";
        diagnostics.push(Diagnostic::error(span, message).help(help));
    }
    found
}

/// Bursts of load: times during which a profile's factor is above that at its beginning.
fn bursts(model: &Model) -> Vec<Trigger> {
    let mut triggers = Vec::new();
    for workload in &model.workloads {
        let SourceSpec::Open { profile: Some(ProfileSpec::Steps { steps, period: None }), .. } = &workload.source
        else {
            continue;
        };
        let usual = steps.first().map_or(1.0, |step| step.1);
        let mut began = None;
        for &(at, factor) in steps {
            match began {
                None if factor > usual => began = Some(at as u64),
                Some(from) if factor <= usual => {
                    let name = format!("burst of {}", workload.name);
                    triggers.push(Trigger { name, from, until: Some(at as u64) });
                    began = None;
                }
                _ => {}
            }
        }
    }
    triggers
}
