//! Where requests come from: open sources, replayed jobs, users who think.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::calendar::Class;
use super::interpret::Flow;
use super::task::{Client, NONE};
use super::{Engine, whole};
use crate::model::source::{Batch, Process};
use crate::model::{KeySpec, SourceSpec, TraceRow, Workload};
use crate::rng;

/// The next arrival of each open source: outside the calendar, in time and then workload order.
#[derive(Debug, Default)]
pub(super) struct Sources {
    first: Arrival,
    rest: BinaryHeap<Reverse<Arrival>>,
    states: Vec<State>,
}

/// When, and of which workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    time: u64,
    workload: u32,
}

impl Default for Arrival {
    fn default() -> Arrival {
        Arrival { time: u64::MAX, workload: NONE }
    }
}

/// Where a source is.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Row of a trace.
    row: u32,
    /// Row of a trace of keys.
    key: u32,
    /// State of the chain that switches the rate.
    phase: u32,
    /// What is left of the dwell there, in ticks of the source's own time.
    dwell: f64,
}

impl Sources {
    /// Time of the next arrival; `u64::MAX` is never.
    #[inline]
    pub(super) fn next(&self) -> u64 {
        self.first.time
    }

    /// Of which workload it is.
    #[inline(always)]
    pub(super) fn first_workload(&self) -> usize {
        self.first.workload as usize
    }

    /// Looks at each next arrival, of which workload it is, and may change its time.
    pub(super) fn revise(&mut self, revised: impl Fn(usize, u64) -> u64) {
        let rest = std::mem::take(&mut self.rest).into_sorted_vec();
        let all: Vec<Arrival> = rest.into_iter().map(|Reverse(next)| next).chain([self.first]).collect();
        self.first = Arrival::default();
        for Arrival { time, workload } in all.into_iter().filter(|next| next.workload != NONE) {
            let time = revised(workload as usize, time);
            self.rest.push(Reverse(Arrival { time, workload }));
        }
        self.first = self.rest.pop().map_or(self.first, |Reverse(next)| next);
    }

    /// Replaces the first arrival by a later one of the same source.
    #[inline]
    fn replace_first(&mut self, arrival: Arrival) {
        self.first = arrival;
        if let Some(mut second) = self.rest.peek_mut()
            && second.0 < arrival
        {
            self.first = std::mem::replace(&mut second.0, arrival);
        }
    }
}

