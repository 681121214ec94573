//! What caches did: from counts to estimates.

use std::collections::BTreeMap;

use super::estimate::mean;
use super::results::CacheResult;
use crate::engine::{ContentsRecord, Observations};
use crate::model::Model;

/// What one replication says about one cache, over all its nodes.
#[derive(Clone, Copy, Default)]
pub(super) struct CacheNumbers {
    counts: ContentsRecord,
    entries: f64,
}

pub(super) fn numbers(model: &Model, seen: &Observations) -> Vec<CacheNumbers> {
    let mut caches = vec![CacheNumbers::default(); model.caches.len()];
    for spec in &model.contents {
        let nodes = &seen.contents[spec.first as usize..(spec.first + spec.count) as usize];
        nodes.iter().for_each(|node| caches[spec.cache as usize].add(node, seen.window));
    }
    caches
}

impl CacheNumbers {
    fn add(&mut self, node: &ContentsRecord, window: u64) {
        self.counts.add(node);
        self.entries += node.entries_area as f64 / window as f64;
    }

    pub(super) fn hit_ratio(&self) -> f64 {
        self.counts.hits as f64 / (self.counts.hits + self.counts.misses) as f64
    }
}

/// The caches that were used, by name.
pub(super) fn results<'a>(
    model: &Model,
    replications: impl Iterator<Item = &'a Vec<CacheNumbers>> + Clone,
) -> BTreeMap<String, CacheResult> {
    let result = |(index, name): (usize, &String)| {
        let own = replications.clone().map(move |caches| &caches[index]);
        let mut counts = ContentsRecord::default();
        own.clone().for_each(|numbers| counts.add(&numbers.counts));
        let result = CacheResult {
            hit_ratio: mean(own.clone().map(CacheNumbers::hit_ratio)),
            entries: mean(own.map(|numbers| numbers.entries)),
            hits: counts.hits,
            misses: counts.misses,
            coalesced: counts.coalesced,
            evictions: counts.evicted,
            expired: counts.expired,
            refreshed: counts.refreshed,
            lost: counts.lost,
        };
        (name.clone(), result)
    };
    model.caches.iter().enumerate().map(result).collect()
}
