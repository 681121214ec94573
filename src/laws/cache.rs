//! Caches of limited size: objects of equal size, each request independent of those before (the
//! independent reference model).
//!
//! `popularity` holds the share of requests of each object; the shares sum to 1. `capacity` is the
//! number of objects that fit. A cache that holds everything always hits, once it is full.
//!
//! The approximations are within a fraction of a percent for caches of hundreds of objects. The
//! exact laws cost (objects × capacity) and more, and are meant for small caches.

use std::collections::{BTreeMap, BTreeSet};

use super::popularity::shares;
use crate::numeric::integrate_upwards;

/// Hit ratio of a cache that always holds the most popular objects: perfect LFU, the best that can
/// be done without seeing the future (Aho, Denning and Ullman 1971).
///
/// ```
/// let popularity = knee::laws::popularity::zipf(10, 1.0);
/// assert!((knee::laws::cache::lfu(&popularity, 3) - 0.6259314456).abs() < 1e-10);
/// ```
pub fn lfu(popularity: &[f64], capacity: usize) -> f64 {
    let mut sorted = popularity.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.iter().take(capacity).sum()
}

/// Hit ratio of LRU: Σ p (1 − e^(−pT)) with T the characteristic time (Che, Tung and Wang 2002;
/// Fricker, Robert and Roberts 2012 on why it is so good).
///
/// ```
/// let popularity = knee::laws::popularity::zipf(100_000, 0.9);
/// assert!((knee::laws::cache::lru(&popularity, 1000) - 0.3420611651).abs() < 1e-9);
/// ```
pub fn lru(popularity: &[f64], capacity: usize) -> f64 {
    let time = lru_time(popularity, capacity);
    popularity.iter().filter(|p| **p > 0.0).map(|p| -p * libm::expm1(-p * time)).sum()
}

/// The characteristic time of LRU, in requests: how long an object stays that nobody asks for.
/// Root of Σ (1 − e^(−pT)) = `capacity` (Che, Tung and Wang 2002); infinite when everything fits.
pub fn lru_time(popularity: &[f64], capacity: usize) -> f64 {
    characteristic_time(popularity.iter().map(|&p| (p, 1.0)), capacity as f64, presence)
}

/// The probability that LRU holds an object of which x requests come in a characteristic time, and its slope.
fn presence(x: f64) -> (f64, f64) {
    (-libm::expm1(-x), libm::exp(-x))
}

/// What a full cache comes to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keeping {
    /// What was used last: LRU.
    #[default]
    Recent,
    /// What came in last, or any: FIFO and random eviction.
    Any,
    /// What is used most often: perfect LFU.
    Popular,
}

/// How likely each object is in a full cache, by its popularity.
///
/// Objects are grouped: each pair is the popularity of each object of a group, and how many they are. Quick for millions
/// of objects in a few hundred groups.
///
/// ```
/// use knee::laws::{cache, cache::{Content, Keeping}, popularity};
/// let single = cache::lru(&popularity::zipf(1000, 0.0), 100);
/// let groups = [(0.001, 1000.0)];
/// assert!((Content::new(Keeping::Recent, &groups, 100.0).hit_ratio(&groups) - single).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Content {
    keeping: Keeping,
    /// The characteristic time in requests; of the most popular, the least popularity that has a place.
    limit: f64,
    /// Of those just as popular as that, the share that has a place.
    last: f64,
}

impl Content {
    /// What a cache of a capacity comes to hold. See [`lru`], [`fifo`] and [`lfu`] for the sources.
    pub fn new(keeping: Keeping, groups: &[(f64, f64)], capacity: f64) -> Content {
        let time = |occupancy: fn(f64) -> (f64, f64)| characteristic_time(groups.iter().copied(), capacity, occupancy);
        match keeping {
            Keeping::Recent => Content { keeping, limit: time(presence), last: 1.0 },
            Keeping::Any => Content { keeping, limit: time(occupancy), last: 1.0 },
            Keeping::Popular => Content::popular(groups, capacity),
        }
    }

