//! Random numbers: one independent, reproducible stream for each use.
//!
//! A stream is named, not numbered: adding a component to a scenario shifts nobody else's
//! numbers, and two scenarios that share a component share its numbers (common random numbers).

use rand_chacha::ChaCha8Rng;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// The generator of every stream: xoshiro256++ (Blackman and Vigna 2021).
pub type Rng = rand_xoshiro::Xoshiro256PlusPlus;

/// The stream that `name` owns in one replication of a run with this seed.
///
/// The 32 bytes of state are drawn from ChaCha8, keyed by `seed`, at the stream selected by a
/// hash of `(replication, name)`: random access, no overlap, equal on every platform.
///
/// ```
/// use knee::rng::{stream, unit};
/// let mut arrivals = stream(1, 0, "web arrivals");
/// let mut again = stream(1, 0, "web arrivals");
/// assert_eq!(unit(&mut arrivals), unit(&mut again));
/// ```
pub fn stream(seed: u64, replication: u64, name: &str) -> Rng {
    let mut key = ChaCha8Rng::seed_from_u64(seed);
    key.set_stream(fnv1a(replication, name));
    let mut state = [0; 32];
    key.fill_bytes(&mut state);
    Rng::from_seed(state)
}

/// A uniform number in [0, 1), a multiple of 2⁻⁵³.
#[inline]
pub fn unit(rng: &mut Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A uniform integer in 0..n, without bias (Lemire 2019). `n` is at least 1.
#[inline]
pub fn below(rng: &mut Rng, n: u32) -> u32 {
    let mut product = (rng.next_u64() >> 32) * u64::from(n);
    if (product as u32) < n {
        // Only reached with probability n / 2³²: the remainder is costly.
        let smallest_fair = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        while (product as u32) < smallest_fair {
            product = (rng.next_u64() >> 32) * u64::from(n);
        }
    }
    (product >> 32) as u32
}

/// A number in [0, 1) that depends on the key only, and looks random: the finalizer of SplitMix64 (Steele, Lea & Flood 2014).
pub fn spread(key: u64) -> f64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ z >> 31) >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo 1991). Written out, since the standard hashers may change.
fn fnv1a(replication: u64, name: &str) -> u64 {
    let prefix = replication.to_le_bytes();
    let bytes = prefix.iter().chain(name.as_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_fnv1a() {
        // Eight zero bytes and "a", computed independently.
        assert_eq!(fnv1a(0, "a"), 0xe604_613a_248f_f1ac);
    }

    #[test]
    fn streams_keep_their_values() {
        let draws = |seed, replication, name| {
            let mut rng = stream(seed, replication, name);
            [rng.next_u64(), rng.next_u64()]
        };
        assert_eq!(draws(1, 0, "web"), [13513341105364949494, 1907907079322288346]);
        assert_eq!(draws(1, 1, "web"), [10839517094600274565, 15067639865886512909]);
        assert_eq!(draws(2, 0, "app"), [17165617343466723598, 5790842211570263650]);
    }

    #[test]
    fn unit_is_uniform() {
        let mut rng = stream(7, 0, "chi-square");
        let mut counts = [0u32; 1000];
        for _ in 0..1_000_000 {
            counts[(unit(&mut rng) * 1000.0) as usize] += 1;
        }
        let chi_square: f64 = counts.iter().map(|&count| (f64::from(count) - 1000.0).powi(2) / 1000.0).sum();
        // The 0.1 % and 99.9 % quantiles of chi-square with 999 degrees of freedom.
        assert!((867.0..1143.0).contains(&chi_square), "{chi_square}");
    }

    #[test]
    fn below_is_uniform() {
        let mut rng = stream(7, 0, "below");
        let mut counts = [0u32; 3];
        for _ in 0..300_000 {
            counts[below(&mut rng, 3) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (98_500..101_500).contains(&count)));
        assert_eq!(below(&mut rng, 1), 0);
        assert!((0..1000).all(|_| below(&mut rng, u32::MAX) < u32::MAX));
    }
}
