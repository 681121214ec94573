//! Data with copies, and what becomes of it when nodes fail.

/// Data of which there are copies: which versions each of them has.
#[derive(Debug, Clone, Default)]
pub struct StoreSpec {
    /// Its name.
    pub name: String,
    /// Copies of each datum.
    pub copies: u32,
    /// How many answers a reader waits for.
    pub answers: u32,
    /// Several copies are written independently: updates that had not seen each other are in conflict.
    pub independent: bool,
    /// Reads that find out how soon a write is seen: the probe's name, and how long after the commit, in ticks.
    pub probes: Vec<(String, u64)>,
    /// The node of each copy, shard by shard.
    pub nodes: Vec<u32>,
    /// How another copy takes the place of the first one, which takes the writes.
    pub failover: Option<FailoverSpec>,
}

/// How a copy takes the place of a primary that is down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailoverSpec {
    /// When it is noticed that a node is down.
    pub detect: DetectSpec,
    /// How long it then takes until another one is the primary, in ticks.
    pub promote: u64,
    /// Who chooses the copy of a read, where readers choose.
    pub readers: Option<u32>,
    /// The primary is read only if nobody else is there.
    pub spares_primary: bool,
    /// Only a copy that lacks nothing may become primary.
    pub in_sync: bool,
}

/// When it is noticed that a node is down, in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetectSpec {
    /// So long after it went down.
    After(u64),
    /// At the last of so many missed heartbeats, which come at multiples of a time from the end of warm-up.
    Missed {
        /// The time between two of them.
        every: u64,
        /// How many.
        missed: u64,
    },
}

impl DetectSpec {
    /// When it is noticed that a node went down at a time, both from the end of warm-up.
    pub fn noticed(self, down: u64) -> u64 {
        match self {
            DetectSpec::After(ticks) => down.saturating_add(ticks),
            DetectSpec::Missed { every, missed } => (down / every).saturating_add(missed).saturating_mul(every),
        }
    }
}

/// Where copies of a store are: node i is copy `first + i mod width` of part `i / width` of the data.
#[derive(Debug, Clone, Copy)]
pub struct CopySpec {
    /// The store.
    pub store: u32,
    /// The first copy.
    pub first: u32,
    /// How many copies there are among these nodes.
    pub width: u32,
}

/// Who keeps what is sent to copies until they have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSpec {
    /// Of which data.
    pub store: u32,
    /// Whose log it is.
    pub owner: LogOwner,
}

/// The node that keeps a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogOwner {
    /// The one with this copy of the shard where the task is.
    Copy(u32),
    /// The node where the task is.
    Here,
}
