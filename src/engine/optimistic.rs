//! Optimistic concurrency control: an attempt commits if nobody else has since it began, and else
//! begins again (backward validation, Kung & Robinson 1981).

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::Engine;
use super::data_record::CommitRecord;
use super::interpret::Flow;
use super::record::Failure;
use super::task::{FrameKind, NONE, Task};

/// Commits to one name: of all keys, or of those that are being written.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    rows: BTreeMap<u64, Row>,
    pub(crate) tally: CommitRecord,
}

/// One thing that is being written. It is forgotten when no attempt remembers its number of commits.
#[derive(Debug, Default)]
struct Row {
    commits: u64,
    attempts: u32,
}

impl Counter {
    /// How many things are being written.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// An attempt begins; returns the number of commits so far.
    fn begin(&mut self, key: u64) -> u64 {
        let row = self.rows.entry(key).or_default();
        row.attempts += 1;
        row.commits
    }

    fn commits(&self, key: u64) -> u64 {
        self.rows.get(&key).map_or(0, |row| row.commits)
    }

    fn commit(&mut self, key: u64) {
        self.rows.entry(key).or_default().commits += 1;
    }

    /// An attempt is over, whatever became of it.
    fn end(&mut self, key: u64) {
        if let Some(row) = self.rows.get_mut(&key) {
            row.attempts -= 1;
            if row.attempts == 0 {
                self.rows.remove(&key);
            }
        }
    }
}

impl Engine<'_> {
    pub(super) fn begin_attempt(&mut self, task: u32, counter: u32) -> Flow {
        let key = self.written_key(task, counter);
        let seen = self.counters[counter as usize].begin(key);
        self.tasks.push(task, NONE, FrameKind::Attempt { counter, attempt: 1, seen });
        Flow::On
    }

    /// The attempt counts if nobody else has committed since it began.
    pub(super) fn commit(&mut self, task: u32, counter: u32, back: u32, most: Option<NonZeroU32>) -> Flow {
        let key = self.written_key(task, counter);
        let at = &mut self.counters[counter as usize];
        let (commits, top) = (at.commits(key), self.tasks.tasks[task].frame);
        let FrameKind::Attempt { attempt, seen, .. } = &mut self.tasks.frames[top].kind else { return Flow::On };
        if *seen == commits {
            at.tally.commits += 1;
            at.commit(key);
            self.tasks.pop(task);
            self.end_attempt(task, counter);
            self.forgive(task, counter);
            return Flow::On;
        }
        at.tally.aborts += 1;
        if most.is_some_and(|most| *attempt >= most.get()) {
            self.fail(task, Failure::Failed);
            return Flow::Off;
        }
        *attempt = attempt.saturating_add(1);
        *seen = commits;
        self.jump(task, back)
    }

    /// A commit does not spoil the attempts that it is a part of: those of the task, and of whoever
    /// waits for it as an arm.
    fn forgive(&mut self, mut task: u32, committed: u32) {
        loop {
            let Task { frame: mut at, fork, .. } = self.tasks.tasks[task];
            while at != NONE {
                let frame = &mut self.tasks.frames[at];
                if let FrameKind::Attempt { counter, seen, .. } = &mut frame.kind
                    && *counter == committed
                {
                    *seen += 1;
                }
                at = frame.below;
            }
            if fork == NONE {
                return;
            }
            task = self.tasks.forks[fork].parent;
        }
    }

    /// An attempt is over.
    pub(super) fn end_attempt(&mut self, task: u32, counter: u32) {
        let key = self.written_key(task, counter);
        self.counters[counter as usize].end(key);
    }

    fn written_key(&self, task: u32, counter: u32) -> u64 {
        if self.model.counters[counter as usize].by_key { self.tasks.tasks[task].client.key } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::Counter;

    #[test]
    fn a_key_is_remembered_only_while_someone_writes_it() {
        let mut counter = Counter::default();
        assert_eq!(counter.begin(7), 0);
        assert_eq!(counter.begin(7), 0);
        counter.commit(7);
        counter.end(7);
        assert_eq!(counter.commits(7), 1);
        counter.end(7);
        assert!(counter.rows.is_empty());
    }
}
