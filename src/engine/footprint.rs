//! What a run holds, in bytes: estimated from numbers that are the same everywhere, not measured.

use std::mem::size_of;

use super::Engine;
use super::calendar::Event;
use super::limits::resident;
use super::record::{GroupRecord, Job, StationRecord};
use super::special::Special;
use super::station::Station;
use super::task::{Fork, Frame, Task, Tasks};
use crate::model::{Group, Model};
use crate::rng::Rng;

/// An entry of a table in order of keys, with what a tree takes besides.
pub(super) const ROW: u64 = 64;

/// A task that waits: itself, the number of its slot, and its place in a line, with one that is stale.
const TASK: u64 = (size_of::<Task>() + size_of::<u32>() + 2 * size_of::<(u64, u32)>()) as u64;

/// One who passes, with an event each, as the general path would have it.
pub(super) const PASSAGE: u64 = TASK + size_of::<Event>() as u64;

/// When a server is free.
const SERVER: u64 = size_of::<u64>() as u64;

/// What a run of a model holds at its start, before anybody comes: also what it takes to report it.
pub fn at_rest(model: &Model) -> u64 {
    let groups = model.groups.iter().map(of_group).sum::<u64>();
    let rows = |answers: bool, rows: u32, targets: usize| if answers { u64::from(rows) * targets as u64 } else { 0 };
    let balancers = model.balancers.iter().map(|spec| {
        let outstanding = rows(spec.answers, spec.rows, spec.targets.len()) * size_of::<u32>() as u64;
        // A policy may have a number for each target.
        outstanding + spec.targets.len() as u64 * size_of::<u64>() as u64
    });
    let guards = model.guards.iter().map(|spec| u64::from(spec.rows) * ROW);
    let gates = model.gates.iter().map(|spec| u64::from(spec.replicas) * 2 * ROW);
    let contents = model.contents.iter().map(|spec| {
        let warm = spec.balancer.map_or(u64::from(spec.count), |_| 1);
        u64::from(spec.count) * ROW + warm * spec.warm.len() as u64 * ENTRY
    });
    let streams = model.streams.len() as u64 * size_of::<Rng>() as u64;
    let rest = balancers.chain(guards).chain(gates).chain(contents).sum::<u64>();
    groups + rest + streams + resident(model) * TASK
}

/// The stations of a group, their records, and the servers that are told apart.
fn of_group(group: &Group) -> u64 {
    let special = if group.special.is_none() { 0 } else { size_of::<Special>() };
    let servers = group.servers.filter(|&servers| servers <= MOST_TOLD_APART).map_or(0, u64::from) * SERVER;
    let station = size_of::<Station>() + size_of::<StationRecord>() + special;
    u64::from(group.count) * (station as u64 + servers) + size_of::<GroupRecord>() as u64
}

/// A request of which everything is told, in the end with the words for it.
const JOB: u64 = 4 * size_of::<Job>() as u64;

/// More servers of one station have nothing of their own.
const MOST_TOLD_APART: u32 = 1024;

/// What a cache knows of a key, by whatever policy.
pub(super) const ENTRY: u64 = 128;

impl Engine<'_> {
    /// What the run holds now.
    pub(super) fn bytes(&self) -> u64 {
        let passing = if self.passages.on { self.most_passing() * PASSAGE } else { 0 };
        let kept = self.kept().saturating_mul(u64::from(self.settings.kept));
        let held = self.at_rest + self.tasks.bytes() + self.data() + self.histograms() + self.windows() + passing;
        held.saturating_add(kept)
    }

    /// What components remember.
    fn data(&self) -> u64 {
        let contents = self.contents.iter().map(|contents| contents.keys() * ENTRY);
        let remembered = self.balancers.iter().map(|router| router.memory.len());
        let gates = self.gates.iter().map(|gate| 2 * gate.len());
        let written = self.counters.iter().map(|counter| counter.len());
        let rows = remembered.chain(gates).chain(written).sum::<usize>() as u64 * ROW;
        let stores = self.stores.iter().map(|store| store.bytes());
        contents.chain(stores).sum::<u64>() + rows + self.brokers.bytes() + self.calendar.bytes() as u64
    }

    /// Times that were observed.
    fn histograms(&self) -> u64 {
        let groups = self.groups.iter().map(|group| group.response.histogram.bytes() + group.wait.histogram.bytes());
        let workloads = self.records.iter().map(|record| {
            let operations = record.operations.iter().map(|(sample, _)| sample.histogram.bytes());
            record.latency.histogram.bytes() + operations.sum::<usize>()
        });
        groups.chain(workloads).sum::<usize>() as u64
    }

    /// What was observed in windows, and is added up or looked through when the run is over.
    fn windows(&self) -> u64 {
        self.clocks.iter().map(|clock| clock.bytes()).sum::<usize>() as u64
    }

    /// What is kept of each replication until all are over: requests, the series, and what was observed at instants.
    fn kept(&self) -> u64 {
        let series = self.model.monitor.series.and_then(|clock| self.clocks.get(clock));
        let observed = self.observed.len() * self.groups.len() * size_of::<u64>();
        self.jobs.len() as u64 * JOB + (series.map_or(0, |clock| clock.bytes()) + observed) as u64
    }
}

impl Tasks {
    /// All slots that were ever used at once.
    fn bytes(&self) -> u64 {
        let frames = self.frames.most() * (size_of::<Frame>() + size_of::<u32>());
        let forks = self.forks.most() * (size_of::<Fork>() + size_of::<u32>());
        let limits = self.limits.len() * size_of::<u64>();
        self.tasks.most() as u64 * TASK + (frames + forks + limits) as u64
    }
}
