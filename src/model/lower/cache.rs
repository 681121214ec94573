//! A cache becomes contents, the parts of its machines, and a lock for each key that is being fetched.

use super::{Hardware, Lowered, Owner};
use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::circle::join;
use crate::model::contents::{ContentsSpec, Lifetime};
use crate::model::names::CALLABLE;
use crate::model::places::Written;
use crate::model::program::{Change, Place, Region, TargetOutage};
use crate::model::steps::{Body, Caller};
use crate::policy::evict;
use crate::scenario::{Balance, Cache, Capacity, MOST_REPLICAS, Scope, Start, Ttl, Writes};
use crate::syntax::At;

/// What became of a cache, or of one caller's own.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Cached {
    /// Whose own it is.
    pub(in crate::model) holder: String,
    pub(in crate::model) contents: u32,
    /// Where a fetch holds its key, if misses are coalesced.
    pub(in crate::model) flight: Option<Place>,
    pub(in crate::model) hardware: Hardware,
    /// How many nodes.
    pub(in crate::model) nodes: u32,
    /// Who chooses among them.
    pub(in crate::model) balancer: Option<u32>,
    /// Where each node is.
    pub(in crate::model) regions: Vec<Region>,
}

/// What a cache does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum CacheTask {
    /// Asks the origin for a newer entry.
    Refresh,
    /// Writes an evicted entry to the origin.
    Spill,
    /// Writes a changed entry to the origin after a time.
    Flush,
}

/// The holder of a cache that all share.
pub(in crate::model) const ALL: &str = "";

impl<'a> Builder<'a> {
    pub(super) fn lower_cache(&mut self, name: &str) {
        let Some(cache) = self.scenario.cache.get(name) else { return };
        self.caches.push(name.to_string());
        let streams = cache.stream.clone().unwrap_or_else(|| name.to_string());
        let replicas = cache.replicas.value.0.min(MOST_REPLICAS);
        let places = Written { region: cache.region.as_ref(), regions: cache.regions.as_ref() };
        let regions = self.regions(places, replicas);
        let lowered = Lowered { replicas, streams: streams.clone(), regions: regions.clone(), ..Lowered::default() };
        self.lowered.insert(name.to_string(), lowered);
        if cache.scope.value == Scope::PerReplica {
            return;
        }
        let owner = Owner::replicas(name, &streams, replicas);
        let machine = cache.machine.as_ref().and_then(|machine| self.machine(machine));
        let hardware = machine.map_or_else(Hardware::default, |machine| self.lower_machine(&owner, machine));
        if let Some(lowered) = self.lowered.get_mut(name) {
            lowered.front = hardware.cpu.map(|(place, _)| place.station(0));
            lowered.hardware = hardware.clone();
        }
        let usual = Balance::usual(if cache.regions.is_some() { "nearest" } else { "consistent-hash" });
        let balancer = self.add_cache_balancer(name, cache, &usual, replicas);
        self.add_cached(name, ALL, cache, &owner, Cached { hardware, balancer, regions, ..Cached::default() });
    }

    fn add_cached(&mut self, name: &str, holder: &str, cache: &Cache, owner: &Owner, mut cached: Cached) {
        (cached.holder, cached.nodes) = (holder.to_string(), owner.count);
        cached.flight = cache.coalesce.value.then(|| {
            let part = if holder == ALL { "flight".to_string() } else { format!("{holder}-flight") };
            let mut group = self.group(owner, Some(&part));
            group.held = true;
            group.keyed = true;
            group.servers = None;
            self.add_group(group)
        });
        cached.contents = self.add_contents(name, holder, cache, owner);
        let by_key = |&balancer: &u32| self.balancers[balancer as usize].policy.by_key();
        self.contents[cached.contents as usize].balancer = cached.balancer.filter(by_key);
        self.cached.insert((name.to_string(), holder.to_string()), cached);
    }

    /// Who chooses among the nodes; one that may be lost is chosen too, or nobody is.
    fn add_cache_balancer(&mut self, name: &str, cache: &Cache, usual: &Balance, replicas: u32) -> Option<u32> {
        if replicas == 1 && cache.outages.is_empty() {
            return None;
        }
        let streams = self.lowered.get(name)?.streams.clone();
        let policy = cache.balance.as_ref().unwrap_or(usual);
        let balancer = self.add_balancer(name, &streams, Some(policy), &[name.to_string()], None)?;
        for TargetOutage { target, from, until } in self.cache_outages(cache, replicas) {
            self.happens(from, Some(until), Change::TakeOut { balancer, target });
        }
        self.lowered.get_mut(name)?.balancer = Some(balancer);
        Some(balancer)
    }

