//! M/M/1 with a timeout on every request: who gives up goes, and his work is done for nobody.

use std::collections::VecDeque;

use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Lane, Model, exponential};

/// Services take 1 s on average.
pub(crate) struct Timeouts {
    pub(crate) load: f64,
    /// In seconds.
    pub(crate) timeout: f64,
    pub(crate) customers: u32,
}

struct Request {
    arrived: u64,
    /// Nobody waits any more.
    gave_up: bool,
    /// Tells the request from an earlier one in its place.
    number: u32,
}

impl Timeouts {
    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.load
    }
}

impl Model for Timeouts {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{}/s\" }}\ntimeout = \"{}s\"\n\
             [station.desk]\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.load,
            self.timeout,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / self.load), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        let (mut requests, mut timers) = (Slab::new(), Lane::new(self.timeout));
        let mut line: VecDeque<u32> = VecDeque::new();
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            while let Some((_, slot, number)) = timers.pop_before(now) {
                let request: &mut Request = &mut requests[slot];
                request.gave_up |= request.number == number;
            }
            if event.kind == ARRIVAL {
                answer.offered += 1;
                let number = answer.offered as u32;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                let slot = requests.put(Request { arrived: now, gave_up: false, number });
                timers.push(now, slot, number);
                line.push_back(slot);
                if line.len() > 1 {
                    continue;
                }
            } else if let Some(slot) = line.pop_front() {
                let request = &mut requests[slot];
                if !request.gave_up {
                    answer.count(now - request.arrived);
                }
                requests.free(slot);
            }
            if !line.is_empty() {
                agenda.push(now + dice.draw(&services), DEPARTURE, 0);
            }
        }
        answer
    }
}
