//! What a pilot replication looks at to find where the start-up ends.

use super::series::Mark;
use crate::model::Model;
use crate::stats::{Cut, Mser};

/// Series of a pilot replication: latency by workload, number in system by group of stations.
#[derive(Debug, Clone)]
pub struct Probe {
    latency: Vec<Mser>,
    queue: Vec<Mser>,
    /// What the number in system of each group adds up to, up to the end of each of many parts of the pilot.
    pub levels: Vec<Mark>,
}

/// Which series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Latency of a workload's requests, in order of completion.
    Latency(usize),
    /// Number in system that arrivals at a group of stations find.
    Queue(usize),
}

impl Probe {
    pub(crate) fn new(model: &Model) -> Probe {
        Probe {
            latency: vec![Mser::default(); model.workloads.len()],
            queue: vec![Mser::default(); model.groups.len()],
            levels: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn arrival(&mut self, group: u32, now: u64, present: u32) {
        self.queue[group as usize].push(now, f64::from(present));
    }

    #[inline]
    pub(crate) fn answer(&mut self, workload: usize, now: u64, latency: u64) {
        self.latency[workload].push(now, latency as f64);
    }

    /// The cut that each series asks for.
    pub fn cuts(&self) -> Vec<(Series, Cut)> {
        let latency = self.latency.iter().enumerate().map(|(index, series)| (Series::Latency(index), series.cut()));
        let queue = self.queue.iter().enumerate().map(|(index, series)| (Series::Queue(index), series.cut()));
        latency.chain(queue).collect()
    }
}
