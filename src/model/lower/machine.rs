//! A machine becomes a station for each of its parts.

use super::Owner;
use super::absence::Absences;
use crate::model::build::Builder;
use crate::model::program::Place;
use crate::scenario::Machine;
use crate::syntax::At;

/// Where the parts of a machine are.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Hardware {
    /// The cores, and how fast they are.
    pub(in crate::model) cpu: Option<(Place, f64)>,
}

impl<'a> Builder<'a> {
    pub(super) fn machine(&mut self, reference: &At<String>) -> Option<&'a Machine> {
        self.names.has_machine(reference, self.diagnostics);
        self.scenario.machine.get(&reference.value)
    }

    /// A machine of this kind for each of the owner's nodes.
    pub(super) fn lower_machine(&mut self, owner: &Owner, machine: &Machine) -> Hardware {
        self.cost_per_hour += machine.price.value * f64::from(owner.count);
        let mut group = self.group(owner, Some("cpu"));
        group.servers = Some(machine.cores.value.0);
        self.set_rule(&mut group, &machine.discipline);
        let place = self.add_group(group);
        let streams = format!("{}.cpu", owner.streams);
        let absences = Absences {
            whole: true,
            pauses: machine.pauses.as_ref(),
            fails: machine.fails.as_ref(),
            ..Absences::default()
        };
        self.add_absences(place, &streams, &absences);
        Hardware { cpu: Some((place, machine.speed.value)) }
    }
}
