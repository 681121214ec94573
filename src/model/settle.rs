//! How long to run, and what a run needs.

use super::{Horizon, Model, WarmUp, Workload};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::scenario::{LONGEST, Profile, RunDuration, Scenario, WarmUp as WrittenWarmUp};

/// Requests that a run serves if its scenario does not say how long it lasts.
const DEFAULT_REQUESTS: f64 = 1e6;

/// Decides how long to run, and checks what the run needs.
pub(super) fn settle_run(model: &mut Model, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    let run = &scenario.run;
    model.horizon = match run.duration.as_ref().map(|duration| duration.value) {
        Some(RunDuration::For(duration)) => Horizon::Ticks(model.ticks(duration.0).max(1)),
        Some(RunDuration::UntilEmpty) => Horizon::UntilEmpty,
        None if is_replayed(model) => Horizon::UntilEmpty,
        None => Horizon::Ticks(default_duration(model)),
    };
    model.warm_up = match run.warm_up.value {
        WrittenWarmUp::For(duration) => WarmUp::Ticks(model.ticks(duration.0)),
        WrittenWarmUp::Auto if model.horizon == Horizon::UntilEmpty => WarmUp::Ticks(0),
        WrittenWarmUp::Auto => WarmUp::Auto,
    };
    if model.warm_up == WarmUp::Auto {
        check_auto(scenario, diagnostics);
    }
    if model.horizon == Horizon::UntilEmpty {
        check_until_empty(model, scenario, diagnostics);
    }
    if let Horizon::Ticks(window) = model.horizon {
        check_observations(model, scenario, window, diagnostics);
    }
}

fn default_duration(model: &Model) -> u64 {
    let rate: f64 = model.forecast.rates.iter().sum();
    let seconds = if rate > 0.0 { DEFAULT_REQUESTS / rate } else { 1.0 };
    model.ticks(seconds.min(LONGEST)).max(1)
}

/// Whether all that happens is a replay: it lasts as long as it lasts.
fn is_replayed(model: &Model) -> bool {
    let replay = |workload: &Workload| matches!(workload.source, super::SourceSpec::Trace(_));
    !model.workloads.is_empty() && model.workloads.iter().all(replay)
}

/// A system that changes over time has no start-up that could be told from the change.
fn check_auto(scenario: &Scenario, diagnostics: &mut Diagnostics) {
    for entry in scenario.workload.entries.values() {
        let Some(profile) = &entry.value.profile else { continue };
        if matches!(profile.value, Profile::Steps(_) | Profile::Ramp(_)) {
            let message = "the warm-up of a load that changes once has to be given";
            let diagnostic = Diagnostic::error(profile.span, message).label("this profile is not periodic");
            diagnostics.push(diagnostic.help("add `warm-up = \"60s\"`, or another duration, to `[run]`"));
        }
    }
    if let Some(event) = scenario.event.first() {
        let message = "the warm-up of a run in which something happens has to be given";
        let help = "add `warm-up = \"60s\"`, or another duration, to `[run]`";
        diagnostics.push(Diagnostic::error(event.value.at.span, message).help(help));
    }
    let services = scenario.service.entries.values().filter_map(|entry| entry.value.autoscale.as_ref());
    let stations = scenario.station.entries.values().filter_map(|entry| entry.value.autoscale.as_ref());
    if let Some(scale) = services.chain(stations).next() {
        let message = "the warm-up of a run in which something is scaled has to be given";
        let help = "add `warm-up = \"60s\"`, or another duration, to `[run]`";
        diagnostics.push(Diagnostic::error(scale.span, message).help(help));
    }
    let queues = scenario.queue.entries.values().filter_map(|entry| entry.value.outages.first().map(|at| at.span));
    let caches = scenario.cache.entries.values().filter_map(|entry| entry.value.outages.first().map(|at| at.span));
    for span in queues.chain(caches) {
        let message = "the warm-up of a run with outages has to be given";
        let help = "add `warm-up = \"60s\"`, or another duration, to `[run]`";
        diagnostics.push(Diagnostic::error(span, message).help(help));
    }
}

fn check_until_empty(model: &Model, scenario: &Scenario, diagnostics: &mut Diagnostics) {
    let traces = model.workloads.iter().any(|workload| matches!(workload.source, super::SourceSpec::Trace(_)));
    let initial = model.groups.iter().any(|group| group.initial > 0);
    let span = scenario.run.duration.as_ref().map_or(Span::default(), |duration| duration.span);
    if !traces && !initial {
        let message = "the run is over before it begins: nothing is there at the start";
        let help = "`until-empty` needs a workload with a `trace`, or a station with `initial` customers";
        diagnostics.push(Diagnostic::error(span, message).help(help));
    }
    if matches!(scenario.run.warm_up.value, WrittenWarmUp::For(duration) if duration.0 > 0.0) {
        let message = "a run until empty is measured from its start";
        diagnostics.push(Diagnostic::error(scenario.run.warm_up.span, message).help("leave `warm-up` out"));
    }
}

fn check_observations(model: &Model, scenario: &Scenario, window: u64, diagnostics: &mut Diagnostics) {
    for at in scenario.run.observe_at.iter().filter(|at| model.ticks(at.value.0) > window) {
        let message = "this instant is after the end of the run";
        diagnostics.push(Diagnostic::error(at.span, message).help("make `duration` longer"));
    }
}
