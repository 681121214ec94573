//! Bounds on a closed network, from nothing but the service demands: the seconds one request
//! spends in service at each station, all visits together. Single-server stations; a think time
//! of 0 makes it a batch system.

/// Limits on throughput (requests per second) and on mean response time (seconds).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Throughput is at least this.
    pub throughput_low: f64,
    /// Throughput is at most this.
    pub throughput_high: f64,
    /// Response time is at least this.
    pub response_low: f64,
    /// Response time is at most this.
    pub response_high: f64,
}

/// The population at which the asymptotes cross, N* = (D + Z) / D_max: the knee. Below it requests
/// hardly meet, above it the bottleneck limits.
///
/// ```
/// let knee = knee::laws::bounds::knee_population(&[2.0, 3.0, 1.0], 4.0);
/// assert!((knee - 10.0 / 3.0).abs() < 1e-12);
/// ```
pub fn knee_population(demands: &[f64], think_time: f64) -> f64 {
    (total(demands) + think_time) / largest(demands)
}

/// Asymptotic bounds (Muntz and Wong 1974; Denning and Buzen 1978): N / (N D + Z) ≤ X ≤
/// min(1 / D_max, N / (D + Z)).
///
/// ```
/// let bounds = knee::laws::bounds::asymptotic(&[0.605, 2.1, 1.35], 15.0, 20);
/// assert!((bounds.throughput_high - 1.0 / 2.1).abs() < 1e-12);
/// assert!((bounds.response_low - 27.0).abs() < 1e-12);
/// ```
pub fn asymptotic(demands: &[f64], think_time: f64, population: u32) -> Bounds {
    let (n, sum) = (f64::from(population), total(demands));
    bounds(n, think_time, n / (n * sum + think_time), (1.0 / largest(demands)).min(n / (sum + think_time)))
}

/// Balanced job bounds (Zahorjan et al. 1982, with think time as in Lazowska et al. 1984, table
/// 5.2): N / (D + Z + (N−1) D_max / (1 + Z / N D)) ≤ X ≤
/// min(1 / D_max, N / (D + Z + (N−1) D_avg / (1 + Z / D))).
///
/// ```
/// let bounds = knee::laws::bounds::balanced_job(&[0.605, 2.1, 1.35], 15.0, 20);
/// assert!(bounds.throughput_low < 0.4745163 && 0.4745163 < bounds.throughput_high);
/// ```
pub fn balanced_job(demands: &[f64], think_time: f64, population: u32) -> Bounds {
    let (n, sum, most) = (f64::from(population), total(demands), largest(demands));
    let average = sum / demands.len() as f64;
    let contended = (n - 1.0) * most / (1.0 + think_time / (n * sum));
    let even = (n - 1.0) * average / (1.0 + think_time / sum);
    bounds(n, think_time, n / (sum + think_time + contended), (1.0 / most).min(n / (sum + think_time + even)))
}

/// Response times from the response time law: R = N / X − Z.
fn bounds(n: f64, think_time: f64, throughput_low: f64, throughput_high: f64) -> Bounds {
    Bounds {
        throughput_low,
        throughput_high,
        response_low: n / throughput_high - think_time,
        response_high: n / throughput_low - think_time,
    }
}

fn total(demands: &[f64]) -> f64 {
    demands.iter().sum()
}

fn largest(demands: &[f64]) -> f64 {
    demands.iter().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::mva::{Station, mva};
    use super::*;

    #[test]
    fn bounds_hold_and_nest() {
        let demands = [2.0, 3.0, 1.0];
        let stations = demands.map(Station::Queue);
        for think_time in [0.0, 4.0, 100.0] {
            for population in [1, 2, 5, 20, 100] {
                let exact = mva(&stations, think_time, population).throughput;
                let (wide, narrow) =
                    (asymptotic(&demands, think_time, population), balanced_job(&demands, think_time, population));
                let slack = 1.0 + 1e-12;
                assert!(wide.throughput_low <= narrow.throughput_low * slack);
                assert!(narrow.throughput_low <= exact * slack);
                assert!(exact <= narrow.throughput_high * slack);
                assert!(narrow.throughput_high <= wide.throughput_high * slack);
            }
        }
    }
}
