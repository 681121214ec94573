//! Protected calls: retries, copies, and what breakers and fallbacks did.

use std::collections::BTreeMap;

use super::estimate::mean;
use super::numbers::ratio;
use super::results::CallResult;
use super::summary::Summary;
use crate::engine::CallRecord;
use crate::model::Model;

/// What one replication says about the calls of one place.
pub(super) struct CallNumbers(CallRecord);

impl CallNumbers {
    pub(super) fn new(record: &CallRecord) -> CallNumbers {
        CallNumbers(*record)
    }

    fn attempts(&self) -> u64 {
        self.0.calls + self.0.retries
    }
}

/// By caller and what it calls.
pub(super) fn results(summary: &Summary, model: &Model) -> BTreeMap<String, CallResult> {
    let result = |index: usize| {
        let own = summary.finished().map(move |numbers| &numbers.calls[index]);
        let total = |count: fn(&CallRecord) -> u64| own.clone().map(|own| count(&own.0)).sum::<u64>();
        CallResult {
            attempts_per_call: mean(own.clone().map(|own| ratio(own.attempts(), own.0.calls))),
            hedges_per_attempt: mean(own.clone().map(|own| ratio(own.0.hedges, own.attempts()))),
            calls: total(|own| own.calls),
            attempts: total(|own| own.calls + own.retries),
            retries: total(|own| own.retries),
            retries_denied: total(|own| own.denied),
            hedges: total(|own| own.hedges),
            hedge_wins: total(|own| own.hedge_wins),
            breaker_rejected: total(|own| own.rejected),
            breaker_opened: total(|own| own.opened),
            fallbacks: total(|own| own.fallbacks),
            expired: total(|own| own.expired),
        }
    };
    let guards = model.guards.iter().enumerate();
    guards.map(|(index, guard)| (guard.name.clone(), result(index))).collect()
}
