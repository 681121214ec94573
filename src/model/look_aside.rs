//! A look-aside becomes looks into the contents of a cache, the caller's own steps, and a lock for each key
//! that is being fetched.

use super::build::Builder;
use super::lower::{ALL, Cached};
use super::names::Kind;
use super::program::{Op, Place};
use super::steps::Caller;
use crate::scenario::{Cache, LookAside};

impl<'a> Builder<'a> {
    pub(super) fn compile_cache_get(&mut self, name: &str, cache: &'a Cache, cached: &Cached) {
        self.compile_lookup(name, cache, cached);
        self.compile_cache_look(cached.contents, false);
    }

    /// A look from aside: returns past the next op on a hit.
    pub(super) fn compile_cache_look(&mut self, contents: u32, again: bool) {
        let probe = self.emit_probe(contents, again);
        self.emit(Op::Return);
        self.probe_to_here(probe);
        self.emit(Op::Skip);
    }

    pub(super) fn compile_look_aside(&mut self, caller: &Caller, look: &'a LookAside) {
        let Some((name, _)) = self.reference(&look.cache, &[Kind::Cache]) else { return };
        let sites = ["get", "get-again", "set"].map(|operation| self.site(caller, &name, operation));
        let is_private = self.is_private(&name);
        let holder = if is_private { &caller.name } else { ALL };
        let cached = self.cached.get(&(name, holder.to_string()));
        let (contents, flight) = cached.map_or((0, None), |cached| (cached.contents, cached.flight));
        let [get, again, set] = sites;
        let hit = self.compile_look(Op::Look { site: get, contents, again: false });
        // A caller may be at any replica of its own; whoever shares a cache holds a key in one place.
        let flight = flight.map(|place| if is_private { place } else { Place::shared(place.station(0)) });
        let late_hit = flight.map(|place| {
            self.emit(Op::Acquire { place });
            self.compile_look(Op::Look { site: again, contents, again: true })
        });
        self.compile_steps(caller, &look.miss);
        self.emit(Op::Enter { site: set });
        if let Some(late_hit) = late_hit {
            self.program[late_hit as usize] = Op::Jump { to: self.here() };
            self.emit(Op::Release);
        }
        self.program[hit as usize] = Op::Jump { to: self.here() };
    }

    /// A look; returns where the jump has to go in that leads on after a hit. What follows is for a miss.
    fn compile_look(&mut self, look: Op) -> u32 {
        self.emit(look);
        let miss = self.here() + 2;
        self.emit(Op::Jump { to: miss });
        let hit = self.here();
        self.emit(Op::Jump { to: 0 });
        hit
    }
}
