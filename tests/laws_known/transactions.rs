//! Transactions that meet.

use knee::laws::transactions::{any_conflict, attempts, optimistic, pair_conflict};

use super::agree;

/// A Markov chain of those that would still commit (after Kung & Robinson 1981). Clients; then
/// commits per second. One lock allows 100 per second.
#[test]
fn optimistic_on_a_hot_row() {
    let rows = [(1, 100.0, 0.0), (2, 133.3333333, 0.3333333333), (8, 246.53176, 0.6918353)];
    for (clients, throughput, aborted) in rows {
        let row = optimistic(clients, 0.01);
        agree(&[("throughput", row.throughput, throughput), ("aborted", row.aborted, aborted)]);
    }
}

/// 1 − C(D − k, k) / C(D, k), about k² / D; 1 − (1 − p)^(n−1) (Gray et al. 1996).
#[test]
fn random_records() {
    let pair = pair_conflict(10, 10_000);
    let any = any_conflict(pair, 20);
    agree(&[
        ("a pair", pair, 0.00995958227),
        ("any of 20", any, 0.1731902867),
        ("attempts", attempts(any), 1.209468133),
    ]);
    assert!((pair / (10.0 * 10.0 / 10_000.0) - 1.0).abs() < 0.005);
}
