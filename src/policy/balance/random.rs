//! `random`: any target, each as likely as the others.
//!
//! ```toml
//! balance = "random"
//! ```
//!
//! Splits a Poisson stream into independent Poisson streams (Kleinrock, Queueing Systems I, 1975).

use super::{Args, Balance, Entry, View, WhenAbsent, any, args};
use crate::rng::Rng;

pub(super) const ENTRY: Entry =
    Entry { name: "random", doc: "Any target, each as likely as the others (Kleinrock 1975).", build };

#[derive(Debug, Clone, Copy)]
struct Random;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(Random))
}

impl Balance for Random {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        any(view.len(), rng)
    }

    fn is_independent(&self) -> bool {
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
    fn all_targets_are_equally_likely_whatever_their_load() {
        for share in shares("random", &Scene::loads(&[9, 0, 3, 1])) {
            assert!((share - 0.25).abs() < 0.02, "{share}");
        }
    }
}
