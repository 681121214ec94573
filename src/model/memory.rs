//! `memory` compiled: looks at one level after another, until something is found.

use super::build::Builder;
use super::contents::ContentsSpec;
use super::lower::{Level, LevelTime};
use super::program::{Choice, Op, Pc};
use super::steps::Caller;
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::Law;
use crate::policy::evict;
use crate::scenario::MemoryStep;
use crate::syntax::At;

/// What decides whether the next level is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Miss {
    /// Chance: this share of the looks.
    Share(f64),
    /// What this level holds.
    Contents(u32),
}

/// A look at a level whose other end is still to be written.
enum Look {
    Branch(usize),
    Probe(Pc, u32),
}

impl Builder<'_> {
    pub(super) fn compile_memory(&mut self, caller: &Caller, step: &At<MemoryStep>) {
        if caller.hardware.memory.is_empty() {
            let example = "`memory-hierarchy = [{ name = \"ram\", latency = \"90ns\" }]`";
            return self.lacks_part(caller, step.span, "memory hierarchy", example);
        }
        let Some(misses) = self.misses(caller, &step.value) else { return };
        let accesses = step.value.accesses.0;
        if accesses == 1 {
            return self.emit_access(caller, &step.value, &misses);
        }
        self.emit(Op::Loop { times: accesses });
        let back = self.here();
        self.emit_access(caller, &step.value, &misses);
        self.emit(Op::Next { back });
    }

    /// One access: every level that is looked at is paid, and the last one always has it. On the way back the levels
    /// that did not have it are filled.
    fn emit_access(&mut self, caller: &Caller, step: &MemoryStep, misses: &[Miss]) {
        let mut looks = Vec::new();
        for (level, miss) in caller.hardware.memory.iter().zip(misses) {
            self.emit_look(level, &step.bytes);
            match *miss {
                Miss::Share(0.0) => break,
                Miss::Share(1.0) => {}
                Miss::Share(miss) => looks.push(Look::Branch(self.emit_miss(caller, miss))),
                Miss::Contents(contents) => {
                    looks.push(Look::Probe(self.here(), contents));
                    self.emit(Op::Probe { contents, hit: 0, again: false });
                }
            }
        }
        for look in looks.into_iter().rev() {
            self.end_look(look);
        }
    }

    /// Goes on with this probability; otherwise to where `end_look` says.
    fn emit_miss(&mut self, caller: &Caller, miss: f64) -> usize {
        let (stream, next) = (self.stream(&caller.streams, "memory"), self.here() + 1);
        self.choices.push(Choice { cumulative: vec![miss, 1.0], targets: vec![next, next] });
        let choice = self.choices.len() - 1;
        self.emit(Op::Branch { choice: choice as u32, stream });
        choice
    }

    /// Whoever found something at this level goes on here; what was not there is put in before.
    fn end_look(&mut self, look: Look) {
        match look {
            Look::Branch(choice) => self.choices[choice].targets[1] = self.here(),
            Look::Probe(at, contents) => {
                self.emit(Op::Fill { contents, renew: false, dirty: false });
                self.program[at as usize] = Op::Probe { contents, hit: self.here(), again: false };
            }
        }
    }

    fn emit_look(&mut self, level: &Level, bytes: &At<crate::units::Bytes>) {
        let place = level.place;
        match level.time {
            LevelTime::Latency(seconds, span) => {
                let law = self.seconds_law(Law::constant(seconds), span);
                self.emit(Op::Visit { place, law, own: false });
            }
            LevelTime::Transfer(bandwidth, rest) => {
                let law = self.seconds_law(Law::constant(bytes.value.0 / bandwidth), bytes.span);
                self.emit(Op::Visit { place, law, own: false });
                if rest > 0 {
                    let lane = self.lane(rest);
                    self.emit(Op::Delay { lane });
                }
            }
        }
    }

    /// What decides at each level whether the next one is looked at: the share that it states; or what the sizes imply
    /// for uniformly random accesses to the working set, of which levels of inclusive contents hold their size's
    /// share; or what the level holds of the keys that were used last. A level without any of these has everything.
    fn misses(&mut self, caller: &Caller, step: &MemoryStep) -> Option<Vec<Miss>> {
        let levels = &caller.hardware.memory;
        let (mut held, mut misses) = (0.0f64, Vec::new());
        for level in &levels[..levels.len() - 1] {
            let up_to = step.working_set.zip(level.size).map(|(all, size)| (size / all.value.0).min(1.0).max(held));
            let implied = up_to.map(|up_to| if held < 1.0 { (1.0 - up_to) / (1.0 - held) } else { 0.0 });
            held = up_to.unwrap_or(held);
            misses.push(match (level.miss.or(implied), step.working_set, level.size) {
                (Some(miss), ..) => Miss::Share(miss),
                (None, Some(all), _) => {
                    self.lacks_size(&level.name, all.span);
                    return None;
                }
                (None, None, Some(size)) => Miss::Contents(self.level_contents(caller, level, size, step.bytes.0)),
                (None, None, None) => Miss::Share(0.0),
            });
        }
        misses.push(Miss::Share(0.0));
        Some(misses)
    }

    /// What a level holds: the keys used last, as many as fit.
    fn level_contents(&mut self, caller: &Caller, level: &Level, size: f64, bytes: f64) -> u32 {
        let station = level.place.station(0);
        let name = self.group_of(station).map_or(String::new(), |group| group.name());
        let entry = bytes.max(1.0) as u64;
        if let Some(cache) = self.caches.iter().position(|known| *known == name)
            && let Some(known) =
                self.contents.iter().position(|spec| spec.cache as usize == cache && spec.entry == entry)
        {
            return known as u32;
        }
        if !self.caches.contains(&name) {
            self.caches.push(name.clone());
        }
        let shared = level.place.station(1) == station;
        let capacity = size as u64;
        let spec = ContentsSpec {
            cache: self.caches.iter().position(|known| *known == name).unwrap_or(0) as u32,
            first: self.contents.last().map_or(0, |before| before.first + before.count),
            count: if shared { 1 } else { caller.replicas },
            policy: self.eviction(None, capacity).unwrap_or_else(evict::unbounded),
            capacity: Some(capacity),
            entry,
            in_bytes: true,
            stream: self.stream(&name, "contents"),
            ..ContentsSpec::unbounded()
        };
        self.contents.push(spec);
        self.contents.len() as u32 - 1
    }

    fn lacks_size(&mut self, level: &str, span: Span) {
        let message = format!("how much of this is in `{level}` is not said");
        let help = format!("add `size` or `miss` to the level `{level}`");
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }
}
