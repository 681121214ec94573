//! First-in first-out lanes for events a constant delay ahead, which are in order already.

use std::collections::VecDeque;

use super::event::{Class, Event, NEVER};

/// The lanes, and which delay has which.
#[derive(Debug)]
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    /// By number of a delay: the lane in which its events are put. A delay that changes gets another lane.
    current: Vec<u32>,
    /// No event of a lane is earlier than this. It is found again when time has come there; what is taken
    /// out of a lane leaves it as it is.
    due: u64,
}

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
const CLEARED: Event = Event::NONE;

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

impl Lanes {
    /// A lane for each delay.
    pub(super) fn new(delays: &[u64]) -> Lanes {
        let lanes: Vec<Lane> = delays.iter().map(|&delay| Lane::new(delay)).collect();
        let current = (0..lanes.len() as u32).collect();
        Lanes { lanes, current, due: u64::MAX }
    }

    /// How many events there are, with those that were cleared and are still there.
    pub(super) fn len(&self) -> usize {
        self.lanes.iter().map(|lane| lane.events.len()).sum()
    }

    /// No event is earlier than this.
    pub(super) fn due(&self) -> u64 {
        self.due
    }

    /// Adds an event a delay from now; returns its place, and its time if its lane was empty.
    #[inline(always)]
    pub(super) fn append(&mut self, lane: u32, now: u64, class: Class, sequence: u64, slot: u32) -> (u64, Option<u64>) {
        let index = self.current[lane as usize];
        let lane = &mut self.lanes[index as usize];
        let time = now.saturating_add(lane.delay);
        let is_first = lane.events.is_empty();
        if is_first {
            self.due = self.due.min(time);
        }
        let place = lane.gone + lane.events.len() as u64;
        lane.events.push_back(Event::new(time, class, sequence, slot));
        (u64::from(index) << PLACE_BITS | place, is_first.then_some(time))
    }

    /// Takes a timer out of its lane, if it is still there.
    #[inline(always)]
    pub(super) fn clear(&mut self, timer: u64) {
        let (lane, place) = self.find(timer);
        if place == lane.gone && !lane.events.is_empty() {
            lane.pop();
        } else if let Some(event) = lane.at(place) {
            *event = CLEARED;
        }
    }

    /// A timer, if it is still there, is for another slot now.
    pub(super) fn readdress(&mut self, timer: u64, slot: u32) {
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
    pub(super) fn set_delays(&mut self, delays: &[u64]) {
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

    /// The first event of all lanes, left where it is.
    pub(super) fn first(&mut self) -> Event {
        let first = self.lanes.iter().map(Lane::first).min().unwrap_or(NEVER);
        self.due = first.time();
        first
    }

    /// Takes an event that is the first one of its lane.
    pub(super) fn pop(&mut self, event: Event) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.first() == event) {
            lane.pop();
        }
    }
}
