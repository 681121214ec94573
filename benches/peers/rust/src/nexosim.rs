//! NeXosim: models that schedule their own inputs, on its executor with one thread.

use std::time::Duration;

use nexosim::model::{BuildContext, Context, Model, ProtoModel, schedulable};
use nexosim::ports::{EventSinkReader, Output, SinkState, event_slot};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::setup::{Bank, Setup};

pub fn run(setup: &Setup) -> f64 {
    let (sink, mut mean) = event_slot(SinkState::Enabled);
    let mut desk = DeskPrototype { bank: Bank::new(setup), customers: setup.customers, mean: Output::default() };
    desk.mean.connect_sink(sink);
    let mut simulation = SimInit::with_num_threads(1)
        .add_model(desk, Mailbox::new(), "desk")
        .init(MonotonicTime::EPOCH)
        .expect("a sound bench");
    simulation.run().expect("a run to the last departure");
    mean.try_read().expect("the mean")
}

/// All stations: whoever balances them has to see their queues.
#[derive(Serialize, Deserialize)]
struct Desk {
    /// Customers that have yet to leave.
    customers: u64,
    /// Sent when the last customer has left.
    mean: Output<f64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Customer {
    station: usize,
    arrived: MonotonicTime,
}

#[Model(type Env = Bank<MonotonicTime>)]
impl Desk {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>, bank: &mut Bank<MonotonicTime>) {
        Desk::next_arrival(cx, bank);
    }

    fn next_arrival(cx: &Context<Self>, bank: &mut Bank<MonotonicTime>) {
        if let Some(gap) = bank.next_arrival() {
            cx.schedule_event(delay(gap), schedulable!(Self::arrive), ()).expect("an arrival in the future");
        }
    }

    fn serve(customer: Customer, service: f64, cx: &Context<Self>) {
        cx.schedule_event(delay(service), schedulable!(Self::leave), customer).expect("a departure in the future");
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, _: (), cx: &Context<Self>, bank: &mut Bank<MonotonicTime>) {
        Desk::next_arrival(cx, bank);
        let arrived = cx.time();
        if let Some((station, service)) = bank.join(arrived) {
            Desk::serve(Customer { station, arrived }, service, cx);
        }
    }

    #[nexosim(schedulable)]
    async fn leave(&mut self, customer: Customer, cx: &Context<Self>, bank: &mut Bank<MonotonicTime>) {
        let station = customer.station;
        let response = cx.time().duration_since(customer.arrived).as_secs_f64();
        if let Some((arrived, service)) = bank.leave(station, response) {
            Desk::serve(Customer { station, arrived }, service, cx);
        }
        self.customers -= 1;
        if self.customers == 0 {
            self.mean.send(bank.mean()).await;
        }
    }
}

/// Time is in whole nanoseconds, and the present is too late to schedule anything for.
fn delay(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds).max(Duration::from_nanos(1))
}

struct DeskPrototype {
    bank: Bank<MonotonicTime>,
    customers: u64,
    mean: Output<f64>,
}

impl ProtoModel for DeskPrototype {
    type Model = Desk;

    fn build(self, _: &mut BuildContext<Self>) -> (Desk, Bank<MonotonicTime>) {
        (Desk { customers: self.customers, mean: self.mean }, self.bank)
    }
}
