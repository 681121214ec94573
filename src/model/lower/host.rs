//! A host becomes the parts of one machine.

use super::{Lowered, Owner};
use crate::model::build::Builder;
use crate::model::places::Written;

impl Builder<'_> {
    pub(super) fn lower_host(&mut self, name: &str) {
        let Some(host) = self.scenario.host.get(name) else { return };
        let Some(machine) = self.machine(&host.machine) else { return };
        let hardware = self.lower_machine(&Owner::replicas(name, name, 1), machine);
        let regions = self.regions(Written { region: host.region.as_ref(), ..Written::default() }, 1);
        let lowered = Lowered { replicas: 1, hardware, streams: name.to_string(), regions, ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
    }
}
