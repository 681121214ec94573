//! The window: when observations begin, what is looked at on the way, and how it is closed.

use super::calendar::Class;
use super::record::{Failure, Job, Observations, StationRecord};
use super::station::{States, Station, Tally};
use super::task::{FrameKind, NONE};
use super::{Engine, series};
use crate::stats::Integral;

/// What a slot of the timeline means: the observed window's start and end, the end of a clock's window, or an
/// instant to observe.
const START: u32 = 0;
const END: u32 = 1;
const TICK: u32 = 2;
const OBSERVE: u32 = 3;
/// From here on: what happens.
const EVENT: u32 = 1 << 20;
/// From here on: what scalers wait for.
pub(super) const SCALER: u32 = 1 << 25;
/// From here on: which balancer asks its targets whether they are there.
pub(super) const HEALTH: u32 = 1 << 24;
/// From here on: what is due about a node.
pub(super) const NODE: u32 = 1 << 22;

impl Engine<'_> {
    /// Puts everything that is known beforehand in the calendar.
    pub(super) fn start_timeline(&mut self) {
        if self.start > 0 {
            self.calendar.schedule(self.start, Class::Timeline, START);
        }
        for (index, &at) in self.model.observe_at.iter().enumerate() {
            let time = self.start.saturating_add(at);
            self.calendar.schedule(time, Class::Timeline, OBSERVE + index as u32);
        }
        for (index, happening) in self.model.timeline.iter().enumerate() {
            let time = self.start.saturating_add(happening.at);
            self.calendar.schedule(time, Class::Timeline, EVENT + index as u32);
        }
        self.schedule_tick(TICK);
        let Some(window) = self.settings.window else { return };
        self.calendar.schedule(self.start.saturating_add(window), Class::Timeline, END);
    }

    pub(super) fn on_timeline(&mut self, slot: u32) {
        if self.passages.on {
            self.count_until(self.now);
            self.count_passages();
        }
        match slot {
            START => self.open_window(),
            END => self.conclude(),
            SCALER.. => self.on_scaler(slot - SCALER),
            HEALTH.. => self.check_health(slot - HEALTH),
            NODE.. => self.on_due(slot - NODE),
            EVENT.. => self.happen(slot - EVENT),
            TICK => self.on_tick(TICK),
            _ => self.observe(),
        }
    }

    /// Everything counted so far is forgotten; nobody is.
    fn open_window(&mut self) {
        self.record_passages();
        self.recording = true;
        for station in 0..self.stations.len() {
            let (at, load) = (&mut self.stations[station], self.loads[station]);
            at.tally = Tally {
                present: Integral::starting(self.now, load),
                busy: Integral::starting(self.now, at.busy),
                present_at_start: u64::from(load),
                ..Tally::default()
            };
            if let Some(special) = &mut at.special {
                special.restart(self.now);
            }
            if let Some(states) = &mut at.states {
                **states = States { since: self.now, ..States::default() };
            }
        }
        let now = self.now;
        self.gates.iter_mut().for_each(|gate| gate.restart(now));
        self.groups.iter_mut().for_each(|group| *group = Default::default());
        self.counters.iter_mut().for_each(|counter| counter.tally = Default::default());
        self.guards.iter_mut().for_each(|guard| guard.tally = Default::default());
        self.brokers.queues.iter_mut().for_each(|queue| queue.record.reset());
        let now = self.now;
        self.scalers.iter_mut().for_each(|scaler| scaler.open_window(now));
        self.contents.iter_mut().for_each(|contents| contents.open_window(now));
        self.records.iter_mut().for_each(|record| record.reset(now));
        self.stores.iter_mut().zip(&self.model.stores).for_each(|(store, spec)| store.reset(spec, now));
        for (station, attained) in self.attained() {
            self.stations[station as usize].tally.received -= i128::from(attained);
        }
    }

    /// Service that each customer present has received so far, by station.
    fn attained(&mut self) -> Vec<(u32, u64)> {
        let mut attained = Vec::new();
        for (id, task) in self.tasks.live() {
            let shared = task.station != NONE && self.stations[task.station as usize].sharing.is_some();
            if task.station != NONE && (!shared || task.lingers()) && !self.group(task.station).held {
                attained.push((task.station, self.received(task)));
            }
            attained.extend(self.tasks.stack(id).filter_map(|(_, frame)| match frame.kind {
                FrameKind::Hold { station, started, .. } => Some((station, self.now - started)),
                _ => None,
            }));
        }
        for station in 0..self.stations.len() as u32 {
            attained.extend(self.shared_attained(station).into_iter().map(|(_, service)| (station, service)));
        }
        let passing = self.passing().filter(|&(_, _, starts)| starts <= self.now);
        attained.extend(passing.map(|(station, _, starts)| (station, self.now - starts)));
        attained
    }

    fn observe(&mut self) {
        let mut present = vec![0; self.groups.len()];
        for (station, &load) in self.stations.iter().zip(&self.loads) {
            present[station.group as usize] += u64::from(load);
        }
        self.observed.push(present);
    }

    pub(super) fn keep_job(&mut self, task: u32, failure: Option<Failure>) {
        let client = &self.tasks.tasks[task].client;
        self.jobs.push(Job {
            workload: client.workload,
            operation: u32::from(client.operation),
            index: u64::from(client.index),
            issued: client.issued,
            ended: self.now,
            outcome: failure.map_or(4, |kind| kind as u8),
        });
    }

    /// Closes the window and hands over what was observed.
    pub(super) fn finish(mut self) -> Observations {
        if !self.recording {
            // It was stopped before there was anything to observe.
            self.start = self.now;
            self.open_window();
        }
        self.count_passages();
        self.record_passages();
        for (station, attained) in self.attained() {
            self.stations[station as usize].tally.received += i128::from(attained);
        }
        self.close_windows();
        let stations = self.close_stations();
        let now = self.now;
        self.records.iter_mut().for_each(|record| record.close(now));
        self.count_unanswered();
        let (buckets, series) = series::hand_over(self.clocks);
        for (_, task) in self.tasks.live().filter(|(_, task)| task.client.waits && task.client.index != NONE) {
            self.records[task.client.workload as usize].unanswered_at_end += 1;
        }
        Observations {
            warm_up: self.start,
            window: self.now.saturating_sub(self.start),
            workloads: self.records,
            stations,
            groups: self.groups,
            contents: self.contents.iter_mut().map(|contents| contents.close(now)).collect(),
            commits: self.counters.iter().map(|counter| counter.tally).collect(),
            calls: self.guards.iter().map(|guard| guard.tally).collect(),
            gates: self.gates.into_iter().map(|gate| gate.close(now)).collect(),
            scalers: self.scalers.into_iter().map(|scaler| scaler.close(now)).collect(),
            stores: self.stores.into_iter().map(|store| store.close(now)).collect(),
            observed: self.observed,
            buckets,
            series,
            queues: self.brokers.queues.into_iter().map(|queue| queue.record).collect(),
            jobs: self.jobs,
            stopped: self.stopped,
        }
    }

    /// Those still there count for the time that they have been there, one by one.
    fn close_stations(&mut self) -> Vec<StationRecord> {
        let now = self.now;
        let record = |(station, &load): (&mut Station, &u32)| {
            station.keep_state(now, load);
            StationRecord::new(station, load, now)
        };
        let mut records: Vec<StationRecord> = self.stations.iter_mut().zip(&self.loads).map(record).collect();
        for (station, arrived) in self.present() {
            let record = &mut records[station as usize];
            record.present_at_end += 1;
            record.sojourn += u128::from(self.now - arrived.max(self.start).min(self.now));
        }
        records
    }

    /// Every customer at every station: where, since when.
    fn present(&self) -> Vec<(u32, u64)> {
        let mut present: Vec<(u32, u64)> = self.passing().map(|(station, arrived, _)| (station, arrived)).collect();
        for (id, task) in self.tasks.live() {
            if task.station != NONE {
                present.push((task.station, task.arrived));
            }
            present.extend(self.tasks.stack(id).filter_map(|(_, frame)| match frame.kind {
                FrameKind::Hold { station, arrived, .. } => Some((station, arrived)),
                _ => None,
            }));
        }
        present
    }
}
