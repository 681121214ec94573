//! `hash`, `modulo`, `range` and `consistent-hash`: each key has a target of its own.
//!
//! ```toml
//! balance = "hash"
//! balance = "modulo"                                       # key 0 to the first replica, 1 to the second, …
//! balance = { range = { keys = 1000000 } }                 # neighbouring keys together
//! policy = { range = { hot = 1000 } }                      # keys below 1000 to `hot`
//! balance = "consistent-hash"
//! balance = { consistent-hash = { virtual-nodes = 500 } }
//! ```
//!
//! The partitions are those of `policy/partition/`, where each is explained. A request without a
//! key goes by its user; one that has neither goes anywhere, at random.

use std::sync::Arc;

use super::{Balance, Entry, View, any};
use crate::policy::partition::{self, Partition};
use crate::rng::Rng;

pub(super) const HASH: Entry = Entry {
    name: "hash",
    doc: "By key: a hash of it modulo the number of targets, as `sticky` (SplitMix64, Steele et al. 2014).",
    build: |args, targets| Ok(Sharded::boxed(partition::hash::build(args, targets)?)),
};

pub(super) const MODULO: Entry = Entry {
    name: "modulo",
    doc: "By key: modulo the number of targets, key 0 to the first.",
    build: |args, targets| Ok(Sharded::boxed(partition::modulo::build(args, targets)?)),
};

pub(super) const RANGE: Entry = Entry {
    name: "range",
    doc: "By key: equal ranges of `keys` keys, or a bound for each target: `{ hot = 1000, keys = 1000000 }` \
          (Chang et al. 2006).",
    build: |args, targets| Ok(Sharded::boxed(partition::range::build(args, targets)?)),
};

pub(super) const CONSISTENT_HASH: Entry = Entry {
    name: "consistent-hash",
    doc: "By key: a ring on which each target has `virtual-nodes` points, 100 if not said (Karger et al. 1997).",
    build: |args, targets| Ok(Sharded::boxed(partition::consistent_hash::build(args, targets)?)),
};

pub(super) const TENANT: Entry = Entry {
    name: "tenant",
    doc: "By key: all keys of a tenant, `keys-per-tenant` in a row (1000 if not said), to one target, by a hash.",
    build: |args, targets| Ok(Sharded::boxed(partition::tenant::build(args, targets)?)),
};

/// Sends each key to the target that owns it.
#[derive(Debug, Clone)]
pub(super) struct Sharded(Arc<dyn Partition>);

impl Sharded {
    pub(super) fn boxed(partition: Arc<dyn Partition>) -> Box<dyn Balance> {
        Box::new(Sharded(partition))
    }
}

impl Balance for Sharded {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        match view.session {
            Some(key) => self.0.place(key),
            None => any(view.len(), rng),
        }
    }

    fn stand_in(&self, view: &View<'_>, chosen: usize, alive: &dyn Fn(usize) -> bool) -> Option<usize> {
        match view.session {
            Some(key) => self.0.place_alive(key, alive),
            None => (chosen..view.len()).chain(0..chosen).find(|&target| alive(target)),
        }
    }

    fn is_independent(&self) -> bool {
        true
    }

    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn by_key(&self) -> bool {
        true
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Scene, picks, policy, shares};
    use super::super::{Args, find};
    use super::*;

    fn picks_of(policy: &mut dyn Balance, targets: usize) -> Vec<usize> {
        let scene = |key| Scene { session: Some(key), ..Scene::loads(&vec![0; targets]) };
        (0..8).map(|key| picks(policy, &scene(key), 1)[0]).collect()
    }

    #[test]
    fn a_key_goes_to_its_place() {
        let scene = Scene::loads(&[9, 0, 0]);
        assert_eq!(picks_of(&mut *policy("modulo", &scene), 3), [0, 1, 2, 0, 1, 2, 0, 1]);
        let args = Args { numbers: [("keys".into(), 6.0)].into() };
        let mut range = (find("range").unwrap().build)(Some(&args), &["a", "b", "c"].map(String::from)).unwrap();
        assert_eq!(picks_of(&mut *range, 3), [0, 0, 1, 1, 2, 2, 2, 2]);
        assert_eq!(picks_of(&mut *range.fresh(), 3), [0, 0, 1, 1, 2, 2, 2, 2]);
    }

    #[test]
    fn hash_and_sticky_are_one() {
        let scene = Scene::loads(&[0; 5]);
        assert_eq!(picks_of(&mut *policy("hash", &scene), 5), picks_of(&mut *policy("sticky", &scene), 5));
    }

    #[test]
    fn without_a_key_any_target_will_do() {
        for word in ["hash", "modulo", "consistent-hash"] {
            for share in shares(word, &Scene::loads(&[0; 4])) {
                assert!((share - 0.25).abs() < 0.02, "{word}: {share}");
            }
        }
    }
}
