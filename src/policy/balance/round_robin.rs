//! `round-robin`: the targets in turn.
//!
//! ```toml
//! balance = "round-robin"
//! ```
//!
//! One pointer per balancer, or per component without one. With N targets each sees every N-th
//! arrival: E_N/M/1 queues under Poisson arrivals (Harchol-Balter, Performance Modeling and Design
//! of Computer Systems, 2013, ch. 24).

use super::{Args, Balance, Entry, View, WhenAbsent, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry =
    Entry { name: "round-robin", doc: "The targets in turn (Harchol-Balter 2013, ch. 24).", build };

#[derive(Debug, Clone, Copy)]
struct RoundRobin {
    next: usize,
}

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(RoundRobin { next: 0 }))
}

impl Balance for RoundRobin {
    fn choose(&mut self, view: &View<'_>, _: &mut Rng) -> usize {
        let chosen = if self.next < view.len() { self.next } else { 0 };
        self.next = chosen + 1;
        chosen
    }

    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::Again
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(RoundRobin { next: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks, policy};

    #[test]
    fn targets_take_turns_and_a_fresh_copy_starts_over() {
        let scene = Scene::loads(&[0, 0, 0]);
        let mut turns = policy("round-robin", &scene);
        assert_eq!(picks(&mut *turns, &scene, 5), [0, 1, 2, 0, 1]);
        assert_eq!(picks(&mut *turns.fresh(), &scene, 2), [0, 1]);
        assert_eq!(picks(&mut *turns, &scene, 1), [2]);
    }
}
