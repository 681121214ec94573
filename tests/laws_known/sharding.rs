//! Keys over servers.

use knee::laws::hashing::{
    bounded_load, hot_shard_limit, modulo_moved, modulo_shares, ring_imbalance, ring_least, ring_moved, ring_variation,
};
use knee::laws::popularity::zipf;
use knee::laws::split;

use super::agree;

/// E\[max of N Gamma(V, 1)\] / V and √((N − 1) / (N V + 1)), the shares being Dirichlet (Karger et al.
/// 1997; David & Nagaraja 2003). Bounded loads: Mirrokni, Thorup & Zadimoghaddam (2018).
#[test]
fn consistent_hashing() {
    agree(&[
        ("max / mean, 1 point", ring_imbalance(10, 1), 2.928968254),
        ("max / mean, 10 points", ring_imbalance(10, 10), 1.538478935),
        ("max / mean, 100 points", ring_imbalance(10, 100), 1.159426379),
        ("CV of a share, 1 point", ring_variation(10, 1), 0.9045340337),
        ("CV of a share, 10 points", ring_variation(10, 10), 0.2985111571),
        ("CV of a share, 100 points", ring_variation(10, 100), 0.09482093119),
        ("moved", ring_moved(10), 0.09090909091),
        ("moved by modulo", modulo_moved(10), 0.9090909091),
        ("at most", bounded_load(10_000, 10, 0.25), 1250.0),
    ]);
    // Drawn at random elsewhere, to four digits and their error.
    for (points, drawn) in [(1, 0.09983), (10, 0.5749), (100, 0.852)] {
        let least = ring_least(10, points);
        assert!((least / drawn - 1.0).abs() < 0.002, "{least} instead of {drawn}");
    }
}

/// λ = capacity / greatest share; each shard an M/M/1 (Kleinrock 1975).
#[test]
fn hot_shard() {
    let shares = modulo_shares(&zipf(1000, 1.0), 8);
    let (limit, coldest) = (hot_shard_limit(&shares, 100.0), shares[7]);
    let rate = 0.9 * limit;
    let rates: Vec<f64> = shares.iter().map(|share| rate * share).collect();
    agree(&[
        ("hottest share", shares[0], 0.2206575381),
        ("max / mean", 8.0 * shares[0], 1.765260305),
        ("most", limit, 453.1909531),
        ("mean response at 90 %", split::response(&rates, &[100.0; 8]), 0.03718374417),
        ("utilization of the coldest", rate * coldest / 100.0, 0.3684458654),
    ]);
}
