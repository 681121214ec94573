//! What can be said beforehand of keys spread over targets: the load of the hottest, and how many keys move when one
//! more is added.

use super::contents::ContentsSpec;
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
    /// The share of the requests that go to the target that gets most, of the workload with most keys; none where no
    /// workload has keys.
    pub hottest: Option<f64>,
    /// By workload: the share of its requests that goes to each target; empty for a workload without keys.
    pub shares: Vec<Vec<f64>>,
    /// By workload: where its most popular keys are, and how popular each is.
    pub(super) popular: Vec<Vec<(u32, f64)>>,
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
    /// What the keys of each workload make of it, where it has any.
    pub(super) fn measure(self, keys: &[Option<KeySample>]) -> Option<Sharding> {
        let entry = partition::find(&self.by)?;
        let build = |names: &[String]| (entry.build)(self.args.as_ref(), names).ok();
        let before = build(&self.targets)?;
        let after = build(&one_more(&self.targets));
        let of = |keys: &Option<KeySample>| keys.as_ref().map_or_else(Vec::new, |keys| shares(&*before, keys));
        let shares: Vec<Vec<f64>> = keys.iter().map(of).collect();
        let most = keys.iter().zip(&shares).filter_map(|(keys, shares)| Some((keys.as_ref()?, shares)));
        let most = most.max_by_key(|(keys, _)| keys.count());
        let hottest = most.and_then(|(_, shares)| shares.iter().copied().reduce(f64::max));
        let sample = most.zip(after);
        let moved = sample.map(|((keys, _), after)| partition::moved(&*before, &*after, keys.each()));
        let place = |&(key, share): &(u64, f64)| (before.place(key) as u32, share);
        let popular = |keys: &KeySample| keys.most_popular().iter().map(place).collect();
        let popular = keys.iter().map(|keys| keys.as_ref().map_or_else(Vec::new, popular)).collect();
        let targets = self.targets.len() as u32;
        Some(Sharding { name: self.name, by: self.by, targets, hottest, shares, popular, moved })
    }
}

impl Sharding {
    /// The share of a workload's requests that goes to each target, of those that some contents miss: popular keys are
    /// mostly found there, so what is left is spread more evenly. Of independent requests at a rate λ, those for key i that
    /// miss come at λ pᵢ (1 − P(i is there)) (Che, Tung and Wang 2002). All requests, where nothing lies before.
    pub(super) fn shares_behind(&self, workload: usize, before: Option<&ContentsSpec>) -> Vec<f64> {
        let Some(shares) = self.shares.get(workload) else { return Vec::new() };
        let (Some(contents), Some(popular)) = (before, self.popular.get(workload)) else { return shares.clone() };
        let mut rest = shares.clone();
        let mut missed = vec![0.0; shares.len()];
        for &(target, share) in popular {
            rest[target as usize] -= share;
            missed[target as usize] += share * contents.misses(share);
        }
        // The others are asked for about as often as the least popular of these, at most.
        let seldom = contents.misses(popular.last().map_or(0.0, |(_, share)| *share));
        missed.iter_mut().zip(rest).for_each(|(missed, rest)| *missed += seldom * rest.max(0.0));
        let total: f64 = missed.iter().sum();
        if total > 0.0 { missed.into_iter().map(|missed| missed / total).collect() } else { shares.clone() }
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
    /// None where they are those of a trace.
    numbered: Option<u64>,
}

/// Keys that are told apart behind a cache.
const TOLD_APART: usize = 4096;

impl KeySample {
    /// The most popular ones, from the top.
    fn most_popular(&self) -> Vec<(u64, f64)> {
        let mut keys = self.popular.clone();
        keys.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        keys.truncate(TOLD_APART);
        keys
    }

    /// How many different keys there are.
    fn count(&self) -> u64 {
        self.numbered.unwrap_or(self.popular.len() as u64)
    }

    /// Keys, each as good as any other: all, or evenly many of them.
    fn each(&self) -> impl Iterator<Item = (u64, f64)> {
        let count = self.numbered.unwrap_or(0);
        let step = (count / MOST_KEYS).max(1);
        let numbers = (0..count).step_by(step as usize).map(|key| (key, 1.0));
        let named = self.popular.iter().filter(|_| self.numbered.is_none()).map(|&(key, _)| (key, 1.0));
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

/// The keys of each workload, where it has any. Jobs of a trace that have none may go to any target.
pub(super) fn keys(workloads: &[Workload]) -> Vec<Option<KeySample>> {
    let sample = |workload: &Workload| match (&workload.keys, &workload.source) {
        (Some(KeySpec::Trace(keys)), _) => Some(counted(keys.iter().copied(), keys.len())),
        (Some(keys), _) => Some(ranked(keys)),
        (None, SourceSpec::Trace(rows)) => Some(counted(rows.iter().filter_map(|row| row.key), rows.len())),
        _ => None,
    };
    workloads.iter().map(|workload| sample(workload).filter(|sample| !sample.popular.is_empty())).collect()
}

fn ranked(keys: &KeySpec) -> KeySample {
    let count = keys.count().unwrap_or(0);
    let popular = (0..count.min(MOST_KEYS)).map(|rank| (rank, keys.probability(rank))).collect();
    KeySample { popular, numbered: Some(count) }
}

fn counted(keys: impl Iterator<Item = u64>, requests: usize) -> KeySample {
    let mut counts = std::collections::BTreeMap::<u64, f64>::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1.0);
    let popular = counts.into_iter().map(|(key, count)| (key, count / requests as f64)).collect();
    KeySample { popular, numbered: None }
}
