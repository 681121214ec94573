//! Databases whose nodes fail: each copy may be the primary's, and what is sent to copies is kept in logs.

use super::build::Builder;
use super::layout::{Homes, Layout, Part, home_name};
use super::lower::Lowered;
use super::program::{DetectSpec, FailoverSpec, Op, Target};
use super::steps::Caller;
use super::wiring::Origin;
use crate::scenario::{Database, Detect, Failover, Mode, Reads, Replication};
use crate::syntax::At;

impl<'a> Builder<'a> {
    /// Whether copies may miss something for a time.
    pub(super) fn may_fail(&self, layout: &Layout) -> bool {
        layout.homes.is_some() || !self.scenario.event.is_empty() || self.crashes_by_itself()
    }

    /// Whether something crashes at random.
    fn crashes_by_itself(&self) -> bool {
        let machines = self.scenario.machine.entries.values().map(|entry| entry.value.fails.as_ref());
        let stations = self.scenario.station.entries.values().map(|entry| entry.value.fails.as_ref());
        machines.chain(stations).flatten().any(|fails| fails.value.crash)
    }

    /// Whether it matters which of several primaries sends a write to the others.
    pub(super) fn sends_itself(&self, layout: &Layout) -> bool {
        layout.is_placed() || self.may_fail(layout)
    }

    /// Who chooses among the nodes of a database each of which may become primary.
    pub(super) fn add_homes(&mut self, layout: &Layout) -> Option<Homes> {
        let copies = layout.primary.as_ref()?.owner.copies + layout.replica.as_ref()?.owner.copies;
        let each = (0..layout.shards).flat_map(|shard| (0..copies).map(move |copy| (shard, copy)));
        let all = each.clone().map(|(shard, copy)| Target { component: copy, replica: shard }).collect();
        let all = self.add_nodes_of(layout, all)?;
        let mut pairs = Vec::new();
        for home in 0..copies {
            let own = each.clone().filter(|&(_, copy)| copy == home).filter_map(|node| layout.node(node));
            let own = own.map(|node| Target { component: 0, ..node }).collect();
            let others = each.clone().filter(|&(_, copy)| copy != home).filter_map(|node| layout.node(node)).collect();
            pairs.push((self.add_nodes_of(layout, own)?, self.add_nodes_of(layout, others)?));
            self.place_home(layout, home);
        }
        Some(Homes { all, copies: pairs })
    }

    /// The calls of the database itself go to where the nodes with a copy are.
    fn place_home(&mut self, layout: &Layout, home: u32) {
        let regions = layout.home_regions(home);
        if !regions.is_empty() {
            let (replicas, streams) = (layout.shards, layout.streams.clone());
            let lowered = Lowered { replicas, streams, regions, ..Lowered::default() };
            self.lowered.insert(home_name(&layout.name, home), lowered);
        }
    }

    fn add_nodes_of(&mut self, layout: &Layout, targets: Vec<Target>) -> Option<u32> {
        let policy = self.policy(None, &[])?;
        let front = layout.primary.as_ref().map_or(0, |role| role.front);
        let fronts = vec![front; targets.len()];
        Some(self.push_balancer(&layout.name, &format!("{}.nodes", layout.streams), policy, targets, fronts))
    }

    /// When and how another copy becomes primary.
    pub(super) fn failover_spec(
        &mut self,
        written: &Replication,
        failover: &At<Failover>,
        layout: &Layout,
    ) -> FailoverSpec {
        let Failover { detect, promote } = &failover.value;
        let reads = written.reads.map(|reads| reads.value);
        FailoverSpec {
            detect: match &detect.value {
                Detect::After(time) => DetectSpec::After(self.ticks(time.0, detect.span)),
                Detect::Missed(beats) => DetectSpec::Missed {
                    every: self.ticks(beats.every.value.0, beats.every.span).max(1),
                    missed: u64::from(beats.missed.0),
                },
            },
            promote: self.ticks(promote.value.0, promote.span),
            readers: layout.readers.filter(|_| !matches!(reads, None | Some(Reads::Primary))),
            spares_primary: matches!(reads, Some(Reads::Replicas)),
            in_sync: written.mode.value == Mode::Sync,
        }
    }

    /// A write goes to whoever is primary, and is begun there.
    pub(super) fn emit_at_primary(&mut self, layout: &Layout, caller: &Caller, store: u32, from: Origin) {
        let Some(homes) = &layout.homes else { return };
        let copies = homes.copies.len() as u32;
        let parts = (0..copies).map(|home| Part::AtHome { from, home }).collect();
        let site = self.node_site(layout, caller, Some(homes.all), copies, parts);
        self.emit(Op::EnterPrimary { site, store });
    }

    /// A write at the primary, which has this copy.
    pub(super) fn emit_at_home(&mut self, layout: &Layout, caller: &Caller, home: u32) {
        let part = Part::Write { primary: home == 0 };
        let Some(homes) = &layout.homes else { return self.emit_at(layout, caller, part) };
        let site = self.node_site(layout, caller, Some(homes.copies[home as usize].0), 1, vec![part]);
        self.emit(Op::Enter { site });
    }

    /// What is in a log is late by the lag of its copy, and then sent.
    pub(super) fn compile_log(&mut self, database: &'a Database, layout: &Layout, primary: bool) {
        let lag = database.replication.as_ref().and_then(|replication| replication.value.lag.as_ref());
        if let Some(role) = layout.role(primary) {
            self.leg(role, "lag", lag);
        }
        self.emit_join();
    }
}

impl Layout {
    /// The node of a shard that has a copy, as a target: of the primaries, or of the replicas.
    fn node(&self, (shard, copy): (u32, u32)) -> Option<Target> {
        let role = self.role(copy == 0)?;
        let replica = shard * role.owner.copies + copy.saturating_sub(1);
        Some(Target { component: u32::from(copy > 0), replica })
    }
}
