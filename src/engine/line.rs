//! Waiting lines: who is next, by each kind of rule.
//!
//! A customer that leaves the line by itself stays in the structure as a stale entry that is
//! skipped later, and is counted out at once: what others see is `len`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use crate::policy::discipline::Rule;
use crate::ring::Ring;
use crate::rng::{self, Rng};

/// A place in a line: the task, and the number of its visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) order: u64,
    pub(crate) task: u32,
}

#[derive(Debug)]
enum Kind {
    Fifo(Ring<Entry>),
    Lifo(Vec<Entry>),
    /// Latest first while more than so many wait.
    Adaptive(Ring<Entry>, u32),
    Random(Vec<Entry>),
    Ranked(BinaryHeap<Reverse<(u64, Entry)>>),
    /// By key: those who wait for each key that is held.
    Keyed(BTreeMap<u64, VecDeque<Entry>>),
}

/// A waiting line.
#[derive(Debug)]
pub(crate) struct Line {
    kind: Kind,
    waiting: u32,
}

impl Line {
    pub(crate) fn new(rule: Rule, keyed: bool) -> Line {
        let kind = match rule {
            _ if keyed => Kind::Keyed(BTreeMap::new()),
            Rule::InOrder | Rule::Shared { .. } | Rule::Turns => Kind::Fifo(Ring::default()),
            Rule::LatestFirst => Kind::Lifo(Vec::new()),
            Rule::LatestBeyond { threshold } => Kind::Adaptive(Ring::default(), threshold),
            Rule::AtRandom => Kind::Random(Vec::new()),
            Rule::Ranked { .. } => Kind::Ranked(BinaryHeap::new()),
        };
        Line { kind, waiting: 0 }
    }

    /// How many wait.
    #[inline]
    pub(crate) fn len(&self) -> u32 {
        self.waiting
    }

    /// Adds one; `rank` and `key` count only where the rule needs them.
    #[inline(always)]
    pub(crate) fn push(&mut self, entry: Entry, rank: u64, key: u64) {
        self.waiting += 1;
        match &mut self.kind {
            Kind::Fifo(line) => line.push_back(entry),
            _ => self.push_other(entry, rank, key),
        }
    }

    fn push_other(&mut self, entry: Entry, rank: u64, key: u64) {
        match &mut self.kind {
            Kind::Fifo(line) | Kind::Adaptive(line, _) => line.push_back(entry),
            Kind::Lifo(line) | Kind::Random(line) => line.push(entry),
            Kind::Ranked(line) => line.push(Reverse((rank, entry))),
            Kind::Keyed(lines) => lines.entry(key).or_default().push_back(entry),
        }
    }

    /// Takes the next one that is still there; chance, where it decides, is drawn from a stream.
    #[inline(always)]
    pub(crate) fn pop(&mut self, streams: &mut [Rng], stream: u32, valid: impl Fn(Entry) -> bool) -> Option<u32> {
        if self.waiting == 0 {
            return None;
        }
        loop {
            let entry = match &mut self.kind {
                Kind::Fifo(line) => line.pop_front()?,
                _ => self.take_other(&mut streams[stream as usize])?,
            };
            if valid(entry) {
                self.waiting -= 1;
                return Some(entry.task);
            }
        }
    }

    /// The next one in a line in order of arrival or rank, left where it is.
    pub(crate) fn first(&mut self, valid: impl Fn(Entry) -> bool) -> Option<u32> {
        match &mut self.kind {
            Kind::Fifo(line) => line.iter().find(|&&entry| valid(entry)).map(|entry| entry.task),
            Kind::Ranked(line) => {
                while let Some(&Reverse((_, entry))) = line.peek()
                    && !valid(entry)
                {
                    line.pop();
                }
                line.peek().map(|Reverse((_, entry))| entry.task)
            }
            _ => None,
        }
    }

