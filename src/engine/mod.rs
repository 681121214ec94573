//! The engine: a model and a replication number to observations. Pure, and it cannot fail.
//!
//! Requests act, components are passive: the loop takes the next event, resumes the task it is
//! for, and interprets the task's ops until it waits for another event. Moves that take no time
//! never enter the calendar; tasks that others set free wait in `ready`, first in, first out.

mod absence;
mod anatomy;
mod batch;
mod blocking;
mod breaker;
mod bulk;
pub mod calendar;
mod calls;
mod contents;
mod copies;
mod data_record;
mod deadlines;
mod delivery;
mod events;
mod expiry;
mod failover;
mod footprint;
mod forks;
mod gate_record;
mod gates;
mod guards;
mod hanging;
mod health;
mod hedges;
mod hops;
mod interpret;
mod leaving;
mod limits;
mod line;
mod memory;
mod message_record;
mod messages;
mod network;
mod nodes;
mod optimistic;
mod outbox;
mod passages;
mod posts;
mod presence;
mod probe;
mod queueing;
mod record;
mod run;
mod scaler;
mod scaling;
mod series;
mod setting;
mod shared;
mod sharing;
mod shedding;
mod slowness;
mod source;
mod special;
mod start;
mod station;
mod store;
mod task;
mod tracer;
mod window;

pub use anatomy::{Anatomy, Cause, Part, Watch, anatomies};
pub use data_record::{CommitRecord, ContentsRecord, MOST_BEHIND, StoreRecord};
pub use footprint::at_rest;
pub use gate_record::GateRecord;
pub use guards::CallRecord;
pub use limits::Limits;
pub use message_record::QueueRecord;
pub use probe::{Probe, Series};
pub use record::{
    Failure, GroupRecord, Job, OUTCOMES, Observations, Sample, Spread, StationRecord, Stopped, WorkloadRecord,
};
pub use series::{Areas, GroupMark, Mark, PERCENTILES, WorkloadMark};

pub use run::{GoOn, pilot, simulate, simulate_while};
pub use scaler::ScalerRecord;
pub use tracer::{Doing, Sampling, TraceRecord, TraceSpan, TracedRequest, trace};

use std::collections::VecDeque;

use crate::model::Model;
use crate::policy::balance::Balance;
use crate::rng::{self, Rng};
use calendar::{Calendar, Class, Event};
use contents::Contents;
use gates::Gate;
use interpret::Flow;
use memory::Memory;
use optimistic::Counter;
use source::Sources;
use station::Station;
use store::Store;
use task::{Client, Tasks};

/// How one replication is run.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Which replication: its random streams differ from every other's.
    pub replication: u64,
    /// Cut from the start, in ticks.
    pub warm_up: u64,
    /// Length of the window, in ticks; none is until no request is left.
    pub window: Option<u64>,
    /// Keep the share of time in each state.
    pub states: bool,
    /// Keep a record of every request.
    pub jobs: bool,
    /// How many buckets at most the window is divided into for curves over time.
    pub buckets: u32,
    /// Where departures can be computed on arrival, they are; what is observed is the same.
    pub virtual_departures: bool,
    /// What it may use.
    pub limits: Limits,
    /// Whoever runs it keeps the series and the records of requests of so many replications together.
    pub kept: u32,
}

/// Moves at one instant before the run is called stuck.
const LIVELOCK: u64 = 5_000_000;

/// The state of a run.
struct Engine<'m> {
    /// The numbers of the moment.
    model: &'m Model,
    /// The model as it was at the start.
    base: &'m Model,
    settings: Settings,
    now: u64,
    /// When the window begins.
    start: u64,
    /// Observations count.
    recording: bool,
    over: bool,
    calendar: Calendar,
    sources: Sources,
    tasks: Tasks,
    stations: Vec<Station>,
    /// Number in system of each station, side by side for the balancers.
    loads: Vec<u32>,
    balancers: Vec<Router>,
    nodes: nodes::NodeStates,
    scalers: Vec<scaler::Scaler>,
    health: Vec<health::Checks>,
    network: network::Network,
    failovers: failover::Failovers,
    logs: posts::Logs,
    contents: Vec<Contents>,
    counters: Vec<Counter>,
    guards: Vec<guards::Guard>,
    /// By hedge: what first copies took.
    seen: Vec<hedges::Seen>,
    brokers: messages::Brokers,
    batches: batch::Batches,
    stores: Vec<Store>,
    gates: Vec<Gate>,
    streams: Vec<Rng>,
    ready: VecDeque<(u32, u64)>,
    /// Some station keeps customers where they are while it is full.
    blocks: bool,
    /// Those whose departures are computed on arrival.
    passages: passages::Passages<'m>,
    /// Who comes in at this moment has waited for it.
    admits: bool,
    /// Stations with room for somebody who waits for it.
    opened: VecDeque<u32>,
    /// Targets of the fan at hand.
    scratch: Vec<u32>,
    /// Requests and messages alive, thinking users apart.
    alive: u64,
    /// How many daemons there are; they are the first tasks, and never end.
    daemons: u32,
    /// How often servers were taken away, and what had moved when that was last looked at.
    absences: u64,
    moved: u64,
    /// Events, and what they set off at the same instant: jumps, tasks that are set free.
    moves: u64,
    /// After so many, time should have advanced.
    stuck_at: u64,
    /// After so many, whoever runs it looks at it; at once, when it is over.
    pause_at: u64,
    records: Vec<WorkloadRecord>,
    groups: Vec<GroupRecord>,
    observed: Vec<Vec<u64>>,
    clocks: Vec<series::Clock>,
    jobs: Vec<Job>,
    stopped: Option<Stopped>,
    bounds: limits::Bounds,
    /// Bytes that it held at the start.
    at_rest: u64,
    probe: Option<Probe>,
}

