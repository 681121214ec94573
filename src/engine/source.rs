//! Where requests come from: open sources, replayed jobs, users who think.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Engine;
use super::calendar::Class;
use super::task::{Client, NONE, Task};
use crate::model::source::{Batch, Process};
use crate::model::{KeySpec, SourceSpec, TraceRow};
use crate::rng;

/// The next arrival of each open source: outside the calendar, in time and then workload order.
#[derive(Debug, Default)]
pub(super) struct Sources {
    next: BinaryHeap<Reverse<(u64, u32)>>,
    states: Vec<State>,
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
        self.next.peek().map_or(u64::MAX, |&Reverse((time, _))| time)
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
                    let mut task = Task::new(entry, Client::NOBODY);
                    task.replica = replica;
                    let task = self.spawn(task);
                    self.alive += 1;
                    self.interpret(task);
                }
            }
        }
        self.run_ready();
    }

    fn start_user(&mut self, workload: usize, user: u32) {
        let spec = &self.model.workloads[workload];
        let client = Client { workload: workload as u32, user, priority: spec.priority, weight: spec.weight as f32, ..Client::NOBODY };
        let task = self.spawn(Task::new(0, client));
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
        let time = self.next_arrival(workload);
        self.sources.next.push(Reverse((time, workload as u32)));
    }

    /// Puts the next arrival of the first source in line.
    #[inline]
    fn plan_again(&mut self, workload: usize) {
        let time = self.next_arrival(workload);
        if let Some(mut first) = self.sources.next.peek_mut() {
            first.0.0 = time;
        }
    }

    #[inline]
    fn next_arrival(&mut self, workload: usize) -> u64 {
        let model = self.model;
        let stream = model.workloads[workload].streams[0];
        match &model.workloads[workload].source {
            SourceSpec::Open { process, profile, .. } => {
                let gap = match process {
                    Process::Renewal(law) => law.sample(&mut self.streams[stream as usize]),
                    Process::Mmpp { gaps, dwell } => self.switched_gap(workload, gaps, dwell),
                };
                match profile {
                    None => self.now.saturating_add((gap + 0.5) as u64),
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

    /// The next open arrival happens now.
    #[inline]
    pub(super) fn arrive(&mut self) {
        let Some(&Reverse((_, workload))) = self.sources.next.peek() else { return };
        let index = workload as usize;
        let spec = &self.model.workloads[index];
        match &spec.source {
            SourceSpec::Trace(rows) => {
                let row = rows[self.sources.states[index].row as usize];
                self.sources.states[index].row += 1;
                self.issue_open(index, Some(&row));
            }
            SourceSpec::Open { batch, .. } => {
                for _ in 0..self.batch_size(*batch, spec.streams[0]) {
                    if self.over {
                        return;
                    }
                    self.issue_open(index, None);
                }
            }
            SourceSpec::Users { .. } => {}
        }
        self.plan_again(index);
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

    #[inline]
    fn issue_open(&mut self, workload: usize, row: Option<&TraceRow>) {
        let spec = &self.model.workloads[workload];
        let mut client = Client { workload: workload as u32, priority: spec.priority, weight: spec.weight as f32, ..Client::NOBODY };
        self.fill(&mut client, workload, row);
        let entry = self.entry(&client);
        let task = self.spawn(Task::new(entry, client));
        self.alive += 1;
        self.interpret(task);
    }

    /// Decides what a new request is and is about.
    #[inline]
    fn fill(&mut self, client: &mut Client, workload: usize, row: Option<&TraceRow>) {
        let spec = &self.model.workloads[workload];
        client.issued = self.now;
        client.index = self.records[workload].issue(self.now);
        client.operation = match row {
            Some(row) => row.operation,
            None if spec.operations.len() == 1 => 0,
            None => {
                let chance = self.chance(spec.streams[1]);
                let found = spec.operations.iter().position(|operation| chance < operation.cumulative);
                found.unwrap_or(spec.operations.len() - 1) as u32
            }
        };
        if let Some(key) = self.key(workload, row) {
            client.key = key;
            client.keyed = true;
        }
        if let Some(row) = row {
            client.priority = row.priority.unwrap_or(client.priority);
            client.service = row.service;
        }
    }

    #[inline]
    fn key(&mut self, workload: usize, row: Option<&TraceRow>) -> Option<u64> {
        let spec = &self.model.workloads[workload];
        if let Some(key) = row.and_then(|row| row.key) {
            return Some(key);
        }
        spec.keys.as_ref()?;
        let rng = &mut self.streams[spec.streams[2] as usize];
        match spec.keys.as_ref()? {
            KeySpec::Zipf(zipf) => Some(zipf.sample(rng)),
            KeySpec::Uniform(count) => Some(u64::from(rng::below(rng, *count))),
            KeySpec::Trace(keys) => {
                let at = &mut self.sources.states[workload].key;
                let key = keys[*at as usize];
                *at = (*at + 1) % keys.len() as u32;
                Some(key)
            }
        }
    }

    #[inline]
    fn entry(&self, client: &Client) -> u32 {
        let spec = &self.model.workloads[client.workload as usize];
        let routine = spec.operations[client.operation as usize].routine;
        self.model.routines[routine as usize].entry
    }

    /// A user thinks before the next request.
    pub(super) fn think(&mut self, task: u32, workload: usize) {
        let spec = &self.model.workloads[workload];
        let SourceSpec::Users { think, .. } = spec.source else { return };
        let time = think.map_or(0, |law| self.draw(law, spec.streams[0]));
        let time = self.now.saturating_add(time);
        self.tasks.tasks[task].frame = NONE;
        self.tasks.tasks[task].pending = self.calendar.schedule(time, Class::Arrival, task);
    }

    /// A user has thought, and asks.
    pub(super) fn on_thought(&mut self, task: u32) {
        let mut client = self.tasks.tasks[task].client;
        let workload = client.workload as usize;
        self.fill(&mut client, workload, None);
        let user = &mut self.tasks.tasks[task];
        user.client = client;
        user.replica = 0;
        self.tasks.tasks[task].pc = self.entry(&client);
        self.alive += 1;
        self.interpret(task);
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
