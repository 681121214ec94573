//! simrs: components that handle boxed events; what changes lives in a store beside them.

use std::time::Duration;

use simrs::{Component, ComponentId, Executor, Key, Scheduler, Simulation, State};

use crate::setup::{Bank, Setup};

pub fn run(setup: &Setup) -> f64 {
    let mut simulation = Simulation::default();
    let bank = simulation.state.insert(Bank::new(setup));
    let desk = simulation.add_component(Desk { bank });
    next_arrival(bank, desk, &mut simulation.scheduler, &mut simulation.state);
    simulation.execute(Executor::unbound());
    simulation.state.get(bank).expect("the bank").mean()
}

struct Desk {
    bank: Key<Bank<Duration>>,
}

#[derive(Debug)]
enum Happening {
    Arrival,
    Departure { station: usize, arrived: Duration },
}

impl Component for Desk {
    type Event = Happening;

    fn process_event(
        &self,
        desk: ComponentId<Happening>,
        event: &Happening,
        scheduler: &mut Scheduler,
        state: &mut State,
    ) {
        let now = scheduler.time();
        let (station, arrived, service) = match *event {
            Happening::Arrival => {
                next_arrival(self.bank, desk, scheduler, state);
                let Some((station, service)) = bank(self.bank, state).join(now) else { return };
                (station, now, service)
            }
            Happening::Departure { station, arrived } => {
                let response = (now - arrived).as_secs_f64();
                let Some((arrived, service)) = bank(self.bank, state).leave(station, response) else { return };
                (station, arrived, service)
            }
        };
        scheduler.schedule(Duration::from_secs_f64(service), desk, Happening::Departure { station, arrived });
    }
}

fn next_arrival(key: Key<Bank<Duration>>, desk: ComponentId<Happening>, scheduler: &mut Scheduler, state: &mut State) {
    if let Some(gap) = bank(key, state).next_arrival() {
        scheduler.schedule(Duration::from_secs_f64(gap), desk, Happening::Arrival);
    }
}

fn bank(key: Key<Bank<Duration>>, state: &mut State) -> &mut Bank<Duration> {
    state.get_mut(key).expect("the bank")
}
