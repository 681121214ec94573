//! DESRu: a calendar of closures. Its log of events is switched off: it would keep them all.

use std::cell::RefCell;
use std::rc::Rc;

use desru::{Event, EventScheduler};

use crate::setup::{Bank, Setup};

type Shared = Rc<RefCell<Bank<f64>>>;

pub fn run(setup: &Setup) -> f64 {
    let bank = Rc::new(RefCell::new(Bank::new(setup)));
    let mut scheduler = EventScheduler::new();
    next_arrival(&mut scheduler, &bank);
    let is_over = |scheduler: &EventScheduler| scheduler.event_queue.is_empty();
    scheduler.run(Box::new(is_over), Some(Box::new(|_: &Event, _: &Option<String>| false)));
    bank.borrow().mean()
}

fn next_arrival(scheduler: &mut EventScheduler, bank: &Shared) {
    let Some(gap) = bank.borrow_mut().next_arrival() else { return };
    let bank = Rc::clone(bank);
    let action = Box::new(move |scheduler: &mut EventScheduler| {
        arrive(scheduler, &bank);
        None
    });
    scheduler.timeout(gap, Some(action), None);
}

fn arrive(scheduler: &mut EventScheduler, bank: &Shared) {
    next_arrival(scheduler, bank);
    let arrived = scheduler.current_time;
    let served = bank.borrow_mut().join(arrived);
    if let Some((station, service)) = served {
        serve(scheduler, bank, station, arrived, service);
    }
}

fn serve(scheduler: &mut EventScheduler, bank: &Shared, station: usize, arrived: f64, service: f64) {
    let bank = Rc::clone(bank);
    let action = Box::new(move |scheduler: &mut EventScheduler| {
        leave(scheduler, &bank, station, arrived);
        None
    });
    scheduler.timeout(service, Some(action), None);
}

fn leave(scheduler: &mut EventScheduler, bank: &Shared, station: usize, arrived: f64) {
    let next = bank.borrow_mut().leave(station, scheduler.current_time - arrived);
    if let Some((arrived, service)) = next {
        serve(scheduler, bank, station, arrived, service);
    }
}
