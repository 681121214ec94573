//! How many of something there are: which units are in service, boot, drain or are away.

use super::Engine;
use crate::model::Model;
use crate::model::program::{ScalerSpec, Units};
use crate::stats::Integral;

/// What a unit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// It is not there, and costs nothing.
    Away,
    /// It starts, until then.
    Boots { until: u64 },
    /// It is in service.
    Serves,
    /// It finishes what it has, and takes nothing new.
    Drains,
}

/// What one replication observed of a scaler.
#[derive(Debug, Clone, Default)]
pub struct ScalerRecord {
    /// Integral of the number of units in service.
    pub serving_area: u128,
    /// Integral of the number of units that are paid for: in service, booting or draining.
    pub paid_area: u128,
    /// Fewest that were in service.
    pub fewest: u32,
    /// Most that were in service.
    pub most: u32,
    /// How often more were asked for.
    pub outs: u64,
    /// How often fewer were asked for.
    pub ins: u64,
}

/// A scaler at work.
#[derive(Debug)]
pub(super) struct Scaler {
    pub(super) units: Vec<Unit>,
    /// Number of its first unit among those of all scalers.
    pub(super) first: u32,
    /// Per unit: balancers that it is a target of, and which.
    pub(super) targets: Vec<Vec<(u32, u32)>>,
    /// How many are wanted where no event says otherwise.
    pub(super) base: u32,
    /// What events that go on say, the last one last: its number, how many.
    layers: Vec<(u32, u32)>,
    /// When the number wanted changed last.
    pub(super) changed: Option<u64>,
    /// What had been measured when that was last looked at.
    pub(super) seen: u128,
    pub(super) serving: u32,
    paid: u32,
    serves: Integral,
    costs: Integral,
    record: ScalerRecord,
}

/// The scalers of a model, with all units in service.
pub(super) fn scalers(model: &Model) -> Vec<Scaler> {
    let mut first = 0;
    let scaler = |spec: &ScalerSpec| {
        first += spec.most;
        Scaler::new(model, spec, first - spec.most)
    };
    model.scalers.iter().map(scaler).collect()
}

impl Scaler {
    fn new(model: &Model, spec: &ScalerSpec, first: u32) -> Scaler {
        Scaler {
            units: vec![Unit::Serves; spec.most as usize],
            first,
            targets: targets(model, spec),
            base: spec.start,
            layers: Vec::new(),
            changed: None,
            seen: 0,
            serving: spec.most,
            paid: spec.most,
            serves: Integral::starting(0, spec.most),
            costs: Integral::starting(0, spec.most),
            record: ScalerRecord { fewest: spec.start, most: spec.start, ..ScalerRecord::default() },
        }
    }

    /// How many are wanted: in service, or on their way there.
    pub(super) fn wanted(&self) -> u32 {
        self.layers.last().map_or(self.base, |&(_, to)| to)
    }

    /// Whether an event that goes on says how many there are.
    pub(super) fn is_fixed(&self) -> bool {
        !self.layers.is_empty()
    }

    /// An event begins: one that lasts for a time goes before what was said until now, another one replaces that.
    pub(super) fn say(&mut self, to: u32, layer: Option<u32>) {
        match layer {
            Some(layer) => self.layers.push((layer, to)),
            None => {
                self.layers.clear();
                self.base = to;
            }
        }
    }

    /// An event is over.
    pub(super) fn unsay(&mut self, layer: Option<u32>) {
        self.layers.retain(|&(known, _)| Some(known) != layer);
    }

    /// Units in service or on their way there.
    pub(super) fn coming(&self) -> u32 {
        self.units.iter().filter(|unit| matches!(unit, Unit::Serves | Unit::Boots { .. })).count() as u32
    }

    /// A unit does something else from now on.
    pub(super) fn set(&mut self, unit: usize, to: Unit, now: u64) {
        let before = std::mem::replace(&mut self.units[unit], to);
        let number = |holds: bool| u32::from(holds);
        let serving = self.serving - number(before == Unit::Serves) + number(to == Unit::Serves);
        let paid = self.paid - number(before != Unit::Away) + number(to != Unit::Away);
        self.serves.change(now, self.serving, serving);
        self.costs.change(now, self.paid, paid);
        (self.serving, self.paid) = (serving, paid);
    }

    /// Takes note of how many are in service.
    pub(super) fn note(&mut self) {
        self.record.fewest = self.record.fewest.min(self.serving);
        self.record.most = self.record.most.max(self.serving);
    }

    /// Counts a decision.
    pub(super) fn count(&mut self, more: bool, now: u64) {
        self.changed = Some(now);
        *(if more { &mut self.record.outs } else { &mut self.record.ins }) += 1;
    }

    /// Counting begins anew.
    pub(super) fn open_window(&mut self, now: u64) {
        self.serves = Integral::starting(now, self.serving);
        self.costs = Integral::starting(now, self.paid);
        self.record = ScalerRecord { fewest: self.serving, most: self.serving, ..ScalerRecord::default() };
        self.seen = 0;
    }

    /// What was counted up to now.
    pub(super) fn close(self, now: u64) -> ScalerRecord {
        ScalerRecord {
            serving_area: self.serves.area(now, self.serving),
            paid_area: self.costs.area(now, self.paid),
            ..self.record
        }
    }
}

/// Per unit: where balancers choose among it and others. Who looks up names chooses among whole components.
fn targets(model: &Model, spec: &ScalerSpec) -> Vec<Vec<(u32, u32)>> {
    let mut targets = vec![Vec::new(); spec.most as usize];
    if let Units::Servers { .. } = spec.units {
        return targets;
    }
    for (balancer, known) in model.balancers.iter().enumerate().filter(|(_, known)| known.remember.is_none()) {
        for (target, &front) in known.fronts.iter().enumerate() {
            let unit = front.checked_sub(spec.front).and_then(|unit| targets.get_mut(unit as usize));
            unit.into_iter().for_each(|own| own.push((balancer as u32, target as u32)));
        }
    }
    targets
}

impl Engine<'_> {
    /// The scaler and the unit of a number among all units.
    pub(super) fn unit_of(&self, number: u32) -> (u32, usize) {
        let scaler = self.scalers.partition_point(|scaler| scaler.first <= number) - 1;
        (scaler as u32, (number - self.scalers[scaler].first) as usize)
    }
}
