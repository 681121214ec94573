//! An event: one number, which says when, why, how old and for what.

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

/// A sequence number counts in the upper bits of a word.
pub(super) const SEQUENCE_STEP: u64 = 1 << (u64::BITS - SEQUENCE_BITS);

/// Most slots an event can name; the engine stops a run before it has more tasks.
pub const MAX_SLOTS: usize = OF_TASK as usize;

/// Tells the slot of a task from that of a frame.
pub const OF_TASK: u32 = 1 << (SLOT_BITS - 1);

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event(u128);

impl Event {
    /// No event: an event has a number, which is not 0.
    pub(super) const NONE: Event = Event(0);

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
