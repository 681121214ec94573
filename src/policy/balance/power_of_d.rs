//! `power-of-d`: the shortest of d targets drawn at random; `power-of-two` for d = 2.
//!
//! ```toml
//! policy = "power-of-two"
//! policy = { power-of-d = { choices = 3 } }
//! ```
//!
//! Vvedenskaya, Dobrushin and Karpelevich (1996); Mitzenmacher (1996, 2001). The d targets are
//! distinct; with d ≥ n all are looked at. Ties at random.

use super::{Args, Balance, Entry, View, WhenAbsent, any, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "power-of-d",
    doc: "Draws `choices` distinct targets and joins the one with the fewest in system (Mitzenmacher 2001).",
    build,
};

pub(super) const TWO: Entry = Entry {
    name: "power-of-two",
    doc: "Draws two distinct targets and joins the one with the fewer in system (Mitzenmacher 2001).",
    build: build_two,
};

/// So many choices are few, whatever they are taken from.
const FEW: usize = 4;

#[derive(Debug, Clone)]
struct PowerOfD {
    choices: usize,
    /// The targets in some order; each choice shuffles the head of it.
    order: Vec<u32>,
}

impl PowerOfD {
    fn new(choices: usize, targets: usize) -> PowerOfD {
        PowerOfD { choices: choices.min(targets), order: (0..targets as u32).collect() }
    }
}

fn build(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    let choices = args::count(args, "choices")?;
    Ok(Box::new(PowerOfD::new(choices, targets.len())))
}

fn build_two(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(PowerOfD::new(2, targets.len())))
}

impl Balance for PowerOfD {
    /// Fisher and Yates's shuffle, stopped after d. The order of drawing is itself random, so
    /// the first drawn of the shortest is a random one of them.
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        if self.order.len() != view.len() {
            // Some targets are not there, or are there again.
            self.order = (0..view.len() as u32).collect();
        }
        let (mut best, mut shortest) = (0, u32::MAX);
        for k in 0..self.choices.min(view.len()) {
            let drawn = k + any(self.order.len() - k, rng);
            self.order.swap(k, drawn);
            let target = self.order[k] as usize;
            let load = view.in_system(target);
            if load < shortest {
                (best, shortest) = (target, load);
            }
        }
        best
    }

    fn needs_loads(&self) -> bool {
        true
    }

    fn needs_few_loads(&self) -> bool {
        self.choices <= FEW
    }

    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::Unseen
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(PowerOfD::new(self.choices, self.order.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, shares, shares_of};
    use super::*;

    #[test]
    fn of_two_distinct_targets_the_shorter_is_joined() {
        // Of the six pairs, three hold target 0, two more target 1, the last target 2.
        let shares = shares("power-of-two", &Scene::loads(&[0, 1, 2, 3]));
        for (share, expected) in shares.iter().zip([3.0 / 6.0, 2.0 / 6.0, 1.0 / 6.0, 0.0]) {
            assert!((share - expected).abs() < 0.02, "{shares:?}");
        }
    }

    #[test]
    fn fewer_targets_than_choices_are_all_looked_at() {
        let mut policy = PowerOfD::new(2, 3);
        assert_eq!(shares_of(&mut policy, &Scene::loads(&[3])), [1.0]);
        assert_eq!(shares_of(&mut policy, &Scene::loads(&[3, 1])), [0.0, 1.0]);
    }

    #[test]
    fn ties_are_broken_evenly() {
        for share in shares("power-of-two", &Scene::loads(&[4, 4, 4, 4])) {
            assert!((share - 0.25).abs() < 0.02, "{share}");
        }
    }

    #[test]
    fn as_many_choices_as_targets_is_the_shortest_of_all() {
        let shares = shares_of(&mut PowerOfD::new(9, 3), &Scene::loads(&[2, 1, 1]));
        assert!(shares[0] == 0.0 && (shares[1] - 0.5).abs() < 0.02, "{shares:?}");
    }

    #[test]
    fn fewer_targets_than_in_the_beginning_are_chosen_among() {
        let mut policy = PowerOfD::new(2, 3);
        assert_eq!(shares_of(&mut policy, &Scene::loads(&[0])), [1.0]);
        assert_eq!(shares_of(&mut policy, &Scene::loads(&[5, 0])), [0.0, 1.0]);
    }

    #[test]
    fn one_choice_is_random() {
        for share in shares_of(&mut PowerOfD::new(1, 2), &Scene::loads(&[9, 0])) {
            assert!((share - 0.5).abs() < 0.02, "{share}");
        }
    }
}
