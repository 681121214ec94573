//! The machine-repair model: a closed population thinks, queues for one of a few servers, thinks
//! again. Also M/M/c//N.

use super::birth_death;

/// The steady state of the machine-repair model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repairman {
    /// Completions per second.
    pub throughput: f64,
    /// Mean number waiting or in service.
    pub mean_in_system: f64,
    /// Mean response time: wait and service.
    pub response: f64,
    /// Share of the servers' time spent serving.
    pub utilization: f64,
}

/// Solves the model for exponential think and service times (Palm 1943; with one server the think
/// time may have any distribution): p(k + 1) = p(k) · (N − k) s / Z min(k + 1, c).
///
/// ```
/// let shop = knee::laws::repairman::repairman(100, 300.0, 0.63, 1);
/// assert!((shop.throughput - 0.3324531529).abs() < 1e-10);
/// ```
pub fn repairman(population: u32, think_time: f64, service_time: f64, servers: u32) -> Repairman {
    let ratio = service_time / think_time;
    let ratios = (0..population).map(|k| f64::from(population - k) * ratio / f64::from((k + 1).min(servers)));
    let probabilities = birth_death::stationary(ratios);
    let mean_in_system = birth_death::mean(&probabilities);
    let busy = |(k, p): (usize, &f64)| (k as f64).min(f64::from(servers)) * p;
    let busy: f64 = probabilities.iter().enumerate().map(busy).sum();
    let throughput = busy / service_time;
    Repairman {
        throughput,
        mean_in_system,
        response: mean_in_system / throughput,
        utilization: busy / f64::from(servers),
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    /// The response time law: N = X (R + Z).
    #[test]
    fn response_time_law_holds() {
        for (population, servers) in [(1, 1), (20, 1), (50, 4), (1000, 3)] {
            let shop = repairman(population, 2.0, 0.1, servers);
            assert_close(shop.throughput * (shop.response + 2.0), f64::from(population), 1e-10);
        }
    }
}