    fn take_other(&mut self, rng: &mut Rng) -> Option<Entry> {
        match &mut self.kind {
            Kind::Fifo(line) => line.pop_front(),
            Kind::Lifo(line) => line.pop(),
            Kind::Adaptive(line, threshold) if self.waiting > *threshold => line.pop_back(),
            Kind::Adaptive(line, _) => line.pop_front(),
            Kind::Random(line) if line.is_empty() => None,
            Kind::Random(line) => Some(line.swap_remove(rng::below(rng, line.len() as u32) as usize)),
            Kind::Ranked(line) => line.pop().map(|Reverse((_, entry))| entry),
            Kind::Keyed(_) => None,
        }
    }

    /// One has left by itself: its entry is stale. Stale entries are swept before they outnumber the rest.
    pub(crate) fn forget(&mut self, valid: impl Fn(Entry) -> bool) {
        self.waiting -= 1;
        if self.entries() <= 2 * self.waiting as usize + 64 {
            return;
        }
        match &mut self.kind {
            Kind::Fifo(line) | Kind::Adaptive(line, _) => line.retain(|&entry| valid(entry)),
            Kind::Lifo(line) | Kind::Random(line) => line.retain(|&entry| valid(entry)),
            Kind::Ranked(line) => line.retain(|&Reverse((_, entry))| valid(entry)),
            Kind::Keyed(_) => {}
        }
    }

    fn entries(&self) -> usize {
        match &self.kind {
            Kind::Fifo(line) | Kind::Adaptive(line, _) => line.len(),
            Kind::Lifo(line) | Kind::Random(line) => line.len(),
            Kind::Ranked(line) => line.len(),
            Kind::Keyed(_) => 0,
        }
    }

    /// Whether a key is free; then it is held from now on.
    pub(crate) fn hold_key(&mut self, key: u64) -> bool {
        match &mut self.kind {
            Kind::Keyed(lines) if lines.contains_key(&key) => false,
            Kind::Keyed(lines) => {
                lines.insert(key, VecDeque::new());
                true
            }
            _ => true,
        }
    }

    /// Gives a key back: to the next who waits for it, if anyone does.
    pub(crate) fn release_key(&mut self, key: u64, valid: impl Fn(Entry) -> bool) -> Option<u32> {
        let Kind::Keyed(lines) = &mut self.kind else { return None };
        let line = lines.get_mut(&key)?;
        while let Some(entry) = line.pop_front() {
            if valid(entry) {
                self.waiting -= 1;
                return Some(entry.task);
            }
        }
        lines.remove(&key);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Line};
    use crate::policy::discipline::Rule;
    use crate::rng;

    fn entry(task: u32) -> Entry {
        Entry { order: u64::from(task), task }
    }

    #[test]
    fn each_rule_has_its_order() {
        let mut streams = [rng::stream(1, 0, "line")];
        for (rule, expected) in [
            (Rule::InOrder, [1, 2, 3]),
            (Rule::LatestFirst, [3, 2, 1]),
            (Rule::LatestBeyond { threshold: 2 }, [3, 1, 2]),
            (Rule::Ranked { rank: |_| 0, preempts: false }, [3, 1, 2]),
        ] {
            let mut line = Line::new(rule, false);
            for (task, rank) in [(1, 5), (2, 5), (3, 4)] {
                line.push(entry(task), rank, 0);
            }
            let order = [(); 3].map(|()| line.pop(&mut streams, 0, |_| true).unwrap());
            assert_eq!(order, expected);
        }
    }

    #[test]
    fn stale_entries_are_skipped_and_swept() {
        let mut streams = [rng::stream(1, 0, "line")];
        let mut line = Line::new(Rule::LatestFirst, false);
        for task in 0..1000 {
            line.push(entry(task), 0, 0);
            if task > 0 {
                line.forget(|entry| entry.task == 0);
            }
        }
        assert!(line.entries() < 100);
        assert_eq!(line.pop(&mut streams, 0, |entry| entry.task == 0), Some(0));
        assert_eq!(line.len(), 0);
    }

    #[test]
    fn a_key_is_held_by_one() {
        let mut line = Line::new(Rule::InOrder, true);
        assert!(line.hold_key(7) && line.hold_key(8) && !line.hold_key(7));
        line.push(entry(1), 0, 7);
        assert_eq!(line.release_key(7, |_| true), Some(1));
        assert_eq!(line.release_key(7, |_| true), None);
        assert!(line.hold_key(7));
    }
}
