//! A host becomes the parts of one machine.

use super::{Lowered, Owner};
use crate::model::build::Builder;

impl Builder<'_> {
    pub(super) fn lower_host(&mut self, name: &str) {
        let Some(host) = self.scenario.host.get(name) else { return };
        let Some(machine) = self.machine(&host.machine) else { return };
        let hardware = self.lower_machine(&Owner::replicas(name, name, 1), machine);
        let lowered = Lowered { replicas: 1, hardware, streams: name.to_string(), ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
    }
}
