//! What can be said beforehand of keys spread over targets: the load of the hottest, and how many keys move when one
//! more is added.

use super::source::KeySpec;
use super::{SourceSpec, Workload};
use crate::policy::partition::{self, Args, Partition};

/// Keys spread over targets.
#[derive(Debug, Clone)]
pub struct Sharding {
    /// The component, or the balancer, that spreads them.
    pub name: String,
    /// The policy.
    pub by: String,
    /// How many targets.
    pub targets: u32,
    /// The share of the requests that go to the target that gets most; none where no workload has keys.
    pub hottest: Option<f64>,
    /// The share of the requests that goes to each target; empty where no workload has keys.
    pub shares: Vec<f64>,
    /// The share of the keys whose target is another with one target more; none where nothing is known of them.
    pub moved: Option<f64>,
}

/// Keys spread over targets, as written: what is found out once all keys are known.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    pub(super) name: String,
    pub(super) by: String,
    pub(super) args: Option<Args>,
    /// Names of the targets.
    pub(super) targets: Vec<String>,
}

/// Keys that are looked at one by one.
const MOST_KEYS: u64 = 100_000;

impl Spread {
    /// What keys make of it, if there are any.
    pub(super) fn measure(self, keys: Option<&KeySample>) -> Option<Sharding> {
        let entry = partition::find(&self.by)?;
        let build = |names: &[String]| (entry.build)(self.args.as_ref(), names).ok();
        let before = build(&self.targets)?;
        let after = build(&one_more(&self.targets));
        let shares = keys.map_or_else(Vec::new, |keys| shares(&*before, keys));
        let hottest = shares.iter().copied().reduce(f64::max);
        let sample = keys.zip(after);
        let moved = sample.map(|(keys, after)| partition::moved(&*before, &*after, keys.each()));
        Some(Sharding { name: self.name, by: self.by, targets: self.targets.len() as u32, hottest, shares, moved })
    }
}

/// The same targets, and the next one.
fn one_more(targets: &[String]) -> Vec<String> {
    let first = targets.first().map_or("", String::as_str);
    let component = first.split('[').next().unwrap_or(first);
    targets.iter().cloned().chain([format!("{component}[{}]", targets.len())]).collect()
}

/// The most popular keys and their popularity, and how many keys there are in all.
pub(super) struct KeySample {
    popular: Vec<(u64, f64)>,
    count: u64,
}

impl KeySample {
    /// Keys, each as good as any other: all, or evenly many of them.
    fn each(&self) -> impl Iterator<Item = (u64, f64)> {
        let numbered = self.count > 0;
        let step = (self.count / MOST_KEYS).max(1);
        let numbers = (0..if numbered { self.count } else { 0 }).step_by(step as usize).map(|key| (key, 1.0));
        let named = self.popular.iter().filter(move |_| !numbered).map(|&(key, _)| (key, 1.0));
        numbers.chain(named)
    }
}

/// The share of each target: the popular keys where they are, the others spread over all.
fn shares(partition: &dyn Partition, keys: &KeySample) -> Vec<f64> {
    let mut shares = vec![0.0; partition.targets()];
    keys.popular.iter().for_each(|&(key, share)| shares[partition.place(key)] += share);
    let rest = 1.0 - keys.popular.iter().map(|(_, share)| share).sum::<f64>();
    let each = rest.max(0.0) / shares.len() as f64;
    shares.iter().map(|share| (share + each).min(1.0)).collect()
}

/// The keys of the workload that has most of them.
pub(super) fn keys(workloads: &[Workload]) -> Option<KeySample> {
    let samples = workloads.iter().filter_map(|workload| match (&workload.keys, &workload.source) {
        (Some(KeySpec::Trace(keys)), _) => Some(counted(keys.iter().copied())),
        (Some(keys), _) => Some(ranked(keys)),
        (None, SourceSpec::Trace(rows)) => Some(counted(rows.iter().filter_map(|row| row.key))),
        _ => None,
    });
    samples
        .filter(|sample| !sample.popular.is_empty())
        .max_by_key(|sample| sample.count.max(sample.popular.len() as u64))
}

fn ranked(keys: &KeySpec) -> KeySample {
    let count = keys.count().unwrap_or(0);
    KeySample { popular: (0..count.min(MOST_KEYS)).map(|rank| (rank, keys.probability(rank))).collect(), count }
}

fn counted(keys: impl Iterator<Item = u64>) -> KeySample {
    let mut counts = std::collections::BTreeMap::<u64, f64>::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1.0);
    let total: f64 = counts.values().sum();
    KeySample { popular: counts.into_iter().map(|(key, count)| (key, count / total)).collect(), count: 0 }
}
