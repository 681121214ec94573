//! `concurrency`: at most so many requests inside at once; more are refused.
//!
//! ```toml
//! admit = { concurrency = { limit = 100 } }
//! ```
//!
//! Nygard, Release It!, 2007 (bulkheads, fail fast). By Little's law the limit is the rate that is wanted times the
//! response time that is wanted.

use super::{Admit, Verdict};

/// A fixed limit.
#[derive(Debug, Clone, Copy)]
pub struct Concurrency {
    limit: u32,
}

impl Concurrency {
    /// At most `limit` inside.
    pub fn new(limit: u32) -> Concurrency {
        Concurrency { limit }
    }
}

impl Admit for Concurrency {
    fn arrive(&mut self, _: u64, inside: u32) -> Verdict {
        if inside < self.limit { Verdict::Admit } else { Verdict::Refuse }
    }

    fn limit(&self) -> Option<u32> {
        Some(self.limit)
    }

    fn fresh(&self) -> Box<dyn Admit> {
        Box::new(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_at_its_limit() {
        let mut policy = Concurrency::new(2);
        let verdicts = [0, 1, 2, 3].map(|inside| policy.arrive(0, inside));
        assert_eq!(verdicts, [Verdict::Admit, Verdict::Admit, Verdict::Refuse, Verdict::Refuse]);
    }
}
