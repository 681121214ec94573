//! Processor sharing: all customers are served at once, each at an equal share of the speed.

use super::erlang;

/// Mean response time of M/G/1 under processor sharing (Kleinrock 1967): s / (1 − ρ), whatever the
/// distribution of the service time.
///
/// ```
/// assert!((knee::laws::ps::response(80.0, 0.010) - 0.050).abs() < 1e-12);
/// ```
pub fn response(arrival_rate: f64, service_time: f64) -> f64 {
    conditional_response(arrival_rate, service_time, service_time)
}

/// Mean response time of a customer whose own service takes `own` seconds alone: own / (1 − ρ).
pub fn conditional_response(arrival_rate: f64, service_time: f64, own: f64) -> f64 {
    let utilization = arrival_rate * service_time;
    if utilization >= 1.0 {
        return f64::INFINITY;
    }
    own / (1.0 - utilization)
}

/// Mean response time when `servers` servers are shared and a customer uses at most one of them
/// (Cohen 1979): insensitive to the distribution of the service time, hence that of M/M/c.
///
/// ```
/// let response = knee::laws::ps::limited_response(10.0, 0.0833333, 3);
/// assert!((response - 0.08555295).abs() < 1e-7);
/// ```
pub fn limited_response(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    erlang::mmc_response(arrival_rate, service_time, servers)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn known_values() {
        assert_close(limited_response(10.0, 1.0 / 12.0, 3), 0.085_552_951_2, 1e-9);
        assert_close(limited_response(80.0, 0.01, 1), response(80.0, 0.01), 1e-12);
        assert_eq!(response(100.0, 0.01), f64::INFINITY);
    }
}
