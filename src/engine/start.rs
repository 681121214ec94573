//! The state in which a run begins.

use std::collections::VecDeque;

use super::calendar::Calendar;
use super::contents::Contents;
use super::footprint::at_rest;
use super::gates::Gate;
use super::limits::Bounds;
use super::memory::Memory;
use super::optimistic::Counter;
use super::record::{GroupRecord, workload_records};
use super::source::Sources;
use super::station::Station;
use super::store::Store;
use super::task::Tasks;
use super::{Engine, LIVELOCK, Router, Settings};
use super::{
    batch, failover, guards, health, hedges, messages, network, nodes, passages, posts, presence, scaler, series,
};
use crate::model::Model;
use crate::rng::{self, Rng};

impl<'m> Engine<'m> {
    pub(super) fn new(model: &'m Model, settings: &Settings) -> Engine<'m> {
        let mut stations = stations(model, settings.states);
        nodes::tell_stations(model, &mut stations);
        let loads = vec![0; stations.len()];
        Engine {
            model,
            base: model,
            settings: *settings,
            now: 0,
            start: settings.warm_up,
            recording: settings.warm_up == 0,
            over: false,
            calendar: Calendar::new(&model.lanes),
            sources: Sources::default(),
            tasks: Tasks::default(),
            stations,
            loads,
            balancers: model.balancers.iter().map(Router::new).collect(),
            nodes: nodes::NodeStates::new(model),
            scalers: scaler::scalers(model),
            health: health::Checks::new(model),
            network: network::Network::default(),
            failovers: failover::Failovers::new(model),
            logs: posts::Logs::default(),
            contents: contents(model, settings.warm_up),
            counters: model.counters.iter().map(|_| Counter::default()).collect(),
            guards: model.guards.iter().map(guards::Guard::new).collect(),
            seen: hedges(model),
            brokers: messages::Brokers::new(model),
            batches: batch::Batches::new(model),
            stores: model.stores.iter().map(Store::new).collect(),
            gates: model.gates.iter().map(Gate::new).collect(),
            streams: streams(model, settings.replication),
            ready: VecDeque::new(),
            blocks: model.blocks(),
            passages: passages::Passages::new(model, passes(model, settings), settings.limits.in_flight),
            admits: false,
            opened: VecDeque::new(),
            scratch: Vec::new(),
            alive: 0,
            daemons: 0,
            absences: 0,
            moved: 0,
            moves: 0,
            stuck_at: LIVELOCK,
            pause_at: 0,
            records: workload_records(model),
            groups: model.groups.iter().map(|_| GroupRecord::default()).collect(),
            observed: Vec::new(),
            clocks: series::clocks(model, settings),
            jobs: Vec::new(),
            stopped: None,
            bounds: Bounds::new(model, &settings.limits),
            at_rest: at_rest(model),
            probe: None,
        }
    }
}

/// How long the run is, if departures are computed on arrival: each request's own story, and the time in each state, are told by events.
fn passes(model: &Model, settings: &Settings) -> Option<u64> {
    let passes = model.passes && settings.virtual_departures && !settings.jobs && !settings.states;
    settings.window.filter(|_| passes).map(|window| settings.warm_up.saturating_add(window))
}

impl Router {
    fn new(spec: &crate::model::program::BalancerSpec) -> Router {
        let rows = if spec.answers { spec.rows as usize } else { 0 };
        Router {
            policy: spec.policy.fresh(),
            outstanding: vec![0; rows * spec.targets.len()],
            memory: Memory::default(),
            absent: presence::Absent::default(),
        }
    }
}

fn stations(model: &Model, states: bool) -> Vec<Station> {
    let mut stations = Vec::with_capacity(model.stations as usize);
    let blocks = model.blocks();
    for (index, group) in model.groups.iter().enumerate() {
        stations.extend((0..group.count).map(|_| Station::new(group, index as u32, states, blocks)));
        if let Some(shed) = group.special.shed {
            let own = &mut stations[group.first as usize..];
            own.iter_mut().for_each(|station| station.shed_by(&*model.sheds[shed as usize].policy));
        }
    }
    stations
}

fn hedges(model: &Model) -> Vec<hedges::Seen> {
    let rows = |guard: u32| model.guards[guard as usize].rows;
    model.hedges.iter().map(|hedge| hedges::Seen::new(hedge, rows(hedge.guard))).collect()
}

fn contents(model: &Model, start: u64) -> Vec<Contents> {
    let mut contents = Vec::new();
    for spec in &model.contents {
        contents.extend((0..spec.count).map(|node| Contents::new(spec, node, start)));
    }
    contents
}

fn streams(model: &Model, replication: u64) -> Vec<Rng> {
    model.streams.iter().map(|name| rng::stream(model.seed, replication, name)).collect()
}
