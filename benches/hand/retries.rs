//! M/M/1 whose answers are wrong now and then: up to three attempts, with a random wait between them.

use std::collections::VecDeque;

use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DELAY, DEPARTURE, Dice, Heap, Model, exponential};

/// Services and the waits before another attempt take 1 s on average.
pub(crate) struct Retries {
    /// Customers a second, attempts apart.
    pub(crate) rate: f64,
    /// Probability that an attempt fails.
    pub(crate) failing: f64,
    pub(crate) customers: u32,
}

const ATTEMPTS: u32 = 3;

struct Request {
    arrived: u64,
    attempts: u32,
}

impl Retries {
    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.rate
    }
}

impl Model for Retries {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"front\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             retry = {{ attempts = {ATTEMPTS}, backoff = {{ delay = {{ exponential = \"1s\" }} }} }}\n\
             [service.front]\nsteps = [{{ visit = \"desk\" }}, {{ fail = {} }}]\n\
             [station.desk]\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.rate,
            self.failing,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, second) = (exponential(1.0 / self.rate), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        let mut requests: Slab<Request> = Slab::new();
        let mut line: VecDeque<u32> = VecDeque::new();
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            let mut joins = None;
            if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                joins = Some(requests.put(Request { arrived: now, attempts: 1 }));
            } else if event.kind == DELAY {
                requests[event.slot].attempts += 1;
                joins = Some(event.slot);
            } else if let Some(slot) = line.pop_front() {
                let fails = dice.chance(self.failing);
                if fails && requests[slot].attempts < ATTEMPTS {
                    agenda.push(now + dice.draw(&second), DELAY, slot);
                } else {
                    requests.free(slot);
                    if !fails {
                        answer.count(now - requests[slot].arrived);
                    }
                }
            }
            line.extend(joins);
            // Who comes is served if he is alone; after a departure the next one is.
            if line.len() == 1 || (joins.is_none() && !line.is_empty()) {
                agenda.push(now + dice.draw(&second), DEPARTURE, 0);
            }
        }
        answer
    }
}
