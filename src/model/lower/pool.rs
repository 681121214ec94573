//! A pool becomes a station whose servers are held.

use super::Owner;
use crate::model::admission::Line;
use crate::model::build::Builder;

impl Builder<'_> {
    pub(super) fn lower_pool(&mut self, name: &str) {
        let Some(pool) = self.scenario.pool.get(name) else { return };
        let mut group = self.group(&Owner::replicas(name, name, 1), None);
        let size = pool.size.value.0;
        group.held = true;
        group.servers = Some(size);
        group.capacity = pool.queue.as_ref().map(|queue| queue.value.saturating_add(size));
        self.set_shed(&mut group, pool.shed.as_ref(), Line::default());
        self.lower_held(name, group);
    }
}