    fn popular(groups: &[(f64, f64)], capacity: f64) -> Content {
        let mut sorted = groups.to_vec();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut room = capacity;
        for (p, count) in sorted {
            if count > room {
                return Content { keeping: Keeping::Popular, limit: p, last: room.max(0.0) / count };
            }
            room -= count;
        }
        Content { keeping: Keeping::Popular, limit: 0.0, last: 1.0 }
    }

    /// The probability that an object of this popularity is there.
    pub fn holds(&self, popularity: f64) -> f64 {
        let x = popularity * self.limit;
        match self.keeping {
            Keeping::Recent => -libm::expm1(-x),
            // Also right when the time is infinite.
            Keeping::Any => 1.0 - 1.0 / (1.0 + x),
            Keeping::Popular if (popularity - self.limit).abs() <= 1e-12 * self.limit => self.last,
            Keeping::Popular => f64::from(u8::from(popularity > self.limit)),
        }
    }

    /// The share of requests that find their object.
    pub fn hit_ratio(&self, groups: &[(f64, f64)]) -> f64 {
        groups.iter().filter(|(p, _)| *p > 0.0).map(|(p, count)| p * count * self.holds(*p)).sum()
    }
}

/// Hit ratio of FIFO and of random eviction, which are equal: Σ p · pT / (1 + pT) (Martina, Garetto
/// and Leonardi 2014; Gelenbe 1973 on their being equal).
///
/// ```
/// let popularity = knee::laws::popularity::zipf(100_000, 0.9);
/// assert!((knee::laws::cache::fifo(&popularity, 1000) - 0.3062775412).abs() < 1e-9);
/// ```
pub fn fifo(popularity: &[f64], capacity: usize) -> f64 {
    let time = fifo_time(popularity, capacity);
    // 1 − 1 / (1 + pT) is also right when T is infinite.
    popularity.iter().filter(|p| **p > 0.0).map(|p| p * (1.0 - 1.0 / (1.0 + p * time))).sum()
}

/// The characteristic time of FIFO and of random eviction, in requests: root of
/// Σ pT / (1 + pT) = `capacity` (Martina, Garetto and Leonardi 2014); infinite when everything fits.
pub fn fifo_time(popularity: &[f64], capacity: usize) -> f64 {
    characteristic_time(popularity.iter().map(|&p| (p, 1.0)), capacity as f64, occupancy)
}

/// The same for FIFO.
fn occupancy(x: f64) -> (f64, f64) {
    (x / (1.0 + x), 1.0 / ((1.0 + x) * (1.0 + x)))
}

/// The T at which the expected number of objects present is `capacity`; `occupancy` gives the
/// probability that an object is present, and its slope, at pT.
///
/// Newton's method from below: the sum is concave and at most T, so each step stays below the root.
fn characteristic_time(
    groups: impl Iterator<Item = (f64, f64)> + Clone,
    capacity: f64,
    occupancy: impl Fn(f64) -> (f64, f64),
) -> f64 {
    if groups.clone().filter(|(p, _)| *p > 0.0).map(|(_, count)| count).sum::<f64>() <= capacity {
        return f64::INFINITY;
    }
    let mut time = capacity;
    for _ in 0..200 {
        let (mut present, mut slope) = (0.0, 0.0);
        for (p, count) in groups.clone() {
            let (share, change) = occupancy(p * time);
            present += count * share;
            slope += count * p * change;
        }
        let step = (capacity - present) / slope;
        time += step;
        if step.abs() <= 1e-14 * time {
            break;
        }
    }
    time
}

/// What an LRU cache lets through: the popularity of each object among its misses, all 0 if
/// everything fits. Taking these for
/// independent requests to the next level is an approximation (Che, Tung and Wang 2002).
///
/// ```
/// use knee::laws::{cache, popularity};
/// let first = popularity::zipf(10_000, 0.8);
/// let second = cache::lru_misses(&first, 100);
/// assert!((cache::lru(&second, 1000) - 0.3367021222).abs() < 1e-9);
/// ```
pub fn lru_misses(popularity: &[f64], capacity: usize) -> Vec<f64> {
    let time = lru_time(popularity, capacity);
    if time.is_infinite() {
        return vec![0.0; popularity.len()];
    }
    let missed: Vec<f64> = popularity.iter().map(|p| p * libm::exp(-p * time)).collect();
    shares(&missed)
}

