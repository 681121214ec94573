//! `gradient`: a limit on requests inside that follows how much longer answers take than they usually do.
//!
//! ```toml
//! admit = { gradient = { initial = 20, max = 200 } }
//! ```
//!
//! The update rule is that of `Gradient2Limit` of Netflix's concurrency-limits (2018), which follows TCP Vegas (Brakmo
//! and Peterson 1995) in reading queues off response times. With R the response time of this answer and L the mean of
//! all, exponentially weighted over `window` answers (a plain mean of the first 10):
//!
//! - gradient = tolerance · L / R, but at least 0.5 and at most 1;
//! - limit ← (1 − smoothing) · limit + smoothing · (limit · gradient + queue), between `min` and `max`.
//!
//! If L > 2 R, L is first lowered by 5 %: it forgets an overload sooner. Nothing changes while less than half of the
//! limit is in use. Requests that fail are not looked at.

use super::{Admit, Done, Verdict};

/// A limit that adapts to the gradient of response times.
#[derive(Debug, Clone, Copy)]
pub struct Gradient {
    /// The limit at first, the least, the greatest.
    bounds: [u32; 3],
    /// How much longer than usual is no sign of a queue.
    tolerance: f64,
    /// Weight of a new limit.
    smoothing: f64,
    /// Requests that may queue.
    queue: f64,
    /// Answers over which the usual time is taken.
    window: f64,
    limit: f64,
    /// The usual response time, and of how many answers at first.
    usual: f64,
    seen: u32,
}

/// So many answers count alike before the mean is weighted.
const WARM_UP: u32 = 10;

impl Gradient {
    /// `bounds` are the limit at first, the least and the greatest.
    pub fn new(bounds: [u32; 3], tolerance: f64, smoothing: f64, queue: u32, window: u32) -> Gradient {
        Gradient {
            bounds,
            tolerance,
            smoothing,
            queue: f64::from(queue),
            window: f64::from(window),
            limit: f64::from(bounds[0]),
            usual: 0.0,
            seen: 0,
        }
    }

    /// The mean with one more answer.
    fn learn(&mut self, response: f64) {
        self.seen = self.seen.saturating_add(1);
        let weight = if self.seen <= WARM_UP { 1.0 / f64::from(self.seen) } else { 2.0 / (self.window + 1.0) };
        self.usual += (response - self.usual) * weight;
    }
}

impl Admit for Gradient {
    fn arrive(&mut self, _: u64, inside: u32) -> Verdict {
        if f64::from(inside) + 1.0 <= self.limit { Verdict::Admit } else { Verdict::Refuse }
    }

    fn leave(&mut self, now: u64, done: Done) {
        // What took no time says nothing.
        let response = (now - done.since).max(1) as f64;
        if !done.answered {
            return;
        }
        self.learn(response);
        let usual = self.usual;
        if usual > 2.0 * response {
            self.usual *= 0.95;
        }
        if 2.0 * f64::from(done.inside) < self.limit {
            return;
        }
        let gradient = (self.tolerance * usual / response).clamp(0.5, 1.0);
        let wanted = self.limit * gradient + self.queue;
        let limit = self.limit * (1.0 - self.smoothing) + wanted * self.smoothing;
        self.limit = limit.clamp(f64::from(self.bounds[1]), f64::from(self.bounds[2]));
    }

    fn limit(&self) -> Option<u32> {
        Some(self.limit as u32)
    }

    fn fresh(&self) -> Box<dyn Admit> {
        Box::new(Gradient { limit: f64::from(self.bounds[0]), usual: 0.0, seen: 0, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(policy: &mut Gradient, response: u64) {
        let inside = policy.limit as u32;
        policy.leave(response, Done { since: 0, inside, answered: true });
    }

    #[test]
    fn it_grows_while_answers_take_as_long_as_usual() {
        let mut policy = Gradient::new([20, 1, 100], 1.5, 0.2, 4, 600);
        answer(&mut policy, 1000);
        // 0.8 · 20 + 0.2 · (20 + 4)
        assert!((policy.limit - 20.8).abs() < 1e-12, "{}", policy.limit);
        (0..200).for_each(|_| answer(&mut policy, 1000));
        assert_eq!(policy.limit(), Some(100));
    }

    #[test]
    fn it_shrinks_when_answers_take_longer_than_usual() {
        let mut policy = Gradient::new([20, 1, 100], 1.5, 0.2, 4, 600);
        (0..200).for_each(|_| answer(&mut policy, 1000));
        (0..40).for_each(|_| answer(&mut policy, 5000));
        assert!(policy.limit < 15.0, "{}", policy.limit);
    }

    #[test]
    fn an_idle_system_and_failures_teach_nothing() {
        let mut policy = Gradient::new([20, 1, 100], 1.5, 0.2, 4, 600);
        policy.leave(1000, Done { since: 0, inside: 9, answered: true });
        policy.leave(1000, Done { since: 0, inside: 20, answered: false });
        assert_eq!(policy.limit, 20.0);
    }
}
