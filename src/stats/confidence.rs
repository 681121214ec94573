//! How far the mean of a few replications may be from the truth.

use crate::numeric::{bisect_upwards, normal_quantile};
use std::f64::consts::FRAC_2_PI;

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
    if values.len() < 2 {
        return None;
    }
    let (mean, n) = (mean(values), values.len() as f64);
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let t = t_quantile(values.len() as u64 - 1, 0.5 + CONFIDENCE / 2.0);
    Some(t * libm::sqrt(squares / (n - 1.0) / n))
}

/// Corrected by the mean of the residuals, so that equal values have exactly their own mean.
fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let first = values.iter().sum::<f64>() / n;
    first + values.iter().map(|x| x - first).sum::<f64>() / n
}

/// The quantile of Student's t with `df` ≥ 1 degrees of freedom, for 0 < p < 1.
///
/// Exact to rounding for up to 200 degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and
/// 26.7.4, inverted by bisection); beyond, within 1e-10 by the expansion 26.7.5.
///
/// ```
/// assert!((knee::stats::t_quantile(9, 0.975) - 2.2621571628).abs() < 1e-9);
/// ```
pub fn t_quantile(df: u64, p: f64) -> f64 {
    if p < 0.5 {
        return -t_quantile(df, 1.0 - p);
    }
    if df > 200 {
        return expansion(df as f64, normal_quantile(p));
    }
    bisect_upwards(1.0, |t| 0.5 + central_probability(df as u32, t) / 2.0 >= p)
}

/// P(|T| > t) for Student's t with `df` ≥ 1 degrees of freedom: how often a difference at least this large comes about by
/// chance.
///
/// ```
/// assert!((knee::stats::t_two_sided(9, 2.2621571628) - 0.05).abs() < 1e-9);
/// ```
pub fn t_two_sided(df: u64, t: f64) -> f64 {
    let df = u32::try_from(df).unwrap_or(u32::MAX).min(MOST_FREEDOM);
    (1.0 - central_probability(df, t.abs())).clamp(0.0, 1.0)
}

/// Beyond, Student's t is the normal law to ten digits.
const MOST_FREEDOM: u32 = 1_000_000;

/// P(|T| ≤ t), a finite sum over even or odd powers of cos θ = √(df / (df + t²)).
fn central_probability(df: u32, t: f64) -> f64 {
    let n = f64::from(df);
    let length = libm::hypot(t, libm::sqrt(n));
    let (sine, cosine) = (t / length, libm::sqrt(n) / length);
    let (mut term, first) = if df % 2 == 1 { (cosine, 1) } else { (1.0, 0) };
    let mut sum = 0.0;
    for power in (first..=df.saturating_sub(2)).step_by(2) {
        sum += term;
        term *= cosine * cosine * f64::from(power + 1) / f64::from(power + 2);
    }
    if df % 2 == 1 { FRAC_2_PI * (libm::atan2(sine, cosine) + sine * sum) } else { sine * sum }
}

/// Cornish and Fisher's expansion of the t quantile around the normal quantile z.
fn expansion(n: f64, z: f64) -> f64 {
    let z2 = z * z;
    let g1 = (z2 + 1.0) / 4.0;
    let g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let g4 = ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    z * (1.0 + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn quantiles_agree_with_statrs() {
        for df in [1, 2, 3, 4, 5, 9, 10, 29, 199, 200, 201, 500, 10_000] {
            let student = StudentsT::new(0.0, 1.0, df as f64).unwrap();
            for p in [0.025, 0.3, 0.6, 0.95, 0.975, 0.995] {
                let (t, expected) = (t_quantile(df, p), student.inverse_cdf(p));
                assert!((t / expected - 1.0).abs() < 1e-9, "{df} {p} {t} {expected}");
            }
        }
        assert_eq!(t_quantile(5, 0.5), 0.0);
    }

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
