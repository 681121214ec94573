//! Windows of time: what was counted up to the end of each. The difference of two marks is what happened
//! in between, so that nothing is counted twice, and nothing at all until a window ends.

use super::calendar::{Class, NEVER};
use super::record::WorkloadRecord;
use super::{Engine, Settings};
use crate::model::Model;
use crate::stats::Histogram;

/// Percentiles of times per visit; latency has p99.9 besides.
pub const PERCENTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// What was counted from the start of the observed window up to the end of one of a clock's windows.
#[derive(Debug, Clone)]
pub struct Mark {
    /// When, in ticks from the end of warm-up.
    pub at: u64,
    /// By group of stations.
    pub areas: Vec<Areas>,
    /// By workload, unless only integrals are wanted.
    pub workloads: Vec<WorkloadMark>,
    /// By group of stations, likewise.
    pub groups: Vec<GroupMark>,
}

/// Integrals over time, of all stations of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Areas {
    /// The number in system.
    pub present: u128,
    /// Busy servers.
    pub busy: u128,
    /// Servers that are away, but for those that rest because nobody waited.
    pub away: u128,
}

/// What one workload's requests experienced so far.
#[derive(Debug, Clone)]
pub struct WorkloadMark {
    /// Requests issued.
    pub offered: u64,
    /// Successes.
    pub answered: u64,
    /// Failures by kind.
    pub errors: [u64; 4],
    /// Sum of the successes' latencies.
    pub latency: u128,
    /// Integral of the number issued and unanswered.
    pub in_flight: u128,
    /// Percentiles of latency since the mark before; NaN where there were none, or none are wanted.
    pub percentiles: [f64; 5],
}

/// What happened so far at the stations of one group.
#[derive(Debug, Clone, Default)]
pub struct GroupMark {
    /// Integral of the number who are served together with another.
    pub riders: u128,
    /// Departures after complete service.
    pub completed: u64,
    /// Sum of their response times.
    pub response: u128,
    /// Sum of the service that they received.
    pub service: u128,
    /// Percentiles of waiting and response times since the mark before, where they are wanted.
    pub percentiles: Option<Box<[[f64; 5]; 2]>>,
}

impl Mark {
    fn bytes(&self) -> usize {
        let lists = size_of_val(&*self.areas) + size_of_val(&*self.workloads) + size_of_val(&*self.groups);
        let percentiles = self.groups.iter().filter(|group| group.percentiles.is_some()).count();
        size_of::<Mark>() + lists + percentiles * size_of::<[[f64; 5]; 2]>()
    }
}

/// Windows of one length, and what they showed.
#[derive(Debug)]
pub(super) struct Clock {
    every: u64,
    /// Integrals only.
    plain: bool,
    percentiles: bool,
    groups: Vec<u32>,
    marks: Vec<Mark>,
    /// Latency by workload, then wait and response by watched group, at the last mark.
    before: Vec<Histogram>,
}

impl Clock {
    fn new(every: u64, plain: bool, percentiles: bool, groups: &[u32]) -> Clock {
        Clock { every, plain, percentiles, groups: groups.to_vec(), marks: Vec::new(), before: Vec::new() }
    }

    /// Whether it keeps integrals only.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// Memory of all marks, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let mark = self.marks.last().map_or(0, Mark::bytes);
        self.marks.len() * mark + self.before.iter().map(Histogram::bytes).sum::<usize>()
    }

    /// When the window at hand ends, from the end of warm-up.
    fn due(&self) -> u64 {
        self.every.saturating_mul(self.marks.len() as u64 + 1)
    }
}

/// So many looks at a station are worth a curve; where there are very many stations, it has fewer points.
const LOOKS: u32 = 200_000;
const FEWEST: u32 = 20;

/// The model's clocks, and the one for curves over time where they are wanted.
pub(super) fn clocks(model: &Model, settings: &Settings) -> Vec<Clock> {
    let specs = &model.monitor.clocks;
    let mut clocks: Vec<Clock> =
        specs.iter().map(|spec| Clock::new(spec.every, false, spec.percentiles, &spec.groups)).collect();
    let most = (LOOKS / model.stations.max(1)).max(FEWEST);
    if let (Some(window), buckets @ 1..) = (settings.window, settings.buckets.min(most)) {
        clocks.push(Clock::new(window.div_ceil(u64::from(buckets)).max(1), true, false, &[]));
    }
    clocks
}

/// Marks of the curves, if there are any, and of the model's clocks.
pub(super) fn hand_over(mut clocks: Vec<Clock>) -> (Vec<Mark>, Vec<Vec<Mark>>) {
    let buckets = clocks.pop_if(|clock| clock.plain);
    let series = clocks.into_iter().map(|clock| clock.marks).collect();
    (buckets.map_or(Vec::new(), |clock| clock.marks), series)
}

