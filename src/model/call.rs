//! Calls compiled to ops: the call itself, wrapped in what the caller does when it does not answer.

use super::build::Builder;
use super::names::CALLABLE;
use super::program::{BackoffSpec, DeadlineSpec, Op, RetrySpec, Shield};
use super::steps::Caller;
use super::wiring::Payload;
use crate::scenario::{
    Attempts, Backoff, Breaker, CallOptions, Deadline, ExponentialBackoff, Hedge, Losers, Retry, Step,
};
use crate::syntax::At;
use crate::units::Duration;

/// What a caller does when there is no answer.
#[derive(Clone, Copy)]
pub(super) struct Protection<'a> {
    pub(super) timeout: Option<&'a At<Duration>>,
    pub(super) deadline: Option<&'a At<Deadline>>,
    pub(super) retry: Option<&'a At<Retry>>,
    pub(super) hedge: Option<&'a At<Hedge>>,
    pub(super) breaker: Option<&'a At<Breaker>>,
    pub(super) fallback: Option<&'a At<Vec<At<Step>>>>,
    pub(super) losers: Losers,
}

impl<'a> Protection<'a> {
    /// Takes out the time limit around everything else, if one is, and nobody else hears of it.
    pub(super) fn take_outermost(&mut self) -> Option<&'a At<Duration>> {
        if self.is_guarded() {
            return None;
        }
        self.deadline.take().map(|deadline| &deadline.value.time).or_else(|| self.timeout.take())
    }

    /// Something is counted, or remembered from one call to the next.
    pub(super) fn is_guarded(&self) -> bool {
        self.retry.is_some()
            || self.hedge.is_some()
            || self.breaker.is_some()
            || self.fallback.is_some()
            || self.travels()
    }

    /// Nobody needs to know who was called.
    pub(super) fn allows_visits(&self) -> bool {
        self.hedge.is_none() && self.breaker.is_none() && !self.travels()
    }

    /// The deadline travels with the request.
    pub(super) fn travels(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline.value.propagate)
    }
}

impl<'a> Builder<'a> {
    pub(super) fn compile_call(&mut self, caller: &Caller, call: &'a CallOptions) {
        let known = self.reference(&call.to, &CALLABLE);
        if let Some((name, _)) = &known {
            self.check_own_time(name, &call.to);
        }
        let protection = Protection {
            timeout: call.timeout.as_ref(),
            deadline: call.deadline.as_ref(),
            retry: call.retry.as_ref(),
            hedge: call.hedge.as_ref(),
            breaker: call.breaker.as_ref(),
            fallback: call.fallback.as_ref(),
            losers: call.losers,
        };
        let payload = Payload { request: call.request.value.0, response: call.response.value.0 };
        let sender = Caller { payload, ..caller.clone() };
        let site = known.map(|(name, operation)| self.site(&sender, &name, &operation));
        let guard = protection.is_guarded().then(|| self.guard(caller, &call.to.value, &protection));
        self.protect(caller, &protection, guard, |builder, guard| {
            if let Some(site) = site {
                builder.compile_attempt(caller, &protection, guard, site);
            }
        });
    }

    /// A station that is called must say how long it takes.
    pub(super) fn check_own_time(&mut self, name: &str, reference: &At<String>) {
        if self.scenario.station.get(name).is_some_and(|station| station.service_time.is_none()) {
            self.lacks_service_time(name, reference.span);
        }
    }

    /// Wraps a call, from outside in, in its fallback, deadline, attempts, breaker and timeout.
    pub(super) fn protect(
        &mut self,
        caller: &Caller,
        protection: &Protection<'a>,
        guard: Option<u32>,
        call: impl FnOnce(&mut Self, u32),
    ) {
        let guard_index = guard.unwrap_or_default();
        self.program.extend(guard.map(|guard| Shield::Begin.of(guard)));
        let rescue = protection.fallback.map(|_| self.here());
        self.program.extend(rescue.map(|_| Op::Rescue { guard: guard_index, to: 0 }));
        let deadline = protection.deadline.map(|deadline| self.deadline(&deadline.value.time, protection.losers));
        let retry = protection.retry.map(|retry| self.retry(caller, &retry.value, guard_index));
        let timeout = protection.timeout.map(|time| self.deadline(time, protection.losers));
        let travels = deadline.filter(|_| protection.travels());
        let travels = travels.map(|deadline| Shield::Expires.of(self.deadlines[deadline as usize].lane));
        let deadline = deadline.map(|deadline| Op::Deadline { deadline });
        // Without a retry a deadline is a timeout: the breaker hears of it.
        let limits = [deadline, travels];
        let (outer, inner) = if retry.is_some() { (limits, [None; 2]) } else { ([None; 2], limits) };
        let retry = retry.map(|retry| Op::Try { retry });
        let breaker = protection.breaker.map(|_| Shield::Break.of(guard_index));
        let timeout = timeout.map(|deadline| Op::Deadline { deadline });
        let shells = [outer[0], outer[1], retry, breaker, inner[0], inner[1], timeout];
        shells.iter().flatten().for_each(|&shell| self.emit(shell));
        call(self, guard_index);
        for shell in shells.iter().flatten().rev() {
            let passed = matches!(shell, Op::Protect { act: Shield::Break, .. });
            self.emit(if passed { Shield::Passed.of(guard_index) } else { Op::End });
        }
        if let (Some(rescue), Some(steps)) = (rescue, protection.fallback) {
            self.compile_fallback(caller, guard_index, rescue, &steps.value);
        }
    }

    pub(super) fn deadline(&mut self, time: &At<Duration>, losers: Losers) -> u32 {
        let ticks = self.ticks(time.value.0, time.span);
        let lane = self.deadline_lane(ticks);
        self.deadlines.push(DeadlineSpec { lane, losers });
        self.deadlines.len() as u32 - 1
    }

    fn retry(&mut self, caller: &Caller, retry: &Retry, guard: u32) -> u32 {
        let attempts = match retry.attempts.value {
            Attempts::Limited(attempts) => Some(attempts),
            Attempts::Unlimited => None,
        };
        let backoff = match &retry.backoff {
            None => BackoffSpec::None,
            Some(Backoff::Delay(delay)) => BackoffSpec::Delay(self.law(delay, 1.0)),
            Some(Backoff::Exponential(exponential)) => self.exponential(exponential),
        };
        let stream = self.stream(&caller.streams, "backoff");
        self.retries.push(RetrySpec { attempts, backoff, stream, guard });
        self.retries.len() as u32 - 1
    }

    fn exponential(&mut self, written: &ExponentialBackoff) -> BackoffSpec {
        let base = self.ticks(written.base.value.0, written.base.span) as f64;
        let cap = written.cap.as_ref().map_or(f64::INFINITY, |cap| self.ticks(cap.value.0, cap.span) as f64);
        let factor = written.factor.value;
        BackoffSpec::Exponential { base, factor, cap, jitter: written.jitter }
    }
}
