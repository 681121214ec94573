//! Copies of data: what more of them can serve, and how far behind they are. Rates per second, times
//! in seconds.

use super::mg1;

/// The most requests per second of `replicas`, each with the capacity `capacity`, when a read goes
/// to one and a write to all: c N / (1 − w + w N) (Gray, Helland, O'Neil and Shasha 1996). It never
/// exceeds c / w.
///
/// ```
/// let rate = knee::laws::replication::read_replicas(1000.0, 0.1, 10);
/// assert!((rate - 5263.157895).abs() < 1e-6);
/// ```
pub fn read_replicas(capacity: f64, write_fraction: f64, replicas: u32) -> f64 {
    let n = f64::from(replicas);
    capacity * n / (1.0 - write_fraction + write_fraction * n)
}

/// How writes reach a replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lag {
    /// Each after an exponential time with this mean, on its own; the newest counts.
    Exponential(f64),
    /// Each after exactly this time.
    Constant(f64),
    /// One after the other, each taking an exponential time with this mean to apply.
    InOrder(f64),
}

impl Lag {
    /// P(a read at the replica misses the latest write) for writes in a Poisson stream: wL / (1 + wL),
    /// 1 − e^(−wL), or the utilization of the one that applies them. It is what one key sees, with
    /// the rate of writes to that key (M/G/∞ and M/M/1; Bailis et al. 2012 on the question).
    ///
    /// ```
    /// use knee::laws::replication::Lag;
    /// assert!((Lag::Exponential(0.1).stale(1.0) - 0.09090909091).abs() < 1e-11);
    /// assert!((Lag::Constant(0.1).stale(1.0) - 0.09516258196).abs() < 1e-11);
    /// assert!((Lag::InOrder(0.05).stale(1.0) - 0.05).abs() < 1e-12);
    /// ```
    pub fn stale(self, write_rate: f64) -> f64 {
        match self {
            Lag::Exponential(mean) => write_rate * mean / (1.0 + write_rate * mean),
            Lag::Constant(lag) => -libm::expm1(-write_rate * lag),
            Lag::InOrder(service_time) => (write_rate * service_time).min(1.0),
        }
    }

    /// The mean number of writes that the replica doesn't have yet, by Little's law (1961).
    pub fn behind(self, write_rate: f64) -> f64 {
        match self {
            Lag::Exponential(mean) | Lag::Constant(mean) => write_rate * mean,
            Lag::InOrder(service_time) => write_rate * mg1::response(write_rate, service_time, 1.0),
        }
    }
}

/// With a constant lag, the mean time since the oldest write that is missing, given that one is:
/// L + L / (e^(wL) − 1) − 1/w.
///
/// ```
/// let age = knee::laws::replication::age_of_missing(1.0, 0.1);
/// assert!((age - 0.05083319448).abs() < 1e-11);
/// ```
pub fn age_of_missing(write_rate: f64, lag: f64) -> f64 {
    lag + lag / libm::expm1(write_rate * lag) - 1.0 / write_rate
}

/// P(a client doesn't see its own write) when it reads from a replica an exponential time after the
/// write; the lag is exponential as well: L / (L + Z) (Terry et al. 1994 on the guarantee).
///
/// ```
/// let violated = knee::laws::replication::unread_write(0.08, 0.5);
/// assert!((violated - 0.1379310345).abs() < 1e-10);
/// ```
pub fn unread_write(mean_lag: f64, mean_think_time: f64) -> f64 {
    mean_lag / (mean_lag + mean_think_time)
}

/// The same when the client reads after exactly `think_time`: e^(−Z/L).
pub fn unread_write_after(mean_lag: f64, think_time: f64) -> f64 {
    libm::exp(-think_time / mean_lag)
}

/// P(an update conflicts) when another primary takes Poisson updates of the same object at
/// `other_rate`, and either hears of the other's after exactly `delay`: 1 − e^(−2wd) (Gray et al. 1996).
///
/// ```
/// let conflicts = knee::laws::replication::update_conflict(1.0, 0.05);
/// assert!((conflicts - 0.09516258196).abs() < 1e-11);
/// ```
pub fn update_conflict(other_rate: f64, delay: f64) -> f64 {
    -libm::expm1(-2.0 * other_rate * delay)
}

