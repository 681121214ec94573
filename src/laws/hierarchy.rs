//! Levels of memory, each slower than the one before it: what an access takes, and what several in
//! flight can move. Any unit of time.

/// A level of a hierarchy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Time to look here, whether or not it is found.
    pub access_time: f64,
    /// The share of the accesses that come here and have to go on. The last level has everything.
    pub miss_ratio: f64,
}

/// The time of an access to a hierarchy.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The average memory access time, AMAT.
    pub mean: f64,
    /// Its standard deviation.
    pub deviation: f64,
    /// The share of all accesses that each level serves.
    pub served: Vec<f64>,
}

/// Accesses that look at level after level: AMAT = t₁ + m₁ (t₂ + m₂ (t₃ + …)) (Hennessy and
/// Patterson, *Computer Architecture: A Quantitative Approach*). The last level's miss ratio is
/// ignored. Misses at different levels are independent.
///
/// ```
/// use knee::laws::hierarchy::{Level, access};
/// let level = |access_time, miss_ratio| Level { access_time, miss_ratio };
/// let nanoseconds = access(&[level(1.0, 0.05), level(4.0, 0.3), level(15.0, 0.25), level(100.0, 0.0)]);
/// assert!((nanoseconds.mean - 1.8).abs() < 1e-12);
/// assert!((nanoseconds.served[3] - 0.00375).abs() < 1e-12);
/// ```
pub fn access(levels: &[Level]) -> Access {
    let (mut reaching, mut time) = (1.0, 0.0);
    let (mut served, mut times) = (Vec::new(), Vec::new());
    for (index, level) in levels.iter().enumerate() {
        let missed = if index + 1 == levels.len() { 0.0 } else { level.miss_ratio };
        time += level.access_time;
        times.push(time);
        served.push(reaching * (1.0 - missed));
        reaching *= missed;
    }
    let mean: f64 = served.iter().zip(&times).map(|(share, time)| share * time).sum();
    let variance: f64 = served.iter().zip(&times).map(|(share, time)| share * (time - mean) * (time - mean)).sum();
    Access { mean, deviation: libm::sqrt(variance), served }
}

/// A memory channel with several accesses in flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parallel {
    /// Accesses per unit of time.
    pub throughput: f64,
    /// Bytes per unit of time.
    pub bandwidth: f64,
    /// Accesses in flight from which on the channel is the limit.
    pub saturation: f64,
}

/// Memory-level parallelism: Little's law (1961), throughput = accesses in flight / latency, up to
/// what the channel can move.
///
/// ```
/// // 10 lines of 64 bytes in flight, 80 ns each, over 25.6 GB/s.
/// let memory = knee::laws::hierarchy::parallel(10.0, 80e-9, 64.0, 25.6e9);
/// assert!((memory.bandwidth - 8e9).abs() < 1.0);
/// assert!((memory.saturation - 32.0).abs() < 1e-9);
/// ```
pub fn parallel(in_flight: f64, latency: f64, line_bytes: f64, channel_bandwidth: f64) -> Parallel {
    let most = channel_bandwidth / line_bytes;
    let throughput = (in_flight / latency).min(most);
    Parallel { throughput, bandwidth: throughput * line_bytes, saturation: most * latency }
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn every_access_is_served() {
        let level = |access_time, miss_ratio| Level { access_time, miss_ratio };
        let cost = access(&[level(1.0, 0.4), level(2.0, 0.5), level(3.0, 0.7)]);
        assert_close(cost.served.iter().sum(), 1.0, 1e-12);
        assert_close(cost.mean, 1.0 + 0.4 * (2.0 + 0.5 * 3.0), 1e-12);
        let one = access(&[level(5.0, 0.9)]);
        assert_eq!((one.mean, one.deviation), (5.0, 0.0));
    }

    #[test]
    fn the_channel_limits() {
        assert_eq!(parallel(100.0, 1.0, 2.0, 80.0).throughput, 40.0);
    }
}