impl Engine<'_> {
    /// Draws every source's first interval; users begin with a think time.
    pub(super) fn start_sources(&mut self) {
        let model = self.model;
        self.sources.states = vec![State::default(); model.workloads.len()];
        for (index, workload) in model.workloads.iter().enumerate() {
            match &workload.source {
                SourceSpec::Users { count, .. } => (0..*count).for_each(|user| self.start_user(index, user)),
                SourceSpec::Open { process: Process::Mmpp { gaps, dwell }, .. } => {
                    self.start_chain(index, gaps, dwell);
                    self.plan(index);
                }
                _ => self.plan(index),
            }
        }
        self.run_ready();
    }

    /// Customers that are there at the start.
    pub(super) fn start_customers(&mut self) {
        let model = self.model;
        for group in model.groups.iter().filter(|group| group.initial > 0) {
            let entry = model.routines[group.initial_routine as usize].entry;
            for replica in 0..group.count {
                for _ in 0..group.initial {
                    if self.over {
                        return;
                    }
                    let task = self.spawn(entry, Client::NOBODY);
                    self.tasks.tasks[task].replica = replica;
                    self.alive += 1;
                    self.interpret(task);
                }
            }
        }
        self.run_ready();
    }

    fn start_user(&mut self, workload: usize, user: u32) {
        let spec = &self.model.workloads[workload];
        let client = Client {
            workload: workload as u32,
            user,
            priority: spec.priority,
            weight: spec.weight as f32,
            waits: true,
            index: NONE,
            ..Client::NOBODY
        };
        let task = self.spawn(0, client);
        self.think(task, workload);
    }

    /// The chain starts in its stationary law: state i in proportion to its mean dwell.
    fn start_chain(&mut self, workload: usize, gaps: &[f64], dwell: &[f64]) {
        let stream = self.model.workloads[workload].streams[0];
        let mut point = self.chance(stream) * dwell.iter().sum::<f64>();
        let phase = dwell.iter().position(|&mean| {
            point -= mean;
            point < 0.0
        });
        let phase = phase.unwrap_or(gaps.len() - 1);
        self.sources.states[workload].phase = phase as u32;
        self.sources.states[workload].dwell = self.exponential(stream, dwell[phase]);
    }

    fn exponential(&mut self, stream: u32, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.chance(stream))
    }

    /// Puts a source's first arrival in line.
    fn plan(&mut self, workload: usize) {
        let time = self.next_arrival(workload, &self.model.workloads[workload]);
        let first = std::mem::replace(&mut self.sources.first, Arrival { time, workload: workload as u32 });
        self.sources.rest.push(Reverse(first));
        self.sources.replace_first(self.sources.first);
    }

    /// Puts the next arrival of the first source in line.
    #[inline(always)]
    pub(super) fn plan_again(&mut self, workload: usize, spec: &Workload) {
        let time = self.next_arrival(workload, spec);
        self.sources.replace_first(Arrival { time, workload: workload as u32 });
    }

    #[inline(always)]
    fn next_arrival(&mut self, workload: usize, spec: &Workload) -> u64 {
        let stream = spec.streams[0];
        match &spec.source {
            SourceSpec::Open { process, profile, .. } => {
                let gap = match process {
                    Process::Renewal(law) => law.sample(&mut self.streams[stream as usize]),
                    Process::Mmpp { gaps, dwell } => self.switched_gap(workload, gaps, dwell),
                };
                match profile {
                    None => self.now.saturating_add(whole(gap)),
                    Some(profile) => {
                        let start = self.start as f64;
                        let time = (profile.advance(self.now as f64 - start, gap) + start + 0.5) as u64;
                        // Late in a long run a float is coarser than a tick.
                        time.max(self.now)
                    }
                }
            }
            SourceSpec::Trace(rows) => {
                rows.get(self.sources.states[workload].row as usize).map_or(u64::MAX, |row| row.time)
            }
            SourceSpec::Users { .. } => u64::MAX,
        }
    }

    /// The next interval of a process whose rate is switched on the way.
    fn switched_gap(&mut self, workload: usize, gaps: &[f64], dwell: &[f64]) -> f64 {
        let stream = self.model.workloads[workload].streams[0];
        let mut elapsed = 0.0;
        loop {
            let State { phase, dwell: left, .. } = self.sources.states[workload];
            let gap = self.exponential(stream, gaps[phase as usize]);
            if gap < left {
                self.sources.states[workload].dwell -= gap;
                return elapsed + gap;
            }
            elapsed += left;
            if elapsed > u64::MAX as f64 {
                return elapsed;
            }
            let phase = (phase + 1) % gaps.len() as u32;
            let dwell = self.exponential(stream, dwell[phase as usize]);
            let state = &mut self.sources.states[workload];
            (state.phase, state.dwell) = (phase, dwell);
        }
    }

    /// The job that is replayed now.
    pub(super) fn next_job(&mut self, workload: usize, rows: &[TraceRow]) -> TraceRow {
        let row = &mut self.sources.states[workload].row;
        *row += 1;
        rows[*row as usize - 1]
    }

    /// The next open arrival happens now.
    #[inline]
    pub(super) fn arrive(&mut self) {
        let model = self.model;
        let workload = self.sources.first_workload();
        let spec = &model.workloads[workload];
        match &spec.source {
            SourceSpec::Open { batch: Batch::Fixed(1), .. } => self.issue_open(workload, spec, None),
            source => self.arrive_other(workload, spec, source),
        }
        self.plan_again(workload, spec);
    }

    #[inline(never)]
    fn arrive_other(&mut self, workload: usize, spec: &Workload, source: &SourceSpec) {
        match source {
            SourceSpec::Trace(rows) => {
                let row = self.next_job(workload, rows);
                self.issue_open(workload, spec, Some(&row));
            }
            SourceSpec::Open { batch, .. } => {
                for _ in 0..self.batch_size(*batch, spec.streams[0]) {
                    if self.over {
                        return;
                    }
                    self.issue_open(workload, spec, None);
                }
            }
            SourceSpec::Users { .. } => {}
        }
    }

    #[inline]
    fn batch_size(&mut self, batch: Batch, stream: u32) -> u32 {
        match batch {
            Batch::Fixed(size) => size,
            Batch::Geometric(success) if success >= 1.0 => 1,
            Batch::Geometric(success) => {
                let draw = libm::log(1.0 - self.chance(stream)) / libm::log(1.0 - success);
                1 + draw as u32
            }
        }
    }

    #[inline(always)]
    fn issue_open(&mut self, workload: usize, spec: &Workload, row: Option<&TraceRow>) {
        let (pc, client) = self.request(workload, spec, NONE, row);
        let task = self.spawn(pc, client);
        self.begin_request(task, pc, spec);
    }

    /// A new request: what it is and is about is decided. Returns where it begins.
    #[inline(always)]
    fn request(&mut self, workload: usize, spec: &Workload, user: u32, row: Option<&TraceRow>) -> (u32, Client) {
        let operation = self.operation(spec, row);
        let key = self.key(workload, spec, row);
        let index = self.records[workload].issue(self.now);
        let client = Client {
            workload: workload as u32,
            operation: operation as u16,
            priority: row.and_then(|row| row.priority).unwrap_or(spec.priority),
            weight: spec.weight as f32,
            user,
            key: key.unwrap_or(0),
            keyed: key.is_some(),
            waits: true,
            issued: self.now,
            index: index as u32,
            service: row.map_or(u64::MAX, |row| row.service),
        };
        (self.model.routines[spec.operations[operation].routine as usize].entry, client)
    }

    /// A new request sets out.
    #[inline(always)]
    fn begin_request(&mut self, task: u32, mut pc: u32, spec: &Workload) {
        self.alive += 1;
        if let Some(limit) = spec.limit {
            self.set_limit(task, limit.lane);
            // Past the op that stands for it: that saves the interpreter a turn.
            pc += 1;
        }
        if self.step_at(task, pc) == Flow::On {
            self.interpret(task);
        }
    }

    #[inline(always)]
    fn operation(&mut self, spec: &Workload, row: Option<&TraceRow>) -> usize {
        match row {
            Some(row) => row.operation as usize,
            None if spec.operations.len() == 1 => 0,
            None => {
                let chance = self.chance(spec.streams[1]);
                let found = spec.operations.iter().position(|operation| chance < operation.cumulative);
                found.unwrap_or(spec.operations.len() - 1)
            }
        }
    }

    #[inline(always)]
    pub(super) fn key(&mut self, workload: usize, spec: &Workload, row: Option<&TraceRow>) -> Option<u64> {
        if let Some(key) = row.and_then(|row| row.key) {
            return Some(key);
        }
        spec.keys.as_ref()?;
        let rng = &mut self.streams[spec.streams[2] as usize];
        match spec.keys.as_ref()? {
            KeySpec::Zipf(zipf) => Some(zipf.sample(rng)),
            KeySpec::Uniform(count) => Some(u64::from(rng::below(rng, *count))),
            &KeySpec::HotSet { hot, count, share } => {
                let is_hot = hot == count || rng::unit(rng) < share;
                Some(u64::from(if is_hot { rng::below(rng, hot) } else { hot + rng::below(rng, count - hot) }))
            }
            KeySpec::Trace(keys) => {
                let at = &mut self.sources.states[workload].key;
                let key = keys[*at as usize];
                *at = (*at + 1) % keys.len() as u32;
                Some(key)
            }
        }
    }

    /// A user thinks before the next request.
    pub(super) fn think(&mut self, task: u32, workload: usize) {
        let spec = &self.model.workloads[workload];
        let SourceSpec::Users { think, .. } = spec.source else { return };
        let time = think.map_or(0, |law| self.draw(law, spec.streams[0]));
        let time = self.now.saturating_add(time);
        self.tasks.tasks[task].frame = NONE;
        self.tasks.tasks[task].client.index = NONE;
        self.tasks.tasks[task].pending = self.calendar.schedule(time, Class::Arrival, task);
    }

    /// A user has thought, and asks; or a daemon goes on.
    pub(super) fn on_thought(&mut self, task: u32) {
        let user = &mut self.tasks.tasks[task];
        if user.client.workload == NONE {
            return self.interpret(task);
        }
        user.replica = 0;
        let Client { workload, user, .. } = user.client;
        let model = self.model;
        let spec = &model.workloads[workload as usize];
        let (pc, client) = self.request(workload as usize, spec, user, None);
        self.tasks.tasks[task].client = client;
        self.begin_request(task, pc, spec);
    }

    /// Whether a run "until empty" is over: no request is left, and no job is still to be replayed.
    #[inline]
    pub(super) fn is_drained(&self) -> bool {
        self.settings.window.is_none() && self.alive == 0 && !self.replays()
    }

    fn replays(&self) -> bool {
        self.model.workloads.iter().zip(&self.sources.states).any(|(workload, state)| match &workload.source {
            SourceSpec::Trace(rows) => (state.row as usize) < rows.len(),
            _ => false,
        })
    }
}