/// A balancer at work.
struct Router {
    policy: Box<dyn Balance>,
    /// Per row (caller) and target: sent and not answered.
    outstanding: Vec<u32>,
    /// What clients remember of its choices.
    memory: Memory,
    /// Which targets are not there.
    absent: presence::Absent,
}

impl<'m> Engine<'m> {
    fn begin_run(&mut self) {
        self.start_timeline();
        self.start_scalers();
        self.start_failovers();
        self.warm_caches();
        self.start_daemons();
        self.start_customers();
        self.start_sources();
    }

    /// Lets the next thing happen; false if nothing will.
    #[inline(always)]
    fn turn(&mut self) -> bool {
        let event = self.calendar.peek();
        let arrival = self.sources.next();
        let arrives = event.yields_to_arrival(arrival);
        let time = if arrives { arrival } else { event.time() };
        if time == u64::MAX || self.is_drained() {
            return false;
        }
        self.advance(time);
        if arrives {
            self.arrive();
        } else {
            self.calendar.pop(event);
            self.dispatch(event);
        }
        self.run_ready();
        true
    }

    #[inline]
    fn advance(&mut self, time: u64) {
        if time != self.now {
            self.now = time;
            self.moves += 1;
            self.stuck_at = self.moves + LIVELOCK;
        } else {
            self.count_move();
        }
    }

    #[inline(always)]
    fn dispatch(&mut self, event: Event) {
        if event.class() != Class::Completion {
            return self.dispatch_other(event);
        }
        let task = event.slot();
        let at = &mut self.tasks.tasks[task];
        if at.pending == event.sequence() {
            at.pending = 0;
            if self.complete(task) == Flow::On {
                self.resume(task);
            }
        }
    }

    fn dispatch_other(&mut self, event: Event) {
        let slot = event.slot();
        match event.class() {
            Class::Timeline => return self.on_timeline(slot),
            Class::Deadline => return self.on_deadline(slot),
            Class::Copy => return self.on_other_timer(slot, event.sequence()),
            _ if self.tasks.tasks[slot].pending != event.sequence() => return,
            _ => self.tasks.tasks[slot].pending = 0,
        }
        match event.class() {
            Class::Arrival => self.on_thought(slot),
            Class::Quantum => self.on_quantum(slot),
            // A message whose acknowledgement is overdue.
            _ if self.tasks.tasks[slot].station == task::NONE => self.interpret(slot),
            _ => self.on_patience(slot),
        }
    }

    /// Lets a task go on at this instant, after those set free before it.
    fn wake(&mut self, task: u32) {
        let number = self.calendar.number();
        self.tasks.tasks[task].pending = number;
        self.ready.push_back((task, number));
    }

    #[inline(always)]
    fn run_ready(&mut self) {
        // Most events set nobody free.
        if !self.ready.is_empty() || !self.opened.is_empty() {
            self.run_all_ready();
        }
    }

    fn run_all_ready(&mut self) {
        while !self.over {
            if let Some(station) = self.opened.pop_front() {
                self.admit(station);
            } else if let Some((task, number)) = self.ready.pop_front() {
                self.run_woken(task, number);
            } else {
                return;
            }
        }
    }

    fn run_woken(&mut self, task: u32, number: u64) {
        if self.tasks.tasks[task].pending != number {
            return;
        }
        self.tasks.tasks[task].pending = 0;
        self.count_move();
        if self.see_off(task) == Flow::On {
            self.interpret(task);
        }
    }

    /// A new task that works for a client.
    #[inline(always)]
    fn spawn(&mut self, pc: u32, client: Client) -> u32 {
        let task = self.tasks.tasks.take();
        if task >= self.bounds.next {
            self.look_at_tasks(task);
        }
        let new = &mut self.tasks.tasks[task];
        new.reset(pc);
        new.client = client;
        task
    }

    /// Nothing happens any more.
    fn conclude(&mut self) {
        self.over = true;
        self.pause_at = 0;
    }

    fn stop(&mut self, why: Stopped) {
        self.stopped = Some(why);
        self.conclude();
        self.ready.clear();
    }

    /// A duration of a law, in whole ticks.
    #[inline(always)]
    fn draw(&mut self, law: u32, stream: u32) -> u64 {
        let rng = &mut self.streams[stream as usize];
        whole(self.model.laws[law as usize].sample(rng))
    }

    /// A number from 0 to 1.
    #[inline]
    fn chance(&mut self, stream: u32) -> f64 {
        rng::unit(&mut self.streams[stream as usize])
    }
}

/// The nearest whole number of ticks. Signed on the way, because that converts in one instruction;
/// no run is as long as the ticks that this leaves out.
#[inline(always)]
fn whole(ticks: f64) -> u64 {
    (ticks + 0.5) as i64 as u64
}
