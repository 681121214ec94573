//! Health checks: balancers that find out by themselves which of their targets do not answer.
//!
//! Every target is asked at multiples of a time. That is simulated only while an answer may change something: from when
//! a node stops or comes back until everybody knows.

use super::Engine;
use super::calendar::Class;
use super::window::HEALTH;
use crate::model::Model;
use crate::model::program::{HealthSpec, NO_NODE, Region};

/// What one balancer knows of its targets.
#[derive(Debug)]
pub(super) struct Checks {
    targets: Vec<Known>,
    /// When it asks next.
    next: Option<u64>,
    /// When it asked last.
    last: Option<u64>,
}

/// What it knows of one target.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Answers in a row that are other than what is believed.
    streak: u32,
    out: bool,
}

impl Checks {
    pub(super) fn new(model: &Model) -> Vec<Checks> {
        let checks = |spec: &HealthSpec| {
            let targets = vec![Known::default(); spec.nodes.len()];
            Checks { targets, next: None, last: None }
        };
        model.health.iter().map(checks).collect()
    }
}

impl Engine<'_> {
    /// A node has stopped, or is back: those who check it find out by and by.
    pub(super) fn watch_health(&mut self) {
        for index in 0..self.health.len() {
            let every = self.model.health[index].every;
            let past = self.now.saturating_sub(self.start);
            let mut next = self.start.saturating_add(past.div_ceil(every) * every);
            let checks = &mut self.health[index];
            if checks.last == Some(next) {
                next = next.saturating_add(every);
            }
            if checks.next.is_none() {
                checks.next = Some(next);
                self.calendar.schedule(next, Class::Timeline, HEALTH + index as u32);
            }
        }
    }

    /// Whether a node answers who asks from a place.
    fn answers(&self, node: u32, from: Region) -> bool {
        let at = self.node(node).region;
        self.nodes.is_well(node) && !self.network.is_cut(from, at) && !self.network.is_cut(at, from)
    }

    /// A balancer asks each of its targets.
    pub(super) fn check_health(&mut self, index: u32) {
        let spec = &self.model.health[index as usize];
        let mut unsettled = false;
        for (target, &node) in spec.nodes.iter().enumerate() {
            if node != NO_NODE && self.nodes.is_away(node) {
                // Who is out of service is not asked.
                self.health[index as usize].targets[target].streak = 0;
                continue;
            }
            let is_well = node == NO_NODE || self.answers(node, spec.from);
            let known = &mut self.health[index as usize].targets[target];
            if known.out != is_well {
                known.streak = 0;
                continue;
            }
            known.streak += 1;
            if known.streak < if is_well { spec.successes } else { spec.failures } {
                unsettled = true;
                continue;
            }
            *known = Known { streak: 0, out: !is_well };
            let absent = &mut self.balancers[spec.balancer as usize].absent;
            match is_well {
                true => absent.put_back(target as u32),
                false => absent.take_out(target as u32),
            }
        }
        let checks = &mut self.health[index as usize];
        (checks.last, checks.next) = (Some(self.now), None);
        if unsettled {
            let next = self.now.saturating_add(spec.every);
            checks.next = Some(next);
            self.calendar.schedule(next, Class::Timeline, HEALTH + index);
        }
    }
}
