//! Many events that are still far ahead, in a radix heap (Ahuja, Mehlhorn, Orlin & Tarjan 1990).
//!
//! Time only goes forward, so events need no order among themselves until time comes near them. Each lies in
//! a bucket by the highest digit in which its time differs from that of the last step, and by that digit.
//! Buckets are ordered; only the first one is ever taken, and what it holds goes to a lower digit then, or
//! to the small heap. So an event moves at most once per digit, whatever the increments are, and less
//! the fewer events there are.

use super::event::{Event, NEVER};

/// Bits of a digit: with fewer, events move more often; with more, there are more buckets than a cache likes.
const DIGIT: u32 = 4;
const DIGITS: usize = 1 << DIGIT;
const LEVELS: usize = u64::BITS.div_ceil(DIGIT) as usize;

/// Events of one chunk of memory: a bucket leaves one of them partly empty.
const CHUNK: usize = 32;

/// At the end of a list of chunks.
const NONE: u32 = u32::MAX;

/// Events later than a limit, which the heap of near events does not reach.
#[derive(Debug, Default)]
pub(super) struct RadixHeap {
    /// No event to come is earlier: digits are compared with it.
    last: u64,
    len: usize,
    /// By level, a bit for each bucket that is not empty.
    occupied: [u16; LEVELS],
    /// A bit for each level that is not empty.
    levels: u32,
    /// By level and digit; none before the first event.
    buckets: Vec<Bucket>,
    chunks: Chunks,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// The earliest of its events.
    first: Event,
    len: u32,
    /// Where the latest of its chunks is.
    chunk: u32,
}

const EMPTY: Bucket = Bucket { first: NEVER, len: 0, chunk: NONE };

impl RadixHeap {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// No event in it, or that is still to come, is earlier.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Adds an event that is later than the last step.
    pub(super) fn push(&mut self, event: Event) {
        if self.buckets.is_empty() {
            self.buckets = vec![EMPTY; LEVELS * DIGITS];
        }
        self.put(event);
    }

    #[inline]
    fn put(&mut self, event: Event) {
        let level = (u64::BITS - 1 - (event.time() ^ self.last).leading_zeros()) / DIGIT;
        let digit = (event.time() >> (level * DIGIT)) as usize % DIGITS;
        let bucket = &mut self.buckets[level as usize * DIGITS + digit];
        bucket.first = bucket.first.min(event);
        let place = bucket.len as usize % CHUNK;
        if place == 0 {
            bucket.chunk = self.chunks.take(bucket.chunk);
            self.occupied[level as usize] |= 1 << digit;
            self.levels |= 1 << level;
        }
        self.chunks.events[bucket.chunk as usize][place] = event;
        bucket.len += 1;
        self.len += 1;
    }

    /// The earliest event, left where it is.
    pub(super) fn first(&self) -> Event {
        match self.levels {
            0 => NEVER,
            _ => self.buckets[self.lowest()].first,
        }
    }

    /// The bucket with the earliest events; there is one.
    fn lowest(&self) -> usize {
        let level = self.levels.trailing_zeros() as usize;
        level * DIGITS + self.occupied[level].trailing_zeros() as usize
    }

    /// Time comes to the earliest event: takes some of the earliest out, or all of one instant. Returns a
    /// limit, which these do not exceed, and all others do.
    pub(super) fn step(&mut self, some: usize, mut out: impl FnMut(Event)) -> u64 {
        self.last = self.first().time();
        let mut limit = self.last;
        let mut room = some.saturating_sub(self.spread(some, &mut out));
        while self.levels != 0 && self.buckets[self.lowest()].len as usize <= room {
            limit = self.end(self.lowest());
            room -= self.empty(|_, event| out(event));
        }
        limit
    }

    /// Moves the events of the first bucket to lower ones if they are more than some; those of this instant
    /// are taken out. Returns how many these are.
    fn spread(&mut self, some: usize, out: &mut impl FnMut(Event)) -> usize {
        if self.buckets[self.lowest()].len as usize <= some {
            return 0;
        }
        let before = self.len;
        self.empty(|radix, event| if event.time() == radix.last { out(event) } else { radix.put(event) });
        before - self.len
    }

    /// Takes everything out of the first bucket; returns how much that is.
    fn empty(&mut self, mut each: impl FnMut(&mut RadixHeap, Event)) -> usize {
        let lowest = self.lowest();
        let (level, digit) = (lowest / DIGITS, lowest % DIGITS);
        let bucket = std::mem::replace(&mut self.buckets[lowest], EMPTY);
        self.occupied[level] &= !(1 << digit);
        if self.occupied[level] == 0 {
            self.levels &= !(1 << level);
        }
        self.len -= bucket.len as usize;
        // Only the latest chunk may not be full.
        let (mut chunk, mut filled) = (bucket.chunk, (bucket.len as usize - 1) % CHUNK + 1);
        while chunk != NONE {
            let (events, before) = self.chunks.give_back(chunk);
            events[..filled].iter().for_each(|&event| each(self, event));
            (chunk, filled) = (before, CHUNK);
        }
        bucket.len as usize
    }

    /// The latest time that belongs into a bucket.
    fn end(&self, bucket: usize) -> u64 {
        let level = (bucket / DIGITS) as u32 * DIGIT;
        let digit = (bucket % DIGITS) as u64;
        let below = (1u64 << level) - 1;
        let within = below | (DIGITS as u64 - 1) << level;
        self.last & !within | digit << level | below
    }

    /// Memory in use, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let chunk = size_of::<[Event; CHUNK]>() + size_of::<u32>();
        self.chunks.events.capacity() * chunk + self.buckets.len() * size_of::<Bucket>()
    }

    /// Takes everything out.
    pub(super) fn drain(&mut self, mut out: impl FnMut(Event)) {
        while self.levels != 0 {
            self.empty(|_, event| out(event));
        }
    }
}

/// Memory for events in chunks, linked to lists: what one bucket gives back another one uses.
#[derive(Debug)]
struct Chunks {
    events: Vec<[Event; CHUNK]>,
    /// By chunk: the one before it in its list.
    before: Vec<u32>,
    /// The list of those that nobody uses.
    free: u32,
}

impl Default for Chunks {
    fn default() -> Chunks {
        Chunks { events: Vec::new(), before: Vec::new(), free: NONE }
    }
}

impl Chunks {
    /// A chunk to fill, in front of a list.
    fn take(&mut self, before: u32) -> u32 {
        let mut chunk = self.free;
        if chunk == NONE {
            chunk = self.events.len() as u32;
            // A vector that doubles would keep as much in reserve as it has.
            if self.events.len() == self.events.capacity() {
                self.events.reserve_exact(self.events.len() / 8 + 1);
            }
            self.events.push([NEVER; CHUNK]);
            self.before.push(before);
        } else {
            self.free = self.before[chunk as usize];
            self.before[chunk as usize] = before;
        }
        chunk
    }

    /// What is in a chunk that is free from now on, and the chunk before it in its list.
    fn give_back(&mut self, chunk: u32) -> ([Event; CHUNK], u32) {
        let before = std::mem::replace(&mut self.before[chunk as usize], self.free);
        self.free = chunk;
        (self.events[chunk as usize], before)
    }
}
