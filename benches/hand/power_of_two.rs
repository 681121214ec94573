//! Many servers, each with a line; everybody joins the shorter of two (Mitzenmacher 2001).

use std::collections::VecDeque;

use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Model, exponential};

/// Services take 1 s on average.
pub(crate) struct PowerOfTwo {
    pub(crate) servers: u32,
    pub(crate) load: f64,
    pub(crate) customers: u32,
}

impl PowerOfTwo {
    fn rate(&self) -> f64 {
        self.load * f64::from(self.servers)
    }

    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.rate()
    }

    /// Who comes cannot tell two lines of one length apart, and neither is more likely to be drawn first.
    fn choose(&self, lines: &[VecDeque<u64>], dice: &mut Dice) -> u32 {
        let first = dice.below(self.servers);
        let other = dice.below(self.servers - 1);
        let other = other + u32::from(other >= first);
        if lines[other as usize].len() < lines[first as usize].len() { other } else { first }
    }
}

impl Model for PowerOfTwo {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             [station.desk]\nreplicas = {}\nbalance = \"power-of-two\"\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.rate(),
            self.servers,
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / self.rate()), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        // By server: when those who are there came; the first is being served.
        let mut lines: Vec<VecDeque<u64>> = vec![VecDeque::new(); self.servers as usize];
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            let mut server = event.slot;
            if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                server = self.choose(&lines, &mut dice);
                lines[server as usize].push_back(now);
                if lines[server as usize].len() > 1 {
                    continue;
                }
            } else if let Some(arrived) = lines[server as usize].pop_front() {
                answer.count(now - arrived);
            }
            if !lines[server as usize].is_empty() {
                agenda.push(now + dice.draw(&services), DEPARTURE, server);
            }
        }
        answer
    }
}
