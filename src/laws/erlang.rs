//! Erlang's formulas and the M/M/c queue: Poisson arrivals, exponential service, `servers` servers,
//! one line, unlimited waiting room.
//!
//! Throughout, the offered load in erlangs is a = arrival rate × mean service time.

use crate::numeric::bisect_upwards;

/// Erlang's loss formula B(c, a) (Erlang 1917): the share of arrivals lost by `servers` servers
/// without waiting room, from B(0) = 1 and B(k) = a·B(k−1) / (k + a·B(k−1)). It holds for any
/// distribution of the service time.
///
/// ```
/// let loss = knee::laws::erlang::erlang_b(80.0, 90);
/// assert!((loss - 0.0262319839).abs() < 1e-10);
/// ```
pub fn erlang_b(load: f64, servers: u32) -> f64 {
    (1..=servers).fold(1.0, |loss, k| load * loss / (f64::from(k) + load * loss))
}

/// Erlang's delay formula C(c, a) (Erlang 1917): the probability that an arrival has to wait,
/// C = B / (1 − ρ (1 − B)) with ρ = a / c. 1 when overloaded.
///
/// ```
/// let waits = knee::laws::erlang::erlang_c(14.4, 16);
/// assert!((waits - 0.5913433939).abs() < 1e-10);
/// ```
pub fn erlang_c(load: f64, servers: u32) -> f64 {
    let utilization = load / f64::from(servers);
    if utilization >= 1.0 {
        return 1.0;
    }
    let loss = erlang_b(load, servers);
    loss / (1.0 - utilization * (1.0 - loss))
}

/// Mean waiting time of M/M/c: C / (c/s − λ).
///
/// ```
/// let wait = knee::laws::erlang::mmc_wait(150.0, 0.010, 2);
/// assert!((wait - 0.01285714286).abs() < 1e-10);
/// ```
pub fn mmc_wait(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    let spare = spare_rate(arrival_rate, service_time, servers);
    if spare <= 0.0 {
        return f64::INFINITY;
    }
    erlang_c(arrival_rate * service_time, servers) / spare
}

/// Mean response time of M/M/c: wait and service.
pub fn mmc_response(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    mmc_wait(arrival_rate, service_time, servers) + service_time
}

/// The `p` quantile of the waiting time of M/M/c, from P(W > t) = C · exp(−(c/s − λ) t);
/// 0 where at least a share `p` does not wait.
///
/// ```
/// let p95 = knee::laws::erlang::mmc_wait_quantile(800.0, 0.001, 1, 0.95);
/// assert!((p95 - 0.01386294).abs() < 1e-8);
/// ```
pub fn mmc_wait_quantile(arrival_rate: f64, service_time: f64, servers: u32, p: f64) -> f64 {
    let spare = spare_rate(arrival_rate, service_time, servers);
    if spare <= 0.0 {
        return f64::INFINITY;
    }
    let waits = erlang_c(arrival_rate * service_time, servers);
    (libm::log(waits / (1.0 - p)) / spare).max(0.0)
}

/// The `p` quantile of the response time of M/M/c, inverting [`mmc_response_tail`].
///
/// ```
/// let p99 = knee::laws::erlang::mmc_response_quantile(800.0, 0.001, 1, 0.99);
/// assert!((p99 - 0.02302585).abs() < 1e-8);
/// ```
pub fn mmc_response_quantile(arrival_rate: f64, service_time: f64, servers: u32, p: f64) -> f64 {
    let spare = spare_rate(arrival_rate, service_time, servers);
    if spare <= 0.0 {
        return f64::INFINITY;
    }
    let waits = erlang_c(arrival_rate * service_time, servers);
    bisect_upwards(service_time, |t| tail(waits, spare, 1.0 / service_time, t) <= 1.0 - p)
}

/// P(T > t) for the response time T of M/M/c: with μ = 1/s and δ = cμ − λ, the sum of an
/// exponential service and, with probability C, an independent exponential wait of rate δ.
pub fn mmc_response_tail(arrival_rate: f64, service_time: f64, servers: u32, t: f64) -> f64 {
    let spare = spare_rate(arrival_rate, service_time, servers);
    if spare <= 0.0 {
        return 1.0;
    }
    tail(erlang_c(arrival_rate * service_time, servers), spare, 1.0 / service_time, t)
}

fn tail(waits: f64, spare: f64, rate: f64, t: f64) -> f64 {
    let difference = spare - rate;
    // ∫ exp(−(δ − μ) u) du over [0, t], which is t when both rates are equal.
    let overlap = if difference == 0.0 { t } else { -libm::expm1(-difference * t) / difference };
    libm::exp(-rate * t) * (1.0 + waits * rate * overlap)
}

/// By how much the servers can outpace the arrivals, per second.
fn spare_rate(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    f64::from(servers) / service_time - arrival_rate
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn known_values() {
        assert_close(mmc_response(800.0, 0.001, 1), 0.005, 1e-12);
        assert_close(mmc_response_quantile(800.0, 0.001, 1, 0.99), 0.023_025_85, 1e-7);
        assert_close(erlang_c(1.5, 2), 0.642_857_142_9, 1e-10);
        assert_close(mmc_response_quantile(150.0, 0.01, 2, 0.99), 0.097_095_0, 1e-6);
        assert_close(mmc_wait_quantile(150.0, 0.01, 2, 0.99), 0.083_266_75, 1e-7);
        assert_close(mmc_wait(1440.0, 0.01, 16), 0.003_695_896, 1e-6);
    }

    /// M/M/2 at λ = μ has δ = μ exactly; its neighbours must agree with it.
    #[test]
    fn equal_rates_are_continuous() {
        let tail = |rate| mmc_response_tail(rate, 1.0, 2, 3.0);
        assert_close(tail(1.0), tail(1.0 + 1e-9), 1e-8);
        assert_close(tail(1.0), (-3f64).exp() * (1.0 + 3.0 / 3.0), 1e-12);
    }

    #[test]
    fn overload_is_infinite() {
        assert_eq!(mmc_wait(2.0, 1.0, 2), f64::INFINITY);
        assert_eq!(mmc_wait_quantile(3.0, 1.0, 2, 0.5), f64::INFINITY);
        assert_eq!(mmc_response_quantile(3.0, 1.0, 2, 0.5), f64::INFINITY);
        assert_eq!(erlang_c(3.0, 2), 1.0);
        assert_eq!(mmc_wait_quantile(0.1, 1.0, 2, 0.5), 0.0);
    }
}
