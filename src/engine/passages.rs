//! Virtual departures: in a model whose requests only pass (`model/passages.rs`), each one's departure is computed as it
//! arrives, and no event tells it.
//!
//! What a passage changes may be counted in any order, as long as the counts are right whenever somebody looks at them.
//! That is at *marks*, instants known beforehand: the ends of windows, and of the run. So a passage that is over by the
//! next mark is counted on arrival, and one that is not is kept until then. All that passages of one workload share is
//! in a row of its own; records get it when they are looked at.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::record::{Sample, Spread, Stopped};
use super::{Engine, whole};
use crate::distribution::Law;
use crate::model::program::{BalancerSpec, Passage};
use crate::model::{Model, SourceSpec, TraceRow, Workload};
use crate::policy::balance::{Loads, View};
use crate::policy::discipline::Clock;
use crate::stats::Squares;

/// Who passes.
pub(super) struct Passages<'m> {
    /// Departures are computed on arrival.
    pub(super) on: bool,
    /// All counts are right at this instant: what happens later has not been counted.
    mark: u64,
    /// By station: when its servers are free.
    clocks: Vec<Clock>,
    /// By workload.
    rows: Vec<Row<'m>>,
    /// Those who are still there at the mark.
    later: Later,
    /// At the mark before: the moves so far, and how many were there.
    before: (u64, u64),
    /// There is a mark at each multiple of this, so that not too many come between two.
    every: u64,
}

/// Those who are still there at the mark, by when they begin to be served or leave: the next ones in a heap, the others in
/// buckets of a run's length.
struct Later {
    near: BinaryHeap<Reverse<Visit>>,
    /// The last one has no end; those up to `first` are in the heap.
    buckets: Vec<Vec<Visit>>,
    first: usize,
    /// How long a bucket is, in ticks.
    width: u64,
    visits: usize,
}

/// There is a mark whenever so many are expected to have come, whether somebody looks or not.
const COMING: f64 = 65_536.0;

/// Into so many buckets a run is divided.
const BUCKETS: u64 = 1024;

impl Later {
    fn new(length: u64) -> Later {
        let buckets = (0..=BUCKETS).map(|_| Vec::new()).collect();
        Later { near: BinaryHeap::new(), buckets, first: 0, width: length / BUCKETS + 1, visits: 0 }
    }

    fn bucket(&self, time: u64) -> usize {
        (time / self.width).min(BUCKETS) as usize
    }

    fn add(&mut self, mut visit: Visit) {
        visit.changes = if visit.begun { visit.ends } else { visit.starts };
        let bucket = self.bucket(visit.changes);
        match bucket > self.first {
            true => self.buckets[bucket].push(visit),
            false => self.near.push(Reverse(visit)),
        }
        self.visits += 1;
    }

    /// Takes one out to whom something happens up to a mark.
    fn take(&mut self, mark: u64) -> Option<Visit> {
        loop {
            if let Some(Reverse(next)) = self.near.peek()
                && next.changes <= mark
            {
                self.visits -= 1;
                return self.near.pop().map(|Reverse(visit)| visit);
            }
            if self.first == self.bucket(mark) {
                return None;
            }
            self.first += 1;
            self.near.extend(std::mem::take(&mut self.buckets[self.first]).into_iter().map(Reverse));
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Visit> {
        let near = self.near.iter().map(|Reverse(visit)| visit);
        near.chain(self.buckets.iter().flatten())
    }
}

/// The passages of one workload.
struct Row<'m> {
    passage: Passage,
    /// Its station, where nobody chooses.
    station: u32,
    law: &'m Law,
    /// Random stream of service times.
    stream: u32,
    group: u32,
    seen: Seen,
}

/// What passages showed that no record knows of yet.
#[derive(Default)]
struct Seen {
    response: Sample,
    wait: Spread,
    waited: u64,
    service_squares: Squares,
}

/// One who passes, and is still there at the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    /// When it begins to be served, or else leaves.
    changes: u64,
    workload: u32,
    station: u32,
    /// Its service has begun by the mark.
    begun: bool,
    arrived: u64,
    starts: u64,
    ends: u64,
}

