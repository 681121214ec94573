//! From scenario to model: names are resolved, components lowered, steps compiled, the whole
//! checked. Everything wrong is said at once; the model is there if nothing is.

use std::collections::BTreeMap;

use super::admission::Gates;
use super::contents::{ContentsSpec, expect_lifetimes, settle_contents};
use super::lower::{Cached, Lowered};
use super::monitor::Trigger;
use super::names::Names;
use super::program::{
    BalancerSpec, Choice, CopySpec, CounterSpec, DeadlineSpec, FanSpec, ForkSpec, GateSpec, GuardSpec, Happening,
    HealthSpec, HedgeSpec, Messages, NodeSpec, Nodes, Op, Place, REFUSALS, RetrySpec, Routine, ScalerSpec, ShareSpec,
    ShedSpec, Site, StoreSpec, Wiring,
};
use super::sharding::{self, Spread};
use super::{
    Group, Horizon, Model, Read, SourceSpec, WarmUp, Workload, check, circle, flow, monitor, objective, passages,
    precision, settle, variants, wiring,
};
use crate::diagnostic::{Diagnostics, Span};
use crate::distribution::Law;
use crate::scenario::{Scenario, Source};

/// Ticks in a second: a picosecond resolves a hit in the first-level cache and reaches 213 days.
pub(super) const FINE: f64 = 1e12;
/// For runs beyond 100 days: a nanosecond reaches 584 years.
const COARSE: f64 = 1e9;
const HUNDRED_DAYS: f64 = 100.0 * 86_400.0;

pub(super) fn build(
    scenario: &Scenario,
    source: &Source,
    read: Read<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let already = diagnostics.clone();
    let mut model = build_at(FINE, scenario, source, read, diagnostics)?;
    if is_long(&model) {
        *diagnostics = already;
        model = build_at(COARSE, scenario, source, read, diagnostics)?;
    }
    variants::add_variants(&mut model, scenario, source, read, diagnostics);
    passages::find_passages(&mut model);
    Some(model)
}

fn is_long(model: &Model) -> bool {
    let warm_up = match model.warm_up {
        WarmUp::Ticks(ticks) => ticks,
        WarmUp::Auto => 0,
    };
    match model.horizon {
        Horizon::Ticks(ticks) => model.seconds(ticks as f64) + model.seconds(warm_up as f64) > HUNDRED_DAYS,
        Horizon::UntilEmpty => model.workloads.iter().any(|workload| last_of(workload, model) > HUNDRED_DAYS),
    }
}

/// The longest time in the jobs that a workload replays, in seconds.
fn last_of(workload: &Workload, model: &Model) -> f64 {
    let SourceSpec::Trace(rows) = &workload.source else { return 0.0 };
    let times = rows.iter().flat_map(|row| [Some(row.time), Some(row.service).filter(|&time| time < u64::MAX)]);
    model.seconds(times.flatten().max().unwrap_or(0) as f64)
}

pub(super) fn build_at(
    ticks: f64,
    scenario: &Scenario,
    source: &Source,
    read: Read<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let names = Names::new(scenario, diagnostics);
    // Code cannot be compiled where calls go round, but everything else can still be checked.
    if !circle::check(scenario, &names, diagnostics) {
        return None;
    }
    let mut builder = Builder::new(ticks, scenario, source, read, names, diagnostics);
    builder.lower_components();
    let mut workloads = builder.workloads();
    builder.compile_pending();
    builder.settle_wiring();
    builder.settle_limits(&mut workloads);
    builder.give_contents();
    builder.finish(workloads)
}

/// What a lane is for: its events are all of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    Wait,
    Deadline,
    Timer,
    Copy,
}

/// What is looked up rather than searched.
#[derive(Default)]
pub(super) struct Known {
    /// Laws by the bits of their mean.
    pub(super) laws: BTreeMap<u64, Vec<u32>>,
    /// Lanes by delay, and what they are for.
    pub(super) lanes: BTreeMap<(u64, Lane), u32>,
    /// How many guards there are from one caller to one component.
    pub(super) guards: BTreeMap<String, u32>,
    /// Laws of samples, by file.
    pub(super) samples: BTreeMap<String, Law>,
    /// Rows of files that have been read.
    pub(super) rows: usize,
}

