//! M/M/1: one line, one server.

use std::collections::VecDeque;

use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Model, exponential};

/// Services take 1 s on average.
pub(crate) struct Mm1 {
    pub(crate) load: f64,
    pub(crate) customers: u32,
}

impl Mm1 {
    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.load
    }
}

impl Model for Mm1 {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             [station.desk]\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.load,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / self.load), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        // When those who are here came; the first is being served.
        let mut line: VecDeque<u64> = VecDeque::new();
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                line.push_back(now);
                if line.len() > 1 {
                    continue;
                }
            } else if let Some(arrived) = line.pop_front() {
                answer.count(now - arrived);
            }
            if !line.is_empty() {
                agenda.push(now + dice.draw(&services), DEPARTURE, 0);
            }
        }
        answer
    }
}
