//! `queue-timeout`: whoever has waited for a time is shed; for a much shorter time while the line does not get empty.
//!
//! ```toml
//! shed = { queue-timeout = { timeout = "100ms", overloaded = "5ms" } }
//! ```
//!
//! Maurer, Fail at scale, ACM Queue 13 (8), 2015: a server's variant of CoDel. A customer who joins a line that has been
//! empty within the last `timeout` may wait for `timeout`; one who joins a line that has not, for `overloaded`. Without
//! `overloaded` the two are the same.

use super::{Entry, Shed};

/// A time limit on waiting.
#[derive(Debug, Clone, Copy)]
pub struct QueueTimeout {
    timeout: u64,
    overloaded: u64,
    /// When the line was last seen empty.
    emptied: u64,
}

impl QueueTimeout {
    /// Times in ticks.
    pub fn new(timeout: u64, overloaded: u64) -> QueueTimeout {
        QueueTimeout { timeout, overloaded, emptied: 0 }
    }
}

impl Shed for QueueTimeout {
    fn enter(&mut self, now: u64, _: i32, waiting: u32) -> Entry {
        if waiting == 0 {
            self.emptied = now;
        }
        let stands = now - self.emptied > self.timeout;
        Entry::JoinFor(if stands { self.overloaded } else { self.timeout })
    }

    fn has_timeout(&self) -> bool {
        true
    }

    fn fresh(&self) -> Box<dyn Shed> {
        Box::new(QueueTimeout { emptied: 0, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_short_while_the_line_stands() {
        let mut policy = QueueTimeout::new(100, 5);
        let limits = [(0, 0), (50, 3), (100, 4), (101, 4), (180, 2), (200, 0), (201, 1)]
            .map(|(now, waiting)| policy.enter(now, 0, waiting));
        let expected = [100, 100, 100, 5, 5, 100, 100].map(Entry::JoinFor);
        assert_eq!(limits, expected);
    }
}
