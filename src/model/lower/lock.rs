//! A lock becomes a station that is held: with one server, or one for each key.

use super::Owner;
use crate::model::build::Builder;
use crate::scenario::LockBy;

impl Builder<'_> {
    pub(super) fn lower_lock(&mut self, name: &str) {
        let Some(lock) = self.scenario.lock.get(name) else { return };
        let mut group = self.group(&Owner::replicas(name, name, 1), None);
        group.held = true;
        if lock.by == LockBy::Key {
            group.keyed = true;
            group.servers = None;
        }
        self.lower_held(name, group);
    }
}
