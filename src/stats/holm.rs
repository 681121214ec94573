//! Several tests at once.

/// Holm's adjusted p-values, in the order of the p-values given (Holm 1979, "A simple sequentially rejective multiple test
/// procedure"): to reject where one is at most α makes any false rejection at all no more likely than α, however the tests
/// depend on each other.
///
/// ```
/// use knee::stats::holm;
/// assert_eq!(holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut greatest = 0.0f64;
    for (rank, &index) in order.iter().enumerate() {
        greatest = greatest.max(p_values[index] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[index] = greatest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::holm;

    /// R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm").
    #[test]
    fn agrees_with_r() {
        let adjusted = holm(&[0.05, 0.01, 0.02, 0.03, 0.04]);
        let expected = [0.09, 0.05, 0.08, 0.09, 0.09];
        adjusted.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-12, "{adjusted:?}"));
        assert_eq!(holm(&[]), Vec::<f64>::new());
        assert_eq!(holm(&[0.7, 0.9]), [1.0, 1.0]);
    }
}
