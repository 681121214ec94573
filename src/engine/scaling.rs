//! Scaling: more units, fewer units, and when that is decided.
//!
//! A unit is away, boots, is in service, or drains. One that is away is closed as if it had crashed, with nothing to lose;
//! one that drains is only not chosen any more. Servers of a station are units without a name: so many of them are away,
//! and so many go away when they are free.

use super::Engine;
use super::calendar::Class;
use super::scaler::Unit;
use super::task::{FrameKind, Leg, NONE};
use super::window::SCALER;
use crate::model::program::{Decider, Quantity, ScalerSpec, Signal, Units};
use crate::policy::scale::Measured;

/// What a slot of the calendar means: a decision, a switch of the schedule, a look at whether a unit is empty, its boot.
const DECIDE: u32 = 0;
const SWITCH: u32 = 1;
const LOOK: u32 = 2;
const BOOTED: u32 = 3;
const KIND_SHIFT: u32 = 23;
const INDEX: u32 = (1 << KIND_SHIFT) - 1;

impl<'m> Engine<'m> {
    fn spec(&self, scaler: u32) -> &'m ScalerSpec {
        &self.model.scalers[scaler as usize]
    }

    /// Units that are not there at the start go away, and decisions are due from the end of warm-up.
    pub(super) fn start_scalers(&mut self) {
        for (scaler, spec) in self.model.scalers.iter().enumerate() {
            let scaler = scaler as u32;
            if let Units::Servers { station } = spec.units
                && let Some(special) = self.special(station)
            {
                special.drains = Some(scaler);
            }
            for unit in spec.start..spec.most {
                self.send_away(scaler, unit as usize);
            }
            let Some(decider) = &spec.decider else { continue };
            if decider.policy.is_some() {
                self.at(self.start.saturating_add(decider.every), DECIDE, scaler);
            }
            if decider.schedule.is_some() {
                self.at(self.start, SWITCH, scaler);
            }
        }
    }

    fn at(&mut self, time: u64, kind: u32, index: u32) {
        self.calendar.schedule(time, Class::Timeline, SCALER + (kind << KIND_SHIFT) + index);
    }

    /// What a scaler waited for happens.
    pub(super) fn on_scaler(&mut self, slot: u32) {
        let index = slot & INDEX;
        match slot >> KIND_SHIFT {
            DECIDE => self.decide(index),
            SWITCH => self.switch(index),
            LOOK => self.look_whether_empty(index),
            _ => self.on_booted(index),
        }
    }

    /// An event says how many there are.
    pub(super) fn scale_to(&mut self, scaler: u32, to: u32, layer: Option<u32>) {
        self.scalers[scaler as usize].say(to, layer);
        self.resize(scaler);
    }

    /// What an event says is over.
    pub(super) fn scale_back(&mut self, scaler: u32, layer: Option<u32>) {
        self.scalers[scaler as usize].unsay(layer);
        self.resize(scaler);
    }

    /// A decision is due.
    fn decide(&mut self, scaler: u32) {
        let Some(decider) = &self.spec(scaler).decider else { return };
        let Some((signal, policy)) = &decider.policy else { return };
        self.count_absence();
        self.at(self.now.saturating_add(decider.every), DECIDE, scaler);
        let total = self.measure(scaler, signal);
        let at = &mut self.scalers[scaler as usize];
        let more = total - std::mem::replace(&mut at.seen, total);
        if at.is_fixed() || at.serving == 0 {
            return;
        }
        let value = more as f64 / (decider.every as f64 * f64::from(at.serving) * signal.unit);
        let measured = Measured { serving: at.serving, wanted: at.base, value };
        let wanted = policy.wanted(&measured).unwrap_or(at.base);
        let wanted = wanted.max(self.fewest(decider)).min(decider.max);
        if !self.is_quiet(scaler, decider, wanted) {
            self.scalers[scaler as usize].base = wanted;
            self.resize(scaler);
        }
    }

    /// Whether too little time has passed since the last change for this one.
    fn is_quiet(&self, scaler: u32, decider: &Decider, wanted: u32) -> bool {
        let at = &self.scalers[scaler as usize];
        let quiet = if wanted > at.base { decider.quiet_out } else { decider.quiet_in };
        at.changed.is_some_and(|changed| self.now < changed.saturating_add(quiet))
    }

    /// The fewest units that a decision leaves now.
    fn fewest(&self, decider: &Decider) -> u32 {
        let scheduled = decider.schedule.as_ref().and_then(|schedule| schedule.at(self.now - self.start));
        scheduled.unwrap_or(0).max(decider.min)
    }

    /// The schedule says something else from now on.
    fn switch(&mut self, scaler: u32) {
        let Some(decider) = &self.spec(scaler).decider else { return };
        let Some(schedule) = &decider.schedule else { return };
        let time = self.now - self.start;
        if let Some(next) = schedule.next(time) {
            self.at(self.start.saturating_add(next), SWITCH, scaler);
        }
        if let Some(number) = schedule.at(time) {
            let at = &mut self.scalers[scaler as usize];
            at.base = if decider.policy.is_some() { at.base.max(number) } else { number };
            self.resize(scaler);
        }
    }

    /// What a signal comes to since counting began.
    fn measure(&self, scaler: u32, signal: &Signal) -> u128 {
        let stations = (signal.first..signal.first + signal.count).map(|station| self.measure_at(station, signal.of));
        let rooms = self.spec(scaler).queues.iter().filter(|_| signal.of == Quantity::Waiting);
        let rooms = rooms.map(|&queue| {
            let group = &self.model.groups[self.model.messages.queues[queue as usize].group as usize];
            let present = (group.first..group.first + group.count).map(|room| self.measure_at(room, Quantity::Present));
            present.sum::<u128>()
        });
        stations.sum::<u128>() + rooms.sum::<u128>()
    }

    fn measure_at(&self, station: u32, of: Quantity) -> u128 {
        let (at, load, now) = (&self.stations[station as usize], self.loads[station as usize], self.now);
        let (present, busy) = (at.tally.present.area(now, load), at.tally.busy.area(now, at.busy));
        let riders = at.special.as_ref().map_or(0, |special| special.tally.riders.area(now, special.riders));
        match of {
            Quantity::Busy => busy,
            Quantity::Present => present,
            Quantity::Waiting => present.saturating_sub(busy + riders),
            Quantity::Arrivals => u128::from(at.tally.arrivals + at.tally.rejected),
        }
    }

    /// Units come or go until there are as many as are wanted.
    fn resize(&mut self, scaler: u32) {
        let now = self.now;
        let at = &mut self.scalers[scaler as usize];
        let (wanted, mut coming) = (at.wanted(), at.coming());
        if wanted != coming {
            at.count(wanted > coming, now);
        }
        while coming < wanted {
            self.bring(scaler);
            coming += 1;
        }
        while coming > wanted {
            self.take(scaler);
            coming -= 1;
        }
        self.scalers[scaler as usize].note();
    }

    /// One more unit: one that drains, or else one that is away.
    fn bring(&mut self, scaler: u32) {
        let units = &self.scalers[scaler as usize].units;
        if let Some(unit) = units.iter().position(|&unit| unit == Unit::Drains) {
            return self.keep(scaler, unit);
        }
        let Some(unit) = units.iter().position(|&unit| unit == Unit::Away) else { return };
        let boot = self.spec(scaler).boot.map_or(0, |(law, stream)| self.draw(law, stream));
        if boot == 0 {
            return self.enter_service(scaler, unit);
        }
        let until = self.now.saturating_add(boot);
        let at = &mut self.scalers[scaler as usize];
        at.set(unit, Unit::Boots { until }, self.now);
        let number = at.first + unit as u32;
        self.at(until, BOOTED, number);
    }

    /// A unit has started, unless it is not wanted any more.
    fn on_booted(&mut self, number: u32) {
        let (scaler, unit) = self.unit_of(number);
        if self.scalers[scaler as usize].units[unit] == (Unit::Boots { until: self.now }) {
            self.enter_service(scaler, unit);
            self.scalers[scaler as usize].note();
        }
    }

    /// A unit that was away, or has booted, is in service.
    fn enter_service(&mut self, scaler: u32, unit: usize) {
        self.scalers[scaler as usize].set(unit, Unit::Serves, self.now);
        match self.spec(scaler).units {
            Units::Nodes(nodes) => {
                self.reopen(nodes.first + unit as u32, false);
                self.offer_unit(scaler, unit);
            }
            Units::Servers { station } => {
                self.change(station, |special| special.away -= 1);
            }
        }
    }

    /// A unit that drains is kept after all.
    fn keep(&mut self, scaler: u32, unit: usize) {
        self.scalers[scaler as usize].set(unit, Unit::Serves, self.now);
        match self.spec(scaler).units {
            Units::Nodes(nodes) => {
                self.set_drains(nodes.first + unit as u32, None);
                self.offer_unit(scaler, unit);
            }
            Units::Servers { station } => {
                self.change(station, |special| special.leaving -= 1);
            }
        }
    }

    /// One unit less: the last of those that boot, or else the last of those in service.
    fn take(&mut self, scaler: u32) {
        let at = &mut self.scalers[scaler as usize];
        if let Some(unit) = at.units.iter().rposition(|unit| matches!(unit, Unit::Boots { .. })) {
            return at.set(unit, Unit::Away, self.now);
        }
        let Some(unit) = at.units.iter().rposition(|&unit| unit == Unit::Serves) else { return };
        at.set(unit, Unit::Drains, self.now);
        let number = at.first + unit as u32;
        match self.spec(scaler).units {
            Units::Nodes(nodes) => {
                self.withdraw_unit(scaler, unit);
                self.set_drains(nodes.first + unit as u32, Some(scaler));
                self.at(self.now, LOOK, number);
            }
            Units::Servers { station } => {
                self.change(station, |special| special.leaving += 1);
            }
        }
    }

    /// At the start: a unit is not there.
    fn send_away(&mut self, scaler: u32, unit: usize) {
        self.scalers[scaler as usize].set(unit, Unit::Away, self.now);
        match self.spec(scaler).units {
            Units::Nodes(nodes) => {
                self.withdraw_unit(scaler, unit);
                self.close(nodes.first + unit as u32, false);
            }
            Units::Servers { station } => {
                self.change(station, |special| special.away += 1);
            }
        }
    }

    /// Balancers may choose a unit, and queues send it messages.
    fn offer_unit(&mut self, scaler: u32, unit: usize) {
        for &(balancer, target) in &self.scalers[scaler as usize].targets[unit] {
            self.balancers[balancer as usize].absent.put_back(target);
        }
        if let Units::Nodes(nodes) = self.spec(scaler).units {
            self.pull_again(nodes.first + unit as u32);
        }
    }

    /// Balancers do not choose a unit any more, and queues send it no messages.
    fn withdraw_unit(&mut self, scaler: u32, unit: usize) {
        for &(balancer, target) in &self.scalers[scaler as usize].targets[unit] {
            self.balancers[balancer as usize].absent.take_out(target);
        }
        if let Units::Nodes(nodes) = self.spec(scaler).units {
            self.stop_pulling(nodes.first + unit as u32);
        }
    }

    /// Whether a scaler wants to know who leaves the stations of a node.
    fn set_drains(&mut self, node: u32, drains: Option<u32>) {
        for &station in &self.node(node).stations {
            if let Some(special) = self.special(station) {
                special.drains = drains;
            }
        }
    }

    /// Something has changed at a station that drains.
    #[cold]
    pub(super) fn on_leave(&mut self, scaler: u32, station: u32) {
        match self.spec(scaler).units {
            Units::Servers { .. } => self.let_servers_go(scaler, station),
            Units::Nodes(nodes) if self.loads[station as usize] == 0 => {
                let node = self.stations[station as usize].special.as_ref().map_or(NONE, |special| special.node);
                let number = self.scalers[scaler as usize].first + (node - nodes.first);
                self.at(self.now, LOOK, number);
            }
            Units::Nodes(_) => {}
        }
    }

    /// Servers that were to go away are free, and go.
    fn let_servers_go(&mut self, scaler: u32, station: u32) {
        let at = &self.stations[station as usize];
        let leaving = at.special.as_ref().map_or(0, |special| special.leaving);
        let gone = leaving - leaving.min(at.busy.saturating_sub(at.servers));
        for _ in 0..gone {
            let at = &mut self.scalers[scaler as usize];
            if let Some(unit) = at.units.iter().rposition(|&unit| unit == Unit::Drains) {
                at.set(unit, Unit::Away, self.now);
            }
        }
        if gone > 0 {
            self.change(station, |special| {
                special.leaving -= gone;
                special.away += gone;
            });
        }
    }

    /// A unit that drains goes if it is empty. While somebody is on the way to it, it looks again every second.
    fn look_whether_empty(&mut self, number: u32) {
        let (scaler, unit) = self.unit_of(number);
        let Units::Nodes(nodes) = self.spec(scaler).units else { return };
        let node = nodes.first + unit as u32;
        let drains = self.scalers[scaler as usize].units[unit] == Unit::Drains;
        if !drains || !self.node(node).stations.iter().all(|&station| self.is_empty(station)) {
            return;
        }
        if self.is_awaited(node) {
            let second = self.model.ticks_per_second as u64;
            return self.at(self.now.saturating_add(second), LOOK, number);
        }
        self.scalers[scaler as usize].set(unit, Unit::Away, self.now);
        self.set_drains(node, None);
        self.close(node, false);
    }

    fn is_empty(&self, station: u32) -> bool {
        let special = &self.stations[station as usize].special;
        self.loads[station as usize] == 0 && special.as_ref().is_none_or(|special| special.door.is_empty())
    }

    /// Whether somebody has a call at a node, or is on the way to it.
    fn is_awaited(&self, node: u32) -> bool {
        let comes = |task: u32| {
            let mut returns = false;
            self.tasks.stack(task).any(|(_, frame)| {
                let gone = std::mem::replace(&mut returns, is_way_back(&frame.kind));
                matches!(frame.kind, FrameKind::Call { site, target, .. } if !gone && self.callee(site, target) == Some(node))
            })
        };
        self.tasks.live().any(|(task, _)| comes(task))
    }
}

/// Whether a call has been answered, or has failed, and the caller does not know yet.
fn is_way_back(kind: &FrameKind) -> bool {
    matches!(kind, FrameKind::Hop { leg: Leg::Back | Leg::Failed(_) })
}