/// The model while it grows.
pub(super) struct Builder<'a> {
    pub(super) scenario: &'a Scenario,
    source: &'a Source,
    pub(super) read: Read<'a>,
    pub(super) names: Names,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) ticks_per_second: f64,
    pub(super) program: Vec<Op>,
    pub(super) routines: Vec<Routine>,
    /// Routines whose code is still to be written.
    pub(super) pending: Vec<(u32, super::steps::Body<'a>)>,
    /// Routine of each operation of each component.
    pub(super) entries: BTreeMap<(String, String), u32>,
    pub(super) laws: Vec<Law>,
    pub(super) choices: Vec<Choice>,
    pub(super) chances: Vec<f64>,
    pub(super) forks: Vec<ForkSpec>,
    pub(super) fans: Vec<FanSpec>,
    pub(super) shares: Vec<ShareSpec>,
    /// What is written optimistically, and where it was named first.
    pub(super) counters: Vec<(CounterSpec, Span)>,
    pub(super) stores: Vec<StoreSpec>,
    pub(super) copies: Vec<CopySpec>,
    pub(super) databases: BTreeMap<String, super::layout::Layout>,
    pub(super) retries: Vec<RetrySpec>,
    pub(super) guards: Vec<GuardSpec>,
    /// The guard of each workload that has one.
    pub(super) clients: BTreeMap<String, u32>,
    pub(super) hedges: Vec<HedgeSpec>,
    pub(super) deadlines: Vec<DeadlineSpec>,
    pub(super) gates: Vec<GateSpec>,
    /// Gates by component or operation.
    pub(super) gates_of: BTreeMap<String, Gates>,
    pub(super) sheds: Vec<ShedSpec>,
    /// Threads of operations that have some for themselves.
    pub(super) bulkheads: BTreeMap<(String, String), Place>,
    pub(super) lanes: Vec<u64>,
    pub(super) contents: Vec<ContentsSpec>,
    pub(super) caches: Vec<String>,
    pub(super) spreads: Vec<Spread>,
    /// What became of each cache, or of each caller's own.
    pub(super) cached: BTreeMap<(String, String), Cached>,
    /// Where what is already there is found again.
    pub(super) known: Known,
    pub(super) sites: Vec<Site>,
    pub(super) wirings: Vec<Wiring>,
    /// Call sites of which it is not known yet what lies between caller and targets.
    pub(super) drafts: Vec<wiring::Draft>,
    pub(super) wires: wiring::Wires,
    pub(super) balancers: Vec<BalancerSpec>,
    pub(super) messages: Messages,
    pub(super) nodes: Vec<NodeSpec>,
    /// The nodes of each component, or of each role of a database.
    pub(super) node_ranges: BTreeMap<String, Nodes>,
    pub(super) timeline: Vec<Happening>,
    /// Names of the topics, in their order.
    pub(super) topics: Vec<&'a str>,
    /// Which service takes messages from each queue.
    pub(super) consuming: Vec<(u32, String)>,
    pub(super) triggers: Vec<Trigger>,
    /// All that the scenario lets happen.
    pub(super) planned: Vec<Trigger>,
    pub(super) scalers: Vec<ScalerSpec>,
    pub(super) fronted: Vec<super::health::Fronted>,
    pub(super) health: Vec<HealthSpec>,
    pub(super) groups: Vec<Group>,
    pub(super) stations: u32,
    pub(super) lowered: BTreeMap<String, Lowered>,
    /// Rows of outstanding counts, by balancer and caller.
    pub(super) rows: BTreeMap<(u32, String), u32>,
    pub(super) bill: Bill,
    /// Equal numbers are kept apart, because events may change one of them.
    pub(super) changes: bool,
    pub(super) streams: BTreeMap<String, u32>,
    pub(super) files: BTreeMap<String, Option<String>>,
}

/// What the machines cost, in dollars an hour.
#[derive(Debug, Default)]
pub(super) struct Bill {
    /// All of them.
    pub(super) per_hour: f64,
    /// Those of each component.
    pub(super) by_component: BTreeMap<String, f64>,
    /// The machine of one replica, by component that is scaled.
    pub(super) of_one: BTreeMap<String, f64>,
}

