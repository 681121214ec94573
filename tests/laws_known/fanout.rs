//! Waiting for several.

use knee::laws::fork_join::{fork_join, fork_join_bound, redundancy, split_merge};
use knee::laws::order::{
    any, exponential_deviation, exponential_mean, exponential_quantile, mean, slowest_mean, slowest_quantile,
};
use knee::laws::{erlang, mg1};

use super::agree;

/// The slowest of n exponential leaves: m H_n, and −m ln(1 − p^(1/n)) (Rényi 1953; Dean & Barroso
/// 2013). Leaves; then mean, std, P50, P95, P99.
#[test]
fn all_leaves() {
    let rows = [
        (100, [0.05187377518, 0.0127866489, 0.04975146841, 0.07575621891, 0.09205369664]),
        (10, [0.02928968254, 0.01244896675, 0.02703555192, 0.05275343911, 0.06903236794]),
    ];
    for (n, expected) in rows {
        agree(&[
            ("mean", exponential_mean(0.01, n, n), expected[0]),
            ("std", exponential_deviation(0.01, n, n), expected[1]),
            ("P50", exponential_quantile(0.01, n, n, 0.50), expected[2]),
            ("P95", exponential_quantile(0.01, n, n, 0.95), expected[3]),
            ("P99", exponential_quantile(0.01, n, n, 0.99), expected[4]),
        ]);
    }
}

/// 1 − (1 − p)ⁿ (Dean & Barroso 2013): 10 ms a leaf, rarely a second.
#[test]
fn tail_at_scale() {
    let (hundred, thousands) = (any(0.01, 100), any(0.0001, 2000));
    agree(&[
        ("slow, of 100", hundred, 0.6339676587),
        ("mean, of 100", 0.01 + 0.99 * hundred, 0.6376279821),
        ("slow, of 2000", thousands, 0.1812774347),
        ("mean, of 2000", 0.01 + 0.99 * thousands, 0.1894646604),
    ]);
}

/// The k-th of n replies: m (H_n − H_(n−k)) (David & Nagaraja 2003). k; then mean, P50, P95, P99.
#[test]
fn quorum() {
    let rows = [
        (2, [0.008333333333, 0.006931471806, 0.01999888587, 0.02831860951]),
        (3, [0.01833333333, 0.01578426409, 0.0407734424, 0.05700436104]),
    ];
    for (k, expected) in rows {
        let reply = |t: f64| -(-t / 0.01).exp_m1();
        agree(&[
            ("mean", exponential_mean(0.01, k, 3), expected[0]),
            ("mean by quadrature", mean(reply, 0.01, k, 3), expected[0]),
            ("P50", exponential_quantile(0.01, k, 3, 0.50), expected[1]),
            ("P95", exponential_quantile(0.01, k, 3, 0.95), expected[2]),
            ("P99", exponential_quantile(0.01, k, 3, 0.99), expected[3]),
        ]);
    }
}

/// (12 − ρ) / 8 (μ − λ) for two (Flatto & Hahn 1984), and beyond (Nelson & Tantawi 1988); a
/// simulation has 0.001936 for a hundred.
#[test]
fn fork_join_queues() {
    agree(&[
        ("two", fork_join(80.0, 0.01, 2), 0.07),
        ("a task", erlang::mmc_response(80.0, 0.01, 1), 0.05),
        ("a hundred", fork_join(8000.0, 0.0001, 100), 0.001920186742),
        ("bound for a hundred", fork_join_bound(8000.0, 0.0001, 100), 0.002593688759),
        ("a task of a hundred", erlang::mmc_response(8000.0, 0.0001, 1), 0.0005),
    ]);
}

/// T = Σ 1 / (kμ C(k−1, d−1) / C(i−1, d−1) − λ) (Gardner et al. 2017).
#[test]
fn two_copies_at_four_servers() {
    agree(&[
        ("two copies", redundancy(280.0, 0.01, 4, 2), 0.01254528986),
        ("one copy", redundancy(280.0, 0.01, 4, 1), 0.03333333333),
    ]);
}

/// M/G/1 whose service is the slowest of n (Harrison & Zertal 2007).
#[test]
fn split_merge_of_four() {
    let slowest = exponential_mean(0.01, 4, 4);
    let scv = (exponential_deviation(0.01, 4, 4) / slowest).powi(2);
    agree(&[
        ("mean service", slowest, 0.02083333333),
        ("mean wait", mg1::wait(35.0, slowest, scv), 0.03724358974),
        ("mean response", split_merge(35.0, 0.01, 4), 0.05807692308),
        ("most", 1.0 / slowest, 48.0),
    ]);
}

/// E\[max(X, Y)\] = a + b − 1 / (1/a + 1/b): the disk here, and the first of two replicas
/// (David & Nagaraja 2003).
#[test]
fn semi_synchronous_commit() {
    let first = [0.004, 0.006 / 2.0];
    agree(&[
        ("mean", slowest_mean(&first), 0.005285714286),
        ("P50", slowest_quantile(&first, 0.50), 0.004286436022),
        ("P95", slowest_quantile(&first, 0.95), 0.01310226271),
        ("P99", slowest_quantile(&first, 0.99), 0.01915328677),
        ("both replicas", slowest_mean(&[0.004, 0.006, 0.006]), 0.009914285714),
        ("no replica", slowest_mean(&[0.004]), 0.004),
    ]);
}
