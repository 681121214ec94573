//! What one replication counts about a queue.

use super::record::Sample;

/// Messages of one queue in the window: counts, and times in ticks.
#[derive(Debug, Clone, Default)]
pub struct QueueRecord {
    /// Published for the first time.
    pub published: u64,
    /// Published again by a relay that had not noted it.
    pub republished: u64,
    /// Deliveries.
    pub delivered: u64,
    /// Deliveries of messages that had been delivered before.
    pub redelivered: u64,
    /// Times that processing a message had its effect.
    pub effects: u64,
    /// Effects of messages that had had theirs.
    pub duplicates: u64,
    /// Effects that an inbox prevented.
    pub suppressed: u64,
    /// Messages acknowledged.
    pub acknowledged: u64,
    /// Messages given up after too many deliveries.
    pub dead_lettered: u64,
    /// Messages whose only delivery failed.
    pub lost: u64,
    /// Messages, waiting or delivered, when the window began.
    pub at_start: u64,
    /// Messages, waiting or delivered, when it ended.
    pub live: u64,
    /// From publication to first delivery.
    pub lag: Sample,
    /// From being written down to publication.
    pub publish_delay: Sample,
    /// Most that waited at one time.
    pub deepest: u64,
    waiting: u64,
}

impl QueueRecord {
    /// One is published, perhaps again, so long after it was written down.
    pub(super) fn publish(&mut self, again: bool, delay: Option<u64>) {
        self.live += 1;
        self.republished += u64::from(again);
        self.published += u64::from(!again);
        if let Some(delay) = delay {
            self.publish_delay.record(delay);
        }
    }

    /// One waits.
    pub(super) fn line_up(&mut self) {
        self.waiting += 1;
        self.deepest = self.deepest.max(self.waiting);
    }

    /// One is delivered: for the first time after some lag, or again.
    pub(super) fn deliver(&mut self, lag: Option<u64>) {
        self.waiting -= 1;
        self.delivered += 1;
        match lag {
            Some(lag) => self.lag.record(lag),
            None => self.redelivered += 1,
        }
    }

    /// Forgets what was counted so far, but not which messages there are.
    pub(super) fn reset(&mut self) {
        let (live, waiting) = (self.live, self.waiting);
        *self = QueueRecord { at_start: live, live, waiting, deepest: waiting, ..QueueRecord::default() };
    }
}