impl<'a> Builder<'a> {
    fn new(
        ticks_per_second: f64,
        scenario: &'a Scenario,
        source: &'a Source,
        read: Read<'a>,
        names: Names,
        diagnostics: &'a mut Diagnostics,
    ) -> Builder<'a> {
        Builder {
            scenario,
            source,
            read,
            names,
            diagnostics,
            ticks_per_second,
            program: REFUSALS.to_vec(),
            routines: Vec::new(),
            pending: Vec::new(),
            entries: BTreeMap::new(),
            laws: Vec::new(),
            choices: Vec::new(),
            chances: Vec::new(),
            forks: Vec::new(),
            fans: Vec::new(),
            shares: Vec::new(),
            counters: Vec::new(),
            stores: Vec::new(),
            copies: Vec::new(),
            databases: BTreeMap::new(),
            retries: Vec::new(),
            guards: Vec::new(),
            clients: BTreeMap::new(),
            hedges: Vec::new(),
            deadlines: Vec::new(),
            gates: Vec::new(),
            gates_of: BTreeMap::new(),
            sheds: Vec::new(),
            bulkheads: BTreeMap::new(),
            lanes: Vec::new(),
            contents: Vec::new(),
            caches: Vec::new(),
            spreads: Vec::new(),
            cached: BTreeMap::new(),
            known: Known::default(),
            sites: Vec::new(),
            wirings: Vec::new(),
            drafts: Vec::new(),
            wires: Default::default(),
            balancers: Vec::new(),
            messages: Messages::default(),
            nodes: Vec::new(),
            node_ranges: BTreeMap::new(),
            timeline: Vec::new(),
            topics: scenario.queue.entries.keys().map(String::as_str).collect(),
            consuming: Vec::new(),
            triggers: Vec::new(),
            planned: Vec::new(),
            scalers: Vec::new(),
            fronted: Vec::new(),
            health: Vec::new(),
            groups: Vec::new(),
            stations: 0,
            lowered: BTreeMap::new(),
            rows: BTreeMap::new(),
            bill: Bill::default(),
            changes: scenario.event.iter().any(|event| event.value.set.is_some()),
            streams: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    fn finish(self, workloads: Vec<Workload>) -> Option<Model> {
        if self.diagnostics.has_errors() {
            // Objectives and alerts are still checked, so that everything is said at once.
            objective::check_syntax(self.scenario, self.diagnostics);
            return None;
        }
        let (scenario, diagnostics, mut model) = self.into_model(workloads);
        settle_contents(&mut model);
        let mut flows = flow::Flows::new(&model);
        model.forecast = check::forecast(&model, &flows);
        settle::settle_run(&mut model, scenario, diagnostics);
        if expect_lifetimes(&mut model) {
            flows = flow::Flows::new(&model);
        }
        // How long the run is has a say in mean loads.
        model.forecast = check::forecast(&model, &flows);
        check::find_hot_replicas(&mut model);
        model.objectives = objective::compile(scenario, &model, diagnostics);
        model.precision = precision::compile(scenario, &model, diagnostics);
        monitor::watch(&mut model, scenario, diagnostics);
        (!diagnostics.has_errors()).then_some(model)
    }

    /// What has been built, before anything is computed from it.
    fn into_model(mut self, workloads: Vec<Workload>) -> (&'a Scenario, &'a mut Diagnostics, Model) {
        let run = &self.scenario.run;
        let observe_at = run.observe_at.iter().map(|at| (at.value.0 * self.ticks_per_second).round() as u64);
        let mut observe_at: Vec<u64> = observe_at.collect();
        observe_at.sort_unstable();
        let mut streams: Vec<String> = vec![String::new(); self.streams.len()];
        self.streams.iter().for_each(|(name, &index)| streams[index as usize].clone_from(name));
        self.timeline.sort_by_key(|happening| (happening.at, happening.ends));
        let keys = if self.spreads.is_empty() { Vec::new() } else { sharding::keys(&workloads) };
        let model = Model {
            title: self.scenario.title.clone().unwrap_or_else(|| self.source.name.clone()),
            file: self.source.name.clone(),
            set: self.source.changes(),
            components: self.names.components().map(|(name, kind)| (name.to_string(), kind)).collect(),
            seed: run.seed,
            replications: run.replications.value.0,
            precision: None,
            ticks_per_second: self.ticks_per_second,
            warm_up: WarmUp::Auto,
            horizon: Horizon::UntilEmpty,
            observe_at,
            program: self.program,
            routines: self.routines,
            laws: self.laws,
            choices: self.choices,
            chances: self.chances,
            forks: self.forks,
            fans: self.fans,
            shares: self.shares,
            counters: self.counters.into_iter().map(|(counter, _)| counter).collect(),
            stores: self.stores,
            copies: self.copies,
            retries: self.retries,
            guards: self.guards,
            hedges: self.hedges,
            deadlines: self.deadlines,
            gates: self.gates,
            sheds: self.sheds,
            lanes: self.lanes,
            contents: self.contents,
            caches: self.caches,
            sharding: self.spreads.into_iter().filter_map(|spread| spread.measure(&keys)).collect(),
            sites: self.sites,
            wirings: self.wirings,
            balancers: self.balancers,
            messages: self.messages,
            nodes: self.nodes,
            timeline: self.timeline,
            scalers: self.scalers,
            health: self.health,
            variants: Vec::new(),
            passes: false,
            groups: self.groups,
            stations: self.stations,
            workloads,
            streams,
            objectives: Vec::new(),
            triggers: self.triggers,
            planned: self.planned,
            monitor: Default::default(),
            cost_per_hour: self.bill.per_hour,
            prices: self.bill.by_component,
            forecast: Default::default(),
            sweep: self.scenario.sweep.clone(),
        };
        (self.scenario, self.diagnostics, model)
    }
}
