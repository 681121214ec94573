//! SimCore (of DSLab): components that emit events to each other, here one component to itself. Random numbers are the
//! simulation's.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use rand_distr_04::Exp;
use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};

use crate::setup::{Setup, shorter_of_two};

pub fn run(setup: &Setup) -> f64 {
    let mut sim = Simulation::new(setup.seed);
    let bank = Rc::new(RefCell::new(Bank::new(setup, sim.create_context("bank"))));
    sim.add_handler("bank", bank.clone());
    bank.borrow_mut().next_arrival();
    sim.step_until_no_events();
    let bank = bank.borrow();
    bank.sum / setup.customers as f64
}

#[derive(Clone, Serialize)]
struct Arrival {}

#[derive(Clone, Serialize)]
struct Departure {
    station: usize,
    arrived: f64,
}

#[derive(Default)]
struct Station {
    busy: usize,
    /// When each of the waiting arrived.
    waiting: VecDeque<f64>,
}

struct Bank {
    ctx: SimulationContext,
    servers: usize,
    stations: Vec<Station>,
    gaps: Exp<f64>,
    services: Exp<f64>,
    to_come: u64,
    sum: f64,
}

impl Bank {
    fn new(setup: &Setup, ctx: SimulationContext) -> Bank {
        Bank {
            ctx,
            servers: setup.servers,
            stations: (0..setup.stations).map(|_| Station::default()).collect(),
            gaps: Exp::new(setup.rate).expect("a positive rate"),
            services: Exp::new(1.0).expect("a positive rate"),
            to_come: setup.customers,
            sum: 0.0,
        }
    }

    fn next_arrival(&mut self) {
        if self.to_come > 0 {
            self.to_come -= 1;
            self.ctx.emit_self(Arrival {}, self.ctx.sample_from_distribution(&self.gaps));
        }
    }

    fn serve(&self, station: usize, arrived: f64) {
        let service = self.ctx.sample_from_distribution(&self.services);
        self.ctx.emit_self(Departure { station, arrived }, service);
    }

    fn on_arrival(&mut self) {
        self.next_arrival();
        let load = |at: usize| self.stations[at].busy + self.stations[at].waiting.len();
        let at = shorter_of_two(self.stations.len(), |below| self.ctx.gen_range(0..below), load);
        let now = self.ctx.time();
        if self.stations[at].busy < self.servers {
            self.stations[at].busy += 1;
            self.serve(at, now);
        } else {
            self.stations[at].waiting.push_back(now);
        }
    }

    fn on_departure(&mut self, station: usize, arrived: f64) {
        self.sum += self.ctx.time() - arrived;
        match self.stations[station].waiting.pop_front() {
            Some(arrived) => self.serve(station, arrived),
            None => self.stations[station].busy -= 1,
        }
    }
}

impl EventHandler for Bank {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Arrival {} => {
                self.on_arrival()
            }
            Departure { station, arrived } => {
                self.on_departure(station, arrived)
            }
        })
    }
}
