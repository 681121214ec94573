//! Single requests of the first replication, step by step, with the names of what they met.

use super::replicate::{Control, Options};
use super::results::{Trace, TraceSpan, TracedRequest};
use crate::engine::{self, Doing, Limits, OUTCOMES, Sampling, Settings};
use crate::model::{Group, Horizon, Model};

/// Which requests are followed.
#[derive(Debug, Clone, Copy)]
pub struct Sampled {
    /// The first that is issued then, in seconds from the end of warm-up.
    pub from_s: f64,
    /// How many, from that one on.
    pub requests: u32,
}

/// Runs the first replication once more, as far as it takes to follow some of its requests. `warm_up_s` is what was cut from
/// the start of the run. If it is cancelled, what was seen until then is told.
pub fn trace(model: &Model, warm_up_s: f64, sampled: Sampled, options: &Options, control: &Control<'_>) -> Trace {
    let settings = settings(model, warm_up_s, 0, options.limits);
    let sampling = Sampling { from: model.ticks(sampled.from_s), requests: sampled.requests };
    let record = engine::trace(model, &settings, sampling, &|_| !control.is_cancelled());
    // Nanoseconds from the end of warm-up; whole, so that what is within something else stays there.
    let nanoseconds = |ticks: u64| (model.seconds(ticks as f64 - settings.warm_up as f64) * 1e9).round() as i64;
    let names = Names::new(model);
    let request = |request: &engine::TracedRequest| {
        let workload = &model.workloads[request.workload as usize];
        TracedRequest {
            workload: workload.name.clone(),
            operation: workload.operations[usize::from(request.operation)].name.clone(),
            index: request.index,
            outcome: request.outcome.map(|outcome| OUTCOMES[usize::from(outcome)]),
        }
    };
    let span = |span: &engine::TraceSpan| {
        let (name, kind, station) = names.of(span.doing);
        TraceSpan {
            request: span.request as usize,
            track: span.track,
            from_ns: nanoseconds(span.from),
            until_ns: nanoseconds(span.until),
            name,
            kind,
            station,
        }
    };
    Trace {
        title: model.title.clone(),
        partial: record.partial,
        requests: record.requests.iter().map(request).collect(),
        spans: record.spans.iter().map(span).collect(),
    }
}

/// A replication once more, in which each request is followed: the events are the same, and nothing else is kept.
pub(super) fn settings(model: &Model, warm_up_s: f64, replication: u64, limits: Limits) -> Settings {
    Settings {
        replication,
        warm_up: model.ticks(warm_up_s),
        window: match model.horizon {
            Horizon::Ticks(ticks) => Some(ticks),
            Horizon::UntilEmpty => None,
        },
        states: false,
        jobs: true,
        buckets: 0,
        virtual_departures: false,
        limits,
        kept: 1,
    }
}

/// What things are called.
struct Names<'m> {
    model: &'m Model,
    /// By station: its group.
    groups: Vec<&'m Group>,
}

impl Names<'_> {
    fn new(model: &Model) -> Names<'_> {
        let each = model.groups.iter().flat_map(|group| (0..group.count).map(move |_| group));
        Names { model, groups: each.collect() }
    }

    /// A name, a kind, and the station that it is about.
    fn of(&self, doing: Doing) -> (String, &'static str, Option<String>) {
        match doing {
            Doing::Request => ("request".into(), "request", None),
            Doing::Task => ("task".into(), "task", None),
            Doing::Call { site, target } => (self.call(site, target), "call", None),
            Doing::Attempt(number) => (format!("attempt {number}"), "attempt", None),
            Doing::Fork => ("arms".into(), "fork", None),
            Doing::Hop => ("on the way".into(), "network", None),
            Doing::Pause => ("pause".into(), "pause", None),
            Doing::Hold(station) => self.at("hold", station),
            Doing::Wait(station) => self.at("wait", station),
            Doing::Service(station) => self.at("service", station),
        }
    }

    fn at(&self, kind: &'static str, station: u32) -> (String, &'static str, Option<String>) {
        let group = self.groups[station as usize];
        let one = if group.count > 1 { group.replica_name(station - group.first) } else { group.name() };
        (format!("{kind} {one}"), kind, Some(one))
    }

    /// `app.browse`, and which replica where there are several.
    fn call(&self, site: u32, target: u32) -> String {
        let site = &self.model.sites[site as usize];
        let balancer = site.balancer.map(|balancer| &self.model.balancers[balancer as usize]);
        let target = balancer.map(|balancer| balancer.targets[target as usize]);
        let component = target.map_or(0, |target| target.component);
        let routine = &self.model.routines[site.routines[component as usize] as usize];
        match target {
            Some(target) => format!("call {} [{}]", routine.name, target.replica),
            None => format!("call {}", routine.name),
        }
    }
}
