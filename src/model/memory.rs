//! `memory` compiled: looks at one level after another, until something is found.

use super::build::Builder;
use super::lower::{Level, LevelTime};
use super::program::{Choice, Op};
use super::steps::Caller;
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::Law;
use crate::scenario::MemoryStep;
use crate::syntax::At;

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

    /// One access: every level that is looked at is paid, and the last one always has it.
    fn emit_access(&mut self, caller: &Caller, step: &MemoryStep, misses: &[f64]) {
        let mut branches = Vec::new();
        for (level, &miss) in caller.hardware.memory.iter().zip(misses) {
            self.emit_look(level, &step.bytes);
            if miss == 0.0 {
                break;
            }
            if miss < 1.0 {
                let (stream, next) = (self.stream(&caller.streams, "memory"), self.here() + 1);
                branches.push(self.choices.len());
                self.choices.push(Choice { cumulative: vec![miss, 1.0], targets: vec![next, next] });
                self.emit(Op::Branch { choice: self.choices.len() as u32 - 1, stream });
            }
        }
        let end = self.here();
        branches.iter().for_each(|&branch| self.choices[branch].targets[1] = end);
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

    /// The share of looks at each level that go on to the next: as it says, or what the sizes imply for uniformly random
    /// accesses to the working set, of which levels of inclusive contents hold their size's share. Without either,
    /// everything is in the first level.
    fn misses(&mut self, caller: &Caller, step: &MemoryStep) -> Option<Vec<f64>> {
        let levels = &caller.hardware.memory;
        let (mut held, mut misses) = (0.0f64, Vec::new());
        for level in &levels[..levels.len() - 1] {
            let up_to = step.working_set.zip(level.size).map(|(all, size)| (size / all.value.0).min(1.0).max(held));
            let implied = match (up_to, step.working_set) {
                (Some(up_to), _) => Some(if held < 1.0 { (1.0 - up_to) / (1.0 - held) } else { 0.0 }),
                (None, None) => Some(0.0),
                (None, Some(_)) => None,
            };
            held = up_to.unwrap_or(held);
            match (level.miss.or(implied), step.working_set) {
                (Some(miss), _) => misses.push(miss),
                (None, working_set) => {
                    self.lacks_size(&level.name, working_set.map_or(Span::default(), |all| all.span));
                    return None;
                }
            }
        }
        misses.push(0.0);
        Some(misses)
    }

    fn lacks_size(&mut self, level: &str, span: Span) {
        let message = format!("how much of this is in `{level}` is not said");
        let help = format!("add `size` or `miss` to the level `{level}`");
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }
}
