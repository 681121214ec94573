//! M/G/1: Poisson arrivals, any service time, one server, first come first served.

use crate::numeric::bisect;

/// Mean waiting time of M/G/1 (Pollaczek 1930, Khinchine 1932): ρ s (1 + scv) / 2(1 − ρ), with
/// `scv` the squared coefficient of variation of the service time.
///
/// ```
/// let wait = knee::laws::mg1::wait(70.0, 0.010, 4.0);
/// assert!((wait - 0.05833333333).abs() < 1e-10);
/// ```
pub fn wait(arrival_rate: f64, service_time: f64, scv: f64) -> f64 {
    let utilization = arrival_rate * service_time;
    if utilization >= 1.0 {
        return f64::INFINITY;
    }
    utilization * service_time * (1.0 + scv) / (2.0 * (1.0 - utilization))
}

/// Mean response time of M/G/1: wait and service.
pub fn response(arrival_rate: f64, service_time: f64, scv: f64) -> f64 {
    wait(arrival_rate, service_time, scv) + service_time
}

/// Standard deviation of the waiting time of M/G/1 (Takács 1962): Var W = W² + λ E\[S³\] / 3(1 − ρ),
/// with `third_moment` = E\[S³\].
///
/// ```
/// // M/D/1: the third moment is the cube.
/// let deviation = knee::laws::mg1::wait_deviation(80.0, 0.010, 0.0, 1e-6);
/// assert!((deviation - 0.02309401).abs() < 1e-8);
/// ```
pub fn wait_deviation(arrival_rate: f64, service_time: f64, scv: f64, third_moment: f64) -> f64 {
    let mean = wait(arrival_rate, service_time, scv);
    if mean.is_infinite() {
        return f64::INFINITY;
    }
    let spare = 1.0 - arrival_rate * service_time;
    libm::sqrt(mean * mean + arrival_rate * third_moment / (3.0 * spare))
}

/// The `p` quantile of the waiting time of M/D/1 (Erlang 1909), for 0 < p < 1; infinite when
/// overloaded.
///
/// Uses the form of Franx (2001), whose terms are all positive: for (k−1)s ≤ t < ks and
/// y = λ(ks − t), P(W ≤ t) = e^(−y) Σ Q(k−1−j) y^j / j! over j < k, where Q(m) is the probability
/// that at most m customers wait.
///
/// ```
/// let p99 = knee::laws::mg1::md1_wait_quantile(80.0, 0.010, 0.99);
/// assert!((p99 - 0.1035588679).abs() < 1e-10);
/// ```
pub fn md1_wait_quantile(arrival_rate: f64, service_time: f64, p: f64) -> f64 {
    let utilization = arrival_rate * service_time;
    if utilization >= 1.0 {
        return f64::INFINITY;
    }
    if p <= 1.0 - utilization {
        return 0.0;
    }
    let waiting = md1_waiting(utilization, p);
    let backlog = waiting.len() as f64;
    // In units of the service time; y falls from ρ to 0 as t grows over the last service.
    let holds = |t: f64| franx(&waiting, utilization * (backlog - t)) >= p;
    service_time * bisect(backlog - 1.0, backlog, holds)
}

/// e^(−y) Σ Q(k−1−j) y^j / j!
fn franx(waiting: &[f64], y: f64) -> f64 {
    let mut weight = libm::exp(-y);
    let mut sum = 0.0;
    for (j, q) in waiting.iter().rev().enumerate() {
        sum += q * weight;
        weight *= y / (j + 1) as f64;
    }
    sum
}

/// P(at most m wait in M/D/1), for m = 0, 1, … up to the first that reaches `p`.
///
/// The flows up and down across each level balance: with A arrivals during one service,
/// p(n+1) P(A = 0) = p(0) P(A > n) + Σ p(i) P(A > n + 1 − i) over 1 ≤ i ≤ n. No subtraction.
fn md1_waiting(utilization: f64, p: f64) -> Vec<f64> {
    let none = libm::exp(-utilization);
    let exceeds = poisson_tail(utilization);
    let tail = |k: usize| exceeds.get(k).copied().unwrap_or(0.0);
    let mut states = vec![1.0 - utilization];
    let mut waiting = Vec::new();
    let mut reached = states[0];
    loop {
        let n = states.len() - 1;
        let recent = (1..=n).rev().take(exceeds.len());
        let up: f64 = states[0] * tail(n) + recent.map(|i| states[i] * tail(n + 1 - i)).sum::<f64>();
        states.push(up / none);
        let before = reached;
        reached += up / none;
        waiting.push(reached);
        if reached >= p || reached == before {
            return waiting;
        }
    }
}

/// P(A > k) for a Poisson variable A, k = 0, 1, … until negligible; summed from the small end.
fn poisson_tail(mean: f64) -> Vec<f64> {
    let mut terms = vec![libm::exp(-mean)];
    while terms.len() < 40 {
        terms.push(terms[terms.len() - 1] * mean / terms.len() as f64);
    }
    let mut tail: Vec<f64> = terms
        .iter()
        .rev()
        .scan(0.0, |sum, term| {
            let beyond = *sum;
            *sum += term;
            Some(beyond)
        })
        .collect();
    tail.reverse();
    tail
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn known_values() {
        assert_close(wait(80.0, 0.01, 0.0), 0.02, 1e-12);
        assert_close(response(800.0, 0.001, 1.0), 0.005, 1e-12);
        let third = 1e-6 * 125.0; // lognormal: mean³ (1 + scv)³
        assert_close(wait_deviation(70.0, 0.01, 4.0, third), 0.114_564_392_4, 1e-9);
    }

    /// Erlang's alternating sum, which is accurate for short waits.
    fn erlang_cdf(utilization: f64, t: f64) -> f64 {
        let mut sum = 0.0;
        let mut factorial = 1.0;
        for j in 0..=t as i32 {
            factorial *= f64::from(j.max(1));
            let y = utilization * (t - f64::from(j));
            sum += (-y).powi(j) * y.exp() / factorial;
        }
        (1.0 - utilization) * sum
    }

    #[test]
    fn md1_quantiles_invert_erlangs_sum() {
        for utilization in [0.3, 0.5, 0.7, 0.8] {
            for p in [0.75, 0.9, 0.99] {
                let t = md1_wait_quantile(utilization, 1.0, p);
                assert_close(erlang_cdf(utilization, t), p, 1e-6);
            }
        }
        assert_eq!(md1_wait_quantile(0.3, 1.0, 0.7), 0.0);
    }

    /// Towards saturation the tail is exponential with decay δ, ρ (e^δ − 1) = δ.
    #[test]
    fn md1_is_stable_near_saturation() {
        let ratio = md1_wait_quantile(0.999, 1.0, 0.9999) - md1_wait_quantile(0.999, 1.0, 0.999);
        let decay = bisect(1e-6, 1.0, |d| 0.999 * libm::expm1(d) >= d);
        assert_close(ratio * decay, 10f64.ln(), 1e-8);
    }

    #[test]
    fn overload_is_infinite() {
        assert_eq!(wait(100.0, 0.01, 1.0), f64::INFINITY);
        assert_eq!(wait_deviation(100.0, 0.01, 1.0, 1.0), f64::INFINITY);
        assert_eq!(md1_wait_quantile(101.0, 0.01, 0.5), f64::INFINITY);
    }
}
