//! One server and no room to wait: who finds it busy tries again later, for ever.

/// The steady state of a retrial queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retrial {
    /// Mean number of clients between two attempts.
    pub orbit: f64,
    /// P(an attempt is refused), for first attempts: the utilization.
    pub refused: f64,
    /// Mean time from the first attempt until one is accepted.
    pub delay: f64,
    /// Mean time from the first attempt until the end of service.
    pub response: f64,
    /// Attempts per client, the one that is accepted included.
    pub attempts: f64,
    /// Attempts per second at the server, of all clients.
    pub attempt_rate: f64,
}

/// M/M/1/1 with exponential times between attempts, of mean `retry_time` = 1/ν (Falin and Templeton
/// 1997): E\[orbit\] = ρ (λ + ρ ν) / (1 − ρ) ν. None when overloaded.
///
/// ```
/// let queue = knee::laws::retrial::retrial(60.0, 0.010, 0.050).unwrap();
/// assert!((queue.orbit - 5.4).abs() < 1e-12);
/// assert!((queue.attempts - 2.8).abs() < 1e-12);
/// ```
pub fn retrial(arrival_rate: f64, service_time: f64, retry_time: f64) -> Option<Retrial> {
    let utilization = arrival_rate * service_time;
    if utilization >= 1.0 {
        return None;
    }
    let delay = utilization * (retry_time + service_time) / (1.0 - utilization);
    let attempts = 1.0 + delay / retry_time;
    Some(Retrial {
        orbit: arrival_rate * delay,
        refused: utilization,
        delay,
        response: delay + service_time,
        attempts,
        attempt_rate: arrival_rate * attempts,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang::mmc_wait};
    use super::*;

    #[test]
    fn eager_clients_wait_as_if_in_line() {
        assert_close(retrial(60.0, 0.01, 1e-12).unwrap().delay, mmc_wait(60.0, 0.01, 1), 1e-9);
        assert_eq!(retrial(100.0, 0.01, 0.05), None);
    }
}
