//! Virtual departures: in a model whose requests only pass (`model/passages.rs`), each one's departure is computed as it
//! arrives, and no event tells it.
//!
//! What a passage changes may be counted in any order, as long as the counts are right whenever somebody looks at them.
//! That is at *marks*, instants known beforehand: the ends of windows, and of the run. So a passage that is over by the
//! next mark is counted on arrival, and one that is not is kept until then. All that passages of one operation share is
//! in a row of its own; records get it when they are looked at.

use super::calendar::MAX_SLOTS;
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
    /// By workload: the row of its first operation.
    first: Vec<u32>,
    /// By workload and operation.
    rows: Vec<Row<'m>>,
    later: Later,
}

/// Those who are still there at the mark, in buckets by when they begin to be served or leave.
struct Later {
    /// How long a bucket is, in ticks.
    width: u64,
    /// The last one has no end.
    buckets: Vec<Vec<Visit>>,
    /// All before this one are empty.
    first: usize,
    visits: usize,
}

/// Into so many buckets a run is divided.
const BUCKETS: u64 = 1024;

impl Later {
    fn new(length: u64) -> Later {
        let buckets = (0..=BUCKETS).map(|_| Vec::new()).collect();
        Later { width: length.div_ceil(BUCKETS).max(1), buckets, first: 0, visits: 0 }
    }

    fn add(&mut self, visit: Visit) {
        let changes = if visit.begun { visit.ends } else { visit.starts };
        let bucket = (changes / self.width).min(BUCKETS) as usize;
        self.buckets[bucket].push(visit);
        self.visits += 1;
    }

    /// Takes those out to whom something may happen up to a mark.
    fn take(&mut self, mark: u64) -> Vec<Visit> {
        let last = (mark / self.width).min(BUCKETS) as usize;
        let taken: Vec<Visit> = self.buckets[self.first..=last].iter_mut().flat_map(std::mem::take).collect();
        self.first = last;
        self.visits -= taken.len();
        taken
    }

    fn iter(&self) -> impl Iterator<Item = &Visit> {
        self.buckets[self.first..].iter().flatten()
    }
}

/// The passages of one operation.
struct Row<'m> {
    passage: Passage,
    /// Its station, where nobody chooses.
    station: u32,
    law: &'m Law,
    /// Random stream of service times.
    stream: u32,
    group: u32,
    workload: u32,
    operation: u16,
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
#[derive(Clone, Copy)]
struct Visit {
    row: u32,
    station: u32,
    /// Its service has begun by the mark.
    begun: bool,
    arrived: u64,
    starts: u64,
    ends: u64,
}

impl<'m> Passages<'m> {
    /// For a run of so many ticks, or none.
    pub(super) fn new(model: &'m Model, length: Option<u64>) -> Passages<'m> {
        let (on, length) = (length.is_some(), length.unwrap_or(0));
        let mut passages = Passages {
            on,
            mark: 0,
            clocks: Vec::new(),
            first: Vec::new(),
            rows: Vec::new(),
            later: Later::new(length),
        };
        if on {
            passages.add_rows(model);
            passages.add_clocks(model);
        }
        passages
    }

    fn add_rows(&mut self, model: &'m Model) {
        for (workload, spec) in model.workloads.iter().enumerate() {
            self.first.push(self.rows.len() as u32);
            let passages = spec.operations.iter().filter_map(|operation| operation.passage);
            for (operation, passage) in passages.enumerate() {
                let group = model.group_of(passage.place);
                self.rows.push(Row {
                    passage,
                    station: passage.place.station(0),
                    law: &model.laws[passage.law as usize],
                    stream: model.groups[group].service_stream,
                    group: group as u32,
                    workload: workload as u32,
                    operation: operation as u16,
                    seen: Seen::default(),
                });
            }
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

impl Engine<'_> {
    /// The whole run, where requests only pass.
    pub(super) fn let_pass(&mut self) {
        while !self.over {
            let bound = self.calendar.peek().arrivals_before();
            while self.sources.next() < bound && !self.over {
                self.now = self.sources.next();
                self.arrive_to_pass();
            }
            if !self.turn() {
                return;
            }
        }
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
        let operation = self.operation(spec, replayed);
        let key = self.key(workload, spec, replayed);
        let index = self.passages.first[workload] + operation as u32;
        let Row { passage, station, law, stream, .. } = self.passages.rows[index as usize];
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
            return self.stay(Visit { row: index, station, begun: false, arrived: now, starts, ends });
        }
        clock.count(ends - now, ends - starts);
        self.passages.rows[index as usize].seen.add(ends - now, ends - starts);
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
        let row = &self.passages.rows[visit.row as usize];
        self.records[row.workload as usize].issue(visit.arrived);
        self.stations[visit.station as usize].enter(visit.arrived, &mut self.loads[visit.station as usize]);
        self.follow(&mut visit);
        self.passages.later.add(visit);
        if self.passages.later.visits >= MAX_SLOTS {
            self.stop(Stopped::TooManyInFlight);
        }
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
        let row = &self.passages.rows[visit.row as usize];
        if self.recording {
            self.groups[row.group as usize].record(ends - arrived, ends - starts);
        }
        self.records[row.workload as usize].end(ends, arrived, row.operation, None);
        true
    }

    /// Counts all that happens up to a mark.
    pub(super) fn count_until(&mut self, mark: u64) {
        self.passages.mark = mark;
        for mut visit in self.passages.later.take(mark) {
            if !self.follow(&mut visit) {
                self.passages.later.add(visit);
            }
        }
    }

    /// When somebody looks at the counts next. What is due now has been looked at.
    #[inline(never)]
    fn next_mark(&self) -> u64 {
        let observed = self.model.observe_at.iter().map(|&at| self.start.saturating_add(at));
        let ends = self.settings.window.map(|window| self.start.saturating_add(window));
        let known = observed.chain(ends).chain([self.start, self.next_tick()]);
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
        for row in &mut self.passages.rows {
            let seen = std::mem::take(&mut row.seen);
            self.records[row.workload as usize].add_passages(row.operation, &seen.response);
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
            let row = &self.passages.rows[visit.row as usize];
            self.records[row.workload as usize].unanswered_at_end += 1;
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
