//! `aimd`: a limit on requests inside that grows by addition while answers are quick, and shrinks by a factor when they
//! are not.
//!
//! ```toml
//! admit = { aimd = { target = "50ms" } }
//! ```
//!
//! Chiu and Jain, Analysis of the increase and decrease algorithms for congestion avoidance in computer networks, 1989;
//! Jacobson, Congestion avoidance and control, 1988. An answer within `target` adds `increase` / limit, so that a whole
//! round of answers adds `increase`; but only if at least half of the limit was in use when its request was let in. A
//! later answer, or a failure, multiplies the limit by `decrease`: once for all requests let in before the last
//! decrease, as they tell the same news.

use super::{Admit, Done, Verdict};

/// A limit that adapts by additive increase and multiplicative decrease.
#[derive(Debug, Clone, Copy)]
pub struct Aimd {
    /// Response time beyond which it is too much, in ticks.
    pub target: u64,
    /// The limit at first.
    pub initial: u32,
    /// The limit is at least this.
    pub min: u32,
    /// The limit is at most this.
    pub max: u32,
    /// Added by a round of answers.
    pub increase: f64,
    /// Factor of a decrease.
    pub decrease: f64,
    limit: f64,
    /// When it last shrank; who was let in before is no news.
    cut: Option<u64>,
}

impl Aimd {
    /// Begins at the limit `initial`, and stays between `min` and `max`.
    pub fn new(target: u64, [initial, min, max]: [u32; 3], [increase, decrease]: [f64; 2]) -> Aimd {
        Aimd { target, initial, min, max, increase, decrease, limit: f64::from(initial), cut: None }
    }
}

impl Admit for Aimd {
    fn arrive(&mut self, _: u64, inside: u32) -> Verdict {
        if f64::from(inside) + 1.0 <= self.limit { Verdict::Admit } else { Verdict::Refuse }
    }

    fn leave(&mut self, now: u64, done: Done) {
        if !done.answered || now - done.since > self.target {
            if self.cut.is_none_or(|cut| done.since >= cut) {
                self.limit *= self.decrease;
                self.cut = Some(now);
            }
        } else if 2.0 * f64::from(done.inside) >= self.limit {
            self.limit += self.increase / self.limit;
        }
        self.limit = self.limit.clamp(f64::from(self.min), f64::from(self.max));
    }

    fn limit(&self) -> Option<u32> {
        Some(self.limit as u32)
    }

    fn fresh(&self) -> Box<dyn Admit> {
        Box::new(Aimd { limit: f64::from(self.initial), cut: None, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(since: u64, inside: u32) -> Done {
        Done { since, inside, answered: true }
    }

    #[test]
    fn a_round_of_quick_answers_adds_one() {
        let mut policy = Aimd::new(100, [10, 1, 50], [1.0, 0.5]);
        (0..10).for_each(|_| policy.leave(50, done(0, 10)));
        assert!((policy.limit - 10.95).abs() < 0.02, "{}", policy.limit);
        // Half of it is not in use: nothing is learnt.
        let before = policy.limit;
        policy.leave(50, done(0, 5));
        assert_eq!(policy.limit, before);
    }

    #[test]
    fn late_answers_of_one_round_halve_it_once() {
        let mut policy = Aimd::new(100, [16, 1, 50], [1.0, 0.5]);
        (0..8).for_each(|_| policy.leave(200, done(0, 16)));
        assert_eq!(policy.limit(), Some(8));
        policy.leave(400, Done { answered: false, ..done(200, 8) });
        assert_eq!(policy.limit(), Some(4));
        (0..9).for_each(|k| policy.leave(1000 * (k + 1), done(1000 * k + 500, 1)));
        assert_eq!(policy.limit(), Some(1));
    }
}
