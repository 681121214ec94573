//! Virtual departures: in a model whose requests only pass (`model/passages.rs`), each one's departure is computed as it
//! arrives, and nothing tells it later.
//!
//! What a passage changes is counted in any order, as long as the counts are right whenever somebody looks at them. That
//! is at *marks*, instants known beforehand: the ends of windows, and of the run. So a passage that ends before the next
//! mark is counted on arrival, and one that does not is kept for later.

use super::Engine;
use super::calls::session;
use super::task::{Client, NONE};
use crate::model::program::{BalancerSpec, Passage};
use crate::model::{Model, TraceRow};
use crate::policy::balance::{Loads, View};
use crate::policy::discipline::Clock;

/// Who passes.
#[derive(Debug)]
pub(super) struct Passages {
    /// Departures are computed on arrival.
    pub(super) on: bool,
    /// All counts are right at this instant: what happens later has not been counted, unless it ends before.
    mark: u64,
    /// By station: when its servers are free.
    clocks: Vec<Clock>,
    /// Those who are still there at the mark.
    later: Vec<Visit>,
}

/// One who passes.
#[derive(Debug, Clone, Copy)]
struct Visit {
    workload: u32,
    station: u32,
    operation: u16,
    /// Its service has begun before the mark.
    begun: bool,
    arrived: u64,
    starts: u64,
    ends: u64,
}

impl Passages {
    pub(super) fn new(model: &Model, on: bool) -> Passages {
        let clocks = if on { clocks(model) } else { Vec::new() };
        Passages { on, mark: 0, clocks, later: Vec::new() }
    }
}

fn clocks(model: &Model) -> Vec<Clock> {
    let operations = || model.workloads.iter().flat_map(|workload| &workload.operations);
    let passages: Vec<Passage> = operations().filter_map(|operation| operation.passage).collect();
    let mut clocks = Vec::with_capacity(model.stations as usize);
    for group in &model.groups {
        let own = |passage: &&Passage| model.group_of(passage.place).first == group.first;
        let counts = passages.iter().filter(own).any(|passage| passage.counts);
        let visited = passages.iter().any(|passage| own(&passage));
        let servers = group.servers.filter(|_| visited);
        clocks.extend((0..group.count).map(|_| Clock::new(servers, counts)));
    }
    clocks
}

impl Engine<'_> {
    /// A request arrives that only passes.
    #[inline(always)]
    pub(super) fn pass_through(&mut self, workload: usize, row: Option<&TraceRow>) {
        if self.now >= self.passages.mark {
            self.count_until(self.next_mark());
        }
        let spec = &self.model.workloads[workload];
        let operation = self.operation(workload, row);
        let key = self.key(workload, row);
        let Some(passage) = spec.operations[operation].passage else { return };
        let station = passage.place.station(passage.site.map_or(0, |site| self.replica(site, workload, key)));
        let at = &mut self.stations[station as usize];
        let drawn =
            super::whole(self.model.laws[passage.law as usize].sample(&mut self.streams[at.service_stream as usize]));
        let service = match row {
            Some(row) if passage.own && row.service != u64::MAX => row.service,
            _ => drawn,
        };
        let (starts, ends) = self.passages.clocks[station as usize].serve(self.now, service);
        self.records[workload].issue(self.now);
        at.enter(self.now, &mut self.loads[station as usize]);
        let (workload, operation, arrived) = (workload as u32, operation as u16, self.now);
        let mut visit = Visit { workload, station, operation, begun: false, arrived, starts, ends };
        if !self.follow(&mut visit) {
            self.passages.later.push(visit);
        }
    }

    /// The replica that a balancer chooses.
    fn replica(&mut self, site: u32, workload: usize, key: Option<u64>) -> u32 {
        let Some(balancer) = self.model.sites[site as usize].balancer else { return 0 };
        let BalancerSpec { fronts, stream, targets, .. } = &self.model.balancers[balancer as usize];
        let client = Client { key: key.unwrap_or(0), keyed: key.is_some(), user: NONE, ..Client::NOBODY };
        let view = View {
            loads: Loads::Foreseen(&self.passages.clocks, self.now),
            fronts,
            outstanding: &[],
            session: session(&client),
            region: u32::from(self.model.workloads[workload].region).checked_sub(1),
            distances: &[],
        };
        let policy = &mut self.balancers[balancer as usize].policy;
        targets[policy.choose(&view, &mut self.streams[*stream as usize])].replica
    }

    /// Counts what becomes of a visit up to the mark; true if it is over by then.
    #[inline(always)]
    fn follow(&mut self, visit: &mut Visit) -> bool {
        let &mut Visit { starts, ends, arrived, .. } = visit;
        let (at, load) = (&mut self.stations[visit.station as usize], &mut self.loads[visit.station as usize]);
        if !visit.begun && starts <= self.passages.mark {
            visit.begun = true;
            at.occupy(starts);
        }
        if ends > self.passages.mark {
            return false;
        }
        at.tally.complete(ends - arrived, ends - starts);
        if self.recording {
            self.groups[at.group as usize].record(ends - arrived, ends - starts);
        }
        at.leave(ends, load, arrived, self.start);
        at.free(ends);
        self.records[visit.workload as usize].end(ends, arrived, visit.operation, None);
        true
    }

    /// Counts all that happens up to a mark.
    pub(super) fn count_until(&mut self, mark: u64) {
        self.passages.mark = mark;
        let mut later = std::mem::take(&mut self.passages.later);
        later.retain_mut(|visit| !self.follow(visit));
        self.passages.later = later;
    }

    /// When somebody looks at the counts next. What is due now has been looked at.
    fn next_mark(&self) -> u64 {
        let observed = self.model.observe_at.iter().map(|&at| self.start.saturating_add(at));
        let ends = self.settings.window.map(|window| self.start.saturating_add(window));
        let known = observed.chain(ends).chain([self.start, self.next_tick()]);
        known.filter(|&mark| mark > self.now).min().unwrap_or(u64::MAX)
    }

    /// Who passes and is there now: where, since when, and when its service begins.
    pub(super) fn passing(&self) -> impl Iterator<Item = (u32, u64, u64)> {
        self.passages.later.iter().map(|visit| (visit.station, visit.arrived, visit.starts))
    }

    /// Who passes and is there now counts as unanswered.
    pub(super) fn count_unanswered(&mut self) {
        for visit in &self.passages.later {
            self.records[visit.workload as usize].unanswered_at_end += 1;
        }
    }
}
