//! Ten thousand components: a balancer in front of services, each of which goes through stations of its own.

use std::collections::VecDeque;
use std::fmt::Write as _;

use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Model, exponential};

/// Services take 1 s on average at each station.
pub(crate) struct Chains {
    /// How many services there are; with their stations that makes four times as many components.
    pub(crate) chains: u32,
    pub(crate) load: f64,
    pub(crate) customers: u32,
}

/// Stations of a chain.
const LENGTH: u32 = 3;

impl Chains {
    fn rate(&self) -> f64 {
        self.load * f64::from(self.chains)
    }

    fn seconds(&self) -> f64 {
        f64::from(self.customers) / self.rate()
    }
}

impl Model for Chains {
    fn scenario(&self) -> String {
        let names: Vec<String> = (0..self.chains).map(|chain| format!("\"chain{chain}\"")).collect();
        let mut text = format!(
            "[workload.customers]\nto = \"edge\"\narrivals = {{ poisson = \"{}/s\" }}\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n\
             [balancer.edge]\npolicy = \"random\"\nto = [{}]\n",
            self.rate(),
            self.seconds(),
            names.join(", ")
        );
        for chain in 0..self.chains {
            let stations: Vec<String> = (0..LENGTH).map(|place| format!("desk{chain}-{place}")).collect();
            let visits: Vec<String> = stations.iter().map(|name| format!("{{ visit = \"{name}\" }}")).collect();
            let _ = writeln!(text, "[service.chain{chain}]\nsteps = [{}]", visits.join(", "));
            for name in stations {
                let _ = writeln!(text, "[station.{name}]\nservice-time = {{ exponential = \"1s\" }}");
            }
        }
        text
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / self.rate()), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds()), Dice::new(seed));
        let mut arrived: Slab<u64> = Slab::new();
        let mut lines: Vec<VecDeque<u32>> = vec![VecDeque::new(); (self.chains * LENGTH) as usize];
        let mut answer = Answer::default();
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            let (slot, station) = if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                (arrived.put(now), dice.below(self.chains) * LENGTH)
            } else {
                let line = &mut lines[event.slot as usize];
                let Some(slot) = line.pop_front() else { continue };
                if !line.is_empty() {
                    agenda.push(now + dice.draw(&services), DEPARTURE, event.slot);
                }
                if event.slot % LENGTH == LENGTH - 1 {
                    answer.count(now - arrived[slot]);
                    arrived.free(slot);
                    continue;
                }
                (slot, event.slot + 1)
            };
            let line = &mut lines[station as usize];
            line.push_back(slot);
            if line.len() == 1 {
                agenda.push(now + dice.draw(&services), DEPARTURE, station);
            }
        }
        answer
    }
}
