//! `optimistic` compiled: an attempt, its steps, and a commit that may lead back to the beginning.

use std::num::NonZeroU32;

use super::build::Builder;
use super::program::{CounterSpec, Op};
use super::steps::Caller;
use crate::diagnostic::{Diagnostic, Span};
use crate::scenario::{LockBy, Optimistic};
use crate::syntax::At;

impl<'a> Builder<'a> {
    pub(super) fn compile_optimistic(&mut self, caller: &Caller, optimistic: &'a Optimistic) {
        let counter = self.counter(optimistic);
        let most = optimistic.attempts.and_then(|attempts| NonZeroU32::new(attempts.0));
        self.emit(Op::Begin { counter });
        let back = self.here();
        self.compile_steps(caller, &optimistic.steps);
        self.emit(Op::Commit { counter, back, most });
    }

    /// The counter of commits to what is written.
    fn counter(&mut self, optimistic: &Optimistic) -> u32 {
        let by_key = self.written_by(optimistic) == LockBy::Key;
        let on = &optimistic.on;
        let Some(known) = self.counters.iter().position(|(counter, _)| counter.name == on.value) else {
            self.check_lock_name(on);
            self.counters.push((CounterSpec { name: on.value.clone(), by_key }, on.span));
            return self.counters.len() as u32 - 1;
        };
        let (counter, span) = &self.counters[known];
        if counter.by_key != by_key {
            let message = format!("`{}` is one for each key in one place, and one for all in another", on.value);
            let found = Diagnostic::error(on.span, message).note(*span, "the other place");
            self.diagnostics.push(found.help("say the same `by` in both, or write different names"));
        }
        known as u32
    }

    /// One for all, or one for each key: as the lock of this name says, if there is one.
    fn written_by(&mut self, optimistic: &Optimistic) -> LockBy {
        let written = optimistic.by.map(|by| by.value);
        let Some(lock) = self.scenario.lock.get(&optimistic.on.value) else {
            return written.unwrap_or(LockBy::All);
        };
        if written.is_some_and(|written| written != lock.by) {
            let message = format!("`{}` is a lock that says something else", optimistic.on.value);
            let span = optimistic.by.map_or(Span::default(), |by| by.span);
            let found = Diagnostic::error(span, message).label(match lock.by {
                LockBy::All => "the lock is one for all",
                LockBy::Key => "the lock is one for each key",
            });
            self.diagnostics.push(found.help("leave `by` out, or write another name"));
        }
        lock.by
    }

    /// A name that is almost that of a lock was probably meant to be it.
    fn check_lock_name(&mut self, on: &At<String>) {
        let locks = &self.scenario.lock.entries;
        if locks.contains_key(&on.value) {
            return;
        }
        let message = format!("there is no lock `{}`; this conflicts with nothing but the same name", on.value);
        let found = Diagnostic::warning(on.span, message).did_you_mean(&on.value, locks.keys().map(String::as_str));
        if !found.label.is_empty() {
            self.diagnostics.push(found);
        }
    }
}
