//! Order statistics: the k-th of n replies, waiting for all, waiting for the slowest of different
//! kinds. The replies are independent and nobody queues. With k > n the k-th never comes: its times are
//! infinite.

use crate::numeric::{bisect, bisect_upwards, integrate_upwards};

/// P(at least k of n have come), when each has with probability `share`: the law of the k-th of n
/// (David and Nagaraja 2003, 2.1).
pub fn cdf(share: f64, k: u32, n: u32) -> f64 {
    if k > n {
        return 0.0;
    }
    // A small probability is summed, not the rest of a large one.
    let late = later(share, k, n);
    if late < 0.5 { 1.0 - late } else { (k..=n).map(|count| binomial(n, count, share)).sum() }
}

/// P(fewer than k of n have come).
fn later(share: f64, k: u32, n: u32) -> f64 {
    (0..k).map(|count| binomial(n, count, share)).sum()
}

/// In logarithms: the binomial coefficients of some thousands would overflow.
fn binomial(n: u32, k: u32, p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        let certain = if p <= 0.0 { 0 } else { n };
        return if k == certain { 1.0 } else { 0.0 };
    }
    let (total, came, rest) = (f64::from(n), f64::from(k), f64::from(n - k));
    let choose = libm::lgamma(total + 1.0) - libm::lgamma(came + 1.0) - libm::lgamma(rest + 1.0);
    libm::exp(choose + came * libm::log(p) + rest * libm::log1p(-p))
}

/// The quantile level of one reply at which the k-th of n has its `p` quantile, for 0 < p < 1.
///
/// ```
/// // The median of the slowest of 100 is beyond the 99th percentile of one.
/// let level = knee::laws::order::level(0.5, 100, 100);
/// assert!((level - 0.5f64.powf(0.01)).abs() < 1e-12);
/// ```
pub fn level(p: f64, k: u32, n: u32) -> f64 {
    bisect(0.0, 1.0, |share| cdf(share, k, n) >= p)
}

/// Mean of the k-th of n replies of any smooth law with the distribution function `reply`:
/// ∫ P(later than t) dt. `scale`, which must be positive, is about the length of one.
///
/// ```
/// // Two of three, Erlang of two stages of 5 ms each.
/// let reply = |t: f64| knee::numeric::gamma_cdf(2.0, t / 0.005);
/// let mean = knee::laws::order::mean(reply, 0.010, 2, 3);
/// assert!((mean - 0.00912037037).abs() < 1e-11);
/// ```
pub fn mean(reply: impl Fn(f64) -> f64, scale: f64, k: u32, n: u32) -> f64 {
    if k > n {
        return f64::INFINITY;
    }
    integrate_upwards(scale, |t| later(reply(t), k, n))
}

/// Mean of the k-th of n exponential replies (Rényi 1953): m Σ 1/i over n − k < i ≤ n, which for
/// k = n is m times a harmonic number.
///
/// ```
/// let mean = knee::laws::order::exponential_mean(0.010, 100, 100);
/// assert!((mean - 0.05187377518).abs() < 1e-11);
/// ```
pub fn exponential_mean(mean: f64, k: u32, n: u32) -> f64 {
    if k > n { f64::INFINITY } else { gaps(mean, k, n).sum() }
}

/// Standard deviation of the k-th of n exponential replies: m √(Σ 1/i²) over n − k < i ≤ n.
pub fn exponential_deviation(mean: f64, k: u32, n: u32) -> f64 {
    if k > n { f64::INFINITY } else { libm::sqrt(gaps(mean, k, n).map(|gap| gap * gap).sum()) }
}

/// The mean times from each reply to the next, the last first: the gaps are exponential as well.
fn gaps(mean: f64, k: u32, n: u32) -> impl Iterator<Item = f64> {
    (n - k..n).map(move |others| mean / (f64::from(others) + 1.0))
}

/// The `p` quantile of the k-th of n exponential replies; for k = n this is −m ln(1 − p^(1/n)).
///
/// ```
/// let p99 = knee::laws::order::exponential_quantile(0.010, 100, 100, 0.99);
/// assert!((p99 - 0.09205369664).abs() < 1e-11);
/// ```
pub fn exponential_quantile(mean: f64, k: u32, n: u32, p: f64) -> f64 {
    if k > n {
        return f64::INFINITY;
    }
    bisect_upwards(mean, |t| cdf(-libm::expm1(-t / mean), k, n) >= p)
}

/// P(at least one of n is slow), when each is with probability p: 1 − (1 − p)ⁿ (Dean and Barroso
/// 2013).
///
/// ```
/// let slow = knee::laws::order::any(0.01, 100);
/// assert!((slow - 0.6339676587).abs() < 1e-10);
/// ```
pub fn any(p: f64, n: u32) -> f64 {
    if n == 0 { 0.0 } else { -libm::expm1(f64::from(n) * libm::log1p(-p)) }
}

/// Mean time until all of several exponentials with these `means` are over; of two it is
/// a + b − 1 / (1/a + 1/b).
///
/// ```
/// // A commit waits for its own disk, 4 ms, and for the first of two replicas, 6 ms each.
/// let commit = knee::laws::order::slowest_mean(&[0.004, 0.006 / 2.0]);
/// assert!((commit - 0.005285714286).abs() < 1e-12);
/// ```
pub fn slowest_mean(means: &[f64]) -> f64 {
    let scale: f64 = means.iter().sum();
    if scale <= 0.0 {
        return 0.0;
    }
    integrate_upwards(scale, |t| 1.0 - all_over(means, t))
}

/// The `p` quantile of the time until all of several exponentials with these `means` are over.
pub fn slowest_quantile(means: &[f64], p: f64) -> f64 {
    let scale: f64 = means.iter().sum();
    if scale <= 0.0 {
        return 0.0;
    }
    bisect_upwards(scale, |t| all_over(means, t) >= p)
}

fn all_over(means: &[f64], t: f64) -> f64 {
    means.iter().map(|mean| -libm::expm1(-t / mean)).product()
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn quadrature_agrees_with_renyi() {
        for (k, n) in [(1, 1), (1, 5), (2, 3), (5, 5), (50, 100), (100, 100)] {
            let reply = |t: f64| -libm::expm1(-t / 0.01);
            assert_close(mean(reply, 0.01, k, n), exponential_mean(0.01, k, n), 1e-11);
        }
    }

    #[test]
    fn the_slowest_of_equals_is_the_last_order_statistic() {
        assert_close(slowest_mean(&[0.3; 7]), exponential_mean(0.3, 7, 7), 1e-12);
        assert_close(slowest_quantile(&[0.3; 7], 0.9), exponential_quantile(0.3, 7, 7, 0.9), 1e-12);
        assert_eq!(slowest_mean(&[]), 0.0);
    }

    #[test]
    fn levels_invert_the_law() {
        for (k, n) in [(1, 4), (3, 4), (90, 100)] {
            assert_close(cdf(level(0.37, k, n), k, n), 0.37, 1e-12);
        }
        assert_close(cdf(0.5, 2, 3), 0.5, 1e-15);
        assert_eq!((cdf(0.0, 1, 3), cdf(1.0, 3, 3), cdf(0.9, 4, 3)), (0.0, 1.0, 0.0));
        assert_eq!((exponential_mean(1.0, 4, 3), exponential_quantile(1.0, 4, 3, 0.1)), (f64::INFINITY, f64::INFINITY));
        assert_eq!((any(1.0, 0), any(1.0, 2)), (0.0, 1.0));
    }
}
