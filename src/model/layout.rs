//! What a database consists of: its nodes, where they are, and the code that they have.

use super::lower::{Hardware, Owner};
use super::program::{NOWHERE, Place, Region};
use super::steps::Caller;
use super::wiring::{Destination, Origin, Payload};

/// Where the nodes of a database are.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// The database.
    pub(super) name: String,
    /// Who owns its random streams.
    pub(super) streams: String,
    /// How many shards.
    pub(super) shards: u32,
    /// The nodes that take writes, unless nobody is primary.
    pub(super) primary: Option<Role>,
    /// The other nodes.
    pub(super) replica: Option<Role>,
    /// Which versions they have, where there are copies.
    pub(super) store: Option<u32>,
    /// Who chooses the node of a read.
    pub(super) readers: Option<u32>,
    /// Who chooses the primary of a write, where there are several.
    pub(super) writers: Option<u32>,
    /// Among so many nodes of each shard.
    pub(super) readable: u32,
    /// Which roles are among them: whether each is the primary.
    pub(super) read_from: Vec<bool>,
    /// Where each node may become primary.
    pub(super) homes: Option<Homes>,
}

/// The nodes of each shard, any of which may be the primary.
#[derive(Debug, Clone)]
pub(super) struct Homes {
    /// All of them; which one is the primary is known during the run.
    pub(super) all: u32,
    /// By copy: that node alone, and all others.
    pub(super) copies: Vec<(u32, u32)>,
}

/// The nodes of one role.
#[derive(Debug, Clone)]
pub(super) struct Role {
    /// Whose they are, and how many.
    pub(super) owner: Owner,
    /// What each runs on.
    pub(super) hardware: Hardware,
    /// What each request holds there.
    pub(super) connections: Place,
    /// The station that stands for the first.
    pub(super) front: u32,
    /// Which copies they have.
    pub(super) copies: Option<u32>,
    /// All nodes of a shard, as targets.
    pub(super) all: Option<u32>,
    /// Where writes are applied one at a time.
    pub(super) apply: Option<Place>,
    /// Where each node is; empty is nowhere in particular.
    pub(super) regions: Vec<Region>,
}

/// Code of a database besides its operations.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// An operation, for callers from somewhere.
    Operation { write: bool, from: Origin },
    /// A write from there, at the primary, which sends it to the replicas. Which copy the primary has is `home`.
    AtHome { from: Origin, home: u32 },
    /// A read, at a primary or a replica.
    Read { primary: bool },
    /// A write of a client, at a primary or a replica.
    Write { primary: bool },
    /// A write that reaches a node from another.
    Copy { primary: bool },
    /// An arm of a write: the primary does it.
    AtPrimary { home: u32 },
    /// An arm of a write: as many replicas as are waited for acknowledge it.
    AtReplicas { home: u32 },
    /// What becomes of a write in the log of the node that sends it to others.
    Log { primary: bool },
    /// A read that finds out how soon a write is seen: which, how long after, in ticks, and from where.
    Probe(u32, u64, Region),
}

impl Part {
    /// Which copy the primary has, if this is what it does with a write.
    pub(super) fn home(&self) -> Option<u32> {
        match *self {
            Part::AtHome { home, .. } => Some(home),
            _ => None,
        }
    }

    /// Whether it is done at a primary.
    pub(super) fn is_primary(&self) -> bool {
        match *self {
            Part::Read { primary } | Part::Write { primary } | Part::Copy { primary } => primary,
            _ => true,
        }
    }
}

impl Role {
    /// `orders.primary`, and the same for its random streams.
    pub(super) fn names(&self) -> (String, String) {
        let role = self.owner.role.unwrap_or_default();
        (format!("{}.{role}", self.owner.component), format!("{}.{role}", self.owner.streams))
    }

    /// Whose steps those of its nodes are.
    pub(super) fn caller(&self) -> Caller {
        let (name, streams) = self.names();
        let (hardware, regions) = (self.hardware.clone(), self.regions.clone());
        Caller { replicas: self.owner.count, hardware, regions, ..Caller::single(&name, &streams) }
    }
}

impl Layout {
    /// Whether its nodes are somewhere.
    pub(super) fn is_placed(&self) -> bool {
        self.role(true).or(self.role(false)).is_some_and(|role| !role.regions.is_empty())
    }

    /// The database's own calls: from where its caller is.
    pub(super) fn from(&self, origin: Origin) -> Caller {
        let regions = if origin.place == NOWHERE { vec![] } else { vec![origin.place] };
        let payload = if origin.place == NOWHERE { Payload::default() } else { origin.payload };
        Caller { replicas: self.shards, regions, payload, ..Caller::single(&self.name, &self.streams) }
    }

    /// The same from where the primary of each shard is, which has this copy.
    pub(super) fn at_home(&self, home: u32) -> Caller {
        let Some(role) = self.role(home == 0).filter(|role| !role.regions.is_empty()) else {
            return self.from(Origin::default());
        };
        let (name, regions) = (role.names().0, self.home_regions(home));
        Caller { replicas: self.shards, regions, ..Caller::single(&name, &self.streams) }
    }

    /// Where the node of each shard that has this copy is.
    pub(super) fn home_regions(&self, home: u32) -> Vec<Region> {
        let Some(role) = self.role(home == 0) else { return Vec::new() };
        role.regions.iter().skip(home.saturating_sub(1) as usize).step_by(role.owner.copies as usize).copied().collect()
    }

    /// Where a part is done.
    pub(super) fn destination(&self, part: &Part) -> Destination {
        if let (Part::AtHome { home, .. }, Some(_)) = (part, &self.homes) {
            return Destination::to(&home_name(&self.name, *home), "");
        }
        let role = role(part.is_primary());
        let shows = match *part {
            Part::Read { primary } => self.role(primary).and_then(|role| role.copies),
            _ => None,
        };
        Destination { shows, ..Destination::to(&format!("{}.{role}", self.name), "") }
    }

    /// The primaries, or the replicas.
    pub(super) fn role(&self, primary: bool) -> Option<&Role> {
        if primary { self.primary.as_ref() } else { self.replica.as_ref() }
    }
}

/// The nodes that have one copy of each shard, where each may be primary: `orders.copy[1]`.
pub(super) fn home_name(database: &str, home: u32) -> String {
    format!("{database}.copy[{home}]")
}

/// `primary` or `replica`.
pub(super) fn role(primary: bool) -> &'static str {
    if primary { "primary" } else { "replica" }
}