/// Exact hit ratio of LRU (King 1971): an object is still there if fewer than `capacity` others were
/// asked for since. With requests in a Poisson stream the others are independent, so this is
/// Σ p ∫ p e^(−pt) P(fewer than `capacity` others in t) dt.
///
/// Costs about objects² × `capacity` × 100.
///
/// ```
/// let popularity = knee::laws::popularity::zipf(10, 1.0);
/// assert!((knee::laws::cache::lru_exact(&popularity, 3) - 0.47066419).abs() < 1e-9);
/// ```
pub fn lru_exact(popularity: &[f64], capacity: usize) -> f64 {
    let scale = lru_time(popularity, capacity);
    if scale.is_infinite() || capacity == 0 {
        return lru(popularity, capacity);
    }
    let kept = |own: usize, time: f64| {
        let others = popularity.iter().enumerate().filter(|(other, _)| *other != own);
        let asked = others.map(|(_, p)| -libm::expm1(-p * time));
        counts(asked, capacity - 1).iter().sum::<f64>()
    };
    integrate_upwards(scale, |time| {
        let reused = popularity.iter().enumerate().map(|(own, p)| {
            let weight = p * p * libm::exp(-p * time);
            if weight > 0.0 { weight * kept(own, time) } else { 0.0 }
        });
        reused.sum()
    })
}

/// Exact hit ratio of FIFO and of random eviction (Gelenbe 1973): each content has probability
/// proportional to the product of its objects' popularity.
///
/// The content is that of independent objects in odds pT given their number, for any T, so
/// misses = (C + 1) P(C + 1 objects) / T P(C objects).
///
/// ```
/// let popularity = knee::laws::popularity::zipf(10, 1.0);
/// assert!((knee::laws::cache::fifo_exact(&popularity, 3) - 0.4451044606).abs() < 1e-10);
/// ```
pub fn fifo_exact(popularity: &[f64], capacity: usize) -> f64 {
    let time = fifo_time(popularity, capacity);
    if time.is_infinite() || capacity == 0 {
        return fifo(popularity, capacity);
    }
    let present = popularity.iter().map(|p| p * time / (1.0 + p * time));
    let numbers = counts(present, capacity + 1);
    1.0 - (capacity + 1) as f64 * numbers[capacity + 1] / (time * numbers[capacity])
}

/// P(exactly k of independent events happen) for k = 0 to `most` (the Poisson binomial law).
fn counts(probabilities: impl Iterator<Item = f64>, most: usize) -> Vec<f64> {
    let mut numbers = vec![0.0; most + 1];
    numbers[0] = 1.0;
    for p in probabilities {
        for k in (1..=most).rev() {
            numbers[k] += p * (numbers[k - 1] - numbers[k]);
        }
        numbers[0] *= 1.0 - p;
    }
    numbers
}

/// The fewest misses possible on a trace, from an empty cache: evict what is needed latest
/// (Belady 1966: MIN, also OPT). Every miss brings its object in. O(requests × log capacity).
///
/// ```
/// // Silberschatz, Galvin and Gagne, *Operating System Concepts*: 9 faults with 3 frames.
/// let trace = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
/// assert_eq!(knee::laws::cache::belady(&trace, 3), 9);
/// ```
pub fn belady(trace: &[u64], capacity: usize) -> usize {
    let next = next_uses(trace);
    // What is present, by the time at which it is needed next; that time stands for the object.
    let mut present = BTreeSet::new();
    let mut misses = 0;
    for (now, next) in next.into_iter().enumerate() {
        if !present.remove(&now) {
            misses += 1;
            if present.len() >= capacity {
                present.pop_last();
            }
        }
        if capacity > 0 {
            present.insert(next);
        }
    }
    misses
}

