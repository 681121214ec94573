//! `join-shortest-queue`: the target with the fewest requests of all callers in system.
//!
//! ```toml
//! balance = "join-shortest-queue"
//! ```
//!
//! Haight (1958); optimal for exponential service (Winston 1977). Ties at random.

use super::{Args, Balance, Entry, View, WhenAbsent, args, least};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "join-shortest-queue",
    doc: "The fewest in system, whoever sent them; ties at random (Haight 1958; Winston 1977).",
    build,
};

#[derive(Debug, Clone, Copy)]
struct JoinShortestQueue;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(JoinShortestQueue))
}

impl Balance for JoinShortestQueue {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        least(view.len(), rng, |i| view.in_system(i))
    }

    fn needs_loads(&self) -> bool {
        true
    }

    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::Unseen
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, shares};

    #[test]
    fn the_shortest_is_joined() {
        assert_eq!(shares("join-shortest-queue", &Scene::loads(&[3, 2, 1, 4])), [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn ties_are_broken_evenly() {
        let shares = shares("join-shortest-queue", &Scene::loads(&[1, 7, 1, 1]));
        assert_eq!(shares[1], 0.0);
        assert!([0, 2, 3].iter().all(|&i| (shares[i] - 1.0 / 3.0).abs() < 0.02), "{shares:?}");
    }

    #[test]
    fn loads_are_found_through_the_station_that_stands_for_a_target() {
        let scene = Scene { fronts: vec![2, 0], ..Scene::loads(&[5, 0, 1]) };
        assert_eq!(shares("join-shortest-queue", &scene), [1.0, 0.0]);
    }
}
