//! Pending events in order of time, class and age.
//!
//! An event is one `u128`: time, class, sequence number, slot. Comparing events is comparing
//! numbers. The sequence number makes events of one class at one instant first in, first out,
//! and tells a stale event: what it is for remembers the number of its valid event.

use std::collections::VecDeque;

/// Why an event happens; at one instant, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// A service or wait is complete; slot is a task.
    Completion = 0,
    /// Something on the timeline; slot is its index there.
    Timeline = 1,
    /// A user stops thinking, or servers come or go; slot is a task.
    Arrival = 2,
    /// A quantum expires; slot is a task.
    Quantum = 3,
    /// Patience runs out; slot is a task.
    Patience = 4,
    /// A deadline passes; slot is a frame, or a task and `OF_TASK`.
    Deadline = 5,
    /// A copy is to be sent, or work expires; slot is a frame.
    Copy = 6,
}

const SLOT_BITS: u32 = 27;
const SEQUENCE_BITS: u32 = 34;
const CLASS_SHIFT: u32 = SLOT_BITS + SEQUENCE_BITS;
const SLOT_MASK: u64 = (1 << SLOT_BITS) - 1;
const SEQUENCE_MASK: u64 = (1 << SEQUENCE_BITS) - 1;

/// Most slots an event can name; the engine stops a run before it has more tasks.
pub const MAX_SLOTS: usize = OF_TASK as usize;

/// Tells the slot of a task from that of a frame.
pub const OF_TASK: u32 = 1 << (SLOT_BITS - 1);

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event(u128);

impl Event {
    /// An event; the sequence number and the slot must fit their bits.
    #[inline]
    pub fn new(time: u64, class: Class, sequence: u64, slot: u32) -> Event {
        let low = (class as u64) << CLASS_SHIFT | sequence << SLOT_BITS | u64::from(slot);
        Event(u128::from(time) << 64 | u128::from(low))
    }

    /// When it happens, in ticks.
    #[inline]
    pub fn time(self) -> u64 {
        (self.0 >> 64) as u64
    }

    /// Why it happens.
    #[inline]
    pub fn class(self) -> Class {
        match (self.0 as u64) >> CLASS_SHIFT {
            0 => Class::Completion,
            1 => Class::Timeline,
            2 => Class::Arrival,
            3 => Class::Quantum,
            4 => Class::Patience,
            5 => Class::Deadline,
            _ => Class::Copy,
        }
    }

    /// Its number.
    #[inline]
    pub fn sequence(self) -> u64 {
        (self.0 as u64) >> SLOT_BITS & SEQUENCE_MASK
    }

    /// What it is for.
    #[inline]
    pub fn slot(self) -> u32 {
        (self.0 as u64 & SLOT_MASK) as u32
    }

    /// Open arrivals before this instant go first.
    pub fn arrivals_before(self) -> u64 {
        self.time().saturating_add(u64::from(self.class() >= Class::Arrival))
    }

    /// Whether an open arrival at `time` goes first: it does at one instant unless the event is a
    /// completion or on the timeline.
    #[inline]
    pub fn yields_to_arrival(self, time: u64) -> bool {
        self.0 >= Event::new(time, Class::Arrival, 0, 0).0
    }
}

/// Later than every event.
pub const NEVER: Event = Event(u128::MAX);

/// A priority queue of events, and first-in first-out lanes for constant delays.
#[derive(Debug)]
pub struct Calendar {
    heap: Heap,
    lanes: Vec<Lane>,
    /// By number of a delay: the lane in which its events are put. A delay that changes gets another lane.
    current: Vec<u32>,
    /// No event of a lane is earlier than this: until then nobody looks at the lanes. It is found again
    /// when time has come there; what is taken out of a lane leaves it as it is.
    due: u64,
    sequence: u64,
}

