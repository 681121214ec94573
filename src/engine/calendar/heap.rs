//! A small binary heap.

use super::event::{Event, NEVER};

/// A binary heap that leaves a hole at the root: most pops are followed by a push, which then
/// sifts down once instead of twice.
#[derive(Debug, Default)]
pub(super) struct Heap {
    events: Vec<Event>,
    hole: bool,
}

impl Heap {
    #[inline]
    pub(super) fn peek(&self) -> Event {
        if !self.hole {
            return self.events.first().copied().unwrap_or(NEVER);
        }
        match self.events.len() {
            0 | 1 => NEVER,
            2 => self.events[1],
            _ => self.events[1].min(self.events[2]),
        }
    }

    /// Puts an event where one has been popped; false if there is no such place.
    #[inline(always)]
    pub(super) fn fill(&mut self, event: Event) -> bool {
        let hole = self.hole;
        if hole {
            self.hole = false;
            self.sift_down(event);
        }
        hole
    }

    /// Adds an event; there is no hole.
    #[inline(always)]
    pub(super) fn push(&mut self, event: Event) {
        self.events.push(event);
        self.sift_up(event);
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// Forgets what has been popped; nothing else is in it.
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.hole = false;
    }

    /// Takes everything out, in no order.
    pub(super) fn take(&mut self) -> Vec<Event> {
        if self.hole {
            self.close();
        }
        std::mem::take(&mut self.events)
    }

    /// Takes the earliest event; there is one.
    #[inline]
    pub(super) fn pop(&mut self) {
        if self.hole {
            self.close();
        }
        self.hole = true;
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

    /// Puts an event into the place at the root, or below it. Which child goes up is computed: a branch on
    /// it is predicted wrong half of the time, which costs more than the rest of a level.
    #[inline(always)]
    fn sift_down(&mut self, event: Event) {
        let events = self.events.as_mut_slice();
        let (mut at, mut child) = (0, 1);
        while child + 1 < events.len() {
            child += usize::from(events[child + 1] < events[child]);
            if event <= events[child] {
                events[at] = event;
                return;
            }
            events[at] = events[child];
            at = child;
            child = 2 * at + 1;
        }
        if child < events.len() && events[child] < event {
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
