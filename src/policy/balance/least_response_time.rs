//! `least-response-time`: the target that answers soonest, by what this caller has seen.
//!
//! ```toml
//! balance = "least-response-time"
//! ```
//!
//! Least mean response × (outstanding + 1), where the mean is exponentially weighted with 1/10 for
//! the newest answer (NGINX Plus `least_time`; Twitter Finagle's EWMA balancer, 2015). Targets that
//! have not answered yet come first, the least outstanding of them. Ties at random.

use super::{Args, Balance, Entry, View, args, least};
use crate::rng::Rng;

pub(super) const ENTRY: Entry = Entry {
    name: "least-response-time",
    doc: "Least moving mean of the response time × (outstanding + 1), as seen by this caller (Finagle 2015).",
    build,
};

/// The weight of the newest answer in the moving mean.
const NEWEST: f64 = 0.1;

/// Per target: the moving mean of response times in ticks; none before the first answer.
#[derive(Debug, Clone)]
struct LeastResponseTime {
    means: Vec<Option<f64>>,
}

impl LeastResponseTime {
    /// What is least at the target to be chosen; targets that have not answered yet come first.
    fn key(&self, view: &View<'_>, target: usize) -> (bool, f64) {
        let outstanding = f64::from(view.outstanding[target]);
        self.means[target].map_or((false, outstanding), |mean| (true, mean * (outstanding + 1.0)))
    }

    fn new(targets: usize) -> LeastResponseTime {
        LeastResponseTime { means: vec![None; targets] }
    }
}

fn build(args: Option<&Args>, targets: &[String]) -> Result<Box<dyn Balance>, String> {
    args::none(args)?;
    Ok(Box::new(LeastResponseTime::new(targets.len())))
}

impl Balance for LeastResponseTime {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        least(view.len(), rng, |target| self.key(view, target))
    }

    fn stand_in(&self, view: &View<'_>, _: usize, alive: &dyn Fn(usize) -> bool) -> Option<usize> {
        let there = (0..view.len()).filter(|&target| alive(target));
        there.min_by(|&one, &other| {
            let ((new, less), (old, more)) = (self.key(view, one), self.key(view, other));
            new.cmp(&old).then(less.total_cmp(&more))
        })
    }

    fn answered(&mut self, target: usize, response: u64) {
        let response = response as f64;
        let mean = self.means[target].unwrap_or(response);
        self.means[target] = Some(mean + NEWEST * (response - mean));
    }

    fn needs_answers(&self) -> bool {
        true
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(LeastResponseTime::new(self.means.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks, shares_of};
    use super::*;

    #[test]
    fn unseen_targets_come_first() {
        let mut policy = LeastResponseTime::new(3);
        policy.answered(0, 1);
        let scene = Scene { outstanding: vec![0, 2, 1], ..Scene::loads(&[0, 0, 0]) };
        assert_eq!(picks(&mut policy, &scene, 2), [2, 2]);
        assert_eq!(shares_of(&mut *policy.fresh(), &scene), [1.0, 0.0, 0.0]);
    }

    #[test]
    fn the_mean_is_weighed_by_what_is_outstanding() {
        let mut policy = LeastResponseTime::new(2);
        policy.answered(0, 100);
        policy.answered(1, 250);
        let idle = Scene::loads(&[0, 0]);
        assert_eq!(picks(&mut policy, &idle, 1), [0]);
        let busy = Scene { outstanding: vec![2, 0], ..idle };
        assert_eq!(picks(&mut policy, &busy, 1), [1]);
    }

    #[test]
    fn the_mean_moves_by_a_tenth() {
        let mut policy = LeastResponseTime::new(1);
        policy.answered(0, 100);
        policy.answered(0, 200);
        assert_eq!(policy.means[0], Some(110.0));
    }
}