impl<'m> Passages<'m> {
    /// For a run of so many ticks, or none, with so many in flight at most.
    pub(super) fn new(model: &'m Model, length: Option<u64>, in_flight: u32) -> Passages<'m> {
        let (on, length) = (length.is_some(), length.unwrap_or(0));
        let mut passages = Passages {
            on,
            mark: 0,
            clocks: Vec::new(),
            rows: Vec::new(),
            later: Later::new(length),
            before: (0, 0),
            every: between_marks(model, in_flight),
        };
        if on {
            passages.add_rows(model);
            passages.add_clocks(model);
        }
        passages
    }

    fn add_rows(&mut self, model: &'m Model) {
        let operations = model.workloads.iter().flat_map(|workload| &workload.operations);
        for passage in operations.filter_map(|operation| operation.passage) {
            let group = model.group_of(passage.place);
            self.rows.push(Row {
                passage,
                station: passage.place.station(0),
                law: &model.laws[passage.law as usize],
                stream: model.groups[group].service_stream,
                group: group as u32,
                seen: Seen::default(),
            });
        }
    }

    fn add_clocks(&mut self, model: &Model) {
        for (index, group) in model.groups.iter().enumerate() {
            let visited = || self.rows.iter().filter(|row| row.group == index as u32);
            let servers = group.servers.filter(|_| visited().next().is_some());
            let counts = visited().any(|row| row.passage.counts);
            self.clocks.extend((0..group.count).map(|_| Clock::new(servers, counts)));
        }
    }
}

/// How many ticks there are between two marks: all who come meanwhile might still be there, so they are fewer than may be.
fn between_marks(model: &Model, in_flight: u32) -> u64 {
    let rate: f64 = model.forecast.rates.iter().sum();
    let coming = COMING.min(f64::from(in_flight) / 4.0);
    model.ticks(coming / rate).max(1)
}

impl Engine<'_> {
    /// Lets requests pass, and everything else happen, until the next look; false if nothing will happen any more.
    pub(super) fn let_pass(&mut self) -> bool {
        while self.moves < self.pause_at {
            let bound = self.calendar.peek().arrivals_before();
            while self.sources.next() < bound && self.moves < self.pause_at {
                // He leaves, too: at this instant, at the worst.
                self.moves += 1;
                self.advance(self.sources.next());
                self.arrive_to_pass();
            }
            if self.moves < self.pause_at && !self.turn() {
                return false;
            }
        }
        true
    }

    #[inline(always)]
    fn arrive_to_pass(&mut self) {
        if self.now >= self.passages.mark {
            self.count_until(self.next_mark());
        }
        let model = self.model;
        let workload = self.sources.first_workload();
        let spec = &model.workloads[workload];
        match &spec.source {
            SourceSpec::Trace(rows) => self.replay_one(workload, spec, rows),
            _ => self.pass_one(workload, spec, None),
        }
        self.plan_again(workload, spec);
    }

    #[inline(never)]
    fn replay_one(&mut self, workload: usize, spec: &Workload, rows: &[TraceRow]) {
        let replayed = self.next_job(workload, rows);
        self.pass_one(workload, spec, Some(&replayed));
    }

    #[inline(always)]
    fn pass_one(&mut self, workload: usize, spec: &Workload, replayed: Option<&TraceRow>) {
        let now = self.now;
        let key = self.key(workload, spec, replayed);
        let Row { passage, station, law, stream, .. } = self.passages.rows[workload];
        let station = match passage.site {
            None => station,
            Some(site) => passage.place.station(self.replica(site, workload, key)),
        };
        let drawn = whole(law.sample(&mut self.streams[stream as usize]));
        let service = match replayed {
            Some(replayed) if passage.own && replayed.service != u64::MAX => replayed.service,
            _ => drawn,
        };
        let clock = &mut self.passages.clocks[station as usize];
        let (starts, ends) = clock.serve(now, service);
        if ends > self.passages.mark {
            let workload = workload as u32;
            return self.stay(Visit { changes: starts, workload, station, begun: false, arrived: now, starts, ends });
        }
        clock.count(ends - now, ends - starts);
        self.passages.rows[workload].seen.add(ends - now, ends - starts);
    }