    fn cache_outages(&mut self, cache: &Cache, replicas: u32) -> Vec<TargetOutage> {
        let mut outages = Vec::new();
        for outage in &cache.outages {
            let from = self.ticks(outage.at.0, outage.at.span);
            let until = from.saturating_add(self.ticks(outage.r#for.0, outage.r#for.span));
            let nodes = outage.node.map_or(0..replicas, |node| node.value..node.value.saturating_add(1));
            outages.extend(nodes.map(|target| TargetOutage { target, from, until }));
        }
        outages
    }

    fn add_contents(&mut self, name: &str, holder: &str, cache: &Cache, owner: &Owner) -> u32 {
        let (capacity, in_bytes) = self.capacity(cache);
        let policy = match capacity {
            Some(capacity) => self.eviction(cache.eviction.as_ref(), capacity),
            None => self.eviction(cache.eviction.as_ref(), 1).map(|_| evict::unbounded()),
        };
        let spec = ContentsSpec {
            // It is probably the last one.
            cache: self.caches.iter().rposition(|known| known == name).unwrap_or(0) as u32,
            first: self.contents.last().map_or(0, |before| before.first + before.count),
            count: owner.count,
            policy: policy.unwrap_or_else(evict::unbounded),
            capacity,
            stated: cache.hit_ratio.map(|ratio| ratio.0),
            lifetime: cache.ttl.map(|ttl| Lifetime {
                ticks: self.ticks(ttl.duration().0, ttl.span),
                from_last_use: matches!(ttl.value, Ttl::FromLastUse(_)),
            }),
            outages: self.cache_outages(cache, owner.count),
            holders: None,
            entry: cache.entry.filter(|_| in_bytes).map_or(1, |entry| entry.0 as u64),
            in_bytes,
            is_warm: cache.start == Start::Warm,
            stream: self.stream(&owner.streams, &join("contents", holder)),
            ..ContentsSpec::unbounded()
        };
        self.contents.push(spec);
        let contents = self.contents.len() - 1;
        let task = |builder: &mut Self, task| {
            let body = Body::Refresh { cache: name.to_string(), holder: holder.to_string(), task };
            builder.routine(format!("{name}/{task:?}").to_lowercase(), body)
        };
        if let Some(after) = cache.refresh_after {
            let routine = task(self, CacheTask::Refresh);
            self.contents[contents].refresh = Some((self.ticks(after.0, after.span), routine));
        }
        if cache.writes.value == Writes::Back && cache.origin.is_some() {
            self.contents[contents].spill = Some(task(self, CacheTask::Spill));
            self.contents[contents].flush = cache.flush_after.map(|_| task(self, CacheTask::Flush));
        }
        contents as u32
    }

    /// Units of capacity, and whether they are bytes.
    fn capacity(&mut self, cache: &Cache) -> (Option<u64>, bool) {
        match cache.capacity {
            None => (None, false),
            Some(At { value: Capacity::Entries(entries), .. }) => (Some(u64::from(entries)), false),
            Some(At { value: Capacity::Size(bytes), span }) => {
                if cache.entry.is_none() && !self.traces_tell_sizes() {
                    let found = Diagnostic::error(span, "how many entries fit is not said");
                    let help = "add the size of an `entry`, such as `entry = \"4KiB\"`, or replay a trace with a column `size`";
                    self.diagnostics.push(found.label("a size").help(help));
                }
                (Some(bytes.0 as u64), true)
            }
        }
    }

    fn traces_tell_sizes(&self) -> bool {
        self.scenario.workload.entries.values().any(|entry| entry.value.trace.is_some())
    }

    /// Whether each replica of each caller has a cache of its own.
    pub(in crate::model) fn is_private(&self, name: &str) -> bool {
        self.scenario.cache.get(name).is_some_and(|cache| cache.scope.value == Scope::PerReplica)
    }

    /// A call site of a caller to its own cache: each replica has one target.
    pub(super) fn private_site(&mut self, caller: &Caller, name: &str, operation: &str) -> u32 {
        let routine = self.entry(name, &format!("{operation}@{}", caller.name));
        let balancer = self.private_cache(name, caller);
        let site = self.add_site(caller, balancer, vec![routine]);
        self.sites[site as usize].slice = balancer.map(|_| 1);
        site
    }

    fn private_cache(&mut self, name: &str, caller: &Caller) -> Option<u32> {
        let key = (name.to_string(), caller.name.clone());
        if let Some(known) = self.cached.get(&key) {
            return known.balancer;
        }
        let cache = self.scenario.cache.get(name)?;
        let streams = self.lowered.get(name)?.streams.clone();
        let owner = Owner::replicas(name, &streams, caller.replicas);
        let balancer = self.private_balancer(name, caller);
        let cached = Cached { balancer, regions: caller.regions.clone(), ..Cached::default() };
        self.add_cached(name, &caller.name, cache, &owner, cached);
        balancer
    }

    /// Each of a caller's replicas has one target: there is nothing to choose.
    fn private_balancer(&mut self, name: &str, caller: &Caller) -> Option<u32> {
        if caller.replicas == 1 {
            return None;
        }
        self.add_random(name, &format!("{name} of {}", caller.name), vec![0; caller.replicas as usize])
    }

    /// Reports what is wrong with the operation that every cache has.
    pub(super) fn check_cache(&mut self, name: &str) {
        let Some(cache) = self.scenario.cache.get(name) else { return };
        if let Some(origin) = &cache.origin {
            let component = origin.value.split('.').next().unwrap_or(&origin.value);
            if self.names.component(origin, component, &CALLABLE, self.diagnostics).is_some() && !self.is_private(name)
            {
                self.entry(name, "read");
            }
        }
    }
}
