//! Caches.

use knee::laws::cache::{belady, fifo, fifo_exact, lfu, lru, lru_exact, lru_misses, lru_time};
use knee::laws::look_aside::LookAside;
use knee::laws::popularity::zipf;
use knee::laws::ttl::{self, Lifetime};

use super::agree;

/// LRU: King (1971). FIFO and random: Gelenbe (1973). Always the most popular: a sum
/// (Aven, Coffman & Kogan 1987). Root of Σ (1 − e^(−pT)) = C: Che, Tung & Wang (2002).
#[test]
fn small() {
    let popularity = zipf(10, 1.0);
    agree(&[
        ("LRU", lru_exact(&popularity, 3), 0.47066419),
        ("FIFO and random", fifo_exact(&popularity, 3), 0.4451044606),
        ("perfect LFU", lfu(&popularity, 3), 0.6259314456),
        ("LRU after Che", lru(&popularity, 3), 0.4657239064),
    ]);
}

/// Che, Tung & Wang (2002); Fricker, Robert & Roberts (2012); Martina, Garetto & Leonardi (2014).
#[test]
fn large() {
    let popularity = zipf(100_000, 0.9);
    agree(&[
        ("LRU of 1000", lru(&popularity, 1000), 0.3420611651),
        ("its characteristic time", lru_time(&popularity, 1000), 1362.153421),
        ("FIFO and random of 1000", fifo(&popularity, 1000), 0.3062775412),
        ("perfect LFU of 1000", lfu(&popularity, 1000), 0.4741882176),
        ("LRU of 10000", lru(&popularity, 10_000), 0.6052295436),
        ("its characteristic time", lru_time(&popularity, 10_000), 20172.17991),
        ("FIFO and random of 10000", fifo(&popularity, 10_000), 0.5637176155),
        ("perfect LFU of 10000", lfu(&popularity, 10_000), 0.7069392711),
    ]);
}

/// λT / (1 + λT) from insertion (Jung, Berger & Balakrishnan 2003), 1 − e^(−λT) from last use
/// (Fofack et al. 2012).
#[test]
fn time_to_live() {
    let popularity = zipf(10_000, 0.8);
    let fixed = ttl::cache(500.0, &popularity, 10.0, Lifetime::FromInsertion);
    let renewed = ttl::cache(500.0, &popularity, 10.0, Lifetime::FromLastUse);
    let hottest = 500.0 * popularity[0];
    agree(&[
        ("hit ratio, fixed", fixed.hit_ratio, 0.5482838208),
        ("live objects, fixed", fixed.live, 2258.580896),
        ("fetches, fixed", fixed.fetch_rate, 225.8580896),
        ("hit ratio, renewed", renewed.hit_ratio, 0.6251384807),
        ("live objects, renewed", renewed.live, 2597.475562),
        ("fetches, renewed", renewed.fetch_rate, 187.4307596),
        ("hottest, fixed", Lifetime::FromInsertion.hit_ratio(hottest, 10.0), 0.9946071121),
        ("hottest, renewed", Lifetime::FromLastUse.hit_ratio(hottest, 10.0), 1.0),
    ]);
}

/// A cycle has 1 + λD misses and λT hits (Ross 1996).
#[test]
fn stampede() {
    let (herd, single) = (ttl::stampede(100.0, 0.2, 10.0, false), ttl::stampede(100.0, 0.2, 10.0, true));
    agree(&[
        ("fetches at an expiry", herd.fetches_per_expiry, 21.0),
        ("hit ratio", herd.hit_ratio, 0.9794319295),
        ("latency", herd.latency, 0.004113614104),
        ("fetches", herd.fetch_rate, 2.056807052),
        ("fetches, coalesced", single.fetch_rate, 0.09794319295),
        ("latency, coalesced", single.latency, 0.002154750245),
        ("delayed, coalesced", 1.0 - single.hit_ratio, 0.02056807052),
    ]);
}

/// The second level sees what the first lets through, taken for independent requests
/// (Che, Tung & Wang 2002); a simulation has 0.3314 there.
#[test]
fn two_levels() {
    let popularity = zipf(10_000, 0.8);
    let second = lru_misses(&popularity, 100);
    agree(&[("first level", lru(&popularity, 100), 0.1566246358), ("second level", lru(&second, 1000), 0.3367021222)]);
}

/// A Poisson stream thinned by a cache, and M/M/1 (Kleinrock 1975).
#[test]
fn look_aside() {
    let shop = LookAside { arrival_rate: 1000.0, hit_ratio: 0.9, probe_time: 0.001, service_time: 0.008 };
    agree(&[
        ("mean", shop.response(), 0.005),
        ("utilization of the database", shop.utilization(), 0.8),
        ("response of the database", shop.database_response(), 0.04),
        ("P50", shop.response_quantile(0.50), 0.001),
        ("P95", shop.response_quantile(0.95), 0.02872588722),
        ("P99", shop.response_quantile(0.99), 0.09310340372),
        ("P99.9", shop.response_quantile(0.999), 0.1852068074),
        ("least hit ratio", shop.least_hit_ratio(), 0.875),
    ]);
}

/// Belady (1966), on the reference strings of Silberschatz, Galvin & Gagne and of Belady, Nelson &
/// Shedler (1969).
#[test]
fn optimal_eviction() {
    let textbook = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    assert_eq!([3, 4].map(|capacity| belady(&textbook, capacity)), [9, 8]);
    let anomaly = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    assert_eq!([3, 4].map(|capacity| belady(&anomaly, capacity)), [7, 6]);
}