    /// The replica that a balancer chooses.
    fn replica(&mut self, site: u32, workload: usize, key: Option<u64>) -> u32 {
        let Some(balancer) = self.model.sites[site as usize].balancer else { return 0 };
        let BalancerSpec { fronts, stream, targets, .. } = &self.model.balancers[balancer as usize];
        let view = View {
            loads: Loads::Foreseen(&self.passages.clocks, self.now),
            fronts,
            outstanding: &[],
            session: key,
            region: u32::from(self.model.workloads[workload].region).checked_sub(1),
            distances: &[],
        };
        let policy = &mut self.balancers[balancer as usize].policy;
        targets[policy.choose(&view, &mut self.streams[*stream as usize])].replica
    }

    /// One who is still there at the mark comes in.
    #[inline(never)]
    fn stay(&mut self, mut visit: Visit) {
        self.records[visit.workload as usize].issue(visit.arrived);
        self.stations[visit.station as usize].enter(visit.arrived, &mut self.loads[visit.station as usize]);
        self.follow(&mut visit);
        self.passages.later.add(visit);
    }

    /// Counts what becomes of a visit up to the mark; true if it is over by then.
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
        at.leave(ends, load, arrived, self.start);
        at.free(ends);
        if self.recording {
            self.groups[at.group as usize].record(ends - arrived, ends - starts);
        }
        self.records[visit.workload as usize].end(ends, arrived, 0, None);
        true
    }

    /// So many who pass are there at most, or were since the mark before: two moves are one who came and went, and the
    /// first of them was counted before the mark.
    pub(super) fn most_passing(&self) -> u64 {
        let (moves, there) = self.passages.before;
        there + 1 + (self.moves - moves).div_ceil(2)
    }

    /// Counts all that happens up to a mark.
    pub(super) fn count_until(&mut self, mark: u64) {
        if self.most_passing() > u64::from(self.settings.limits.in_flight) {
            self.stop(Stopped::InFlight);
        }
        self.look_at_memory();
        self.passages.mark = mark;
        while let Some(mut visit) = self.passages.later.take(mark) {
            if !self.follow(&mut visit) {
                self.passages.later.add(visit);
            }
        }
        self.passages.before = (self.moves, self.passages.later.visits as u64);
    }

    /// When somebody looks at the counts next. What is due now has been looked at.
    #[inline(never)]
    fn next_mark(&self) -> u64 {
        let observed = self.model.observe_at.iter().map(|&at| self.start.saturating_add(at));
        let ends = self.settings.window.map(|window| self.start.saturating_add(window));
        let regular = (self.now / self.passages.every + 1).saturating_mul(self.passages.every);
        let known = observed.chain(ends).chain([self.start, self.next_tick(), regular]);
        known.filter(|&mark| mark > self.now).min().unwrap_or(u64::MAX)
    }

    /// Hands what was counted at each station over.
    pub(super) fn count_passages(&mut self) {
        for (station, clock) in self.stations.iter_mut().zip(&mut self.passages.clocks) {
            station.add_passed(clock.take_passed());
        }
    }

    /// Hands what passages showed to the records.
    pub(super) fn record_passages(&mut self) {
        for (row, record) in self.passages.rows.iter_mut().zip(&mut self.records) {
            let seen = std::mem::take(&mut row.seen);
            record.add_passages(&seen.response);
            if self.recording {
                let group = &mut self.groups[row.group as usize];
                group.response.merge(&seen.response.histogram, seen.response.squares);
                group.wait.merge(&seen.wait.histogram, seen.wait.squares);
                group.waited += seen.waited;
                group.service_squares.merge(seen.service_squares);
            }
        }
    }

    /// Who passes and is there now: where, since when, and when its service begins.
    pub(super) fn passing(&self) -> impl Iterator<Item = (u32, u64, u64)> {
        self.passages.later.iter().map(|visit| (visit.station, visit.arrived, visit.starts))
    }

    /// Who passes and is there now is not answered any more.
    pub(super) fn count_unanswered(&mut self) {
        for visit in self.passages.later.iter() {
            self.records[visit.workload as usize].unanswered_at_end += 1;
        }
    }
}

impl Seen {
    #[inline(always)]
    fn add(&mut self, response: u64, service: u64) {
        let wait = response - service;
        self.response.record(response);
        self.wait.record(wait);
        self.waited += u64::from(wait > 0);
        self.service_squares.add(service);
    }
}
