//! Hand-written event loops: what a specialist would write for one model and one question.
//!
//! Each file has one model twice: as a scenario, and as a flat loop that computes the mean response
//! time and nothing else. The loops are as good as we can write them: one heap of packed keys, one
//! random stream, records found by index, no allocation per event, and constant delays in plain
//! queues. They draw from the same samplers as the engine, so what is compared is the rest.

mod chains;
mod fan_out;
mod heap;
mod hedges;
mod lru;
mod mm1;
mod mmc;
mod pending;
mod power_of_two;
mod retries;
mod slab;
mod tiers;
mod timeouts;

use std::collections::VecDeque;

pub(crate) use chains::Chains;
pub(crate) use fan_out::FanOut;
pub(crate) use heap::{Heap, Holed, Std};
pub(crate) use hedges::Hedges;
pub(crate) use mm1::Mm1;
pub(crate) use mmc::Mmc;
pub(crate) use pending::Pending;
pub(crate) use power_of_two::PowerOfTwo;
pub(crate) use retries::Retries;
pub(crate) use tiers::Tiers;
pub(crate) use timeouts::Timeouts;

use knee::distribution::Law;
use knee::rng::{self, Rng};

/// One model, in both forms. It starts empty and runs for a given time.
pub(crate) trait Model {
    /// The text of the scenario; its one workload is called `customers`.
    fn scenario(&self) -> String;
    /// The loop; each seed is a replication.
    fn by_hand<H: Heap>(&self, seed: u64) -> Answer;
}

/// What a run says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answer {
    /// Customers who came.
    pub(crate) offered: u64,
    /// Those who got an answer.
    pub(crate) answered: u64,
    /// How long they waited for it, in ticks.
    pub(crate) sum: u128,
}

impl Answer {
    /// One got an answer after so long.
    #[inline]
    fn count(&mut self, response: u64) {
        self.answered += 1;
        self.sum += u128::from(response);
    }

    /// Mean response time in seconds.
    pub(crate) fn mean(&self) -> f64 {
        self.sum as f64 / self.answered as f64 / TICKS
    }
}

/// Ticks in a second, as in the engine.
const TICKS: f64 = 1e12;

/// Somebody comes.
const ARRIVAL: u32 = 0;
/// A service is complete.
const DEPARTURE: u32 = 1;
/// A delay is over.
const DELAY: u32 = 2;

const SLOT_BITS: u32 = 28;

/// An event that is due.
struct Event {
    time: u64,
    /// One of a loop's constants.
    kind: u32,
    /// Whom it is for, below 2²⁸.
    slot: u32,
    /// Its number, by which a loop tells that it is no longer wanted.
    number: u32,
}

/// What is to come, until the end of the run. A key is time, number, kind and slot.
struct Agenda<H> {
    heap: H,
    number: u32,
    end: u64,
}

impl<H: Heap> Agenda<H> {
    fn until(seconds: f64) -> Agenda<H> {
        Agenda { heap: H::default(), number: 0, end: ticks(seconds) }
    }

    /// Puts an event in and returns its number.
    #[inline]
    fn push(&mut self, time: u64, kind: u32, slot: u32) -> u32 {
        self.number = self.number.wrapping_add(1);
        let low = u64::from(self.number) << 32 | u64::from(kind << SLOT_BITS | slot);
        self.heap.push(u128::from(time) << 64 | u128::from(low));
        self.number
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        let key = self.heap.pop()?;
        let (time, low) = ((key >> 64) as u64, key as u32);
        let slot = low & ((1 << SLOT_BITS) - 1);
        (time <= self.end).then_some(Event { time, kind: low >> SLOT_BITS, slot, number: (key >> 32) as u32 })
    }
}

/// Timers a constant delay ahead, which are in order by themselves.
struct Lane {
    delay: u64,
    /// When, for which place of a slab, and for which customer there.
    timers: VecDeque<(u64, u32, u32)>,
}

impl Lane {
    fn new(seconds: f64) -> Lane {
        Lane { delay: ticks(seconds), timers: VecDeque::new() }
    }

    #[inline]
    fn push(&mut self, now: u64, slot: u32, customer: u32) {
        self.timers.push_back((now + self.delay, slot, customer));
    }

    /// The next timer that rings before this time.
    #[inline]
    fn pop_before(&mut self, time: u64) -> Option<(u64, u32, u32)> {
        self.timers.pop_front_if(|timer| timer.0 < time)
    }
}

/// Where random numbers come from.
struct Dice(Rng);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(rng::stream(1, seed, "by hand"))
    }

    /// A time in ticks.
    #[inline]
    fn draw(&mut self, law: &Law) -> u64 {
        law.sample(&mut self.0) as i64 as u64
    }

    #[inline]
    fn below(&mut self, n: u32) -> u32 {
        rng::below(&mut self.0, n)
    }

    #[inline]
    fn chance(&mut self, probability: f64) -> bool {
        rng::unit(&mut self.0) < probability
    }
}

/// Several servers and a line, for loops with more than one station of them.
struct Servers {
    free: u32,
    line: VecDeque<u32>,
}

impl Servers {
    fn new(servers: u32) -> Servers {
        Servers { free: servers, line: VecDeque::new() }
    }

    /// Somebody comes: whether there is a server, or else he waits.
    #[inline]
    fn enter(&mut self, slot: u32) -> bool {
        if self.free == 0 {
            self.line.push_back(slot);
            return false;
        }
        self.free -= 1;
        true
    }

    /// Somebody leaves: who gets the server.
    #[inline]
    fn leave(&mut self) -> Option<u32> {
        let next = self.line.pop_front();
        self.free += u32::from(next.is_none());
        next
    }
}

fn ticks(seconds: f64) -> u64 {
    (seconds * TICKS) as u64
}

fn exponential(seconds: f64) -> Law {
    Law::exponential(seconds * TICKS).expect("a positive mean")
}
