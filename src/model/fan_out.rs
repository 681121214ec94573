//! `fan-out` compiled: a fork whose arms are calls to different targets.

use super::build::Builder;
use super::names::CALLABLE;
use super::program::{FanSpec, ForkSpec, LogSpec, Losers, Op};
use super::steps::{Body, Caller};
use crate::diagnostic::Diagnostic;
use crate::scenario::FanOut;

impl Builder<'_> {
    pub(super) fn compile_fan_out(&mut self, caller: &Caller, fan: &FanOut) {
        let Some((name, operation)) = self.reference(&fan.to, &CALLABLE) else { return };
        self.check_own_time(&name, &fan.to);
        let site = self.site(caller, &name, &operation);
        let balancer = self.sites[site as usize].balancer;
        let targets = balancer.map(|balancer| self.balancers[balancer as usize].targets.len() as u32);
        let targets = if self.is_one_shard(&name) { Some(1) } else { targets };
        let targets = targets.or(self.says_replicas(&name).then_some(1));
        let Some(count) = fan.count.map(|count| count.0).or(targets) else {
            let message = format!("`{name}` has no replicas that would say how many calls this is");
            self.diagnostics.push(Diagnostic::error(fan.to.span, message).help("add `count = 10`, or another number"));
            return;
        };
        if let Some(need) = fan.need.filter(|need| need.0 > count) {
            let message = format!("{} answers are needed of {count} calls", need.0);
            self.diagnostics.push(Diagnostic::error(need.span, message).label("more than there are"));
            return;
        }
        let need = fan.need.map_or(count, |need| need.0);
        self.emit_fan(site, count, Some((need, fan.losers)));
    }

    /// Whether a component is sharded, into one shard: one call, however many copies the shard has.
    fn is_one_shard(&self, name: &str) -> bool {
        let sharding = self.scenario.database.get(name).and_then(|database| database.sharding.as_ref());
        sharding.is_some_and(|sharding| sharding.shards.0 == 1)
    }

    /// Whether a component says how many replicas it has, be it one.
    fn says_replicas(&self, name: &str) -> bool {
        let (service, station) = (self.scenario.service.get(name), self.scenario.station.get(name));
        let replicas = service.map(|service| service.replicas).or(station.map(|station| station.replicas));
        replicas.is_some_and(|replicas| replicas.span.is_written())
    }

    /// So many calls at once; waits for the number needed, or for nobody.
    pub(super) fn emit_fan(&mut self, site: u32, arms: u32, waits: Option<(u32, Losers)>) {
        let join = self.join_routine();
        self.emit_posts(site, arms, waits, join, None);
    }

    /// The same call to several targets, each of which goes through a routine of its own.
    pub(super) fn emit_posts(
        &mut self,
        site: u32,
        arms: u32,
        waits: Option<(u32, Losers)>,
        join: u32,
        log: Option<LogSpec>,
    ) {
        let fork = waits.map(|(need, losers)| {
            self.forks.push(ForkSpec { arms: Vec::new(), need, losers });
            self.forks.len() as u32 - 1
        });
        self.fans.push(FanSpec { site, arms, fork, join, log });
        self.emit(Op::FanOut { fan: self.fans.len() as u32 - 1 });
    }

    /// The routine to which the calls of a fan return.
    fn join_routine(&mut self) -> u32 {
        let known = self.fans.iter().find(|fan| fan.log.is_none()).map(|fan| fan.join);
        known.unwrap_or_else(|| self.routine("join".to_string(), Body::Join))
    }

    /// The end of the routine of a call among several.
    pub(super) fn emit_join(&mut self) {
        self.emit(Op::Send);
        self.emit(Op::End);
        self.emit(Op::Join);
    }
}
