//! A link becomes a station for each of its directions, where sending takes time.

use super::{Lowered, Owner};
use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::program::NOWHERE;
use crate::model::wiring::Wire;
use crate::scenario::Link;
use crate::syntax::At;

impl Builder<'_> {
    pub(super) fn lower_link(&mut self, name: &str) {
        let Some(link) = self.scenario.link.get(name) else { return };
        self.lowered.insert(name.to_string(), Lowered { replicas: 1, streams: name.to_string(), ..Lowered::default() });
        let (one, other) = &link.between.value;
        let (here, there) = (self.place(one), self.place(other));
        if here == NOWHERE || there == NOWHERE {
            return;
        }
        if let Some(known) = self.wires.get(&(here, there)) {
            let message = format!("`{}` and `{}` are linked already", one.value, other.value);
            let note = format!("by `{}`", known.link);
            let diagnostic = Diagnostic::error(link.between.span, message).label(note);
            return self.diagnostics.push(diagnostic.help("there is one link between two regions: leave one out"));
        }
        for (from, to, direction) in [(here, there, [one, other]), (there, here, [other, one])] {
            let wire = self.lower_direction(name, link, direction);
            self.wires.insert((from, to), wire);
        }
    }

    fn lower_direction(&mut self, name: &str, link: &Link, [from, to]: [&At<String>; 2]) -> Wire {
        let direction = format!("{}-{}", from.value, to.value);
        let owner = Owner::replicas(name, name, 1);
        let sends = link.bandwidth.map(|bandwidth| {
            let group = self.group(&owner, Some(&direction));
            (self.add_group(group), bandwidth.value.0)
        });
        let latency = link.latency.as_ref().map(|latency| self.law(latency, 1.0));
        let mean = latency.map_or(0.0, |law| self.laws[law as usize].mean() / self.ticks_per_second);
        let stream = self.stream(&format!("{name}.{direction}"), "latency");
        let patience = self.ticks(link.retransmit_after.value.0, link.retransmit_after.span);
        Wire {
            link: name.to_string(),
            direction,
            sends,
            latency: latency.map(|law| (law, stream)),
            mean,
            loss: link.loss.value.0,
            patience: self.lane(patience),
        }
    }
}
