//! Servers that go away and come back, and the daemons that wait for what happens at a station.
//!
//! A daemon is a task that nobody counts: it runs beside the requests from the start to the end of
//! the run. What a station does to its daemons is done in `settle`, after each of its changes.

use super::Engine;
use super::calendar::Class;
use super::interpret::Flow;
use super::special::{Special, Wear};
use super::station::Station;
use super::task::{Client, NONE, WAITING};
use crate::model::program::{Op, Place, Taken};
use crate::policy::discipline::Rule;
use crate::rng;

/// So many absences without anything else are a run that will never be empty.
const STANDSTILL: u64 = 1 << 20;

impl Engine<'_> {
    /// Starts what goes on beside the requests.
    pub(super) fn start_daemons(&mut self) {
        let model = self.model;
        for group in model.groups.iter().filter(|group| group.special.is_absent()) {
            (group.first..group.first + group.count).for_each(|station| self.settle(station));
            for (daemon, replica) in group.special.daemons.iter().flat_map(|d| (0..group.count).map(move |r| (d, r))) {
                for _ in 0..daemon.copies {
                    let task = self.spawn(model.routines[daemon.routine as usize].entry, Client::NOBODY);
                    self.tasks.tasks[task].replica = replica;
                    self.daemons += 1;
                    self.interpret(task);
                }
            }
        }
        self.run_ready();
    }

    /// An op that only daemons have.
    pub(super) fn daemon(&mut self, task: u32, op: Op) -> Flow {
        let replica = self.tasks.tasks[task].replica;
        let at = |place: Place| place.station(replica);
        let goes_on = match op {
            Op::Rest { law, stream } => {
                let time = self.draw(law, stream);
                self.call_later(task, self.now.saturating_add(time));
                return Flow::Off;
            }
            Op::TakeAway { place, which } => self.take_away(at(place), which),
            Op::GiveBack { place, which } => self.give_back(at(place), which),
            Op::AwaitIdle { place } => self.await_idle(task, at(place)),
            Op::AwaitCustomer { place } => self.await_customer(task, at(place)),
            Op::WaitBusy { place, law } => self.wait_busy(task, at(place), law),
            Op::Signal { place, bell } => self.ring(at(place), bell),
            Op::AwaitSignal { place, bell } => self.await_ring(task, at(place), bell),
            _ => true,
        };
        if goes_on {
            return Flow::On;
        }
        // Looks again when it is woken.
        self.tasks.tasks[task].pc -= 1;
        Flow::Off
    }

    pub(super) fn special(&mut self, station: u32) -> Option<&mut Special> {
        self.stations[station as usize].special.as_deref_mut()
    }

    fn take_away(&mut self, station: u32, which: Taken) -> bool {
        self.count_absence();
        if which == Taken::Crash && self.whole_of(station) != NONE {
            self.crash(self.whole_of(station), false);
            return true;
        }
        self.change(station, |special| match which {
            Taken::All | Taken::Crash => special.paused += 1,
            Taken::One | Taken::SetUp => special.away += 1,
            Taken::Idle | Taken::Vacation => {
                special.away += 1;
                special.resting += u32::from(which == Taken::Vacation);
                special.idle.pop_front();
            }
        })
    }

    /// In a run until empty, what goes on without anything else may not go on for ever.
    pub(super) fn count_absence(&mut self) {
        if self.settings.window.is_none() {
            self.absences += 1;
            if self.absences.is_multiple_of(STANDSTILL) && self.stands_still() {
                self.conclude();
            }
        }
    }

    /// Whether nobody has moved since this was last asked, and nobody but daemons has an event to come.
    fn stands_still(&mut self) -> bool {
        let moved: u64 = self.stations.iter().map(|at| at.tally.arrivals + at.tally.departures).sum();
        let before = std::mem::replace(&mut self.moved, moved);
        let daemons = self.daemons;
        before == moved && self.tasks.live().all(|(id, task)| id < daemons || task.pending == 0)
    }

    fn give_back(&mut self, station: u32, which: Taken) -> bool {
        if which == Taken::Crash && self.whole_of(station) != NONE {
            self.restart(self.whole_of(station), false);
            return true;
        }
        self.change(station, |special| match which {
            Taken::All | Taken::Crash => special.paused -= 1,
            Taken::One | Taken::Idle => special.away -= 1,
            Taken::Vacation => {
                special.away -= 1;
                special.resting -= 1;
            }
            Taken::SetUp => {
                special.away -= 1;
                special.warming -= 1;
            }
        })
    }

    pub(super) fn change(&mut self, station: u32, change: impl FnOnce(&mut Special)) -> bool {
        let now = self.now;
        if let Some(special) = self.special(station) {
            let before = (special.down(), special.on_vacation());
            change(special);
            special.tally.down.change(now, before.0, special.down());
            special.tally.vacation.change(now, before.1, special.on_vacation());
        }
        self.adjust(station);
        true
    }

    /// The servers that are available now work; those that are not stop.
    pub(super) fn adjust(&mut self, station: u32) {
        let at = &mut self.stations[station as usize];
        let Some(special) = at.special.as_deref() else { return };
        let (available, most) = (special.available(), special.most_busy());
        at.servers = available;
        if let Some(sharing) = &mut at.sharing {
            sharing.set_servers(self.now, available);
            return self.reschedule(station);
        }
        // Who holds a server keeps it until he gives it back.
        while self.stations[station as usize].busy > most && !self.group(station).held {
            self.interrupt_one(station);
        }
        self.fill(station);
        self.settle(station);
    }

    /// Idle servers turn to those who wait.
    pub(super) fn fill(&mut self, station: u32) {
        loop {
            let busy = self.stations[station as usize].busy;
            self.serve_next(station);
            if self.stations[station as usize].busy == busy {
                return;
            }
        }
    }

    /// One of those in service loses its server: the first, if they all do; or else any.
    fn interrupt_one(&mut self, station: u32) {
        let at = &self.stations[station as usize];
        let group = &self.model.groups[at.group as usize];
        let victim = match at.servers {
            0 => 0,
            _ => rng::below(&mut self.streams[group.special.stream as usize], at.running.len() as u32) as usize,
        };
        // Only where servers go away is anyone interrupted, and there it is known who is served.
        let Some(&victim) = at.running.get(victim) else { return };
        let began = self.tasks.tasks[victim].started;
        self.interrupt(victim, station);
        if matches!(group.rule, Rule::Ranked { preempts: true, .. }) {
            return self.enqueue(victim, station);
        }
        self.rest_of_bulk(victim, station, |rider| rider.started = WAITING);
        self.ride(station);
        if let Some(special) = self.special(station) {
            let later = special.interrupted.partition_point(|&(other, _)| other <= began);
            special.interrupted.insert(later, (began, victim));
        }
    }

    /// A server goes on with the first of those whose servers went away.
    pub(super) fn resume_interrupted(&mut self, station: u32) -> bool {
        let Some((_, task)) = self.special(station).and_then(|special| special.interrupted.pop_front()) else {
            return false;
        };
        self.serve(task, station);
        let now = self.now;
        self.rest_of_bulk(task, station, |rider| rider.started = now);
        self.ride(station);
        true
    }

    /// Takes a task out of those who were interrupted; false if it is not one of them.
    pub(super) fn leave_interrupted(&mut self, task: u32, station: u32) -> bool {
        let Some(special) = self.special(station) else { return false };
        let found = special.interrupted.iter().position(|&(_, id)| id == task);
        found.and_then(|at| special.interrupted.remove(at)).is_some()
    }

    /// Goes on if a server has been idle for long enough.
    fn await_idle(&mut self, task: u32, station: u32) -> bool {
        let now = self.now;
        let Some(special) = self.special(station) else { return false };
        let Some(&since) = special.idle.front() else {
            special.watchers.push_back(task);
            return false;
        };
        let until = since.saturating_add(special.keep_alive);
        if until <= now {
            return true;
        }
        self.call_later(task, until);
        false
    }

    /// A daemon goes on at an instant, after all that is complete then.
    fn call_later(&mut self, daemon: u32, time: u64) {
        self.tasks.tasks[daemon].pending = self.calendar.schedule(time, Class::Arrival, daemon);
    }

    /// Goes on if more customers wait than servers are being set up.
    fn await_customer(&mut self, task: u32, station: u32) -> bool {
        let at = &mut self.stations[station as usize];
        let waiting = at.waiting();
        let Some(special) = at.special.as_deref_mut() else { return false };
        if waiting <= special.warming {
            special.starters.push_back(task);
            return false;
        }
        special.warming += 1;
        special.tally.set_ups += 1;
        true
    }

    /// Goes on when the server has worked for a time.
    fn wait_busy(&mut self, task: u32, station: u32, law: u32) -> bool {
        let stream = self.group(station).special.stream;
        if self.special(station).is_some_and(|special| special.wear.take().is_some()) {
            return true;
        }
        let left = self.draw(law, stream);
        if let Some(special) = self.special(station) {
            special.wear = Some(Wear { task, left, since: None });
        }
        self.settle(station);
        false
    }

    fn ring(&mut self, station: u32, bell: u32) -> bool {
        let Some(bell) = self.special(station).map(|special| special.bell(bell)) else { return true };
        bell.rung += 1;
        if let Some(task) = bell.waits.take() {
            self.wake(task);
        }
        true
    }

    fn await_ring(&mut self, task: u32, station: u32, bell: u32) -> bool {
        let Some(bell) = self.special(station).map(|special| special.bell(bell)) else { return false };
        if bell.rung == 0 {
            bell.waits = Some(task);
            return false;
        }
        bell.rung -= 1;
        true
    }

    /// After a change at a station: its daemons learn what they wait for.
    pub(super) fn settle(&mut self, station: u32) {
        let at = &mut self.stations[station as usize];
        let (busy, waiting) = (at.busy, at.waiting());
        let (idle, now) = (at.servers.saturating_sub(at.busy), self.now);
        let Some(special) = at.special.as_deref_mut().filter(|special| special.absent) else { return };
        // During a pause idle servers stay what they are.
        let came = if special.paused == 0 && special.installed != NONE { keep_idle(special, idle, now) } else { 0 };
        let watchers = special.watchers.len().min(came);
        let needed = waiting.saturating_sub(special.warming) as usize;
        let starters = special.starters.len().min(needed);
        let woken: Vec<u32> = special.watchers.drain(..watchers).chain(special.starters.drain(..starters)).collect();
        let wear = special.wear.filter(|wear| wear.since.is_some() != (busy > 0));
        let drains = special.drains;
        woken.into_iter().for_each(|task| self.wake(task));
        if let Some(wear) = wear {
            self.wear(station, wear);
        }
        if let Some(scaler) = drains {
            self.on_leave(scaler, station);
        }
    }

    /// The server begins, or stops, to work.
    fn wear(&mut self, station: u32, mut wear: Wear) {
        match wear.since.take() {
            None => {
                wear.since = Some(self.now);
                let end = self.now.saturating_add(wear.left);
                self.call_later(wear.task, end);
            }
            Some(since) => {
                wear.left = wear.left.saturating_sub(self.now - since);
                self.tasks.tasks[wear.task].pending = 0;
            }
        }
        if let Some(special) = self.special(station) {
            special.wear = Some(wear);
        }
    }
}

/// So many servers are idle now; returns how many have become so.
fn keep_idle(special: &mut Special, idle: u32, now: u64) -> usize {
    let before = special.idle.len();
    special.idle.resize(idle as usize, now);
    special.idle.len().saturating_sub(before)
}

impl Station {
    /// How many wait for a server.
    pub(super) fn waiting(&self) -> u32 {
        let interrupted = self.special.as_ref().map_or(0, |special| special.interrupted.len() as u32);
        match &self.sharing {
            Some(sharing) => sharing.present().saturating_sub(self.servers),
            None => self.line.len() + interrupted,
        }
    }
}
