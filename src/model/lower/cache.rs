//! A cache becomes contents, the parts of its machines, and a lock for each key that is being fetched.

use super::{Hardware, Lowered, Owner};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::build::Builder;
use crate::model::circle::join;
use crate::model::contents::{ContentsSpec, Lifetime};
use crate::model::names::{CALLABLE, Kind};
use crate::model::places::Written;
use crate::model::program::{Op, Place, Region};
use crate::model::steps::{Body, Caller};
use crate::policy::evict;
use crate::scenario::{Balance, Cache, Capacity, LookAside, MOST_REPLICAS, Scope, Start, Ttl, Writes};
use crate::syntax::At;

/// What became of a cache, or of one caller's own.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Cached {
    /// Whose own it is.
    holder: String,
    contents: u32,
    /// Where a fetch holds its key, if misses are coalesced.
    flight: Option<Place>,
    hardware: Hardware,
    /// How many nodes.
    nodes: u32,
    /// Who chooses among them.
    balancer: Option<u32>,
    /// Where each node is.
    regions: Vec<Region>,
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
const ALL: &str = "";

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
        self.add_own_balancer(name, Some(cache.balance.as_ref().unwrap_or(&usual)).filter(|_| replicas > 1));
        let balancer = self.lowered.get(name).and_then(|lowered| lowered.balancer);
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

    fn add_contents(&mut self, name: &str, holder: &str, cache: &Cache, owner: &Owner) -> u32 {
        let (capacity, in_bytes) = self.capacity(cache);
        let policy = match capacity {
            Some(capacity) => self.eviction(cache.eviction.as_ref(), capacity),
            None => self.eviction(cache.eviction.as_ref(), 1).map(|_| evict::unbounded()),
        };
        let spec = ContentsSpec {
            cache: self.caches.iter().position(|known| known == name).unwrap_or(0) as u32,
            first: self.contents.iter().map(|spec| spec.count).sum(),
            count: owner.count,
            policy: policy.unwrap_or_else(evict::unbounded),
            capacity,
            stated: cache.hit_ratio.map(|ratio| ratio.0),
            lifetime: cache.ttl.map(|ttl| Lifetime {
                ticks: self.ticks(ttl.duration().0, ttl.span),
                from_last_use: matches!(ttl.value, Ttl::FromLastUse(_)),
            }),
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

    /// The code of an operation of a cache; `read@app` is that of a caller's own.
    pub(in crate::model) fn compile_cache(&mut self, name: &str, operation: &str) {
        let (operation, holder) = operation.split_once('@').unwrap_or((operation, ALL));
        let cached = self.cached.get(&(name.to_string(), holder.to_string())).cloned();
        if let (Some(cache), Some(cached)) = (self.scenario.cache.get(name), cached) {
            match operation {
                "read" => self.compile_cache_read(name, cache, &cached),
                "get" => self.compile_cache_get(name, cache, &cached),
                "set" => self.compile_fill(name, cache, &cached, false),
                "write" => self.compile_cache_write(name, cache, &cached),
                _ => {
                    self.compile_origin(name, cache, &cached, "delete");
                    self.emit(Op::Drop { contents: cached.contents });
                }
            }
        }
        self.emit(Op::Return);
    }

    fn compile_cache_read(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        let contents = cached.contents;
        self.compile_lookup(name, cache, cached);
        let first = self.emit_probe(contents, false);
        let again = cached.flight.map(|place| {
            self.emit(Op::Acquire { place });
            self.emit_probe(contents, true)
        });
        self.compile_origin(name, cache, cached, "read");
        self.emit(Op::Fill { contents, renew: false, dirty: false });
        if let Some(again) = again {
            self.probe_to_here(again);
            self.emit(Op::Release);
        }
        self.probe_to_here(first);
    }

    /// A look from aside: returns past the next op on a hit.
    fn compile_cache_get(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        self.compile_lookup(name, cache, cached);
        let probe = self.emit_probe(cached.contents, false);
        self.emit(Op::Return);
        self.probe_to_here(probe);
        self.emit(Op::Skip);
    }

    fn compile_fill(&mut self, name: &str, cache: &'a Cache, cached: &Cached, dirty: bool) {
        self.compile_lookup(name, cache, cached);
        self.emit(Op::Fill { contents: cached.contents, renew: true, dirty });
    }

    fn compile_cache_write(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        let contents = cached.contents;
        match cache.writes.value {
            Writes::Back => self.compile_fill(name, cache, cached, true),
            Writes::Through => {
                self.compile_lookup(name, cache, cached);
                self.compile_origin(name, cache, cached, "write");
                self.emit(Op::Fill { contents, renew: true, dirty: false });
            }
            Writes::Invalidate => {
                self.compile_origin(name, cache, cached, "write");
                self.emit(Op::Drop { contents });
            }
            Writes::Around => self.compile_origin(name, cache, cached, "write"),
        }
    }

    /// How long a lookup takes: at a core of the cache's machine, or as a delay.
    fn compile_lookup(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        let Some(lookup) = &cache.lookup else { return };
        let Some((place, speed)) = cached.hardware.cpu else {
            let caller = self.cache_caller(name, cached);
            return self.compile_wait(&caller, lookup);
        };
        let law = self.law(lookup, speed);
        self.emit(Op::Visit { place, law, own: false });
    }

    /// A cache as a caller: each holder's own is another one.
    fn cache_caller(&self, name: &str, cached: &Cached) -> Caller {
        let streams = self.lowered.get(name).map_or(name, |lowered| &lowered.streams);
        let of = |name: &str| if cached.holder == ALL { name.to_string() } else { format!("{name}@{}", cached.holder) };
        Caller { replicas: cached.nodes, regions: cached.regions.clone(), ..Caller::single(&of(name), &of(streams)) }
    }

    fn emit_probe(&mut self, contents: u32, again: bool) -> u32 {
        let at = self.here();
        self.emit(Op::Probe { contents, hit: 0, again });
        at
    }

    fn probe_to_here(&mut self, at: u32) {
        let here = self.here();
        if let Op::Probe { hit, .. } = &mut self.program[at as usize] {
            *hit = here;
        }
    }

    /// Asks whoever has what is not in the cache.
    fn compile_origin(&mut self, name: &str, cache: &'a Cache, cached: &Cached, operation: &str) {
        let Some(origin) = &cache.origin else {
            let key = self.scenario.cache.entries.get(name).map_or(Span::default(), |entry| entry.key);
            let message = format!("`{name}` has no origin that it could ask");
            let help = "add `origin = \"database\"`, or use it by a step `look-aside`";
            return self.diagnostics.push(Diagnostic::error(key, message).help(help));
        };
        let Some((component, operation)) = self.origin(name, origin, operation) else { return };
        let caller = self.cache_caller(name, cached);
        self.check_own_time(&component, origin);
        let site = self.site(&caller, &component, &operation);
        self.emit(Op::Enter { site });
    }

    /// What an operation of a cache means at its origin.
    fn origin(&mut self, name: &str, origin: &At<String>, operation: &str) -> Option<(String, String)> {
        let component = origin.value.split('.').next().unwrap_or(&origin.value);
        let wanted = match self.kind(component)? {
            Kind::Station => return self.reference(origin, &CALLABLE),
            Kind::Cache => operation,
            Kind::Database if operation == "delete" => "write",
            Kind::Service => match self.service_operation(component, operation) {
                Some(known) => known,
                None if operation == "read" => return self.reference(origin, &CALLABLE),
                None => return self.lacks_operation(name, origin, component, operation),
            },
            Kind::Balancer if operation == "read" && !self.all_know(component, "read") => {
                return self.reference(origin, &CALLABLE);
            }
            _ => operation,
        };
        if origin.value != component && operation == "read" {
            return self.reference(origin, &CALLABLE);
        }
        self.reference(&At { span: origin.span, value: join(component, wanted) }, &CALLABLE)
    }

    /// The operation of a service that is asked for: a deletion is a write where there is no other.
    fn service_operation<'o>(&self, component: &str, operation: &'o str) -> Option<&'o str> {
        let operations = &self.scenario.service.get(component)?.operation;
        let candidates = [operation, if operation == "delete" { "write" } else { operation }];
        candidates.into_iter().find(|candidate| operations.contains(candidate))
    }

    fn lacks_operation<T>(&mut self, name: &str, origin: &At<String>, component: &str, operation: &str) -> Option<T> {
        let message =
            format!("`{component}` has no operation `{operation}`, which `{}` asks for", join(name, operation));
        let help = format!("add a table `[service.{component}.operation.{operation}]`");
        self.diagnostics.push(Diagnostic::error(origin.span, message).help(help));
        None
    }

    /// Whether every target of a balancer has an operation of this name.
    fn all_know(&self, balancer: &str, operation: &str) -> bool {
        let targets = self.scenario.balancer.get(balancer).map_or(&[][..], |balancer| &balancer.to.value);
        targets.iter().all(|target| match self.kind(&target.value) {
            Some(Kind::Service) => self.service_operation(&target.value, operation).is_some(),
            Some(kind) => kind.operations().contains(&operation),
            None => false,
        })
    }

    /// What a cache does by itself, for nobody.
    pub(in crate::model) fn compile_cache_task(&mut self, name: &str, holder: &str, task: CacheTask) {
        let cached = self.cached.get(&(name.to_string(), holder.to_string())).cloned();
        if let (Some(cache), Some(cached)) = (self.scenario.cache.get(name), cached) {
            match task {
                CacheTask::Refresh => {
                    self.compile_origin(name, cache, &cached, "read");
                    self.emit(Op::Fill { contents: cached.contents, renew: true, dirty: false });
                }
                CacheTask::Spill => self.compile_origin(name, cache, &cached, "write"),
                CacheTask::Flush => self.compile_flush(name, cache, &cached),
            }
        }
        self.emit(Op::Vanish);
    }

    fn compile_flush(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        let Some(after) = cache.flush_after else { return };
        let ticks = self.ticks(after.0, after.span);
        let lane = self.lane(ticks);
        self.emit(Op::Delay { lane });
        let at = self.here();
        self.emit(Op::Launder { contents: cached.contents, clean: 0 });
        self.compile_origin(name, cache, cached, "write");
        let clean = self.here();
        self.program[at as usize] = Op::Launder { contents: cached.contents, clean };
    }

    pub(in crate::model) fn compile_look_aside(&mut self, caller: &Caller, look: &'a LookAside) {
        let Some((name, _)) = self.reference(&look.cache, &[Kind::Cache]) else { return };
        let (get, set) = (self.site(caller, &name, "get"), self.site(caller, &name, "set"));
        let holder = if self.is_private(&name) { &caller.name } else { ALL };
        let contents = self.cached.get(&(name, holder.to_string())).map_or(0, |cached| cached.contents);
        self.emit(Op::Look { site: get, contents });
        let miss = self.here() + 2;
        self.emit(Op::Jump { to: miss });
        let over = self.here();
        self.emit(Op::Jump { to: 0 });
        self.compile_steps(caller, &look.miss);
        self.emit(Op::Enter { site: set });
        self.program[over as usize] = Op::Jump { to: self.here() };
    }
}
