//! A million services at once: as many customers a second as there are services in a second.

use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DEPARTURE, Dice, Heap, Model, exponential};

/// Services take 1 s on average, so that as many are under way, from the beginning on.
pub(crate) struct Pending {
    pub(crate) pending: u32,
    pub(crate) seconds: f64,
}

/// Of a customer who was there at the beginning, and is not asked.
const BEFORE: u64 = u64::MAX;

impl Model for Pending {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"desk\"\narrivals = {{ poisson = \"{0}/s\" }}\n\
             [station.desk]\nservers = \"infinite\"\ninitial = {0}\nservice-time = {{ exponential = \"1s\" }}\n\
             [run]\nduration = \"{1}s\"\nwarm-up = \"0s\"\n",
            self.pending, self.seconds
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let (gaps, services) = (exponential(1.0 / f64::from(self.pending)), exponential(1.0));
        let (mut agenda, mut dice) = (Agenda::<H>::until(self.seconds), Dice::new(seed));
        let mut arrived: Slab<u64> = Slab::new();
        let mut answer = Answer::default();
        for _ in 0..self.pending {
            agenda.push(dice.draw(&services), DEPARTURE, arrived.put(BEFORE));
        }
        agenda.push(dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = agenda.pop() {
            let now = event.time;
            if event.kind == ARRIVAL {
                answer.offered += 1;
                agenda.push(now + dice.draw(&gaps), ARRIVAL, 0);
                agenda.push(now + dice.draw(&services), DEPARTURE, arrived.put(now));
                continue;
            }
            arrived.free(event.slot);
            if arrived[event.slot] != BEFORE {
                answer.count(now - arrived[event.slot]);
            }
        }
        answer
    }
}
