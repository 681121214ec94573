//! `token-bucket`: tokens come at a steady rate into a bucket; each request takes one, or is refused.
//!
//! ```toml
//! admit = { token-bucket = { rate = "100/s", burst = 20 } }
//! ```
//!
//! Turner, New directions in communications, IEEE Communications Magazine 24 (10), 1986; as a policer: Heinanen and
//! Guerin, RFC 2697, 1999. The bucket is full at first and holds at most `burst` tokens. Tokens come continuously: the
//! level is kept in units of which a whole number comes in every tick, so that nothing is rounded, and a request that
//! comes at the tick at which its token is complete is let in.

use super::pace::Pace;
use super::{Admit, Verdict};

/// A bucket of tokens.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    pace: Pace,
    /// Units that fit.
    capacity: u128,
    level: u128,
    /// When the level was looked at.
    since: u64,
}

impl TokenBucket {
    /// `rate` tokens a second, at most `burst`.
    pub fn new(rate: f64, burst: u32, ticks_per_second: f64) -> TokenBucket {
        let pace = Pace::new(rate, ticks_per_second);
        let capacity = u128::from(burst) * pace.token;
        TokenBucket { pace, capacity, level: capacity, since: 0 }
    }
}

impl Admit for TokenBucket {
    fn arrive(&mut self, now: u64, _: u32) -> Verdict {
        let gained = self.pace.units(now - self.since);
        self.level = self.capacity.min(self.level + gained);
        self.since = now;
        if self.level < self.pace.token {
            return Verdict::Refuse;
        }
        self.level -= self.pace.token;
        Verdict::Admit
    }

    fn fresh(&self) -> Box<dyn Admit> {
        Box::new(TokenBucket { level: self.capacity, since: 0, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(bucket: &mut TokenBucket, times: impl Iterator<Item = u64>) -> usize {
        times.filter(|&time| bucket.arrive(time, 0) == Verdict::Admit).count()
    }

    #[test]
    fn a_burst_takes_what_is_there_and_then_the_rate_counts() {
        // Case A117 of the known values: 50 at once, then 150 at multiples of 1/30 s.
        let mut bucket = TokenBucket::new(10.0, 20, 1e12);
        assert_eq!(admitted(&mut bucket, (0..50).map(|_| 0)), 20);
        let tick = |k: u64| (1_000_000_000_000 * k + 15) / 30;
        assert_eq!(admitted(&mut bucket, (1..=150).map(tick)), 50);
    }

    #[test]
    fn a_token_is_there_at_its_tick_and_not_before() {
        // Three a second: the third of a second is not a whole number of ticks.
        let mut bucket = TokenBucket::new(3.0, 2, 1e12);
        assert_eq!(admitted(&mut bucket, [0, 0, 0].into_iter()), 2);
        assert_eq!(admitted(&mut bucket, [333_333_333_333, 333_333_333_334].into_iter()), 1);
        // The 2/3 of a tick that were left over are not lost.
        assert_eq!(admitted(&mut bucket, [666_666_666_666, 666_666_666_667].into_iter()), 1);
        assert_eq!(admitted(&mut bucket, [999_999_999_999, 1_000_000_000_000].into_iter()), 1);
    }

    #[test]
    fn no_window_lets_in_more_than_the_burst_and_what_comes_meanwhile() {
        let mut bucket = TokenBucket::new(100.0, 20, 1e9);
        let times: Vec<u64> = (0..4_000).map(|k| k * 1_700_000 % 7_000_000_000).collect();
        let mut sorted = times.clone();
        sorted.sort_unstable();
        let passed: Vec<u64> = sorted.into_iter().filter(|&t| bucket.arrive(t, 0) == Verdict::Admit).collect();
        let most = passed.iter().map(|&from| passed.iter().filter(|&&t| t >= from && t < from + 1_000_000_000).count());
        assert!(most.max().unwrap() <= 120);
    }
}
