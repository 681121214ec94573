//! Everybody asks all servers at once and waits for the last answer: fork-join.

use std::collections::VecDeque;

use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Model, exponential};

/// Services take 1 s on average.
pub(crate) struct FanOut {
    pub(crate) leaves: u32,
    pub(crate) load: f64,
    pub(crate) customers: u32,
}

struct Request {
    arrived: u64,
    /// Answers that are still to come.
    missing: u32,
}

impl FanOut {
    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.load
    }
}

impl Model for FanOut {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"root\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             [service.root]\nsteps = [{{ fan-out = {{ to = \"leaf\", count = {1} }} }}]\n\
             [station.leaf]\nreplicas = {1}\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{2}s\"\nwarm-up = \"0s\"\n",
            self.load,
            self.leaves,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / self.load), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        let mut requests: Slab<Request> = Slab::new();
        let mut lines: Vec<VecDeque<u32>> = vec![VecDeque::new(); self.leaves as usize];
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                let slot = requests.put(Request { arrived: now, missing: self.leaves });
                for (leaf, line) in (0..).zip(&mut lines) {
                    line.push_back(slot);
                    if line.len() == 1 {
                        agenda.push(now + dice.draw(&services), DEPARTURE, leaf);
                    }
                }
                continue;
            }
            let line = &mut lines[event.slot as usize];
            let Some(slot) = line.pop_front() else { continue };
            if !line.is_empty() {
                agenda.push(now + dice.draw(&services), DEPARTURE, event.slot);
            }
            requests[slot].missing -= 1;
            if requests[slot].missing == 0 {
                answer.count(now - requests[slot].arrived);
                requests.free(slot);
            }
        }
        answer
    }
}
