//! What protects a call and what it goes to, compiled: retry budgets, breakers, copies, fallbacks.

use super::build::Builder;
use super::call::Protection;
use super::program::{AfterSpec, BreakerSpec, BudgetSpec, ForkSpec, GuardSpec, HedgeSpec, Op, RETRY, Shield, Trip};
use super::steps::{Body, Caller};
use crate::diagnostic::Diagnostic;
use crate::scenario::{After, Breaker, Budget, Hedge, Step};
use crate::syntax::At;

/// Parts of a window that are forgotten one by one (Hystrix, Netflix 2012, has as many).
const STEPS: f64 = 10.0;

impl<'a> Builder<'a> {
    /// The guard of one place that calls.
    pub(super) fn guard(&mut self, caller: &Caller, to: &str, protection: &Protection<'_>) -> u32 {
        let mut name = format!("{} -> {to}", caller.name);
        let count = self.known.guards.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name} ({count})");
        }
        let budget = protection.retry.and_then(|retry| retry.value.budget).map(budget);
        let breaker = protection.breaker.map(|breaker| self.breaker(&breaker.value));
        self.guards.push(GuardSpec { name, rows: caller.replicas, budget, breaker });
        self.guards.len() as u32 - 1
    }

    /// The guard of a workload: one for all its operations.
    pub(super) fn guard_of_workload(&mut self, caller: &Caller, to: &str, protection: &Protection<'_>) -> u32 {
        if let Some(&known) = self.clients.get(&caller.name) {
            return known;
        }
        let guard = self.guard(caller, to, protection);
        self.clients.insert(caller.name.clone(), guard);
        guard
    }

    fn breaker(&mut self, written: &Breaker) -> BreakerSpec {
        match written {
            Breaker::Consecutive(written) => BreakerSpec {
                trip: Trip::Consecutive(written.failures.value.0),
                open: self.ticks(written.open.value.0, written.open.span),
                probes: written.probes.value.0,
            },
            Breaker::Ratio(written) => {
                let step = self.ticks(written.window.value.0 / STEPS, written.window.span).max(1);
                let (threshold, minimum) = (written.threshold.value.0, written.minimum.value.0);
                BreakerSpec {
                    trip: Trip::Ratio { threshold, step, minimum },
                    open: self.ticks(written.open.value.0, written.open.span),
                    probes: written.probes.value.0,
                }
            }
        }
    }

    /// One attempt: the call itself, or tasks that make it.
    pub(super) fn compile_attempt(&mut self, caller: &Caller, protection: &Protection<'_>, guard: u32, site: u32) {
        if protection.hedge.is_none() && !protection.travels() {
            return self.emit(Op::Enter { site });
        }
        let losers = protection.hedge.map_or(protection.losers, |hedge| hedge.value.losers);
        self.forks.push(ForkSpec { arms: Vec::new(), need: 1, losers });
        let fork = self.forks.len() as u32 - 1;
        let after = protection.hedge.map_or(AfterSpec::Never, |hedge| self.after(hedge));
        let hedge = self.hedges.len() as u32;
        let copy = |first| Body::Copy { hedge, site, first };
        let first = self.routine(format!("{}/copy", caller.name), copy(true));
        let other = self.routine(format!("{}/another copy", caller.name), copy(false));
        self.hedges.push(HedgeSpec { guard, fork, site, first, other, after, travels: protection.travels() });
        match protection.travels() {
            true => self.emit(Shield::Race.of(hedge)),
            false => self.program.extend([Shield::Hedge.of(hedge), Op::Enter { site }, Shield::Answered.of(hedge)]),
        }
    }

    /// When the copies of an attempt are sent.
    fn after(&mut self, hedge: &At<Hedge>) -> AfterSpec {
        let most = hedge.value.most.value.0;
        match hedge.value.after.value {
            After::Percentile(share) => AfterSpec::Percentile { share, most },
            After::Time(time) => {
                let wait = self.ticks(time.0, hedge.value.after.span);
                let each = (1..=u64::from(most)).map(|copy| self.copy_lane(wait.saturating_mul(copy))).collect();
                AfterSpec::Lanes { first: self.timer_lane(wait), each }
            }
        }
    }

    /// A copy as a task of its own; its last op is where it goes when it is too late.
    pub(super) fn compile_call_copy(&mut self, hedge: u32, site: u32, first: bool) {
        let (send, join) = match first {
            true => (Op::Enter { site }, Shield::JoinFirst),
            false => (Shield::SendCopy.of(hedge), Shield::JoinCopy),
        };
        self.program.extend([send, join.of(hedge), Shield::Expire.of(hedge)]);
    }

    /// The end of a call with a fallback, and what is done instead.
    pub(super) fn compile_fallback(&mut self, caller: &Caller, guard: u32, rescue: u32, steps: &'a [At<Step>]) {
        self.emit(Shield::Rescued.of(guard));
        let jump = self.here();
        self.emit(Op::Jump { to: 0 });
        self.program[rescue as usize] = Op::Rescue { guard, to: self.here() };
        self.compile_steps(caller, steps);
        self.program[jump as usize] = Op::Jump { to: self.here() };
    }

    /// A message is handed over once, and has no deadline of the client's.
    pub(super) fn check_publish(&mut self, protection: &Protection<'_>) {
        let travels = protection.deadline.filter(|deadline| deadline.value.propagate);
        let spans = [protection.hedge.map(|hedge| hedge.span), travels.map(|deadline| deadline.span)];
        for span in spans.into_iter().flatten() {
            let message = "a message to a queue is handed over once, and is then the broker's";
            let help = "hedges, and deadlines that travel, are for calls: leave this out";
            self.diagnostics.push(Diagnostic::error(span, message).help(help));
        }
    }
}

fn budget(written: Budget) -> BudgetSpec {
    let deposit = (written.ratio.0 * RETRY as f64).round() as u64;
    BudgetSpec { deposit, most: u64::from(written.burst.0) * RETRY }
}