impl Engine<'_> {
    /// When the window ends that ends first; never, if there is none.
    pub(super) fn next_tick(&self) -> u64 {
        self.clocks.iter().map(Clock::due).min().map_or(u64::MAX, |due| self.start.saturating_add(due))
    }

    /// Puts the end of the window that ends first in the calendar.
    pub(super) fn schedule_tick(&mut self, slot: u32) {
        if !self.clocks.is_empty() {
            self.calendar.schedule(self.next_tick(), Class::Timeline, slot);
        }
    }

    /// Some window ends now.
    pub(super) fn on_tick(&mut self, slot: u32) {
        let now = self.now - self.start;
        for index in 0..self.clocks.len() {
            if self.clocks[index].due() == now {
                self.mark(index);
            }
        }
        self.look_at_memory();
        // A run until empty that is stuck would not be ended by anything else.
        let is_stuck = self.settings.window.is_none()
            && self.calendar.peek() == NEVER
            && self.sources.next() == u64::MAX
            && self.ready.is_empty();
        if !is_stuck {
            self.schedule_tick(slot);
        }
    }

    /// The run is over: so is every window that has begun.
    pub(super) fn close_windows(&mut self) {
        if !self.recording {
            return;
        }
        let now = self.now.saturating_sub(self.start);
        for index in 0..self.clocks.len() {
            if self.clocks[index].marks.last().map_or(0, |mark| mark.at) < now {
                self.mark(index);
            }
        }
    }

    fn mark(&mut self, index: usize) {
        let mut clock = std::mem::replace(&mut self.clocks[index], Clock::new(0, true, false, &[]));
        let mut mark =
            Mark { at: self.now - self.start, areas: self.group_areas(), workloads: Vec::new(), groups: Vec::new() };
        if !clock.plain {
            self.record_passages();
            mark.workloads = self.records.iter().map(|record| self.workload_mark(record)).collect();
            mark.groups = self.group_marks();
            self.add_percentiles(&mut clock, &mut mark);
        }
        clock.marks.push(mark);
        self.clocks[index] = clock;
    }

    fn workload_mark(&self, record: &WorkloadRecord) -> WorkloadMark {
        WorkloadMark {
            offered: record.offered,
            answered: record.latency.histogram.count(),
            errors: record.errors,
            latency: record.latency.sum,
            in_flight: record.pending.area(self.now, record.unanswered),
            percentiles: [f64::NAN; 5],
        }
    }

    fn group_marks(&self) -> Vec<GroupMark> {
        let mut groups = vec![GroupMark::default(); self.groups.len()];
        for station in &self.stations {
            let (at, tally) = (&mut groups[station.group as usize], &station.tally);
            at.completed += tally.completed;
            at.response += tally.response;
            at.service += tally.service;
            if let Some(special) = station.special.as_deref() {
                at.riders += special.tally.riders.area(self.now, special.riders);
            }
        }
        groups
    }

    fn add_percentiles(&self, clock: &mut Clock, mark: &mut Mark) {
        let latency = self.records.iter().filter(|_| clock.percentiles).map(|record| &record.latency.histogram);
        let watched = clock.groups.iter().map(|&group| &self.groups[group as usize]);
        let times = watched.flat_map(|group| [&group.wait.histogram, &group.response.histogram]);
        let now: Vec<Histogram> = latency.chain(times).cloned().collect();
        clock.before.resize_with(now.len(), Histogram::default);
        let quantiles = |(now, before): (&Histogram, &Histogram)| {
            let since = now.since(before);
            PERCENTILES.map(|p| since.quantile(p).unwrap_or(f64::NAN))
        };
        let mut found = now.iter().zip(&clock.before).map(quantiles);
        for workload in mark.workloads.iter_mut().filter(|_| clock.percentiles) {
            workload.percentiles = found.next().unwrap_or([f64::NAN; 5]);
        }
        for &group in &clock.groups {
            if let (Some(wait), Some(response)) = (found.next(), found.next()) {
                mark.groups[group as usize].percentiles = Some(Box::new([wait, response]));
            }
        }
        drop(found);
        clock.before = now;
    }

    fn group_areas(&self) -> Vec<Areas> {
        let mut areas = vec![Areas::default(); self.groups.len()];
        for (station, &load) in self.stations.iter().zip(&self.loads) {
            let area = &mut areas[station.group as usize];
            area.present += station.tally.present.area(self.now, load);
            area.busy += station.tally.busy.area(self.now, station.busy);
            if let Some(special) = station.special.as_deref() {
                area.away += special.tally.down.area(self.now, special.down());
                area.away -= special.tally.vacation.area(self.now, special.on_vacation());
            }
        }
        areas
    }
}
