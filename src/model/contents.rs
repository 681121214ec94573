//! What caches hold: its specification, and what can be said of it before the run.

use super::program::{Nodes, TargetOutage};
use super::source::KeySpec;
use super::{Model, SourceSpec, Workload};
use crate::laws::cache::Content;
use crate::laws::ttl;
use crate::policy::evict::{self, Evict};

/// The contents of a cache, or of one caller's own: the same in each of its nodes.
pub struct ContentsSpec {
    /// Index of the cache that its counts belong to.
    pub cache: u32,
    /// Index of the contents of the first node.
    pub first: u32,
    /// How many nodes.
    pub count: u32,
    /// The contents of a node, empty.
    pub policy: Box<dyn Evict>,
    /// Units of capacity; none is no limit.
    pub capacity: Option<u64>,
    /// The share of hits, where it is stated.
    pub stated: Option<f64>,
    /// How long entries are valid.
    pub lifetime: Option<Lifetime>,
    /// From which age on a hit asks for a new entry, and the routine that does so.
    pub refresh: Option<(u64, u32)>,
    /// Routines that write a changed entry to the origin: when it is evicted, and after a time.
    pub spill: Option<u32>,
    /// See `spill`.
    pub flush: Option<u32>,
    /// Units that an entry takes whose size is not told.
    pub entry: u64,
    /// Entries take as many units as they have bytes.
    pub in_bytes: bool,
    /// When nodes are lost with what they hold.
    pub outages: Vec<TargetOutage>,
    /// What fails as a whole and has each of these in its memory, if it is known.
    pub holders: Option<Nodes>,
    /// Who gives each key to one of the nodes; none where a key may be in any of them.
    pub balancer: Option<u32>,
    /// Holds the most popular keys at the start.
    pub is_warm: bool,
    /// Those keys.
    pub warm: Vec<u64>,
    /// Random stream.
    pub stream: u32,
    /// The share of hits to expect.
    pub expected: f64,
    /// How likely a key is there by its popularity; none where it is not known, or does not depend on it.
    pub content: Option<Content>,
    /// Requests that come to a node while an entry is valid; none where entries are valid for ever.
    pub asked_in_time: Option<f64>,
}

impl ContentsSpec {
    /// The share of misses to expect of requests for a key that so large a share of all requests is for.
    pub fn misses(&self, popularity: f64) -> f64 {
        let kept = match self.content {
            Some(content) => content.holds(popularity),
            None if self.capacity.is_none() && self.stated.is_none() => 1.0,
            None => self.expected,
        };
        let valid = self.lifetime.zip(self.asked_in_time).map_or(1.0, |(lifetime, asked)| {
            // A time to live of one, in which as many come as in that of the entry.
            lifetime.law().hit_ratio(asked * popularity, 1.0)
        });
        1.0 - kept.min(valid)
    }

    /// The contents of one node that holds everything for ever.
    pub(super) fn unbounded() -> ContentsSpec {
        ContentsSpec {
            cache: 0,
            first: 0,
            count: 1,
            policy: evict::unbounded(),
            capacity: None,
            stated: None,
            lifetime: None,
            refresh: None,
            spill: None,
            flush: None,
            entry: 1,
            in_bytes: false,
            outages: Vec::new(),
            holders: None,
            balancer: None,
            is_warm: false,
            warm: Vec::new(),
            stream: 0,
            expected: 0.0,
            content: None,
            asked_in_time: None,
        }
    }
}

/// How long entries are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// In ticks.
    pub ticks: u64,
    /// From the last use rather than from when it came in.
    pub from_last_use: bool,
}

impl Lifetime {
    /// The law of how often entries are found.
    fn law(self) -> ttl::Lifetime {
        if self.from_last_use { ttl::Lifetime::FromLastUse } else { ttl::Lifetime::FromInsertion }
    }
}

/// So many keys are put into a cache that is warm at the start, at most.
const MOST_WARM: u64 = 10_000_000;

impl Model {
    /// What is known before the run to be other than it may seem.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        let cut = self.contents.iter().filter(|spec| {
            let nodes = spec.balancer.map_or(1, |_| u64::from(spec.count));
            let room = spec.capacity.map_or(u64::MAX, |capacity| (capacity / spec.entry).saturating_mul(nodes));
            spec.warm.len() as u64 == MOST_WARM && room > MOST_WARM
        });
        let said = cut.map(|spec| {
            let cache = &self.caches[spec.cache as usize];
            format!(
                "{cache}: warm at the start with the {MOST_WARM} most popular keys only, though it has room for more"
            )
        });
        self.forecast.warnings().chain(said)
    }
}

/// Keys are spread over nodes at random: a node may have as many times more than its share.
const UNEVEN: usize = 4;

