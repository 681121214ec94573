//! Networks that fail: which ways are cut, and which lose messages.

use super::build::Builder;
use super::names::Kind;
use super::program::{Change, Region};
use crate::scenario::{Dropped, Event};
use crate::syntax::At;

impl Builder<'_> {
    /// Nothing comes from one group of regions to another.
    pub(super) fn lower_partition(&mut self, event: &Event, groups: &[Vec<At<String>>]) {
        let (from, until) = self.interval_of(event);
        let places: Vec<Vec<Region>> =
            groups.iter().map(|group| group.iter().map(|region| self.place(region)).collect()).collect();
        for (side, here) in places.iter().enumerate() {
            let others = places.iter().enumerate().filter(|&(other, _)| other != side);
            for &there in others.flat_map(|(_, there)| there) {
                here.iter().for_each(|&here| self.happens(from, until, Change::Cut { from: here, to: there }));
            }
        }
    }

    /// A share of what crosses a link is lost, in both directions.
    pub(super) fn lower_drop(&mut self, event: &Event, dropped: &Dropped) {
        self.names.component(&dropped.link, &dropped.link.value, &[Kind::Link], self.diagnostics);
        let (begin, until) = self.interval_of(event);
        let wires: Vec<(Region, Region, String, u32)> = self
            .wires
            .iter()
            .filter(|(_, wire)| wire.link == dropped.link.value)
            .map(|(&(from, to), wire)| (from, to, wire.direction.clone(), wire.patience))
            .collect();
        for (from, to, direction, lane) in wires {
            let stream = self.stream(&format!("{}.{direction}", dropped.link.value), "drop");
            self.happens(begin, until, Change::Lose { from, to, share: dropped.share.0, stream, lane });
        }
    }
}
