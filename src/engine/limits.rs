//! What one replication may use. It is counted, never measured: a run is stopped at the same event everywhere.

use super::Engine;
use super::calendar::MAX_SLOTS;
use super::record::Stopped;
use crate::model::{Model, SourceSpec};

/// What one replication may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Events: arrivals, all that the calendar says, and what they set off at the same instant.
    pub events: u64,
    /// Requests in flight, and what works for them at the same time: arms, messages, work that goes on for nobody. Users of
    /// closed workloads are there from the start, and are not counted.
    pub in_flight: u32,
    /// Bytes of all that grows during a run, and of what there is one of for each station.
    pub memory: u64,
}

impl Default for Limits {
    /// A quarter of an hour's events, as many in flight as there may be users, and somewhat more than these take.
    fn default() -> Limits {
        Limits { events: 10_000_000_000, in_flight: 10_000_000, memory: 4 << 30 }
    }
}

/// When there are so many more tasks than ever before, somebody looks at once.
const STEP: u32 = 1 << 18;

/// How far a run may go.
#[derive(Debug)]
pub(super) struct Bounds {
    /// Memory is looked at before a task has this number.
    pub(super) next: u32,
    /// The run is stopped before a task has this number.
    most: u32,
}

impl Bounds {
    pub(super) fn new(model: &Model, limits: &Limits) -> Bounds {
        let all = resident(model).saturating_add(u64::from(limits.in_flight));
        let most = all.min(MAX_SLOTS as u64 - 2) as u32;
        Bounds { next: most.min(STEP), most }
    }
}

/// Tasks that are there from the start: users, and what happens to servers.
pub(super) fn resident(model: &Model) -> u64 {
    let users = model.workloads.iter().map(|workload| match workload.source {
        SourceSpec::Users { count, .. } => u64::from(count),
        _ => 0,
    });
    let daemons = model.groups.iter().map(|group| {
        let each = group.special.daemons.iter().map(|daemon| u64::from(daemon.copies));
        each.sum::<u64>() * u64::from(group.count)
    });
    users.chain(daemons).sum()
}

impl Engine<'_> {
    /// There are more tasks than there ever were.
    #[cold]
    #[inline(never)]
    pub(super) fn look_at_tasks(&mut self, task: u32) {
        if task >= self.bounds.most {
            self.stop(Stopped::InFlight);
        } else {
            self.bounds.next = task.saturating_add(STEP).min(self.bounds.most);
            self.look_at_memory();
        }
    }

    /// Stops the run if it holds too much; says how many bytes it holds.
    pub(super) fn look_at_memory(&mut self) -> u64 {
        let bytes = self.bytes();
        if !self.over && bytes > self.settings.limits.memory {
            self.stop(Stopped::Memory);
        }
        bytes
    }
}
