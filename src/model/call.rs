//! Calls compiled to ops: the call itself, wrapped in what the caller does when it does not answer.

use super::build::Builder;
use super::names::CALLABLE;
use super::program::{BackoffSpec, DeadlineSpec, Op, RetrySpec};
use super::steps::Caller;
use super::wiring::Payload;
use crate::scenario::{Attempts, Backoff, CallOptions, ExponentialBackoff, Losers, Retry};
use crate::syntax::At;
use crate::units::Duration;

/// What a caller does when there is no answer.
pub(super) struct Protection<'a> {
    pub(super) timeout: Option<&'a At<Duration>>,
    pub(super) deadline: Option<&'a At<Duration>>,
    pub(super) retry: Option<&'a At<Retry>>,
    pub(super) losers: Losers,
}

impl<'a> Protection<'a> {
    /// Takes out the time limit around everything else, if one is.
    pub(super) fn take_outermost(&mut self) -> Option<&'a At<Duration>> {
        let lone = if self.retry.is_none() { &mut self.timeout } else { &mut None };
        self.deadline.take().or_else(|| lone.take())
    }
}

impl Builder<'_> {
    pub(super) fn compile_call(&mut self, caller: &Caller, call: &CallOptions) {
        let known = self.reference(&call.to, &CALLABLE);
        if let Some((name, _)) = &known {
            self.check_own_time(name, &call.to);
        }
        let protection = Protection {
            timeout: call.timeout.as_ref(),
            deadline: call.deadline.as_ref(),
            retry: call.retry.as_ref(),
            losers: call.losers,
        };
        let payload = Payload { request: call.request.value.0, response: call.response.value.0 };
        let sender = Caller { payload, ..caller.clone() };
        let site = known.map(|(name, operation)| self.site(&sender, &name, &operation));
        self.protect(caller, &protection, |builder| builder.program.extend(site.map(|site| Op::Enter { site })));
    }

    /// A station that is called must say how long it takes.
    pub(super) fn check_own_time(&mut self, name: &str, reference: &At<String>) {
        if self.scenario.station.get(name).is_some_and(|station| station.service_time.is_none()) {
            self.lacks_service_time(name, reference.span);
        }
    }

    /// Wraps a call in its deadline, attempts and timeout.
    pub(super) fn protect(&mut self, caller: &Caller, protection: &Protection<'_>, call: impl FnOnce(&mut Self)) {
        let deadline = protection.deadline.map(|time| self.deadline(time, protection.losers));
        let retry = protection.retry.map(|retry| self.retry(caller, &retry.value));
        let timeout = protection.timeout.map(|time| self.deadline(time, protection.losers));
        let mut open = 0;
        for op in [
            deadline.map(|deadline| Op::Deadline { deadline }),
            retry.map(|retry| Op::Try { retry }),
            timeout.map(|deadline| Op::Deadline { deadline }),
        ] {
            open += usize::from(op.is_some());
            self.program.extend(op);
        }
        call(self);
        (0..open).for_each(|_| self.emit(Op::End));
    }

    pub(super) fn deadline(&mut self, time: &At<Duration>, losers: Losers) -> u32 {
        let ticks = self.ticks(time.value.0, time.span);
        let lane = self.deadline_lane(ticks);
        self.deadlines.push(DeadlineSpec { lane, losers });
        self.deadlines.len() as u32 - 1
    }

    fn retry(&mut self, caller: &Caller, retry: &Retry) -> u32 {
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
        self.retries.push(RetrySpec { attempts, backoff, stream });
        self.retries.len() as u32 - 1
    }

    fn exponential(&mut self, written: &ExponentialBackoff) -> BackoffSpec {
        let base = self.ticks(written.base.value.0, written.base.span) as f64;
        let cap = written.cap.as_ref().map_or(f64::INFINITY, |cap| self.ticks(cap.value.0, cap.span) as f64);
        let factor = written.factor.value;
        BackoffSpec::Exponential { base, factor, cap, jitter: written.jitter }
    }
}