/// Events a constant delay ahead: already in order.
#[derive(Debug)]
struct Lane {
    delay: u64,
    /// The first one has not been cleared.
    events: VecDeque<Event>,
    /// How many have left at the front: the place of the first one.
    gone: u64,
}

/// The place of a timer in its lane is in the lower bits, and the number of the lane above.
const PLACE_BITS: u32 = 44;
const PLACE_MASK: u64 = (1 << PLACE_BITS) - 1;

/// Stands in a lane for a timer that was cleared; no event has the number 0.
const CLEARED: Event = Event(0);

impl Lane {
    fn new(delay: u64) -> Lane {
        Lane { delay, events: VecDeque::new(), gone: 0 }
    }

    fn first(&self) -> Event {
        self.events.front().copied().unwrap_or(NEVER)
    }

    /// Takes the first event, and what was cleared behind it.
    #[inline(always)]
    fn pop(&mut self) {
        self.events.pop_front();
        self.gone += 1;
        while self.events.front() == Some(&CLEARED) {
            self.events.pop_front();
            self.gone += 1;
        }
    }

    /// The event at a place, if it is still there.
    #[inline]
    fn at(&mut self, place: u64) -> Option<&mut Event> {
        self.events.get_mut(place.wrapping_sub(self.gone) as usize)
    }
}

impl Calendar {
    /// An empty calendar with a lane for each of these delays.
    pub fn new(delays: &[u64]) -> Calendar {
        let lanes: Vec<Lane> = delays.iter().map(|&delay| Lane::new(delay)).collect();
        let current = (0..lanes.len() as u32).collect();
        Calendar { heap: Heap::default(), lanes, current, due: u64::MAX, sequence: 0 }
    }

    /// Adds an event; returns its sequence number, which is never 0.
    #[inline(always)]
    pub fn schedule(&mut self, time: u64, class: Class, slot: u32) -> u64 {
        let sequence = self.next_sequence();
        self.heap.push(Event::new(time, class, sequence, slot));
        sequence
    }

    /// Adds an event a lane's delay from now; returns its sequence number.
    #[inline]
    pub fn schedule_lane(&mut self, lane: u32, now: u64, class: Class, slot: u32) -> u64 {
        self.append(lane, now, class, slot);
        self.sequence
    }

    /// Adds a deadline a lane's delay from now; returns its place, by which it can be cleared.
    #[inline(always)]
    pub fn set_timer(&mut self, lane: u32, now: u64, slot: u32) -> u64 {
        self.append(lane, now, Class::Deadline, slot)
    }

    #[inline(always)]
    fn append(&mut self, lane: u32, now: u64, class: Class, slot: u32) -> u64 {
        let sequence = self.next_sequence();
        let index = self.current[lane as usize];
        let lane = &mut self.lanes[index as usize];
        let time = now.saturating_add(lane.delay);
        if lane.events.is_empty() {
            self.due = self.due.min(time);
        }
        let place = lane.gone + lane.events.len() as u64;
        lane.events.push_back(Event::new(time, class, sequence, slot));
        u64::from(index) << PLACE_BITS | place
    }

    /// Takes a deadline out of its lane; nothing happens if it has rung.
    #[inline(always)]
    pub fn clear_timer(&mut self, timer: u64) {
        let (lane, place) = self.find(timer);
        if place == lane.gone && !lane.events.is_empty() {
            lane.pop();
        } else if let Some(event) = lane.at(place) {
            *event = CLEARED;
        }
    }

    /// A deadline, if it has not rung, is for another slot now.
    pub fn readdress(&mut self, timer: u64, slot: u32) {
        let (lane, place) = self.find(timer);
        if let Some(event) = lane.at(place).filter(|event| **event != CLEARED) {
            *event = Event::new(event.time(), event.class(), event.sequence(), slot);
        }
    }

    /// The lane of a timer, and its place there.
    #[inline(always)]
    fn find(&mut self, timer: u64) -> (&mut Lane, u64) {
        (&mut self.lanes[(timer >> PLACE_BITS) as usize], timer & PLACE_MASK)
    }

