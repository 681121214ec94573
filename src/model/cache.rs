//! Operations of caches compiled to ops.

use super::build::Builder;
use super::circle::join;
use super::lower::{ALL, CacheTask, Cached};
use super::names::{CALLABLE, Kind};
use super::program::Op;
use super::steps::Caller;
use crate::diagnostic::{Diagnostic, Span};
use crate::scenario::{Cache, Writes};
use crate::syntax::At;

impl<'a> Builder<'a> {
    /// The code of an operation of a cache; `read@app` is that of a caller's own.
    pub(super) fn compile_cache(&mut self, name: &str, operation: &str) {
        let (operation, holder) = operation.split_once('@').unwrap_or((operation, ALL));
        let cached = self.cached.get(&(name.to_string(), holder.to_string())).cloned();
        if let (Some(cache), Some(cached)) = (self.scenario.cache.get(name), cached) {
            match operation {
                "read" => self.compile_cache_read(name, cache, &cached),
                "get" => self.compile_cache_get(name, cache, &cached),
                "get-again" => self.compile_cache_look(cached.contents, true),
                "set" => {
                    self.emit(Op::Fill { contents: cached.contents, renew: true, dirty: false });
                }
                "write" => self.compile_cache_write(name, cache, &cached),
                _ => {
                    // Who looks aside only takes the entry out, and sees to the origin by steps of its own.
                    if cache.origin.is_some() {
                        self.compile_origin(name, cache, &cached, "delete");
                    }
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

    fn compile_cache_write(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        let contents = cached.contents;
        match cache.writes.value {
            Writes::Back => {
                self.compile_lookup(name, cache, cached);
                self.emit(Op::Fill { contents, renew: true, dirty: true });
            }
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
    pub(super) fn compile_lookup(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
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

    pub(super) fn emit_probe(&mut self, contents: u32, again: bool) -> u32 {
        let at = self.here();
        self.emit(Op::Probe { contents, hit: 0, again });
        at
    }

    pub(super) fn probe_to_here(&mut self, at: u32) {
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
    pub(super) fn compile_cache_task(&mut self, name: &str, holder: &str, task: CacheTask) {
        let cached = self.cached.get(&(name.to_string(), holder.to_string())).cloned();
        if let (Some(cache), Some(cached)) = (self.scenario.cache.get(name), cached) {
            let contents = cached.contents;
            match task {
                CacheTask::Refresh => {
                    self.compile_origin(name, cache, &cached, "read");
                    self.emit(Op::Fill { contents, renew: true, dirty: false });
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
}
