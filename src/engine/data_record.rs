//! What caches, stores and optimistic attempts counted.

use super::record::Sample;
use crate::model::program::StoreSpec;

/// What one node of a cache counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContentsRecord {
    /// Looks that found their key.
    pub hits: u64,
    /// Looks that did not.
    pub misses: u64,
    /// Misses that another one's answer served.
    pub coalesced: u64,
    /// Entries that had to make room.
    pub evicted: u64,
    /// Entries that became too old.
    pub expired: u64,
    /// Entries that were renewed in the background.
    pub refreshed: u64,
    /// Entries that were lost with their node.
    pub lost: u64,
    /// Integral of the number of entries.
    pub entries_area: u128,
}

impl ContentsRecord {
    /// Adds what another node, or the same in another replication, counted.
    pub fn add(&mut self, other: &ContentsRecord) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.coalesced += other.coalesced;
        self.evicted += other.evicted;
        self.expired += other.expired;
        self.refreshed += other.refreshed;
        self.lost += other.lost;
        self.entries_area += other.entries_area;
    }
}

/// Optimistic attempts that ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct CommitRecord {
    /// They counted.
    pub commits: u64,
    /// Someone else had committed before.
    pub aborts: u64,
}

/// Versions behind that are told apart; more count as so many.
pub const MOST_BEHIND: u32 = 32;

/// What was seen of copies and their versions.
#[derive(Debug, Clone, Default)]
pub struct StoreRecord {
    /// Reads that were shown something, probes apart.
    pub reads: u64,
    /// Of those that missed a committed write: how long ago the oldest one missed was committed.
    pub staleness: Sample,
    /// Reads by the number of committed versions that they missed.
    pub behind: Vec<u64>,
    /// Reads that missed a write of their own session.
    pub own: u64,
    /// Writes that were committed.
    pub writes: u64,
    /// From the sending of a write to a copy until the copy has it.
    pub lag: Sample,
    /// Integral of the number of writes on their way to copies.
    pub on_the_way: u128,
    /// By copy, where copies are written independently: updates, and those in conflict with another.
    pub updates: Vec<u64>,
    /// Updates in conflict, by copy.
    pub conflicted: Vec<u64>,
    /// Pairs of updates in conflict.
    pub pairs: u64,
    /// Updates that were overwritten by one that had not seen them, and writes that a new primary did not have.
    pub lost: u64,
    /// How often another copy became primary.
    pub failovers: u64,
    /// Integral of the number of shards without a primary, where another copy may become it.
    pub vacant: u128,
    /// By probe: reads that were shown the write or a newer one, and all.
    pub probes: Vec<(u64, u64)>,
}

impl StoreRecord {
    pub(crate) fn new(spec: &StoreSpec) -> StoreRecord {
        let copies = if spec.independent { spec.copies as usize } else { 0 };
        StoreRecord {
            behind: vec![0; MOST_BEHIND as usize + 1],
            updates: vec![0; copies],
            conflicted: vec![0; copies],
            probes: vec![(0, 0); spec.probes.len()],
            ..StoreRecord::default()
        }
    }
}
