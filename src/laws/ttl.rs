//! Caches that are never full: objects leave when their time to live (TTL) is over.
//!
//! Requests for each object come in a Poisson stream; times in seconds, rates per second.

/// From when the time to live counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// From insertion: a hit doesn't renew it (Jung, Berger and Balakrishnan 2003).
    FromInsertion,
    /// From the last use: each hit renews it (Fofack, Nain, Neglia and Towsley 2012).
    FromLastUse,
}

impl Lifetime {
    /// Hit ratio of one object that is fetched in no time: λT / (1 + λT) from insertion,
    /// 1 − e^(−λT) from last use. Also the share of time at which the object is there, as Poisson
    /// arrivals see time averages.
    ///
    /// ```
    /// use knee::laws::ttl::Lifetime;
    /// assert!((Lifetime::FromInsertion.hit_ratio(0.3, 10.0) - 0.75).abs() < 1e-12);
    /// assert!((Lifetime::FromLastUse.hit_ratio(0.3, 10.0) - 0.9502129316).abs() < 1e-10);
    /// ```
    pub fn hit_ratio(self, arrival_rate: f64, ttl: f64) -> f64 {
        let requests = arrival_rate * ttl;
        match self {
            Lifetime::FromInsertion => 1.0 - 1.0 / (1.0 + requests),
            Lifetime::FromLastUse => -libm::expm1(-requests),
        }
    }
}

/// The steady state of a cache with a time to live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ttl {
    /// The share of requests that hit.
    pub hit_ratio: f64,
    /// The mean number of objects that are there.
    pub live: f64,
    /// Fetches from the origin per second.
    pub fetch_rate: f64,
}

/// A cache of many objects, given the share of requests of each; fetches take no time.
///
/// ```
/// use knee::laws::{popularity::zipf, ttl};
/// let cache = ttl::cache(500.0, &zipf(10_000, 0.8), 10.0, ttl::Lifetime::FromInsertion);
/// assert!((cache.hit_ratio - 0.5482838208).abs() < 1e-10);
/// assert!((cache.fetch_rate - 225.8580896).abs() < 1e-7);
/// ```
pub fn cache(arrival_rate: f64, popularity: &[f64], ttl: f64, lifetime: Lifetime) -> Ttl {
    let (mut hits, mut live) = (0.0, 0.0);
    for share in popularity {
        let hit = lifetime.hit_ratio(arrival_rate * share, ttl);
        hits += share * hit;
        live += hit;
    }
    Ttl { hit_ratio: hits, live, fetch_rate: arrival_rate * (1.0 - hits) }
}

/// One hot object that expires again and again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stampede {
    /// The share of requests that hit.
    pub hit_ratio: f64,
    /// Fetches from the origin at each expiry.
    pub fetches_per_expiry: f64,
    /// Fetches from the origin per second.
    pub fetch_rate: f64,
    /// Mean latency: of a hit 0, of a miss the time until its answer is there.
    pub latency: f64,
}

/// One object whose fetch takes exactly `fetch_time` and whose time to live counts from the first
/// fetch that is done. Every miss fetches, or, `coalesced`, waits for the fetch in progress.
///
/// Renewal–reward (Ross 1996, 3.6): a cycle is a gap of 1/λ, a fetch of D and a life of T; in it are
/// 1 + λD misses and λT hits.
///
/// ```
/// let herd = knee::laws::ttl::stampede(100.0, 0.2, 10.0, false);
/// assert!((herd.fetches_per_expiry - 21.0).abs() < 1e-12);
/// ```
pub fn stampede(arrival_rate: f64, fetch_time: f64, ttl: f64, coalesced: bool) -> Stampede {
    let requests = 1.0 + arrival_rate * (fetch_time + ttl);
    let followers = arrival_rate * fetch_time;
    // Those who follow come at any time of the fetch: half of it is left on average.
    let following = if coalesced { fetch_time / 2.0 } else { fetch_time };
    let fetches_per_expiry = if coalesced { 1.0 } else { 1.0 + followers };
    Stampede {
        hit_ratio: arrival_rate * ttl / requests,
        fetches_per_expiry,
        fetch_rate: arrival_rate * fetches_per_expiry / requests,
        latency: (fetch_time + followers * following) / requests,
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    /// When fetches take no time, a stampede is a cache with a fixed life.
    #[test]
    fn instant_fetches_are_single() {
        for coalesced in [false, true] {
            let single = stampede(3.0, 0.0, 2.0, coalesced);
            assert_close(single.hit_ratio, Lifetime::FromInsertion.hit_ratio(3.0, 2.0), 1e-12);
            assert_close(single.fetch_rate, 3.0 * (1.0 - single.hit_ratio), 1e-12);
            assert_eq!(single.latency, 0.0);
        }
    }

    #[test]
    fn renewal_keeps_more() {
        let popularity = [0.5, 0.3, 0.2];
        let fixed = cache(1.0, &popularity, 3.0, Lifetime::FromInsertion);
        let renewed = cache(1.0, &popularity, 3.0, Lifetime::FromLastUse);
        assert!(renewed.hit_ratio > fixed.hit_ratio && renewed.live > fixed.live);
    }
}