/// Fills in what depends on the keys that requests are about.
pub(super) fn settle_contents(model: &mut Model) {
    if model.contents.is_empty() {
        return;
    }
    let is_warm = model.contents.iter().any(|spec| spec.is_warm);
    let population = if is_warm { popular_keys(&model.workloads) } else { Vec::new() };
    let popularity = popularity(&model.workloads);
    for spec in &mut model.contents {
        spec.content = content(spec, &popularity);
        spec.expected = expected(spec, &popularity);
        if spec.is_warm {
            let room = spec.capacity.map_or(usize::MAX, |capacity| (capacity / spec.entry) as usize);
            let most = spec.balancer.map_or(room, |_| room.saturating_mul(UNEVEN * spec.count as usize));
            spec.warm = population.iter().copied().take(most).collect();
        }
    }
}

/// Takes the lifetime of entries into account, once it is known how often keys are asked for: as if each request
/// with a key asked each cache once. Whether that changes anything.
pub(super) fn expect_lifetimes(model: &mut Model) -> bool {
    if model.contents.iter().all(|spec| spec.lifetime.is_none()) {
        return false;
    }
    let keyed = model.workloads.iter().zip(&model.forecast.rates).filter(|(workload, _)| workload.keys.is_some());
    let (rate, popularity) = (keyed.map(|(_, rate)| rate).sum::<f64>(), popularity(&model.workloads));
    let seconds = 1.0 / model.ticks_per_second;
    for spec in model.contents.iter_mut().filter(|_| rate > 0.0 && !popularity.is_empty()) {
        let Some(lifetime) = spec.lifetime else { continue };
        let nodes = spec.balancer.map_or(f64::from(spec.count), |_| 1.0);
        let asked = rate / nodes * lifetime.ticks as f64 * seconds;
        spec.asked_in_time = Some(asked);
        let hits = |share: f64| lifetime.law().hit_ratio(asked * share, 1.0);
        let all: f64 = popularity.iter().map(|&(share, count)| count * share * hits(share)).sum();
        spec.expected = spec.expected.min(all);
    }
    true
}

/// The share of hits that is stated, or that of the contents. Without keys all ask for one thing; of the keys of a
/// trace, half are there.
fn expected(spec: &ContentsSpec, popularity: &[(f64, f64)]) -> f64 {
    let unlimited = if popularity.is_empty() { 0.5 } else { 1.0 };
    let kept = || spec.content.map_or(unlimited, |content| content.hit_ratio(popularity));
    spec.stated.unwrap_or_else(kept)
}

/// What is there under independent requests, by the law that comes nearest to the policy: near enough to tell a load
/// before the run. None where there is room for everything, or keys are not known.
fn content(spec: &ContentsSpec, popularity: &[(f64, f64)]) -> Option<Content> {
    let capacity = spec.capacity.filter(|_| spec.stated.is_none() && !popularity.is_empty())?;
    let nodes = spec.balancer.map_or(1, |_| spec.count);
    let room = (capacity / spec.entry) as f64 * f64::from(nodes);
    Some(Content::new(spec.policy.keeping(), popularity, room))
}

/// How popular keys are: the popularity of each of a group of keys, and how many they are.
fn popularity(workloads: &[Workload]) -> Vec<(f64, f64)> {
    let keys = workloads.iter().filter_map(|workload| workload.keys.as_ref());
    let numbered = keys.filter_map(|keys| Some((keys, keys.count()?)));
    if let Some((keys, count)) = numbered.max_by_key(|&(_, count)| count) {
        return groups(keys, count);
    }
    let known = |workload: &Workload| workload.keys.is_none() && !matches!(workload.source, SourceSpec::Trace(_));
    if workloads.iter().all(known) { vec![(1.0, 1.0)] } else { Vec::new() }
}

/// Ranks one by one, then in groups that grow by a hundredth, each with the popularity of its middle.
fn groups(keys: &KeySpec, count: u64) -> Vec<(f64, f64)> {
    const SINGLES: u64 = 1000;
    let (mut groups, mut rank) = (Vec::new(), 0);
    while rank < count {
        let size = if rank < SINGLES { 1 } else { (rank / 100).min(count - rank) };
        groups.push((keys.probability(rank + size / 2), size as f64));
        rank += size;
    }
    groups
}

/// Keys from the most to the least popular: ranks, or the keys of a trace as they come.
fn popular_keys(workloads: &[Workload]) -> Vec<u64> {
    let mut keys: Vec<u64> = Vec::new();
    let mut ranks = 0;
    for workload in workloads {
        match (&workload.keys, &workload.source) {
            (Some(KeySpec::Trace(trace)), _) => keys.extend(trace.iter()),
            (Some(spec), _) => ranks = ranks.max(spec.count().unwrap_or(0)),
            (None, SourceSpec::Trace(rows)) => keys.extend(rows.iter().filter_map(|row| row.key)),
            _ => {}
        }
    }
    let ranks = 0..ranks.min(MOST_WARM);
    if keys.is_empty() {
        return ranks.collect();
    }
    let mut seen = crate::keymap::KeyMap::default();
    keys.extend(ranks);
    keys.retain(|&key| seen.insert(key, 0).is_none());
    keys
}
