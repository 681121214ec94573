//! How often each object is asked for.

/// The share of requests of each of `count` objects under Zipf's law, the most popular first: the
/// k-th is proportional to 1 / k^`exponent` (Zipf 1949; Breslau et al. 1999 for the web).
///
/// ```
/// let popularity = knee::laws::popularity::zipf(1000, 1.0);
/// assert!((popularity[0] / popularity[9] - 10.0).abs() < 1e-12);
/// assert!((popularity.iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// ```
pub fn zipf(count: usize, exponent: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=count).map(|k| libm::pow(k as f64, -exponent)).collect();
    shares(&weights)
}

/// Weights divided by their sum.
pub(super) fn shares(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}
