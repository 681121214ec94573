//! Several servers; who has waited for long sends a copy to another one. The first answer counts and the
//! other copy is taken out at once.

use std::collections::VecDeque;

use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DELAY, DEPARTURE, Dice, Heap, Lane, Model, exponential};
use knee::distribution::Law;

/// Services take 1 s on average.
pub(crate) struct Hedges {
    pub(crate) servers: u32,
    pub(crate) load: f64,
    /// When a copy is sent, in seconds.
    pub(crate) after: f64,
    pub(crate) customers: u32,
}

impl Hedges {
    fn rate(&self) -> f64 {
        self.load * f64::from(self.servers)
    }

    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.rate()
    }
}

impl Model for Hedges {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             hedge = {{ after = \"{}s\", losers = \"cancel\" }}\n\
             [station.desk]\nreplicas = {}\nbalance = \"random\"\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.rate(),
            self.after,
            self.servers,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let gaps = exponential(1.0 / self.rate());
        let mut run = Run::<H>::new(self, seed);
        run.agenda.push(run.dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = run.agenda.pop() {
            match event.kind {
                ARRIVAL => {
                    run.agenda.push(event.time + run.dice.draw(&gaps), ARRIVAL, 0);
                    run.arrive(event.time);
                }
                DEPARTURE if run.servers[event.slot as usize].departure == event.number => {
                    run.depart(event.time, event.slot);
                }
                DEPARTURE => {}
                _ => run.ring(event.time),
            }
        }
        run.answer
    }
}

struct Request {
    arrived: u64,
    /// Tells the request from another one in its place; 0 when it is answered.
    number: u32,
    first: u32,
    /// The server that has the copy; that of the first one if there is none.
    copy: u32,
}

#[derive(Clone, Default)]
struct Server {
    /// Places and numbers of requests, some of which may be answered.
    line: VecDeque<(u32, u32)>,
    serves: Option<u32>,
    /// The number of the event at which it is done.
    departure: u32,
}

struct Run<H> {
    agenda: Agenda<H>,
    dice: Dice,
    services: Law,
    requests: Slab<Request>,
    servers: Vec<Server>,
    /// When copies are sent. The next one, and only that, is in the agenda too.
    timers: Lane,
    answer: Answer,
}

impl<H: Heap> Run<H> {
    fn new(model: &Hedges, seed: u64) -> Run<H> {
        Run {
            agenda: Agenda::until(model.seconds()),
            dice: Dice::new(seed),
            services: exponential(1.0),
            requests: Slab::new(),
            servers: vec![Server::default(); model.servers as usize],
            timers: Lane::new(model.after),
            answer: Answer::default(),
        }
    }

    fn arrive(&mut self, now: u64) {
        self.answer.offered += 1;
        let number = self.answer.offered as u32;
        let first = self.dice.below(self.servers.len() as u32);
        let slot = self.requests.put(Request { arrived: now, number, first, copy: first });
        if self.timers.timers.is_empty() {
            self.agenda.push(now + self.timers.delay, DELAY, 0);
        }
        self.timers.push(now, slot, number);
        self.join(now, first, slot, number);
    }

    fn join(&mut self, now: u64, server: u32, slot: u32, number: u32) {
        self.servers[server as usize].line.push_back((slot, number));
        if self.servers[server as usize].serves.is_none() {
            self.serve(now, server);
        }
    }

    /// An idle server turns to the next whose request is not answered.
    fn serve(&mut self, now: u64, index: u32) {
        let server = &mut self.servers[index as usize];
        while let Some((slot, number)) = server.line.pop_front() {
            if self.requests[slot].number == number {
                server.serves = Some(slot);
                server.departure = self.agenda.push(now + self.dice.draw(&self.services), DEPARTURE, index);
                return;
            }
        }
    }

    fn depart(&mut self, now: u64, server: u32) {
        let Some(slot) = self.servers[server as usize].serves.take() else { return };
        let request = &mut self.requests[slot];
        self.answer.count(now - request.arrived);
        request.number = 0;
        let other = if server == request.first { request.copy } else { request.first };
        self.requests.free(slot);
        self.serve(now, server);
        let loser = &mut self.servers[other as usize];
        if other != server && loser.serves == Some(slot) {
            (loser.serves, loser.departure) = (None, 0);
            self.serve(now, other);
        }
    }

    /// The first timer rings; those behind it of requests that are answered go too.
    fn ring(&mut self, now: u64) {
        if let Some((_, slot, number)) = self.timers.timers.pop_front()
            && self.requests[slot].number == number
        {
            self.send_copy(now, slot, number);
        }
        let requests = &self.requests;
        while self.timers.timers.pop_front_if(|&mut (_, slot, number)| requests[slot].number != number).is_some() {}
        if let Some(&(time, ..)) = self.timers.timers.front() {
            self.agenda.push(time, DELAY, 0);
        }
    }

    fn send_copy(&mut self, now: u64, slot: u32, number: u32) {
        let request = &mut self.requests[slot];
        let other = self.dice.below(self.servers.len() as u32 - 1);
        request.copy = other + u32::from(other >= request.first);
        let copy = request.copy;
        self.join(now, copy, slot, number);
    }
}
