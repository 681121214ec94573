//! `weighted`: smooth weighted round-robin.
//!
//! ```toml
//! policy = { weighted = { a = 5, b = 1, c = 1 } }   # a a b a c a a
//! ```
//!
//! Each turn every target gains its weight, the greatest is chosen (the first of equals) and loses
//! the total (nginx commit 52327e0, "Upstream: smooth weighted round-robin balancing", 2012).

use super::{Args, Balance, Entry, View, WhenAbsent, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "weighted",
    doc: "In turn, in proportion to weights, heavy targets spread out: smooth weighted round-robin (nginx 2012).",
    build,
};

#[derive(Debug, Clone)]
struct Weighted {
    weights: Vec<f64>,
    credits: Vec<f64>,
    total: f64,
}

impl Weighted {
    fn new(weights: Vec<f64>) -> Weighted {
        let total = weights.iter().sum();
        Weighted { credits: vec![0.0; weights.len()], weights, total }
    }
}

fn build(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    Ok(Box::new(Weighted::new(args::weights(args, targets)?)))
}

impl Balance for Weighted {
    fn choose(&mut self, _: &View<'_>, _: &mut Rng) -> usize {
        for (credit, weight) in self.credits.iter_mut().zip(&self.weights) {
            *credit += weight;
        }
        let mut best = 0;
        for i in 1..self.credits.len() {
            if self.credits[i] > self.credits[best] {
                best = i;
            }
        }
        self.credits[best] -= self.total;
        best
    }

    fn shares(&self, _: usize) -> Vec<f64> {
        self.weights.iter().map(|weight| weight / self.total).collect()
    }

    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::Again
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(Weighted::new(self.weights.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks};
    use super::*;

    #[test]
    fn five_one_one_is_a_a_b_a_c_a_a_as_in_nginx() {
        let scene = Scene::loads(&[0, 0, 0]);
        let mut smooth = Weighted::new(vec![5.0, 1.0, 1.0]);
        let cycle = [0, 0, 1, 0, 2, 0, 0];
        assert_eq!(picks(&mut smooth, &scene, 7), cycle);
        assert_eq!(picks(&mut smooth, &scene, 2), cycle[..2]);
        assert_eq!(picks(&mut *smooth.fresh(), &scene, 7), cycle);
    }

    #[test]
    fn a_weight_of_zero_is_never_chosen() {
        let scene = Scene::loads(&[0, 0, 0]);
        let mut smooth = Weighted::new(vec![0.0, 2.0, 1.0]);
        assert_eq!(picks(&mut smooth, &scene, 6), [1, 2, 1, 1, 2, 1]);
    }
}
