//! Components that fail and are repaired.

use knee::laws::reliability::{
    availability, fleet, interval_availability, k_of_n, point_availability, time_to_data_loss,
};
use knee::laws::scaling::poisson_quantile;

use super::agree;

/// A = MTTF / (MTTF + MTTR); k of n; A(t) (Barlow & Proschan 1975; Trivedi 2001).
#[test]
fn two_states_and_small_structures() {
    let (up, down) = (1000.0, 4.0);
    let share = availability(up, down);
    agree(&[
        ("availability", share, 0.996_015_936_3),
        ("down in a year", (1.0 - share) * 8760.0, 34.900_398_41),
        ("failures in a year", 8760.0 / (up + down), 8.725_099_602),
        ("1 of 2", k_of_n(share, 1, 2), 0.999_984_127_236),
        ("2 of 3", k_of_n(share, 2, 3), 0.999_952_508_184),
        ("3 of 5", k_of_n(share, 3, 5), 0.999_999_371_392),
        ("1 of 3", k_of_n(share, 1, 3), 0.999_999_936_762),
        ("10 in series", k_of_n(share, 10, 10), 0.960_866_101),
        ("up after 4 h", point_availability(up, down, 4.0), 0.997_475_740_5),
        ("up in the first year", interval_availability(up, down, 8760.0), 0.996_017_748_2),
    ]);
}

/// The time to absorption (Patterson, Gibson & Katz 1988; Gibson 1992).
#[test]
fn data_loss() {
    agree(&[
        ("mirror", time_to_data_loss(2, 1, 1000.0, 10.0), 51_500.0),
        ("RAID 5", time_to_data_loss(5, 1, 1000.0, 10.0), 5_450.0),
        ("RAID 6", time_to_data_loss(5, 2, 1000.0, 10.0), 180_783.333_3),
    ]);
}

/// Superposed Poisson processes (Barroso, Clidaras & Hölzle 2013).
#[test]
fn a_fleet() {
    let (mean, none) = fleet(1000, 1095.0, 1.0);
    agree(&[
        ("failures in a day", mean, 0.913_242_009_1),
        ("a day without", none, 0.401_221_349_9),
        ("one of the three replicas of a shard in a day", 1.0 - fleet(3, 1095.0, 1.0).1, 0.002_735_976_403),
    ]);
    assert_eq!(poisson_quantile(mean, 0.99), 4);
}
