//! Processor sharing by virtual time: a customer is done when the service that everyone present
//! has received since it came reaches what it asked for.
//!
//! Virtual time advances at the rate at which a customer of weight 1 is served:
//! min(1, servers / customers), or 1 / total weight where shares are weighted
//! (Kleinrock 1967; the virtual clock of Demers, Keshav & Shenker 1989).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::line::Entry;
use crate::model::Special;

/// Rebasing keeps virtual time where an `f64` resolves a fraction of a tick.
const REBASE: f64 = (1u64 << 44) as f64;

/// The customers of a shared station.
#[derive(Debug)]
pub(crate) struct Sharing {
    servers: f64,
    weighted: bool,
    /// Contention and coherency: how customers slow each other.
    slowdown: Option<(f64, f64)>,
    /// How many times as long everything takes at the moment.
    slow: f64,
    /// The time with a server may differ from the service asked for.
    timed: bool,
    /// Time for which a customer of weight 1 that was there all along has had a server, where that is not the
    /// service that it received.
    attention: f64,
    /// By the virtual time of completion, as the bits of a non-negative float.
    finishing: BinaryHeap<Reverse<(u64, Entry)>>,
    virtual_time: f64,
    weight: f64,
    present: u32,
    since: u64,
    /// Whose completion is in the calendar.
    next: Option<Entry>,
}

impl Sharing {
    pub(crate) fn new(servers: u32, weighted: bool, special: &Special) -> Sharing {
        let slowdown = special.slowdown;
        Sharing {
            servers: f64::from(servers),
            weighted,
            slowdown,
            slow: 1.0,
            timed: special.slowed || slowdown.is_some(),
            attention: 0.0,
            finishing: BinaryHeap::new(),
            virtual_time: 0.0,
            weight: 0.0,
            present: 0,
            since: 0,
            next: None,
        }
    }

    fn rate(&self) -> f64 {
        self.attentiveness() / self.slowness()
    }

    /// The share of a server that each customer of weight 1 has.
    fn attentiveness(&self) -> f64 {
        match self.weighted {
            true => self.servers.min(1.0) / self.weight,
            false => (self.servers / f64::from(self.present)).min(1.0),
        }
    }

    /// How many times as long everything takes with so many present: the Universal Scalability Law
    /// as a station (Gunther 1993).
    fn slowness(&self) -> f64 {
        let Some((contention, coherency)) = self.slowdown else { return self.slow };
        let present = f64::from(self.present);
        self.slow * (1.0 + (present - 1.0) * (contention + coherency * present))
    }

    /// How many are there.
    pub(crate) fn present(&self) -> u32 {
        self.present
    }

    /// The time for which a customer of weight 1 that was there all along has had a server, where that is not the
    /// service asked for: then that is what counts as service.
    pub(crate) fn attention(&self) -> Option<u64> {
        self.timed.then(|| self.attention.round() as u64)
    }

    /// From now on everything takes this many times as long as usual.
    pub(crate) fn set_slow(&mut self, now: u64, slow: f64) {
        self.advance(now);
        self.slow = slow;
    }

    /// From now on this many servers are there.
    pub(crate) fn set_servers(&mut self, now: u64, servers: u32) {
        self.advance(now);
        self.servers = f64::from(servers);
    }

    /// The share of a customer: its weight, where weights count.
    pub(crate) fn share(&self, weight: f32) -> f64 {
        if self.weighted { f64::from(weight) } else { 1.0 }
    }

    /// Brings virtual time up to now.
    pub(crate) fn advance(&mut self, now: u64) {
        if self.present > 0 {
            self.virtual_time += (now - self.since) as f64 * self.rate();
        }
        self.attend(now);
    }

    fn attend(&mut self, now: u64) {
        if self.timed && self.present > 0 {
            self.attention += (now - self.since) as f64 * self.attentiveness();
        }
        self.since = now;
    }

    /// One comes, asking for `service`.
    pub(crate) fn join(&mut self, now: u64, entry: Entry, service: u64, weight: f32) {
        self.advance(now);
        if self.present == 0 {
            self.reset();
        } else if self.virtual_time > REBASE {
            self.rebase();
        }
        let finish = self.virtual_time + service as f64 / self.share(weight);
        self.finishing.push(Reverse((finish.to_bits(), entry)));
        self.present += 1;
        self.weight += self.share(weight);
    }

    fn reset(&mut self) {
        self.virtual_time = 0.0;
        self.attention = 0.0;
        self.weight = 0.0;
        self.finishing.clear();
    }

    /// One goes, done or not.
    pub(crate) fn leave(&mut self, now: u64, weight: f32) {
        self.advance(now);
        self.present -= 1;
        self.weight -= self.share(weight);
    }

    /// Who is done next, and when if nothing changes; nobody while there is no server.
    pub(crate) fn first(&mut self, valid: impl Fn(Entry) -> bool) -> Option<(Entry, u64)> {
        while let Some(&Reverse((finish, entry))) = self.finishing.peek() {
            if valid(entry) {
                if self.servers == 0.0 {
                    return None;
                }
                let left = (f64::from_bits(finish) - self.virtual_time).max(0.0);
                let ticks = libm::ceil(left / self.rate());
                return Some((entry, self.since.saturating_add(ticks as u64)));
            }
            self.finishing.pop();
        }
        None
    }

    /// The first one is done: virtual time is what it was waiting for.
    pub(crate) fn finish_first(&mut self, now: u64) {
        self.attend(now);
        if let Some(Reverse((finish, _))) = self.finishing.pop() {
            self.virtual_time = f64::from_bits(finish);
        }
    }

    /// Virtual service that each entry, stale ones too, still needs.
    pub(crate) fn needed(&self) -> impl Iterator<Item = (Entry, f64)> {
        let left = |&Reverse((finish, entry)): &Reverse<(u64, Entry)>| {
            (entry, (f64::from_bits(finish) - self.virtual_time).max(0.0))
        };
        self.finishing.iter().map(left)
    }

    /// Keeps whose completion is in the calendar; returns who it was before.
    pub(crate) fn replace_next(&mut self, next: Option<Entry>) -> Option<Entry> {
        std::mem::replace(&mut self.next, next)
    }

    /// Moves virtual time back to zero before it has grown so far that precision suffers.
    fn rebase(&mut self) {
        let shift = self.virtual_time;
        let entries = std::mem::take(&mut self.finishing).into_vec();
        let moved = |Reverse((finish, entry)): Reverse<(u64, Entry)>| {
            Reverse(((f64::from_bits(finish) - shift).max(0.0).to_bits(), entry))
        };
        self.finishing = entries.into_iter().map(moved).collect();
        self.virtual_time = 0.0;
    }
}
