//! Who is served next: one file per discipline, one line in `rule`.

mod adaptive_lifo;
mod clock;
mod fifo;
mod lifo;
mod preemptive_lifo;
mod preemptive_priority;
mod priority;
mod processor_sharing;
mod random;
mod round_robin;
mod shortest_job_first;
mod shortest_remaining_first;
mod weighted_processor_sharing;

pub use clock::{Clock, Passed};

/// What a discipline may look at.
#[derive(Debug, Clone, Copy)]
pub struct Customer {
    /// Smaller is more urgent.
    pub priority: i32,
    /// Service asked for, in ticks.
    pub service: u64,
    /// Service still needed, in ticks.
    pub remaining: u64,
    /// Number of the visit, in order of arrival.
    pub order: u64,
}

/// How a station serves its customers.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// In order of arrival.
    InOrder,
    /// Latest arrival first, without interruption.
    LatestFirst,
    /// In order of arrival, or latest first while more than a number wait; without interruption.
    LatestBeyond {
        /// The number.
        threshold: u32,
    },
    /// At random, without interruption.
    AtRandom,
    /// Least rank first, earlier arrivals first among equals.
    Ranked {
        /// The rank.
        rank: fn(&Customer) -> u64,
        /// A lower rank interrupts a higher one.
        preempts: bool,
    },
    /// All at once.
    Shared {
        /// Shares follow the weights of the workloads.
        weighted: bool,
    },
    /// In order of arrival, a quantum at a time.
    Turns,
}

impl Rule {
    /// Whoever begins is served to the end, and nothing that is known of customers decides who begins.
    pub(crate) fn is_blind(&self) -> bool {
        matches!(self, Rule::InOrder | Rule::LatestFirst | Rule::LatestBeyond { .. } | Rule::AtRandom)
    }

    /// Whoever begins is served to the end.
    pub(crate) fn is_uninterrupted(&self) -> bool {
        self.is_blind() || matches!(self, Rule::Ranked { preempts: false, .. })
    }
}

/// The disciplines, by their names in the language.
pub const REGISTRY: &[(&str, Rule)] = &[
    ("fifo", fifo::RULE),
    ("lifo", lifo::RULE),
    ("adaptive-lifo", adaptive_lifo::RULE),
    ("random", random::RULE),
    ("processor-sharing", processor_sharing::RULE),
    ("weighted-processor-sharing", weighted_processor_sharing::RULE),
    ("shortest-job-first", shortest_job_first::RULE),
    ("shortest-remaining-first", shortest_remaining_first::RULE),
    ("priority", priority::RULE),
    ("preemptive-priority", preemptive_priority::RULE),
    ("preemptive-lifo", preemptive_lifo::RULE),
    ("round-robin", round_robin::RULE),
];
