//! Copies and how far behind they are.

use knee::laws::replication::{
    Lag, age_of_missing, burst, conflicting_pairs, quorum_miss, quorum_within, read_replicas, unread_write,
    unread_write_after, update_conflict,
};

use super::agree;

/// c N / (1 − w + w N), up to c / w (Gray et al. 1996).
#[test]
fn every_replica_takes_every_write() {
    let rate = |replicas| read_replicas(1000.0, 0.1, replicas);
    agree(&[
        ("one", rate(1), 1000.0),
        ("two", rate(2), 1818.181818),
        ("five", rate(5), 3571.428571),
        ("ten", rate(10), 5263.157895),
    ]);
    assert!(rate(u32::MAX) < 10000.0 && rate(u32::MAX) > 9999.99);
}

/// wL / (1 + wL), 1 − e^(−wL), ρ (M/G/∞ and M/M/1).
#[test]
fn staleness() {
    let (spread, constant, ordered) = (Lag::Exponential(0.1), Lag::Constant(0.1), Lag::InOrder(0.05));
    agree(&[
        ("stale, exponential lag", spread.stale(1.0), 0.09090909091),
        ("stale, constant lag", constant.stale(1.0), 0.09516258196),
        ("stale, in order", ordered.stale(1.0), 0.05),
        ("behind, exponential lag", spread.behind(1.0), 0.1),
        ("behind, constant lag", constant.behind(1.0), 0.1),
        ("behind, in order", ordered.behind(1.0), 0.05263157895),
        ("age of what is missing", age_of_missing(1.0, 0.1), 0.05083319448),
    ]);
}

/// L / (L + Z), e^(−Z/L).
#[test]
fn read_your_writes() {
    agree(&[
        ("exponential think time", unread_write(0.08, 0.5), 0.1379310345),
        ("constant think time", unread_write_after(0.08, 0.5), 0.001930454136),
    ]);
}

/// 1 − e^(−2wd), 2 w₁ w₂ d (Gray et al. 1996).
#[test]
fn two_primaries() {
    agree(&[
        ("an update at the first", update_conflict(1.0, 0.05), 0.09516258196),
        ("an update at the second", update_conflict(2.0, 0.05), 0.1812692469),
        ("pairs", conflicting_pairs(2.0, 1.0, 0.05), 0.2),
        ("updates at the first", 2.0 * update_conflict(1.0, 0.05), 0.1903251639),
    ]);
}

/// A fluid.
#[test]
fn lag_after_a_burst() {
    let burst = burst(500.0, 2000.0, 60.0, 1500.0);
    agree(&[
        ("backlog", burst.backlog, 30000.0),
        ("lag", burst.lag, 15.0),
        ("catch up", burst.catch_up, 30.0),
        ("mean backlog", burst.mean_backlog, 15000.0),
    ]);
}

/// C(N − W, R) / C(N, R) and its powers (Bailis et al. 2012, eq. 1 and 2).
#[test]
fn k_staleness() {
    let within = |versions| quorum_within(3, 1, 1, versions);
    agree(&[
        ("misses", quorum_miss(3, 1, 1), 0.6666666667),
        ("1 version", within(1), 0.3333333333),
        ("2 versions", within(2), 0.5555555556),
        ("3 versions", within(3), 0.7037037037),
        ("5 versions", within(5), 0.8683127572),
        ("10 versions", within(10), 0.9826584701),
    ]);
}