/// For each request, when its object is asked for again; a time of its own after the end if never.
fn next_uses(trace: &[u64]) -> Vec<usize> {
    let mut seen = BTreeMap::new();
    let mut next: Vec<usize> = (trace.len()..2 * trace.len()).collect();
    for (now, object) in trace.iter().enumerate().rev() {
        if let Some(later) = seen.insert(object, now) {
            next[now] = later;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, popularity::zipf};
    use super::*;

    #[test]
    fn equal_objects_hit_in_proportion_to_the_capacity() {
        let popularity = zipf(50, 0.0);
        for law in [lfu, lru_exact, fifo_exact, fifo] {
            assert_close(law(&popularity, 10), 0.2, 1e-10);
        }
    }

    #[test]
    fn groups_of_one_are_as_objects() {
        let popularity = zipf(300, 0.9);
        let groups: Vec<(f64, f64)> = popularity.iter().map(|&p| (p, 1.0)).collect();
        for (keeping, law) in [
            (Keeping::Recent, lru as fn(&[f64], usize) -> f64),
            (Keeping::Any, fifo as fn(&[f64], usize) -> f64),
            (Keeping::Popular, lfu as fn(&[f64], usize) -> f64),
        ] {
            for capacity in [1, 40, 299, 300, 1000] {
                let content = Content::new(keeping, &groups, capacity as f64);
                assert_close(content.hit_ratio(&groups), law(&popularity, capacity), 1e-9);
            }
        }
        let equal = [(0.01, 100.0)];
        assert_close(Content::new(Keeping::Popular, &equal, 25.0).hit_ratio(&equal), 0.25, 1e-12);
    }

    #[test]
    fn a_cache_for_everything_hits_and_none_misses() {
        let popularity = zipf(20, 1.0);
        for law in [lfu, lru, fifo, lru_exact, fifo_exact] {
            assert_close(law(&popularity, 20), 1.0, 1e-12);
            assert_eq!(law(&popularity, 0), 0.0);
        }
        assert!(lru_misses(&popularity, 20).iter().all(|share| *share == 0.0));
    }

    #[test]
    fn approximations_approach_the_exact_laws() {
        let popularity = zipf(200, 0.8);
        assert_close(lru(&popularity, 50), lru_exact(&popularity, 50), 2e-3);
        assert_close(fifo(&popularity, 50), fifo_exact(&popularity, 50), 5e-3);
    }

    /// Enough trials that a plain table of elementary symmetric sums would under- or overflow.
    #[test]
    fn large_exact_caches_stay_finite() {
        let popularity = zipf(5000, 0.9);
        assert_close(fifo_exact(&popularity, 2000), fifo(&popularity, 2000), 1e-3);
    }

    /// Dynamic programming over all contents of the cache.
    fn fewest(trace: &[u64], capacity: usize) -> usize {
        let mut costs = BTreeMap::from([(BTreeSet::new(), 0)]);
        for object in trace {
            let mut later = BTreeMap::new();
            let mut offer = |content: BTreeSet<u64>, cost: usize| {
                let best = later.entry(content).or_insert(cost);
                *best = cost.min(*best);
            };
            for (content, cost) in costs {
                if content.contains(object) {
                    offer(content, cost);
                    continue;
                }
                let mut fuller = content.clone();
                fuller.insert(*object);
                if fuller.len() <= capacity {
                    offer(fuller, cost + 1);
                    continue;
                }
                for evicted in &content {
                    let mut next = fuller.clone();
                    next.remove(evicted);
                    offer(next, cost + 1);
                }
            }
            costs = later;
        }
        costs.into_values().min().unwrap()
    }

    #[test]
    fn belady_is_the_optimum() {
        // A linear congruential sequence: no pattern, always the same.
        let mut state = 1u64;
        let trace: Vec<u64> = (0..60)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 33) % 7
            })
            .collect();
        for capacity in 1..7 {
            assert_eq!(belady(&trace, capacity), fewest(&trace, capacity), "{capacity}");
        }
        assert_eq!(belady(&trace, 0), 60);
    }
}
