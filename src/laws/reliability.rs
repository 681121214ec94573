//! How often things that fail and are repaired are there, and how long data lives.

/// The share of time in which a component is up: mean time to failure over that and the mean time to repair (Barlow and
/// Proschan 1975, *Statistical Theory of Reliability and Life Testing*), whatever their distributions.
///
/// ```
/// assert!((knee::laws::reliability::availability(1000.0, 4.0) - 0.9960159363).abs() < 1e-10);
/// ```
pub fn availability(time_to_failure: f64, time_to_repair: f64) -> f64 {
    time_to_failure / (time_to_failure + time_to_repair)
}

/// The probability that at least `needed` of `count` independent components are up, each with this availability
/// (Barlow and Proschan 1975): `needed` = 1 is parallel, `needed` = `count` in series.
pub fn k_of_n(availability: f64, needed: u32, count: u32) -> f64 {
    let term = |up: u32| {
        let ways: f64 = (1..=up).map(|i| f64::from(count - up + i) / f64::from(i)).product();
        ways * libm::pow(availability, f64::from(up)) * libm::pow(1.0 - availability, f64::from(count - up))
    };
    (needed..=count).map(term).sum()
}

/// The probability that a component that was up at time 0 is up at `time`, with exponential times to failure and repair
/// (Trivedi 2001, *Probability and Statistics with Reliability, Queuing and Computer Science Applications*).
pub fn point_availability(time_to_failure: f64, time_to_repair: f64, time: f64) -> f64 {
    let steady = availability(time_to_failure, time_to_repair);
    steady + (1.0 - steady) * libm::exp(-time * (1.0 / time_to_failure + 1.0 / time_to_repair))
}

/// The expected share of the time from 0 to `time` in which it is up: the mean of the point availability
/// (Trivedi 2001).
pub fn interval_availability(time_to_failure: f64, time_to_repair: f64, time: f64) -> f64 {
    let steady = availability(time_to_failure, time_to_repair);
    let rates = 1.0 / time_to_failure + 1.0 / time_to_repair;
    steady - (1.0 - steady) * libm::expm1(-rates * time) / (rates * time)
}

/// The mean time until more than `tolerated` of `disks` are broken at once: exponential times to failure, one repair at a
/// time, all exponential (Gibson 1992, *Redundant Disk Arrays*; Patterson, Gibson and Katz 1988). It is the time to
/// absorption of a birth-and-death process.
///
/// ```
/// use knee::laws::reliability::time_to_data_loss;
/// assert!((time_to_data_loss(2, 1, 1000.0, 10.0) - 51_500.0).abs() < 1e-6); // a mirror
/// assert!((time_to_data_loss(5, 1, 1000.0, 10.0) - 5_450.0).abs() < 1e-6); // RAID 5
/// ```
pub fn time_to_data_loss(disks: u32, tolerated: u32, time_to_failure: f64, time_to_repair: f64) -> f64 {
    let mut total = 0.0;
    // The mean time from `broken` disks to one more.
    let mut next = 0.0;
    for broken in 0..=tolerated.min(disks.saturating_sub(1)) {
        let failing = f64::from(disks - broken) / time_to_failure;
        let repair = if broken == 0 { 0.0 } else { 1.0 / time_to_repair };
        next = (1.0 + repair * next) / failing;
        total += next;
    }
    total
}

/// The mean number of failures in a fleet over a time, and the probability of none: the superposition of many is a
/// Poisson process (Barroso, Clidaras and Hölzle 2013, *The Datacenter as a Computer*).
pub fn fleet(count: u32, time_between_failures: f64, time: f64) -> (f64, f64) {
    let mean = f64::from(count) * time / time_between_failures;
    (mean, libm::exp(-mean))
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn series_and_parallel_are_k_of_n() {
        assert_close(k_of_n(0.9, 3, 3), 0.729, 1e-12);
        assert_close(k_of_n(0.9, 1, 3), 0.999, 1e-12);
        assert_close(k_of_n(0.9, 0, 3), 1.0, 1e-12);
    }

    #[test]
    fn availability_settles() {
        assert_close(point_availability(10.0, 2.0, 0.0), 1.0, 1e-12);
        assert_close(point_availability(10.0, 2.0, 1e4), availability(10.0, 2.0), 1e-12);
        assert_close(interval_availability(10.0, 2.0, 1e-9), 1.0, 1e-6);
    }

    #[test]
    fn without_redundancy_the_first_failure_is_the_end() {
        assert_close(time_to_data_loss(4, 0, 1000.0, 10.0), 250.0, 1e-12);
    }
}
