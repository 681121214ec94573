//! Pending events in order of time, class and age.
//!
//! Near events are in a small heap, events a constant delay ahead in lanes. If there are many, those that
//! are far ahead are kept apart, in a radix heap.

mod event;
mod heap;
mod lanes;
mod radix;

pub use event::{Class, Event, MAX_SLOTS, NEVER, OF_TASK};

use event::SEQUENCE_STEP;
use heap::Heap;
use lanes::Lanes;
use radix::RadixHeap;

/// A priority queue of events, and first-in first-out lanes for constant delays.
#[derive(Debug)]
pub struct Calendar {
    heap: Heap,
    /// No event of the heap is later, and every event of `far` is. It is the end of time while few are pending.
    limit: u64,
    /// All events before this time are in the heap.
    near: u64,
    /// The latest sequence number, in the upper bits of a word: after the last one comes an overflow.
    sequence: u64,
    /// The heap does not grow beyond this.
    most: usize,
    lanes: Lanes,
    far: RadixHeap,
}

/// The heap does not grow beyond this, unless its events are all at one instant. With this, whole runs of 10 to 10⁶
/// pending events were as fast as before or faster; that 1,024 to 4,096 are alike was seen in the hold model only.
const MANY: usize = 2048;

/// So few far events are not worth keeping apart. From here to `MANY` it takes as many events as it moves.
const FEW: usize = 1024;

/// The most that comes near at once: 32 to 128 are equally fast.
const SOME: usize = 64;

impl Calendar {
    /// An empty calendar with a lane for each of these delays.
    pub fn new(delays: &[u64]) -> Calendar {
        Calendar {
            heap: Heap::default(),
            limit: u64::MAX,
            near: u64::MAX,
            sequence: 0,
            most: MANY,
            lanes: Lanes::new(delays),
            far: RadixHeap::default(),
        }
    }

    /// Adds an event; returns its sequence number, which is never 0.
    #[inline(always)]
    pub fn schedule(&mut self, time: u64, class: Class, slot: u32) -> u64 {
        let sequence = self.next_sequence();
        let event = Event::new(time, class, sequence, slot);
        if time > self.limit {
            self.put_far(event);
        } else if !self.heap.fill(event) {
            self.heap.push(event);
            if self.heap.len() > self.most {
                self.thin_out();
            }
        }
        sequence
    }

    #[cold]
    #[inline(never)]
    fn put_far(&mut self, event: Event) {
        self.far.push(event);
    }

    /// The heap is too large: keeps what is far ahead apart from now on.
    #[cold]
    #[inline(never)]
    fn thin_out(&mut self) {
        self.set_limit(self.far.last());
        for event in self.heap.take() {
            if event.time() > self.limit {
                self.far.push(event);
            } else {
                self.heap.push(event);
            }
        }
        self.most = MANY.max(2 * self.heap.len());
    }

    fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
        self.near = self.lanes.due().min(limit.saturating_add(1));
    }

    /// Adds an event a lane's delay from now; returns its sequence number.
    #[inline]
    pub fn schedule_lane(&mut self, lane: u32, now: u64, class: Class, slot: u32) -> u64 {
        self.append(lane, now, class, slot);
        self.sequence / SEQUENCE_STEP
    }

    /// Adds a deadline a lane's delay from now; returns its place, by which it can be cleared.
    #[inline(always)]
    pub fn set_timer(&mut self, lane: u32, now: u64, slot: u32) -> u64 {
        self.append(lane, now, Class::Deadline, slot)
    }

    #[inline(always)]
    fn append(&mut self, lane: u32, now: u64, class: Class, slot: u32) -> u64 {
        let sequence = self.next_sequence();
        let (place, first) = self.lanes.append(lane, now, class, sequence, slot);
        if let Some(time) = first {
            self.near = self.near.min(time);
        }
        place
    }

    /// Takes a deadline out of its lane; nothing happens if it has rung.
    #[inline(always)]
    pub fn clear_timer(&mut self, timer: u64) {
        self.lanes.clear(timer);
    }

    /// A deadline, if it has not rung, is for another slot now.
    pub fn readdress(&mut self, timer: u64, slot: u32) {
        self.lanes.readdress(timer, slot);
    }

    /// Changes the delays; what has been put into a lane keeps its time, and its lane.
    pub fn set_delays(&mut self, delays: &[u64]) {
        self.lanes.set_delays(delays);
    }

    /// Memory in use, in bytes.
    pub fn bytes(&self) -> usize {
        (self.heap.len() + self.lanes.len()) * size_of::<Event>() + self.far.bytes()
    }

    /// A number that no event has.
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.next_sequence()
    }

    #[inline(always)]
    fn next_sequence(&mut self) -> u64 {
        let (next, is_over) = self.sequence.overflowing_add(SEQUENCE_STEP);
        self.sequence = if is_over { SEQUENCE_STEP } else { next };
        self.sequence / SEQUENCE_STEP
    }

    /// The next event, left where it is.
    #[inline(always)]
    pub fn peek(&mut self) -> Event {
        let next = self.heap.peek();
        if next.time() < self.near { next } else { self.peek_beyond(next) }
    }

    /// The same, if lanes or far events may come first.
    fn peek_beyond(&mut self, mut next: Event) -> Event {
        if next == NEVER {
            next = self.far.first();
        }
        if next.time() >= self.lanes.due() {
            next = next.min(self.lanes.first());
            self.set_limit(self.limit);
        }
        next
    }

    /// Takes the event that `peek` returned.
    #[inline(always)]
    pub fn pop(&mut self, event: Event) {
        if event.time() < self.near {
            self.heap.pop();
        } else {
            self.pop_beyond(event);
        }
    }

    /// The same, if it may be in a lane or far.
    fn pop_beyond(&mut self, event: Event) {
        if event == NEVER {
            return;
        }
        if event == self.far.first() {
            self.approach();
        }
        if event == self.heap.peek() {
            self.heap.pop();
        } else {
            self.lanes.pop(event);
        }
    }

    /// The heap is empty and time comes to the first of the far events: it comes near, with some more, or with all.
    fn approach(&mut self) {
        self.heap.clear();
        self.most = MANY;
        if self.far.len() <= FEW {
            self.far.drain(|event| self.heap.push(event));
            self.set_limit(u64::MAX);
        } else {
            let limit = self.far.step(SOME, |event| self.heap.push(event));
            self.set_limit(limit);
        }
    }
}

#[cfg(test)]
mod tests;
