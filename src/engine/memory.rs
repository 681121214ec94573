//! What clients remember: the target that was chosen for each of them, for some time.

use std::collections::BTreeMap;

use super::task::{Client, NONE};

/// Who remembers: a workload's users each for themselves, or else requests with the same key, or all together.
type Who = (u32, u8, u64);

/// Fewer entries than this are not worth forgetting.
const FEW: usize = 1024;

/// Targets by client, until they are forgotten.
#[derive(Debug, Default)]
pub(super) struct Memory {
    targets: BTreeMap<Who, (u32, u64)>,
    /// How many entries there may be before those that are over are dropped.
    limit: usize,
}

impl Memory {
    /// How many clients are remembered, with those whose time is over.
    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The target of a client, if it still holds at this instant.
    pub(super) fn recall(&self, client: &Client, now: u64) -> Option<u32> {
        let &(target, until) = self.targets.get(&who(client))?;
        (now < until).then_some(target)
    }

    /// Keeps a client's target until a time.
    pub(super) fn keep(&mut self, client: &Client, target: u32, now: u64, until: u64) {
        self.targets.insert(who(client), (target, until));
        if self.targets.len() > self.limit.max(FEW) {
            self.targets.retain(|_, &mut (_, until)| now < until);
            self.limit = 2 * self.targets.len();
        }
    }
}

fn who(client: &Client) -> Who {
    let workload = client.workload;
    match client {
        Client { user, .. } if *user != NONE => (workload, 0, u64::from(*user)),
        Client { keyed: true, key, .. } => (workload, 1, *key),
        _ => (workload, 2, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_forgotten() {
        let mut memory = Memory::default();
        let client = |key| Client { workload: 0, key, keyed: true, ..Client::NOBODY };
        for key in 0..10 * FEW as u64 {
            memory.keep(&client(key), 1, key, key + 10);
        }
        assert!(memory.targets.len() <= FEW + 1);
        let now = 10 * FEW as u64;
        assert_eq!(memory.recall(&client(now - 1), now), Some(1));
        assert_eq!(memory.recall(&client(now - 10), now), None);
    }

    #[test]
    fn users_remember_for_themselves_and_keys_for_their_workload() {
        let mut memory = Memory::default();
        let user = Client { workload: 0, user: 3, key: 9, keyed: true, ..Client::NOBODY };
        memory.keep(&user, 2, 0, 100);
        assert_eq!(memory.recall(&Client { key: 8, ..user }, 50), Some(2));
        assert_eq!(memory.recall(&Client { user: 4, ..user }, 50), None);
        assert_eq!(memory.recall(&Client { workload: 1, ..user }, 50), None);
    }
}
