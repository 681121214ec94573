//! Load balancing: which of several targets gets the next request.
//!
//! A policy is one file here (what it is, how to write it, whose idea it was, its decision, its
//! tests) and one line in [`REGISTRY`].

mod bounded_load_hash;
mod join_idle_queue;
mod join_shortest_queue;
mod least_outstanding;
mod least_response_time;
mod nearest;
mod power_of_d;
mod random;
mod region;
mod round_robin;
mod sharded;
mod sticky;
mod weighted;
mod weighted_random;

pub use super::args::Args;

use super::args;
use super::discipline::Clock;
use crate::rng::{Rng, below};

/// Every policy of the language, in the order in which help shows them.
pub const REGISTRY: &[Entry] = &[
    random::ENTRY,
    round_robin::ENTRY,
    weighted::ENTRY,
    weighted_random::ENTRY,
    least_outstanding::ENTRY,
    join_shortest_queue::ENTRY,
    join_idle_queue::ENTRY,
    power_of_d::TWO,
    power_of_d::ENTRY,
    least_response_time::ENTRY,
    sticky::ENTRY,
    sharded::HASH,
    sharded::MODULO,
    sharded::RANGE,
    sharded::CONSISTENT_HASH,
    sharded::TENANT,
    region::ENTRY,
    bounded_load_hash::ENTRY,
    nearest::ENTRY,
];

/// Chooses a target for each request.
pub trait Balance: Send + Sync {
    /// Which target gets the next request: an index below `view.len()`, which is at least 1.
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize;

    /// Target `target` has answered, `response` ticks after the request was sent to it.
    fn answered(&mut self, target: usize, response: u64) {
        let _ = (target, response);
    }

    /// Whether the policy looks at `outstanding` or wants to hear of answers.
    fn needs_answers(&self) -> bool {
        false
    }

    /// Whether each choice is independent of all others, given independent keys: Poisson streams are split into
    /// independent Poisson streams.
    fn is_independent(&self) -> bool {
        false
    }

    /// Whether requests of one key always go to the same target, as far as loads allow.
    fn by_key(&self) -> bool {
        false
    }

    /// What it holds beyond a few numbers for each target, in bytes.
    fn bytes(&self) -> u64 {
        0
    }

    /// Who stands in for a target that was chosen, of so many, and is not there; nobody, if nobody is there.
    ///
    /// Unless the policy has an order of its own, the next one.
    fn stand_in(&self, view: &View<'_>, chosen: usize, alive: &dyn Fn(usize) -> bool) -> Option<usize> {
        (chosen..view.len()).chain(0..chosen).find(|&target| alive(target))
    }

    /// How the policy chooses while some targets are not there.
    fn when_absent(&self) -> WhenAbsent {
        WhenAbsent::StandIn
    }

    /// Whether the policy looks at the true number in system of the targets.
    fn needs_loads(&self) -> bool {
        false
    }

    /// Whether it looks at those of a few targets only, however many there are.
    fn needs_few_loads(&self) -> bool {
        false
    }

    /// Whether the policy looks at how far the targets are.
    fn needs_distances(&self) -> bool {
        false
    }

    /// The share of requests that each target gets in the long run from a caller to whom the targets are so far.
    fn shares_at(&self, distances: &[f64]) -> Vec<f64> {
        self.shares(distances.len())
    }

    /// The share of requests that each of `targets` gets in the long run, as far as it is known
    /// beforehand; they sum to 1.
    fn shares(&self, targets: usize) -> Vec<f64> {
        vec![1.0 / targets as f64; targets]
    }

    /// A copy in its initial state, for a new replication.
    fn fresh(&self) -> Box<dyn Balance>;
}

/// How a policy chooses while some targets are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAbsent {
    /// It is shown only those that are there: it knows nothing of targets but what it is shown.
    Unseen,
    /// It takes the next turn, or draws again.
    Again,
    /// Somebody stands in for the one that is chosen.
    StandIn,
}

/// What a policy may look at when it chooses.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// True number in system of every station of the model.
    pub loads: Loads<'a>,
    /// Per target: index into `loads` of the station that stands for it.
    pub fronts: &'a [u32],
    /// Per target: requests sent by this caller and not answered.
    pub outstanding: &'a [u32],
    /// Identity of the client or key, where there is one.
    pub session: Option<u64>,
    /// Index of the client's region, or else of the caller's.
    pub region: Option<u32>,
    /// Per target: mean one-way latency from the caller, in seconds; empty where there are no regions.
    pub distances: &'a [f64],
}

impl View<'_> {
    /// How many targets there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always a target")]
    pub fn len(&self) -> usize {
        self.fronts.len()
    }

    /// A choice among some of the targets, for which these stations stand: an index into `some`.
    pub fn only(&self, some: &[usize], fronts: &[u32], choose: impl FnOnce(&View<'_>) -> usize) -> usize {
        let (outstanding, distances) = (pick(self.outstanding, some), pick(self.distances, some));
        choose(&View { fronts, outstanding: &outstanding, distances: &distances, ..*self })
    }

    /// True number in system at a target, sent by whomever.
    pub fn in_system(&self, target: usize) -> u32 {
        let station = self.fronts[target] as usize;
        match self.loads {
            Loads::Counted(loads) => loads[station],
            Loads::Foreseen(clocks, now) => clocks[station].in_system(now),
        }
    }
}

/// How the number in system of every station is known.
#[derive(Debug, Clone, Copy)]
pub enum Loads<'a> {
    /// It is counted.
    Counted(&'a [u32]),
    /// It follows at this instant from when those who have come will leave.
    Foreseen(&'a [Clock], u64),
}

/// Some of the values that there are one of for each target, or none at all.
fn pick<T: Copy>(values: &[T], some: &[usize]) -> Vec<T> {
    if values.is_empty() { Vec::new() } else { some.iter().map(|&target| values[target]).collect() }
}

/// A policy of the language.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its word in a scenario.
    pub name: &'static str,
    /// What it does, in a sentence, with its source.
    pub doc: &'static str,
    /// Makes the policy for targets of these names (`app[0]`, `app[1]`, …), in this order.
    pub build: Build,
}

/// From arguments and names of targets to a policy, or what is wrong with the arguments.
pub type Build = fn(Option<&Args>, &[String]) -> Result<Box<dyn Balance>, String>;

/// The policy of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// Any of `n` targets, each as likely as the others.
fn any(n: usize, rng: &mut Rng) -> usize {
    below(rng, n as u32) as usize
}

/// The target with the least key; a tie is broken at random with a single draw.
fn least<K: PartialOrd + Copy>(n: usize, rng: &mut Rng, key: impl Fn(usize) -> K) -> usize {
    let (mut best, mut first, mut ties) = (key(0), 0, 1);
    for i in 1..n {
        let k = key(i);
        if k < best {
            (best, first, ties) = (k, i, 1);
        } else if k == best {
            ties += 1;
        }
    }
    if ties == 1 {
        return first;
    }
    let skip = any(ties, rng);
    (first..n).filter(|&i| key(i) == best).nth(skip).unwrap_or(first)
}

#[cfg(test)]
mod tests;
