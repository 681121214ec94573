//! Values that events set: the scenario with them is compiled as well, and has to be the same but for its numbers.

use std::cell::OnceCell;

use super::build::build_at;
use super::program::{Change, Happening};
use super::source::{KeySpec, SourceSpec};
use super::{Model, Read, Workload};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::{self, Changes, Event, Scenario, Source};
use crate::syntax::{Key, Node};

/// An event that sets values, from and until when, in ticks.
struct Setting<'a> {
    /// Which event it is.
    event: usize,
    changes: &'a Changes,
    /// The first of them that would make another system, even alone, once it is looked for.
    refused: OnceCell<Option<&'a Key>>,
    from: u64,
    until: Option<u64>,
}

/// What all models that are built for events may take.
const MOST: u64 = 1 << 30;
/// The least that one takes: also the smallest has to be built.
const LEAST: u64 = 32 << 10;

/// Adds a model for each combination of values that are ever set, and when each holds.
pub(super) fn add_variants(
    model: &mut Model,
    scenario: &Scenario,
    source: &Source,
    read: Read<'_>,
    diagnostics: &mut Diagnostics,
) {
    let settings = settings(model, scenario);
    if let Some(found) = too_many(model, source, &settings) {
        return diagnostics.push(found);
    }
    let mut known: Vec<Vec<usize>> = Vec::new();
    for at in instants(&settings) {
        let active = active_at(&settings, at);
        let key: Vec<usize> = active.iter().map(|setting| setting.event).collect();
        let variant = known.iter().position(|other| *other == key).or_else(|| {
            let variant = (!active.is_empty()).then(|| build_variant(model, &active, source, read, diagnostics))??;
            model.variants.push(variant);
            known.push(key);
            Some(known.len() - 1)
        });
        let variant = variant.map(|variant| variant as u32);
        model.timeline.push(Happening { at, ends: false, change: Change::Set { variant } });
    }
    model.timeline.sort_by_key(|happening| (happening.at, happening.ends));
    mark_changing_servers(model);
}

/// Refuses more values than models can be built for: at most one whenever something begins or ends, and one for each value.
fn too_many(model: &Model, source: &Source, settings: &[Setting<'_>]) -> Option<Diagnostic> {
    let rows = model.traces().map(|rows| rows.len()).sum::<usize>();
    let each = LEAST + model.bytes() + (source.text.len() + ROW * rows) as u64;
    let models = instants(settings).len() + settings.iter().map(|setting| setting.changes.0.len()).sum::<usize>();
    let last = settings.iter().filter_map(|setting| setting.changes.0.first()).last();
    let (key, _) = last.filter(|_| models as u64 > (MOST / each).max(FEWEST))?;
    let found = Diagnostic::error(key.span, "too many values are set by events for a system of this size");
    let help = "each takes a model of its own: set fewer, or make the system smaller";
    Some(found.label(format!("the last of {} events", settings.len())).help(help))
}

/// What it takes to read a row of a trace again.
const ROW: usize = 8;
/// An event sets a value, and it ends, in a system of any size.
const FEWEST: u64 = 3;

fn settings<'a>(model: &Model, scenario: &'a Scenario) -> Vec<Setting<'a>> {
    let events = scenario.event.iter().map(|event| &event.value).enumerate();
    let setting = |(index, event): (usize, &'a Event)| {
        let from = model.ticks(event.at.value.0);
        let until = event.r#for.map(|length| from.saturating_add(model.ticks(length.value.0)));
        let changes = &event.set.as_ref()?.value;
        Some(Setting { event: index, changes, refused: OnceCell::new(), from, until })
    };
    events.filter_map(setting).collect()
}

