//! M/M/c/K: at most `capacity` customers in the system, waiting or in service; the rest are lost.

use super::birth_death;

/// The steady state of M/M/c/K.
#[derive(Debug, Clone, PartialEq)]
pub struct Mmck {
    /// The probability of each number in the system, from 0 to the capacity.
    pub probabilities: Vec<f64>,
    /// The share of arrivals lost.
    pub loss: f64,
    /// Customers served per second.
    pub throughput: f64,
    /// Mean number in the system.
    pub mean_in_system: f64,
    /// Mean response time of those admitted, by Little's law.
    pub response: f64,
}

/// Solves M/M/c/K as a birth–death chain (Kleinrock 1975): p(k + 1) = p(k) · a / min(k + 1, c).
///
/// ```
/// let queue = knee::laws::loss::mmck(90.0, 0.010, 1, 10);
/// assert!((queue.loss - 0.05081373133).abs() < 1e-10);
/// ```
pub fn mmck(arrival_rate: f64, service_time: f64, servers: u32, capacity: u32) -> Mmck {
    let load = arrival_rate * service_time;
    let ratios = (1..=capacity).map(|k| load / f64::from(k.min(servers)));
    let mut probabilities = birth_death::stationary(ratios);
    probabilities.resize(capacity as usize + 1, 0.0);
    let loss = probabilities[capacity as usize];
    let throughput = arrival_rate * (1.0 - loss);
    let mean_in_system = birth_death::mean(&probabilities);
    let response = mean_in_system / throughput;
    Mmck { probabilities, loss, throughput, mean_in_system, response }
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang::erlang_b};
    use super::*;

    #[test]
    fn known_values() {
        assert_close(mmck(90.0, 0.01, 1, 10).response, 0.046_466, 1e-5);
        let queue = mmck(3.0, 0.5, 2, 5);
        assert_close(queue.loss, 0.085_113_835_38, 1e-9);
        assert_close(queue.mean_in_system, 2.005_954_466, 1e-9);
        assert_close(queue.probabilities.iter().sum(), 1.0, 1e-14);
    }

    #[test]
    fn extremes_do_not_overflow() {
        assert_close(mmck(1000.0, 1.0, 1, 10_000).loss, 0.999, 1e-12);
        assert_close(mmck(5000.0, 1.0, 5000, 5000).loss, erlang_b(5000.0, 5000), 1e-11);
        assert_eq!(mmck(0.01, 1.0, 10, 500).probabilities.len(), 501);
    }
}