    /// Changes the delays; what has been put into a lane keeps its time, and its lane.
    pub fn set_delays(&mut self, delays: &[u64]) {
        for (number, &delay) in delays.iter().enumerate() {
            if self.lanes[self.current[number] as usize].delay != delay {
                self.current[number] = self.another_lane(delay);
            }
        }
    }

    /// A lane with this delay, in which nobody puts anything else.
    fn another_lane(&mut self, delay: u64) -> u32 {
        let is_free = |index: usize| !self.current.contains(&(index as u32));
        let free = (0..self.lanes.len()).find(|&index| is_free(index) && self.lanes[index].events.is_empty());
        let index = free.unwrap_or(self.lanes.len());
        if index == self.lanes.len() {
            self.lanes.push(Lane::new(delay));
        }
        self.lanes[index].delay = delay;
        index as u32
    }

    /// A number that no event has.
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.next_sequence()
    }

    #[inline(always)]
    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        if self.sequence > SEQUENCE_MASK {
            self.sequence = 1;
        }
        self.sequence
    }

    /// The next event, left where it is.
    #[inline(always)]
    pub fn peek(&mut self) -> Event {
        let next = self.heap.peek();
        if next.time() < self.due { next } else { self.peek_lanes(next) }
    }

    fn peek_lanes(&mut self, next: Event) -> Event {
        let first = self.lanes.iter().map(Lane::first).min().unwrap_or(NEVER);
        self.due = first.time();
        next.min(first)
    }

    /// Takes the event that `peek` returned.
    #[inline(always)]
    pub fn pop(&mut self, event: Event) {
        if event.time() < self.due || self.heap.peek() == event {
            self.heap.pop();
        } else {
            self.pop_lane(event);
        }
    }

    fn pop_lane(&mut self, event: Event) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.first() == event) {
            lane.pop();
        }
    }
}

/// A binary heap that leaves a hole at the root: most pops are followed by a push, which then
/// sifts down once instead of twice.
#[derive(Debug, Default)]
struct Heap {
    events: Vec<Event>,
    hole: bool,
}

impl Heap {
    #[inline]
    fn peek(&self) -> Event {
        if !self.hole {
            return self.events.first().copied().unwrap_or(NEVER);
        }
        match self.events.len() {
            0 | 1 => NEVER,
            2 => self.events[1],
            _ => self.events[1].min(self.events[2]),
        }
    }

    #[inline(always)]
    fn push(&mut self, event: Event) {
        if self.hole {
            self.hole = false;
            self.sift_down(event);
        } else {
            self.events.push(event);
            self.sift_up(event);
        }
    }

    #[inline]
    fn pop(&mut self) {
        if self.hole {
            self.close();
        }
        self.hole = !self.events.is_empty();
    }

    /// Fills the hole with the last event.
    fn close(&mut self) {
        self.hole = false;
        if let Some(last) = self.events.pop()
            && !self.events.is_empty()
        {
            self.sift_down(last);
        }
    }

    #[inline(always)]
    fn sift_down(&mut self, event: Event) {
        let events = self.events.as_mut_slice();
        let mut at = 0;
        loop {
            let mut child = 2 * at + 1;
            if child >= events.len() {
                break;
            }
            if child + 1 < events.len() && events[child + 1] < events[child] {
                child += 1;
            }
            if event <= events[child] {
                break;
            }
            events[at] = events[child];
            at = child;
        }
        events[at] = event;
    }

    #[inline(always)]
    fn sift_up(&mut self, event: Event) {
        let events = self.events.as_mut_slice();
        let mut at = events.len() - 1;
        while at > 0 {
            let parent = (at - 1) / 2;
            if events[parent] <= event {
                break;
            }
            events[at] = events[parent];
            at = parent;
        }
        events[at] = event;
    }
}

#[cfg(test)]
mod tests;
