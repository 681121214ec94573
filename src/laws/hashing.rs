//! How evenly keys spread over servers, and how many move when servers come.

use crate::numeric::{gamma_cdf, integrate_upwards};

/// E\[greatest load / mean load\] of consistent hashing (Karger et al. 1997) with very many keys:
/// each of `servers` has `points` places on the ring, put there at random. NaN without a point.
///
/// The shares are a Dirichlet vector, so this is E\[greatest of n Gamma(v, 1)\] / v (David and
/// Nagaraja 2003, spacings), by quadrature. One point each makes it the n-th harmonic number.
///
/// ```
/// let worst = knee::laws::hashing::ring_imbalance(10, 100);
/// assert!((worst - 1.159426379).abs() < 1e-9);
/// ```
pub fn ring_imbalance(servers: u32, points: u32) -> f64 {
    let (n, v) = (f64::from(servers), f64::from(points));
    integrate_upwards(v, |x| 1.0 - libm::pow(gamma_cdf(v, x), n)) / v
}

/// E\[least load / mean load\] of the same ring: E\[least of n Gamma(v, 1)\] / v.
pub fn ring_least(servers: u32, points: u32) -> f64 {
    let (n, v) = (f64::from(servers), f64::from(points));
    integrate_upwards(v, |x| libm::pow(1.0 - gamma_cdf(v, x), n)) / v
}

/// Coefficient of variation of a server's share of the same ring: √((n − 1) / (n v + 1)).
pub fn ring_variation(servers: u32, points: u32) -> f64 {
    let (n, v) = (f64::from(servers), f64::from(points));
    libm::sqrt((n - 1.0) / (n * v + 1.0))
}

/// The share of keys that move when a server joins `servers` others on a ring: only what the new
/// one takes (Karger et al. 1997).
pub fn ring_moved(servers: u32) -> f64 {
    1.0 / (f64::from(servers) + 1.0)
}

/// The share of keys that move when `hash mod n` becomes `hash mod (n + 1)`: all but 1 / (n + 1).
pub fn modulo_moved(servers: u32) -> f64 {
    let servers = f64::from(servers);
    servers / (servers + 1.0)
}

/// The most keys that a server takes with bounded loads: ⌈(1 + ε) m / n⌉ (Mirrokni, Thorup and
/// Zadimoghaddam 2018).
pub fn bounded_load(keys: u64, servers: u32, slack: f64) -> f64 {
    libm::ceil((1.0 + slack) * keys as f64 / f64::from(servers))
}

/// The share of the load of each of `shards`, when the k-th key is at shard k mod `shards`.
///
/// ```
/// let shares = knee::laws::hashing::modulo_shares(&[0.5, 0.3, 0.2], 2);
/// assert!((shares[0] - 0.7).abs() < 1e-12);
/// ```
pub fn modulo_shares(popularity: &[f64], shards: usize) -> Vec<f64> {
    let share = |shard| popularity.iter().skip(shard).step_by(shards).sum();
    (0..shards).map(share).collect()
}

/// The throughput of all shards together at which the hottest is full, each with the capacity
/// `shard_rate`: capacity / greatest share.
///
/// ```
/// assert_eq!(knee::laws::hashing::hot_shard_limit(&[0.2, 0.5, 0.3], 100.0), 200.0);
/// ```
pub fn hot_shard_limit(shares: &[f64], shard_rate: f64) -> f64 {
    shard_rate / shares.iter().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, order};
    use super::*;

    #[test]
    fn one_point_each_is_the_slowest_of_exponentials() {
        for servers in [1, 2, 10, 300] {
            assert_close(ring_imbalance(servers, 1), order::exponential_mean(1.0, servers, servers), 1e-11);
            assert_close(ring_least(servers, 1), 1.0 / f64::from(servers), 1e-11);
        }
    }

    #[test]
    fn two_servers_share_the_ring() {
        // The least and the greatest share sum to everything.
        assert_close(ring_imbalance(2, 40) + ring_least(2, 40), 2.0, 1e-11);
        assert_close(ring_moved(9) + modulo_moved(9), 1.0, 1e-12);
    }
}
