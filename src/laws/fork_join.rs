//! Jobs of several tasks, each task at a server of its own: Poisson arrivals of jobs, exponential
//! service times.

use super::{mg1, order};

/// Mean response time of fork–join: a task at each of `servers` lines, first come first served, and
/// the job is done when all are.
///
/// Exact for one and two servers, (12 − ρ) / 8 (μ − λ) (Flatto and Hahn 1984); above that, up to 32, within
/// about 5 %: (H_n / H_2 + 4/11 (1 − H_n / H_2) ρ) times the value for two (Nelson and Tantawi 1988).
///
/// ```
/// use knee::laws::fork_join::fork_join;
/// assert!((fork_join(80.0, 0.010, 2) - 0.07).abs() < 1e-12);
/// assert!((fork_join(8000.0, 0.0001, 100) - 0.001920186742).abs() < 1e-11);
/// ```
pub fn fork_join(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    let single = mg1::response(arrival_rate, service_time, 1.0);
    if servers <= 1 || single.is_infinite() {
        return single;
    }
    let utilization = arrival_rate * service_time;
    let ratio = order::exponential_mean(1.0, servers, servers) / 1.5;
    (ratio + 4.0 / 11.0 * (1.0 - ratio) * utilization) * (12.0 - utilization) / 8.0 * single
}

/// An upper bound on the response time of fork–join, as if the lines were independent of each other:
/// H_n / (μ − λ) (Nelson and Tantawi 1988).
pub fn fork_join_bound(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    order::exponential_mean(mg1::response(arrival_rate, service_time, 1.0), servers, servers)
}

/// Mean response time of split–merge: the next job begins when all tasks of the one before are done.
/// An M/G/1 queue whose service is the slowest of n (Harrison and Zertal 2007). The most that it
/// can do is one job in m H_n seconds.
///
/// ```
/// let response = knee::laws::fork_join::split_merge(35.0, 0.010, 4);
/// assert!((response - 0.05807692308).abs() < 1e-11);
/// ```
pub fn split_merge(arrival_rate: f64, service_time: f64, servers: u32) -> f64 {
    let mean = order::exponential_mean(service_time, servers, servers);
    let ratio = order::exponential_deviation(service_time, servers, servers) / mean;
    mg1::response(arrival_rate, mean, ratio * ratio)
}

/// Mean response time of redundancy-d: each job puts `copies` at servers chosen at random out of
/// `servers`, with independent service times; the first that is done cancels the others, wherever
/// they are (Gardner, Harchol-Balter, Scheller-Wolf, Velednitsky and Zbarsky 2017). NaN unless
/// 1 ≤ `copies` ≤ `servers`.
///
/// T = Σ 1 / (kμ C(k−1, d−1) / C(i−1, d−1) − λ) over d ≤ i ≤ k, with λ the rate of all jobs.
///
/// ```
/// let response = knee::laws::fork_join::redundancy(280.0, 0.010, 4, 2);
/// assert!((response - 0.01254528986).abs() < 1e-11);
/// ```
pub fn redundancy(arrival_rate: f64, service_time: f64, servers: u32, copies: u32) -> f64 {
    if copies == 0 || copies > servers {
        return f64::NAN;
    }
    let capacity = f64::from(servers) / service_time;
    if arrival_rate >= capacity {
        return f64::INFINITY;
    }
    // C(k−1, d−1) / C(i−1, d−1), from i = k down to d.
    let (mut ratio, mut response) = (1.0, 0.0);
    for i in (copies..=servers).rev() {
        response += 1.0 / (capacity * ratio - arrival_rate);
        // The last value may be infinite; it is not used.
        ratio *= f64::from(i - 1) / f64::from(i - copies);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang::mmc_response};
    use super::*;

    #[test]
    fn one_server_is_mm1() {
        let expected = mmc_response(70.0, 0.01, 1);
        for law in [fork_join, fork_join_bound, split_merge] {
            assert_close(law(70.0, 0.01, 1), expected, 1e-12);
        }
        assert_close(redundancy(70.0, 0.01, 1, 1), expected, 1e-12);
    }

    #[test]
    fn one_copy_is_a_random_split_and_a_copy_everywhere_one_fast_server() {
        assert_close(redundancy(280.0, 0.01, 4, 1), mmc_response(70.0, 0.01, 1), 1e-12);
        assert_close(redundancy(280.0, 0.01, 4, 4), mmc_response(280.0, 0.0025, 1), 1e-12);
        assert!(redundancy(1.0, 0.01, 4, 5).is_nan());
    }

    #[test]
    fn an_empty_system_takes_as_long_as_its_slowest_task() {
        let slowest = order::exponential_mean(0.01, 5, 5);
        for law in [fork_join, fork_join_bound, split_merge] {
            assert_close(law(1e-9, 0.01, 5), slowest, 1e-9);
            assert_eq!(law(100.0, 0.01, 5), f64::INFINITY);
        }
    }
}
