//! `leaky-bucket`: requests leave the bucket one by one at a steady rate; those that find it full are refused.
//!
//! ```toml
//! admit = { leaky-bucket = { rate = "100/s", queue = 50 } }
//! ```
//!
//! Turner 1986; as virtual scheduling: ITU-T Recommendation I.371, annex A. With a `queue` it shapes: a request that
//! comes too soon waits for its turn, as do up to `queue` others, and the rest is refused (as `limit_req` of nginx does
//! with `burst`). Without one it measures only: a request that comes too soon is refused. A turn is given when the
//! request comes; if its caller gives up, nobody else gets it. Turns are exactly one by rate apart; whoever's turn
//! falls between two ticks goes on at the later one.

use super::pace::Pace;
use super::{Admit, Verdict};

/// A bucket that leaks.
#[derive(Debug, Clone)]
pub struct LeakyBucket {
    pace: Pace,
    queue: u32,
    /// The next free turn, in units.
    turn: u128,
}

impl LeakyBucket {
    /// `rate` requests a second; up to `queue` wait.
    pub fn new(rate: f64, queue: u32, ticks_per_second: f64) -> LeakyBucket {
        LeakyBucket { pace: Pace::new(rate, ticks_per_second), queue, turn: 0 }
    }
}

impl Admit for LeakyBucket {
    fn arrive(&mut self, now: u64, _: u32) -> Verdict {
        let time = self.pace.units(now);
        let turn = self.turn.max(time);
        // Turns given that are still to come are one apart, and the next free one is behind them.
        let early = turn - time;
        if early > u128::from(self.queue) * self.pace.token {
            return Verdict::Refuse;
        }
        self.turn = turn + self.pace.token;
        match early.div_ceil(self.pace.gain) {
            0 => Verdict::Admit,
            ticks => Verdict::Wait(ticks as u64),
        }
    }

    fn shapes(&self) -> bool {
        self.queue > 0
    }

    fn fresh(&self) -> Box<dyn Admit> {
        Box::new(LeakyBucket { turn: 0, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Admit as Let, Refuse, Wait};

    #[test]
    fn requests_leave_one_apart_and_the_queue_is_limited() {
        let mut bucket = LeakyBucket::new(10.0, 2, 10.0);
        let all: Vec<Verdict> = [0, 0, 0, 0, 1, 2, 2, 9].into_iter().map(|t| bucket.arrive(t, 0)).collect();
        assert_eq!(all, [Let, Wait(1), Wait(2), Refuse, Wait(2), Wait(2), Refuse, Let]);
    }

    #[test]
    fn without_a_queue_it_is_a_bucket_of_one_token() {
        let mut leaky = LeakyBucket::new(3.0, 0, 1e3);
        let mut tokens = super::super::TokenBucket::new(3.0, 1, 1e3);
        for now in (0..10_000).map(|k| k * 41) {
            assert_eq!(leaky.arrive(now, 0), tokens.arrive(now, 0), "at {now}");
        }
    }

    #[test]
    fn a_turn_between_two_ticks_is_the_later_one() {
        let mut bucket = LeakyBucket::new(3.0, 9, 1e3);
        let waits: Vec<Verdict> = (0..4).map(|_| bucket.arrive(0, 0)).collect();
        assert_eq!(waits, [Let, Wait(334), Wait(667), Wait(1000)]);
    }
}
