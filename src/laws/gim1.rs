//! GI/M/1: independent interarrival times of any distribution, exponential service, one server.
//!
//! Everything follows from σ, the probability that an arrival waits (Smith 1953): the root in
//! (0, 1) of σ = A*(μ(1 − σ)), with A* the Laplace transform of the interarrival time. Waits exceed
//! t with probability σ exp(−μ(1 − σ)t), responses with exp(−μ(1 − σ)t).

use crate::numeric::bisect;

/// σ for any interarrival time, given its Laplace transform s ↦ E\[e^(−sX)\]; 1 when overloaded.
///
/// ```
/// // Exponential interarrival times: σ is the utilization.
/// let transform = |s: f64| 80.0 / (80.0 + s);
/// assert!((knee::laws::gim1::sigma(0.010, transform) - 0.8).abs() < 1e-12);
/// ```
pub fn sigma(service_time: f64, transform: impl Fn(f64) -> f64) -> f64 {
    // The map is convex, above the diagonal before the root and below it between the root and 1.
    bisect(0.0, 1.0, |sigma| sigma < 1.0 && transform((1.0 - sigma) / service_time) <= sigma)
}

/// σ of D/M/1: arrivals at regular intervals.
///
/// ```
/// let sigma = knee::laws::gim1::dm1_sigma(80.0, 0.010);
/// assert!((sigma - 0.6286297965).abs() < 1e-10);
/// ```
pub fn dm1_sigma(arrival_rate: f64, service_time: f64) -> f64 {
    sigma(service_time, |s| libm::exp(-s / arrival_rate))
}

/// σ of E_k/M/1: Erlang interarrival times of `stages` stages.
pub fn ekm1_sigma(arrival_rate: f64, service_time: f64, stages: u32) -> f64 {
    let k = f64::from(stages);
    sigma(service_time, |s| libm::pow(1.0 + s / (k * arrival_rate), -k))
}

/// Mean waiting time: σ s / (1 − σ).
pub fn wait(sigma: f64, service_time: f64) -> f64 {
    sigma * response(sigma, service_time)
}

/// Mean response time: s / (1 − σ).
pub fn response(sigma: f64, service_time: f64) -> f64 {
    service_time / (1.0 - sigma)
}

/// The `p` quantile of the waiting time; 0 where at least a share `p` does not wait.
pub fn wait_quantile(sigma: f64, service_time: f64, p: f64) -> f64 {
    (response(sigma, service_time) * libm::log(sigma / (1.0 - p))).max(0.0)
}

/// The `p` quantile of the response time, which is exponential.
pub fn response_quantile(sigma: f64, service_time: f64, p: f64) -> f64 {
    -response(sigma, service_time) * libm::log1p(-p)
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang};
    use super::*;

    #[test]
    fn one_stage_is_mm1() {
        let sigma = ekm1_sigma(80.0, 0.01, 1);
        assert_close(sigma, 0.8, 1e-12);
        assert_close(wait(sigma, 0.01), erlang::mmc_wait(80.0, 0.01, 1), 1e-12);
        let p99 = erlang::mmc_response_quantile(80.0, 0.01, 1, 0.99);
        assert_close(response_quantile(sigma, 0.01, 0.99), p99, 1e-12);
        let p95 = erlang::mmc_wait_quantile(80.0, 0.01, 1, 0.95);
        assert_close(wait_quantile(sigma, 0.01, 0.95), p95, 1e-12);
    }

    #[test]
    fn many_stages_approach_regular_arrivals() {
        assert_close(ekm1_sigma(80.0, 0.01, 100_000), dm1_sigma(80.0, 0.01), 1e-4);
    }

    #[test]
    fn overload_always_waits() {
        assert_close(dm1_sigma(120.0, 0.01), 1.0, 1e-7);
    }
}
