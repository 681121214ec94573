//! A machine becomes a station for each of its parts.

use super::absence::Absences;
use super::{Drive, Level, Owner};
use crate::model::build::Builder;
use crate::model::program::Place;
use crate::scenario::{Machine, NetworkOptions};
use crate::syntax::At;

/// Where the parts of a machine are.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Hardware {
    /// The cores, and how fast they are.
    pub(in crate::model) cpu: Option<(Place, f64)>,
    /// How many cores each machine has.
    pub(in crate::model) cores: u32,
    /// The disk, or the array of disks.
    pub(in crate::model) disk: Option<Drive>,
    /// The levels of memory, in the order in which they are looked through.
    pub(in crate::model) memory: Vec<Level>,
    /// The network.
    pub(in crate::model) network: Option<Nic>,
}

/// The network of a machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::model) struct Nic {
    /// Where messages wait until they are sent, and bytes per second; none is no time.
    pub(in crate::model) sends: Option<(Place, f64)>,
    /// How long they are under way: a law, and its random stream.
    pub(in crate::model) latency: Option<(u32, u32)>,
}

impl<'a> Builder<'a> {
    pub(super) fn machine(&mut self, reference: &At<String>) -> Option<&'a Machine> {
        self.names.has_machine(reference, self.diagnostics);
        self.scenario.machine.get(&reference.value)
    }

    /// A machine of this kind for each of the owner's nodes.
    pub(super) fn lower_machine(&mut self, owner: &Owner, machine: &Machine) -> Hardware {
        self.add_price(owner, machine.price.value);
        let mut group = self.group(owner, Some("cpu"));
        group.servers = Some(machine.cores.value.0);
        self.set_rule(&mut group, &machine.discipline);
        let place = self.add_group(group);
        let absences = Absences {
            whole: true,
            pauses: machine.pauses.as_ref(),
            fails: machine.fails.as_ref(),
            ..Absences::default()
        };
        self.add_absences(place, &format!("{}.cpu", owner.streams), &absences);
        let disk = machine.disk.as_ref().and_then(|disk| self.lower_disk(owner, disk));
        let levels = machine.memory_hierarchy.iter().flat_map(|levels| &levels.value);
        let memory = levels.map(|level| self.lower_level(owner, level)).collect();
        let network = machine.network.as_ref().map(|network| self.lower_network(owner, &network.0));
        Hardware { cpu: Some((place, machine.speed.value)), cores: machine.cores.value.0, disk, memory, network }
    }

    fn lower_network(&mut self, owner: &Owner, network: &NetworkOptions) -> Nic {
        let latency = network.latency.as_ref().map(|latency| {
            let law = self.law(latency, 1.0);
            (law, self.stream(&format!("{}.network", owner.streams), "latency"))
        });
        let sends = network.bandwidth.map(|bandwidth| {
            let group = self.group(owner, Some("network"));
            (self.add_group(group), bandwidth.value.0)
        });
        Nic { sends, latency }
    }
}
