//! odem-rs: agents as futures. Servers are agents that sleep while their station has nobody to serve, as in the M/M/1 of
//! its own examples.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::task::Waker;

use odem_rs::core::ops::waker;
use odem_rs::prelude::*;

use crate::setup::{Draws, Setup};

pub fn run(setup: &Setup) -> f64 {
    let stations = (0..setup.stations).map(|_| Station::default()).collect();
    simulate(stations, RefCell::new(Draws::new(setup)), Cell::new(0.0), *setup)
}

#[derive(Config)]
#[time(Time<f64>)]
struct Bank {
    stations: Vec<Station>,
    draws: RefCell<Draws>,
    /// Of all response times so far, in seconds.
    sum: Cell<f64>,
}

#[derive(Default)]
struct Station {
    /// When each of the waiting arrived.
    waiting: RefCell<VecDeque<Time<f64>>>,
    /// Waiting or in service.
    present: Cell<usize>,
    idle: RefCell<Vec<Waker>>,
}

impl Station {
    fn join(&self, now: Time<f64>) {
        self.present.set(self.present.get() + 1);
        self.waiting.borrow_mut().push_back(now);
        if let Some(server) = self.idle.borrow_mut().pop() {
            server.wake();
        }
    }
}

struct Server {
    station: usize,
}

impl Behavior<Bank> for Server {
    type Output = ();

    async fn actions(&self, sim: &Sim<Bank>) {
        let bank = sim.global();
        let station = &bank.stations[self.station];
        loop {
            let next = station.waiting.borrow_mut().pop_front();
            let Some(arrived) = next else {
                let me = waker().await;
                station.idle.borrow_mut().push(me);
                sleep().await;
                continue;
            };
            let service = bank.draws.borrow_mut().service();
            sim.advance(second::new(service)).await;
            station.present.set(station.present.get() - 1);
            bank.sum.set(bank.sum.get() + (sim.now() - arrived).get::<second>());
        }
    }
}

#[odem_rs::main(Bank { stations, draws, sum })]
async fn simulate(sim: &Sim<Bank>, stations: Vec<Station>, draws: RefCell<Draws>, sum: Cell<f64>, setup: Setup) -> f64 {
    for station in 0..setup.stations {
        for _ in 0..setup.servers {
            sim.spawn(Server { station });
        }
    }
    let bank = sim.global();
    for _ in 0..setup.customers {
        let gap = bank.draws.borrow_mut().gap();
        sim.advance(second::new(gap)).await;
        let load = |at: usize| bank.stations[at].present.get();
        let at = bank.draws.borrow_mut().choose(setup.stations, load);
        bank.stations[at].join(sim.now());
    }
    while bank.stations.iter().any(|station| station.present.get() > 0) {
        sim.advance(second::new(1.0)).await;
    }
    // The simulator insists that nothing of its agents outlives it.
    for station in &bank.stations {
        station.idle.borrow_mut().clear();
    }
    bank.sum.get() / setup.customers as f64
}
