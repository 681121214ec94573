//! Stationary probabilities of a birth–death chain.

const HUGE: f64 = 1e200;
const NEGLIGIBLE: f64 = 1e-20;

/// The stationary probabilities, given p(k + 1) / p(k) for k = 0, 1, …: the rate up from k over the
/// rate down from k + 1.
///
/// Stops at the end of the ratios, or where the rest is negligible: the ratios of an infinite
/// chain must fall below 1 and keep falling. Scales as it goes, so nothing overflows.
pub(super) fn stationary(ratios: impl Iterator<Item = f64>) -> Vec<f64> {
    let (mut weights, mut weight, mut total) = (vec![1.0], 1.0, 1.0);
    for ratio in ratios {
        weight *= ratio;
        weights.push(weight);
        total += weight;
        if weight > HUGE {
            weights.iter_mut().for_each(|weight| *weight /= HUGE);
            weight /= HUGE;
            total /= HUGE;
        }
        if ratio < 1.0 && weight < total * NEGLIGIBLE {
            break;
        }
    }
    weights.iter_mut().for_each(|weight| *weight /= total);
    weights
}

/// Σ k · p(k).
pub(super) fn mean(probabilities: &[f64]) -> f64 {
    probabilities.iter().enumerate().map(|(k, p)| k as f64 * p).sum()
}
