//! Every request, where each is kept.

use super::results::JobRecord;
use crate::engine::{Job, OUTCOMES};
use crate::model::Model;

/// The requests of one replication, those of each workload in the order of issue.
pub(super) fn sort(jobs: &mut [Job]) {
    jobs.sort_by_key(|job| (job.workload, job.index));
}

/// Sorted requests, by replication with when its window began, for people.
pub(super) fn records(model: &Model, replications: &[(u64, Vec<Job>)]) -> Vec<JobRecord> {
    let seconds = |ticks: u64, start: u64| model.seconds(ticks as f64 - start as f64);
    let record = |replication: usize, start: u64, job: &Job| {
        let workload = &model.workloads[job.workload as usize];
        JobRecord {
            replication: replication as u32,
            index: job.index,
            workload: workload.name.clone(),
            operation: workload.operations[job.operation as usize].name.clone(),
            issued_s: seconds(job.issued, start),
            ended_s: seconds(job.ended, start),
            outcome: OUTCOMES[usize::from(job.outcome)],
        }
    };
    let each = replications.iter().enumerate();
    each.flat_map(|(replication, (start, jobs))| jobs.iter().map(move |job| record(replication, *start, job))).collect()
}
