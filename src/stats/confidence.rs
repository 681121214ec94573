//! How far the mean of a few replications may be from the truth.

use crate::numeric::t_quantile;

/// The confidence of every interval.
const CONFIDENCE: f64 = 0.95;

/// The mean of independent observations and the half-width of its 95 % confidence interval
/// (Student 1908): t · s / √n. The half-width is `None` for a single observation, the whole `None`
/// for none.
///
/// ```
/// let (mean, half_width) = knee::stats::mean_interval(&[9.0, 10.0, 11.0]).unwrap();
/// assert_eq!(mean, 10.0);
/// assert!((half_width.unwrap() - 2.48414).abs() < 1e-5);
/// ```
pub fn mean_interval(values: &[f64]) -> Option<(f64, Option<f64>)> {
    (!values.is_empty()).then(|| (mean(values), half_width(values)))
}

/// The half-width of the 95 % confidence interval of the mean; `None` for fewer than two values.
pub fn half_width(values: &[f64]) -> Option<f64> {
    half_width_at(values, CONFIDENCE)
}

/// The same of another confidence, a share of one.
pub fn half_width_at(values: &[f64], confidence: f64) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let (mean, n) = (mean(values), values.len() as f64);
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let t = t_quantile(values.len() as u64 - 1, 0.5 + confidence / 2.0);
    Some(t * libm::sqrt(squares / (n - 1.0) / n))
}

/// Corrected by the mean of the residuals, so that equal values have exactly their own mean.
fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let first = values.iter().sum::<f64>() / n;
    first + values.iter().map(|x| x - first).sum::<f64>() / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_no_interval() {
        assert_eq!(mean_interval(&[]), None);
        assert_eq!(mean_interval(&[4.0]), Some((4.0, None)));
        assert_eq!(mean_interval(&[0.1; 7]), Some((0.1, Some(0.0))));
    }

    /// NIST's "NumAcc4": the standard deviation is exactly 0.1.
    #[test]
    fn large_offsets_do_not_hurt() {
        let mut values = vec![10_000_000.2];
        values.extend((0..1000).map(|i| if i % 2 == 0 { 10_000_000.1 } else { 10_000_000.3 }));
        let expected = t_quantile(1000, 0.975) * 0.1 / 1001f64.sqrt();
        assert!((half_width(&values).unwrap() / expected - 1.0).abs() < 1e-7);
    }
}
