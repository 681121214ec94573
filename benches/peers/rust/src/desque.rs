//! desque: a calendar of boxed events, each of which executes with the whole simulation in hand.

use desque::serial::{OkEvent, Simulation};
use desque::{Error, SimState};
use ordered_float::NotNan;

use crate::setup::{Bank, Setup};

type Time = NotNan<f64>;
type Sim = Simulation<State, Time>;

struct State(Bank<Time>);

impl SimState<Time> for State {}

pub fn run(setup: &Setup) -> f64 {
    let mut sim = Simulation::new(State(Bank::new(setup)), time(0.0));
    Arrival::schedule(&mut sim);
    sim.run().expect("events that don't fail");
    sim.state().0.mean()
}

#[derive(Debug)]
struct Arrival;

impl Arrival {
    fn schedule(sim: &mut Sim) {
        if let Some(gap) = sim.state_mut().0.next_arrival() {
            after(sim, gap, |at, sim| sim.schedule(Arrival, at));
        }
    }
}

impl OkEvent<State, Time> for Arrival {
    fn execute(&mut self, sim: &mut Sim) {
        Arrival::schedule(sim);
        let arrived = *sim.current_time();
        if let Some((station, service)) = sim.state_mut().0.join(arrived) {
            after(sim, service, |at, sim| sim.schedule(Departure { station, arrived }, at));
        }
    }
}

#[derive(Debug)]
struct Departure {
    station: usize,
    arrived: Time,
}

impl OkEvent<State, Time> for Departure {
    fn execute(&mut self, sim: &mut Sim) {
        let station = self.station;
        let response = (*sim.current_time() - self.arrived).into_inner();
        if let Some((arrived, service)) = sim.state_mut().0.leave(station, response) {
            after(sim, service, |at, sim| sim.schedule(Departure { station, arrived }, at));
        }
    }
}

fn after(sim: &mut Sim, delay: f64, schedule: impl FnOnce(Time, &mut Sim) -> Result<(), Error>) {
    let at = *sim.current_time() + time(delay);
    schedule(at, sim).expect("an event in the future");
}

fn time(seconds: f64) -> Time {
    NotNan::new(seconds).expect("a number")
}