/// When something begins or ends to be set.
fn instants(settings: &[Setting<'_>]) -> Vec<u64> {
    let mut instants: Vec<u64> =
        settings.iter().flat_map(|setting| [Some(setting.from), setting.until]).flatten().collect();
    instants.sort_unstable();
    instants.dedup();
    instants
}

/// What is set at an instant: what began later comes later, and so holds.
fn active_at<'s, 'a>(settings: &'s [Setting<'a>], at: u64) -> Vec<&'s Setting<'a>> {
    let holds = |setting: &&Setting<'_>| setting.from <= at && setting.until.is_none_or(|until| at < until);
    let mut active: Vec<&Setting<'_>> = settings.iter().filter(holds).collect();
    active.sort_by_key(|setting| setting.from);
    active
}

/// The model with other numbers; says what is wrong if there is none.
fn build_variant(
    model: &Model,
    active: &[&Setting<'_>],
    source: &Source,
    read: Read<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let changes: Vec<&Changes> = active.iter().map(|setting| setting.changes).collect();
    let (scenario, mut found) = scenario::parse_changed(source, &changes);
    let variant = build_at(model.ticks_per_second, &scenario, source, read, &mut found);
    let Some(mut variant) = variant.filter(|_| !found.has_errors()) else {
        // The same file was read, so places mean the same.
        found.list.into_iter().for_each(|problem| diagnostics.push(problem));
        return None;
    };
    let is_only = matches!(changes.as_slice(), [only] if only.0.len() == 1);
    let mut several = active.iter().filter(|_| !is_only);
    let refused =
        several.find_map(|setting| *setting.refused.get_or_init(|| refused(model, setting.changes, source, read)));
    if refused.is_none() && is_variant(model, &variant, source, &scenario) {
        share(model, &mut variant);
        return Some(variant);
    }
    let last = || changes.last().and_then(|changes| Some(&changes.0.first()?.0));
    refused.or_else(last).into_iter().for_each(|key| diagnostics.push(refusal(key)));
    None
}

/// What files say is there once.
fn share(model: &Model, variant: &mut Model) {
    for (own, other) in variant.laws.iter_mut().zip(&model.laws) {
        if own == other {
            own.clone_from(other);
        }
    }
    for (own, other) in variant.workloads.iter_mut().zip(&model.workloads) {
        if let (SourceSpec::Trace(own), SourceSpec::Trace(other)) = (&mut own.source, &other.source)
            && own == other
        {
            own.clone_from(other);
        }
        if let (Some(KeySpec::Trace(own)), Some(KeySpec::Trace(other))) = (&mut own.keys, &other.keys)
            && own == other
        {
            own.clone_from(other);
        }
    }
}

/// The first change that cannot be made while a simulation runs. Each is tried by itself, since what one changes does not
/// excuse another that changes nothing.
fn refused<'a>(model: &Model, changes: &'a Changes, source: &Source, read: Read<'_>) -> Option<&'a Key> {
    let is_refused = |change: &&(Key, Node)| {
        let alone = Changes(vec![(*change).clone()]);
        let (scenario, mut found) = scenario::parse_changed(source, &[&alone]);
        let variant = build_at(model.ticks_per_second, &scenario, source, read, &mut found);
        variant.is_some_and(|variant| !is_variant(model, &variant, source, &scenario))
    };
    changes.0.iter().find(is_refused).map(|change| &change.0)
}

/// Whether a model is the same but for its numbers, and says in numbers whatever its scenario says otherwise.
fn is_variant(model: &Model, variant: &Model, source: &Source, scenario: &Scenario) -> bool {
    let has_effect =
        || numbers(model) != numbers(variant) || unplaced(&scenario::parse(source).0) == unplaced(scenario);
    shape(model) == shape(variant) && has_effect()
}

/// A scenario written out without where each thing stands.
fn unplaced(scenario: &Scenario) -> String {
    let written = format!("{scenario:?}");
    let (first, rest) = written.split_once("Span {").unwrap_or((&written, ""));
    let parts = rest.split("Span {").filter_map(|part| part.split_once('}')).map(|(_, part)| part);
    std::iter::once(first).chain(parts).collect()
}

fn refusal(key: &Key) -> Diagnostic {
    let found = Diagnostic::error(key.span, "this cannot change while the simulation runs");
    let help = match key.name.ends_with(".replicas") {
        true => "use `scale` for a number of replicas",
        false => {
            "rates, durations of the same kind of distribution, chances, shares, servers, threads, cores, capacities, \
             timeouts and retries can"
        }
    };
    found.help(help)
}

/// All that must be the same, written out.
fn shape(model: &Model) -> String {
    let groups = model.groups.iter().map(|group| {
        let mut group = group.clone();
        group.servers = group.servers.map(|_| 1);
        (group.capacity, group.initial) = (None, 0);
        group.special.availability = 1.0;
        group
    });
    let balancers = model.balancers.iter().map(|spec| (&spec.name, &spec.fronts, spec.answers, spec.rows, spec.stream));
    let choices = model.choices.iter().map(|choice| &choice.targets);
    let parts = [
        format!("{:?}{:?}{:?}", model.program, model.routines, model.forks),
        format!("{:?}{:?}{:?}{:?}", model.fans, model.counters, model.stores, model.copies),
        format!("{:?}{:?}{:?}{:?}", model.messages, model.sites, model.wirings, model.nodes),
        format!("{:?}{:?}{:?}", model.streams, model.caches, model.laws.len()),
        // What these count while the simulation runs depends on their numbers.
        format!("{:?}{:?}{:?}{:?}", model.guards, model.hedges, model.scalers, model.health),
        format!("{} {} {}", model.lanes.len(), model.deadlines.len(), model.retries.len()),
        format!("{:?}", groups.collect::<Vec<_>>()),
        format!("{:?}", balancers.collect::<Vec<_>>()),
        format!("{:?}", choices.collect::<Vec<_>>()),
        format!("{:?}", model.workloads.iter().map(workload_shape).collect::<Vec<_>>()),
    ];
    parts.concat()
}

fn workload_shape(workload: &Workload) -> String {
    let source = match &workload.source {
        SourceSpec::Open { .. } => "open".to_string(),
        SourceSpec::Trace(rows) => format!("{:?}", rows.len()),
        SourceSpec::Users { count, think } => format!("{count} {}", think.is_some()),
    };
    let keys = workload.keys.as_ref().map(|keys| match keys {
        KeySpec::Trace(keys) => (None, Some(keys.len())),
        other => (other.count(), None),
    });
    let operations: Vec<(&str, u32)> =
        workload.operations.iter().map(|operation| (operation.name.as_str(), operation.routine)).collect();
    format!("{} {source} {keys:?} {operations:?} {} {:?}", workload.name, workload.region, workload.streams)
}

/// All that may differ, written out.
fn numbers(model: &Model) -> String {
    let groups = model.groups.iter().map(|group| (group.servers, group.capacity));
    let sources = model.workloads.iter().map(|workload| {
        let shares: Vec<f64> = workload.operations.iter().map(|operation| operation.cumulative).collect();
        let keys = workload.keys.as_ref().filter(|keys| !matches!(keys, KeySpec::Trace(_)));
        let source = Some(&workload.source).filter(|source| !matches!(source, SourceSpec::Trace(_)));
        format!("{source:?}{keys:?}{} {} {shares:?}", workload.priority, workload.weight)
    });
    let parts = [
        format!("{:?}{:?}{:?}{:?}", model.laws, model.choices, model.chances, model.shares),
        format!("{:?}{:?}{:?}", model.retries, model.deadlines, model.lanes),
        format!("{:?}", groups.collect::<Vec<_>>()),
        sources.collect(),
    ];
    parts.concat()
}

/// Stations whose servers change are special in every variant.
fn mark_changing_servers(model: &mut Model) {
    for index in 0..model.groups.len() {
        let own = model.groups[index].servers;
        let others = || model.variants.iter().map(|variant| variant.groups[index].servers);
        if others().all(|servers| servers == own) {
            continue;
        }
        let most = others().chain([own]).flatten().max();
        let models = model.variants.iter_mut().map(|variant| &mut variant.groups[index]);
        for group in models.chain([&mut model.groups[index]]) {
            group.special.eventful = true;
            group.most_servers = most;
        }
    }
}
