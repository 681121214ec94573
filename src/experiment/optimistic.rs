//! Optimistic attempts: how many commit, how many are undone.

use std::collections::BTreeMap;

use super::estimate::mean;
use super::numbers::ratio;
use super::results::OptimisticResult;
use super::summary::Summary;
use crate::engine::CommitRecord;
use crate::model::Model;

/// What one replication says about one name.
#[derive(Clone, Copy)]
pub(super) struct CommitNumbers {
    commits: f64,
    aborts: f64,
    abort_ratio: f64,
}

impl CommitNumbers {
    pub(super) fn new(record: &CommitRecord, seconds: f64) -> CommitNumbers {
        CommitNumbers {
            commits: record.commits as f64 / seconds,
            aborts: record.aborts as f64 / seconds,
            abort_ratio: ratio(record.aborts, record.aborts + record.commits),
        }
    }
}

/// By name of what is written.
pub(super) fn results(summary: &Summary, model: &Model) -> BTreeMap<String, OptimisticResult> {
    let result = |index: usize| {
        let own = summary.finished().map(move |numbers| numbers.commits[index]);
        OptimisticResult {
            commits: mean(own.clone().map(|own| own.commits)),
            aborts: mean(own.clone().map(|own| own.aborts)),
            abort_ratio: mean(own.map(|own| own.abort_ratio)),
        }
    };
    let names = model.counters.iter().enumerate();
    names.map(|(index, counter)| (counter.name.clone(), result(index))).collect()
}
