//! `join-idle-queue`: an idle target if there is one, else any.
//!
//! ```toml
//! balance = "join-idle-queue"
//! ```
//!
//! Lu, Xie, Kliot, Geller, Larus and Greenberg (Performance Evaluation, 2011).

use super::{Args, Balance, Entry, View, WhenAbsent, args, least};
use crate::rng::Rng;

pub(super) const ENTRY: Entry =
    Entry { name: "join-idle-queue", doc: "An idle target, at random; any if none is idle (Lu et al. 2011).", build };

#[derive(Debug, Clone, Copy)]
struct JoinIdleQueue;

fn build(args: Option<&Args>, _: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(JoinIdleQueue))
}

impl Balance for JoinIdleQueue {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        // With none idle all are equal, and any is chosen.
        least(view.len(), rng, |i| view.in_system(i) > 0)
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
    fn idle_targets_share_the_requests() {
        let shares = shares("join-idle-queue", &Scene::loads(&[1, 0, 5, 0]));
        assert!((shares[1] - 0.5).abs() < 0.02, "{shares:?}");
        assert_eq!((shares[0], shares[2]), (0.0, 0.0));
    }

    #[test]
    fn any_target_will_do_when_none_is_idle() {
        for share in shares("join-idle-queue", &Scene::loads(&[1, 2, 5, 9])) {
            assert!((share - 0.25).abs() < 0.02, "{share}");
        }
    }
}
