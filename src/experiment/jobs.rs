//! Every request, where each is kept.

use super::results::JobRecord;
use crate::engine::{Job, OUTCOMES};
use crate::model::Model;

/// Requests with their replication and when its window began, in order, for people.
pub(super) fn records(model: &Model, mut jobs: Vec<(u32, u64, Job)>) -> Vec<JobRecord> {
    jobs.sort_by_key(|(replication, _, job)| (*replication, job.workload, job.index));
    let seconds = |ticks: u64, start: u64| model.seconds(ticks as f64 - start as f64);
    let record = |(replication, start, job): (u32, u64, Job)| {
        let workload = &model.workloads[job.workload as usize];
        JobRecord {
            replication,
            index: job.index,
            workload: workload.name.clone(),
            operation: workload.operations[job.operation as usize].name.clone(),
            issued_s: seconds(job.issued, start),
            ended_s: seconds(job.ended, start),
            outcome: OUTCOMES[usize::from(job.outcome)],
        }
    };
    jobs.into_iter().map(record).collect()
}
