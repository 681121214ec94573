//! M/M/c: one line, several servers.

use std::collections::VecDeque;

use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Model, exponential};

/// Services take 1 s on average.
pub(crate) struct Mmc {
    pub(crate) servers: u32,
    pub(crate) load: f64,
    pub(crate) customers: u32,
}

impl Mmc {
    fn rate(&self) -> f64 {
        self.load * f64::from(self.servers)
    }

    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.rate()
    }
}

impl Model for Mmc {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             [station.desk]\nservers = {}\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.rate(),
            self.servers,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / self.rate()), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        let mut idle: Vec<u32> = (0..self.servers).collect();
        // By server: when its customer came.
        let mut served = vec![0; self.servers as usize];
        let mut line: VecDeque<u64> = VecDeque::new();
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            let (server, arrived) = if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                let Some(server) = idle.pop() else {
                    line.push_back(now);
                    continue;
                };
                (server, now)
            } else {
                answer.count(now - served[event.slot as usize]);
                let Some(arrived) = line.pop_front() else {
                    idle.push(event.slot);
                    continue;
                };
                (event.slot, arrived)
            };
            served[server as usize] = arrived;
            agenda.push(now + dice.draw(&services), DEPARTURE, server);
        }
        answer
    }
}