/// Pairs of conflicting updates per second at two primaries: 2 w₁ w₂ d.
pub fn conflicting_pairs(first_rate: f64, second_rate: f64, delay: f64) -> f64 {
    2.0 * first_rate * second_rate * delay
}

/// What a burst of writes does to a replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// Writes not applied at the end of the burst, which is the most.
    pub backlog: f64,
    /// Seconds that the replica is behind then: the age of the newest write that it applied.
    pub lag: f64,
    /// Seconds after the burst until it has caught up; infinite if it never does.
    pub catch_up: f64,
    /// Mean backlog from the start of the burst until it has caught up.
    pub mean_backlog: f64,
}

/// Writes come at `base_rate`, at `burst_rate` for `duration`, then at `base_rate` again; the replica
/// applies `apply_rate`, in order. A fluid: for many writes.
///
/// ```
/// let burst = knee::laws::replication::burst(500.0, 2000.0, 60.0, 1500.0);
/// assert_eq!((burst.backlog, burst.lag, burst.catch_up), (30000.0, 15.0, 30.0));
/// ```
pub fn burst(base_rate: f64, burst_rate: f64, duration: f64, apply_rate: f64) -> Burst {
    let backlog = (burst_rate - apply_rate).max(0.0) * duration;
    if backlog <= 0.0 {
        return Burst { backlog: 0.0, lag: 0.0, catch_up: 0.0, mean_backlog: 0.0 };
    }
    let lag = duration * (1.0 - apply_rate / burst_rate);
    if apply_rate <= base_rate {
        return Burst { backlog, lag, catch_up: f64::INFINITY, mean_backlog: f64::INFINITY };
    }
    // Up and down in straight lines: a triangle.
    Burst { backlog, lag, catch_up: backlog / (apply_rate - base_rate), mean_backlog: backlog / 2.0 }
}

/// P(a read of `read` random replicas out of `replicas` misses the latest write, which went to
/// `write` of them and no further): C(N − W, R) / C(N, R) (Bailis et al. 2012, eq. 1).
///
/// ```
/// assert!((knee::laws::replication::quorum_miss(3, 1, 1) - 2.0 / 3.0).abs() < 1e-12);
/// assert_eq!(knee::laws::replication::quorum_miss(3, 2, 2), 0.0);
/// ```
pub fn quorum_miss(replicas: u32, read: u32, write: u32) -> f64 {
    let without = f64::from(replicas) - f64::from(write);
    (0..read).map(|i| ((without - f64::from(i)) / (f64::from(replicas) - f64::from(i))).max(0.0)).product()
}

/// P(such a read returns one of the latest `versions` versions): 1 − missᵏ (Bailis et al. 2012, eq. 2).
pub fn quorum_within(replicas: u32, read: u32, write: u32, versions: u32) -> f64 {
    1.0 - libm::pow(quorum_miss(replicas, read, write), f64::from(versions))
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn rare_writes_are_missed_for_as_long_as_the_lag() {
        for lag in [Lag::Exponential(0.1), Lag::Constant(0.1), Lag::InOrder(0.1)] {
            assert_close(lag.stale(1e-6), 1e-7, 1e-6);
            assert_close(lag.behind(1e-6), 1e-7, 1e-6);
        }
        // The oldest of those missing is then the only one: anywhere in the lag.
        assert_close(age_of_missing(1e-3, 0.1), 0.05, 1e-4);
    }

    #[test]
    fn a_replica_that_is_never_faster_than_the_writes_stays_behind() {
        assert_eq!(burst(500.0, 2000.0, 60.0, 500.0).catch_up, f64::INFINITY);
        assert_eq!(burst(500.0, 2000.0, 60.0, 2000.0).backlog, 0.0);
        assert_eq!(Lag::InOrder(1.0).behind(2.0), f64::INFINITY);
    }

    #[test]
    fn overlapping_quorums_never_miss() {
        for (read, write) in [(1, 3), (2, 2), (3, 1), (3, 3)] {
            assert_eq!(quorum_miss(3, read, write), 0.0);
            assert_eq!(quorum_within(3, read, write, 1), 1.0);
        }
        assert_close(quorum_miss(5, 2, 2), 3.0 / 10.0, 1e-12);
    }
}
