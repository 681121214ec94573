//! What happens to a task at a station: it is offered, waits, is served, leaves.

use super::Engine;
use super::calendar::Class;
use super::interpret::Flow;
use super::line;
use super::task::{Client, NONE, Task, WAITING};
use crate::arena::Arena;
use crate::model::Group;
use crate::policy::discipline::{Customer, Rule};
use crate::policy::shed::Entry;

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offer {
    /// Holds a server now, until it is released.
    Granted,
    /// Waits or is served; an event will tell.
    Accepted,
    /// Turned away.
    Refused,
}

/// Whether an entry of a station's line still stands for its task.
#[inline]
pub(super) fn is_valid(tasks: &Arena<Task>, station: u32, entry: line::Entry) -> bool {
    let task = &tasks[entry.task];
    task.order == entry.order && task.station == station && !task.is_served()
}

/// Whether an entry of a shared station still stands for its task.
#[inline]
pub(super) fn is_present(tasks: &Arena<Task>, station: u32, entry: line::Entry) -> bool {
    let task = &tasks[entry.task];
    task.order == entry.order && task.station == station
}

fn customer(task: &Task) -> Customer {
    Customer { priority: task.client.priority, service: task.service, remaining: task.remaining, order: task.order }
}

impl Engine<'_> {
    #[inline]
    pub(super) fn group(&self, station: u32) -> &Group {
        &self.model.groups[self.stations[station as usize].group as usize]
    }

    /// A task asks for `service` at a station, or to hold one of its servers.
    #[inline(always)]
    pub(super) fn offer(&mut self, task: u32, station: u32, service: u64) -> Offer {
        let now = self.now;
        let patience = self.draw_patience(station);
        let order = self.calendar.number();
        let (at, load) = (&mut self.stations[station as usize], &mut self.loads[station as usize]);
        if let Some(probe) = &mut self.probe {
            probe.arrival(at.group, now, *load);
        }
        if *load >= at.capacity {
            at.tally.rejected += 1;
            return Offer::Refused;
        }
        at.enter(now, load);
        let new = &mut self.tasks.tasks[task];
        new.come_to(station, order, now, service);
        if !at.plain {
            return self.place(task, station, patience);
        }
        if at.busy < at.servers {
            at.occupy(now);
            new.begin(now);
            new.pending = self.calendar.schedule(now.saturating_add(service), Class::Completion, task);
        } else {
            at.line.push(line::Entry { order, task }, 0, 0);
        }
        Offer::Accepted
    }

    #[inline(always)]
    fn draw_patience(&mut self, station: u32) -> Option<u64> {
        let law = self.stations[station as usize].patience?;
        let stream = self.group(station).patience_stream;
        Some(self.draw(law, stream))
    }

    /// What a station that is not plain does with one that has come in.
    fn place(&mut self, task: u32, station: u32, patience: Option<u64>) -> Offer {
        let offer = self.place_in(task, station, patience);
        self.settle(station);
        offer
    }

    fn place_in(&mut self, task: u32, station: u32, patience: Option<u64>) -> Offer {
        self.tasks.tasks[task].remaining = self.tasks.tasks[task].service;
        let at = &mut self.stations[station as usize];
        if at.sharing.is_some() {
            self.share(task, station);
            return Offer::Accepted;
        }
        let group = &self.model.groups[at.group as usize];
        let key = self.tasks.tasks[task].client.key;
        if at.busy < at.servers && (!group.keyed || at.line.hold_key(key)) {
            self.serve(task, station);
            self.fill_bulk(task, station);
            return if group.held { Offer::Granted } else { Offer::Accepted };
        }
        if self.preempt(task, station) {
            return Offer::Accepted;
        }
        let patience = match self.joins(task, station) {
            Entry::Join => patience,
            Entry::JoinFor(limit) => Some(limit),
            Entry::Shed => return self.turn_away(task, station),
        };
        self.enqueue(task, station);
        if let Some(patience) = patience {
            let time = self.now.saturating_add(patience);
            self.tasks.tasks[task].pending = self.calendar.schedule(time, Class::Patience, task);
        }
        Offer::Accepted
    }

    pub(super) fn enqueue(&mut self, task: u32, station: u32) {
        let at = &mut self.stations[station as usize];
        let waiting = &self.tasks.tasks[task];
        let rank = match self.model.groups[at.group as usize].rule {
            Rule::Ranked { rank, .. } => rank(&customer(waiting)),
            _ => 0,
        };
        at.line.push(line::Entry { order: waiting.order, task }, rank, waiting.client.key);
    }

    /// A server begins, or goes on, with a task.
    pub(super) fn serve(&mut self, task: u32, station: u32) {
        self.slow_down(task, station);
        let at = &mut self.stations[station as usize];
        at.occupy(self.now);
        let served = &mut self.tasks.tasks[task];
        served.begin(self.now);
        let group = &self.model.groups[at.group as usize];
        if at.interrupts {
            at.running.push(task);
        }
        if group.held {
            return;
        }
        let (class, time) = match group.rule {
            Rule::Turns if served.remaining > group.quantum => (Class::Quantum, group.quantum),
            _ if at.plain => (Class::Completion, served.service),
            _ => (Class::Completion, served.remaining),
        };
        served.pending = self.calendar.schedule(self.now.saturating_add(time), class, task);
    }

    /// Interrupts the least urgent task in service, if the new one is more urgent.
    fn preempt(&mut self, task: u32, station: u32) -> bool {
        let at = &self.stations[station as usize];
        let Rule::Ranked { rank, preempts: true } = self.model.groups[at.group as usize].rule else { return false };
        let now = self.now;
        let rank_now = |id: u32| {
            let mut running = customer(&self.tasks.tasks[id]);
            let remaining = running.remaining - (now - self.tasks.tasks[id].started);
            running.remaining = at.at_usual_speed(remaining);
            (rank(&running), running.order)
        };
        let worst = at.running.iter().copied().max_by_key(|&id| rank_now(id));
        let newcomer = rank(&customer(&self.tasks.tasks[task]));
        match worst {
            Some(worst) if rank_now(worst).0 > newcomer => {
                self.interrupt(worst, station);
                self.enqueue(worst, station);
                self.serve(task, station);
                true
            }
            _ => false,
        }
    }

    /// Takes a task off its server; what it received stays received.
    pub(super) fn interrupt(&mut self, task: u32, station: u32) {
        let at = &mut self.stations[station as usize];
        at.free(self.now);
        at.running.retain(|&id| id != task);
        let running = &mut self.tasks.tasks[task];
        running.remaining = running.remaining.saturating_sub(self.now - running.started);
        running.started = WAITING;
        running.pending = 0;
        self.speed_up(task, station);
    }

    /// A quantum has passed: to the end of the line.
    pub(super) fn on_quantum(&mut self, task: u32) {
        let station = self.tasks.tasks[task].station;
        self.interrupt(task, station);
        self.enqueue(task, station);
        self.serve_next(station);
        self.settle(station);
    }

    /// A service is complete, if the task is at a station: it leaves, and the server turns to the next.
    #[inline(always)]
    pub(super) fn complete(&mut self, task: u32) -> Flow {
        let now = self.now;
        let tasks = &mut self.tasks.tasks;
        let done = &mut tasks[task];
        let (station, arrived, service) = (done.station, done.arrived, done.service);
        if station == NONE {
            return Flow::On;
        }
        let (at, load) = (&mut self.stations[station as usize], &mut self.loads[station as usize]);
        if !at.plain {
            return self.complete_other(task, station);
        }
        at.tally.complete(now - arrived, service);
        if self.recording {
            self.groups[at.group as usize].record(now - arrived, service);
        }
        done.go();
        at.leave(now, load, arrived, self.start);
        let next = at.line.pop(&mut self.streams, at.discipline_stream, |entry| is_valid(tasks, station, entry));
        let Some(next) = next else {
            at.free(now);
            return Flow::On;
        };
        let served = &mut tasks[next];
        served.begin(now);
        let end = now.saturating_add(served.service);
        served.pending = self.calendar.schedule(end, Class::Completion, next);
        Flow::On
    }

    fn complete_other(&mut self, task: u32, station: u32) -> Flow {
        if self.blocks {
            return self.linger(task, station);
        }
        self.release_riders(task, station);
        self.finish_sharing(task, station);
        let Task { arrived, service, .. } = self.tasks.tasks[task];
        self.record_visit(station, arrived, service);
        if self.stations[station as usize].sharing.is_some() {
            self.unshare(task, station);
        } else {
            self.vacate(task, station);
        }
        Flow::On
    }

    /// The task leaves its server and the station; the server turns to the next.
    pub(super) fn vacate(&mut self, task: u32, station: u32) {
        self.depart(station, self.tasks.tasks[task].arrived);
        let at = &mut self.stations[station as usize];
        at.free(self.now);
        at.running.retain(|&id| id != task);
        self.tasks.tasks[task].go();
        self.serve_next(station);
        self.settle(station);
    }

    /// A held server is given back.
    pub(super) fn release(&mut self, client: Client, station: u32, arrived: u64, started: u64) {
        let held = self.now - started;
        self.record_visit(station, arrived, held);
        self.depart(station, arrived);
        self.stations[station as usize].free(self.now);
        if !self.group(station).keyed {
            self.serve_next(station);
            return self.settle(station);
        }
        self.pass_key(station, client.key);
    }

    /// The next who waits for a key has it.
    fn pass_key(&mut self, station: u32, key: u64) {
        let tasks = &self.tasks.tasks;
        let line = &mut self.stations[station as usize].line;
        if let Some(next) = line.release_key(key, |entry| is_valid(tasks, station, entry)) {
            self.serve(next, station);
            self.wake(next);
        }
    }

    /// A task that was given a key at this instant, and has not gone on yet, is not needed any more.
    pub(super) fn give_up_key(&mut self, task: u32, station: u32) {
        let (key, arrived) = (self.tasks.tasks[task].client.key, self.tasks.tasks[task].arrived);
        self.depart(station, arrived);
        self.stations[station as usize].free(self.now);
        self.tasks.tasks[task].go();
        self.pass_key(station, key);
    }

    pub(super) fn serve_next(&mut self, station: u32) {
        let at = &mut self.stations[station as usize];
        if at.busy >= at.servers || at.special.is_some() && self.resume_interrupted(station) {
            return;
        }
        let at = &mut self.stations[station as usize];
        if at.line.len() == 0 {
            return self.find_nobody(station);
        }
        let held = self.model.groups[at.group as usize].held;
        let Some(next) = self.take_next(station) else { return };
        self.serve(next, station);
        self.fill_bulk(next, station);
        if held {
            self.wake(next);
        }
    }

    /// Takes the next customer out of the line, past those who are shed.
    fn take_next(&mut self, station: u32) -> Option<u32> {
        loop {
            let at = &mut self.stations[station as usize];
            let (tasks, stream) = (&self.tasks.tasks, at.discipline_stream);
            let next = at.line.pop(&mut self.streams, stream, |entry| is_valid(tasks, station, entry))?;
            if !self.is_shed(next, station) {
                return Some(next);
            }
            self.shed(next, station);
        }
    }

    /// Takes the next customer out of a waiting room, unserved.
    pub(super) fn let_out(&mut self, station: u32) -> Option<u32> {
        let at = &mut self.stations[station as usize];
        let tasks = &self.tasks.tasks;
        let next = at.line.pop(&mut self.streams, at.discipline_stream, |entry| is_valid(tasks, station, entry))?;
        let arrived = self.tasks.tasks[next].arrived;
        self.record_visit(station, arrived, 0);
        self.depart(station, arrived);
        self.tasks.tasks[next].go();
        Some(next)
    }

    /// Who is next in a line in order, left where it is.
    pub(super) fn first_in_line(&mut self, station: u32) -> Option<u32> {
        let tasks = &self.tasks.tasks;
        self.stations[station as usize].line.first(|entry| is_valid(tasks, station, entry))
    }

    /// Counts a completed visit.
    pub(super) fn record_visit(&mut self, station: u32, arrived: u64, service: u64) {
        let at = &mut self.stations[station as usize];
        let response = self.now - arrived;
        at.tally.complete(response, service);
        if self.recording {
            self.groups[at.group as usize].record(response, service);
        }
    }

    /// Counts one out.
    pub(super) fn depart(&mut self, station: u32, arrived: u64) {
        let (at, load) = (&mut self.stations[station as usize], &mut self.loads[station as usize]);
        at.leave(self.now, load, arrived, self.start);
        if at.special.as_ref().is_some_and(|special| !special.door.is_empty()) {
            self.opened.push_back(station);
        }
    }
}
