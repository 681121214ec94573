//! The same model with a station that is faster: what buying faster hardware would do.

use super::program::Op;
use super::{Model, check, flow, passages};
use crate::distribution::Law;

impl Model {
    /// Makes all service at a group of stations so many times as fast; the random numbers stay the same. Service times
    /// that replayed jobs bring are theirs, and stay.
    pub fn speed_up(&mut self, group: usize, factor: f64) {
        for pc in 0..self.program.len() {
            match self.program[pc] {
                Op::Visit { place, law, own } if self.group_of(place) == group => {
                    let law = self.faster(law, factor);
                    self.program[pc] = Op::Visit { place, law, own };
                }
                Op::Share { place, share } if self.group_of(place) == group => {
                    let mut spec = self.shares[share as usize];
                    spec.share /= factor;
                    self.shares.push(spec);
                    self.program[pc] = Op::Share { place, share: self.shares.len() as u32 - 1 };
                }
                _ => {}
            }
        }
        self.variants.iter_mut().for_each(|variant| variant.speed_up(group, factor));
        self.forecast = check::forecast(self, &flow::Flows::new(self));
        check::find_hot_replicas(self);
        passages::find_passages(self);
    }

    /// The index of a law that is so many times as short as another.
    fn faster(&mut self, law: u32, factor: f64) -> u32 {
        let scaled: Law = self.laws[law as usize].scaled(1.0 / factor);
        self.laws.push(scaled);
        self.laws.len() as u32 - 1
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Model;
    use crate::scenario::Source;

    fn load(text: &str) -> Model {
        let source = Source { name: "it.toml".into(), text: text.into(), overrides: Vec::new() };
        crate::model::load(&source, &|_| Err("no files".into())).0.expect("a model")
    }

    #[test]
    fn only_the_group_becomes_faster() {
        let text = "[workload.w]\nto = \"app\"\narrivals = { poisson = \"1/s\" }\n\
             [service.app]\nsteps = [{ visit = \"a\" }, { visit = \"b\" }, { visit = \"a\" }]\n\
             [station.a]\nservice-time = \"100ms\"\n[station.b]\nservice-time = \"100ms\"\n";
        let mut model = load(text);
        let group = model.groups.iter().position(|group| group.name() == "a").expect("a");
        model.speed_up(group, 2.0);
        let loads: Vec<f64> = model.forecast.groups.iter().filter_map(|group| group.load).collect();
        assert_eq!(loads, [0.1, 0.1]);
    }

    #[test]
    fn a_replica_that_is_still_too_hot_is_still_said_to_be() {
        // Key 0 has 79 % of the requests: 300/s, and a replica does 100/s, then 200/s, then 400/s.
        let mut model = load(
            "[workload.w]\nto = \"shard\"\narrivals = { poisson = \"380/s\" }\n\
             keys = { hot-set = { count = 4, hot = 0.25, share = 0.79 } }\n\
             [station.shard]\nreplicas = 4\nbalance = \"modulo\"\nservice-time = { exponential = \"10ms\" }\n",
        );
        let said = |model: &Model| model.forecast.warnings().collect::<Vec<_>>();
        assert_eq!(said(&model), ["shard[0]: offered load 3.00 of capacity: no steady state"]);
        model.speed_up(0, 2.0);
        assert_eq!(said(&model), ["shard[0]: offered load 1.50 of capacity: no steady state"]);
        model.speed_up(0, 2.0);
        assert!(said(&model).is_empty());
    }
}
