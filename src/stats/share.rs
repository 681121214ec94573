//! How far a counted share may be from the truth.

use crate::numeric::normal_quantile;

/// A share of independent trials and its 95 % confidence interval (Wilson 1927), which stays between 0 and 1 and holds
/// for few trials too. `None` for no trials. Trials need not be a whole number: see [`independent`].
///
/// ```
/// let (share, [low, high]) = knee::stats::share_interval(5.0, 100.0).unwrap();
/// assert_eq!(share, 0.05);
/// assert!((low - 0.02154).abs() < 1e-5 && (high - 0.11175).abs() < 1e-5);
/// ```
pub fn share_interval(count: f64, trials: f64) -> Option<(f64, [f64; 2])> {
    if trials <= 0.0 {
        return None;
    }
    let (share, z) = (count / trials, normal_quantile(0.975));
    let weight = 1.0 + z * z / trials;
    let middle = (share + z * z / (2.0 * trials)) / weight;
    let half = z / weight * libm::sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials * trials));
    Some((share, [(middle - half).max(0.0), (middle + half).min(1.0)]))
}

/// As many independent trials would tell a share as exactly as these clusters do, of (counted, trials) each: the trials
/// divided by the design effect, how much more the share varies from cluster to cluster than that of independent trials
/// would (Kish 1965). At most the number of trials.
pub fn independent(clusters: &[(f64, f64)]) -> f64 {
    let count: f64 = clusters.iter().map(|(count, _)| count).sum();
    let trials: f64 = clusters.iter().map(|(_, trials)| trials).sum();
    let (share, number) = (count / trials, clusters.iter().filter(|(_, trials)| *trials > 0.0).count() as f64);
    let alone = share * (1.0 - share) / trials;
    let squares: f64 = clusters.iter().map(|(count, n)| (count - share * n) * (count - share * n)).sum();
    let together = squares * number / (number - 1.0) / (trials * trials);
    if alone > 0.0 && number > 1.0 { trials / (together / alone).max(1.0) } else { trials }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_trials_tell_little() {
        assert_eq!(share_interval(0.0, 0.0), None);
        let (share, [low, high]) = share_interval(0.0, 10.0).unwrap();
        assert!(share == 0.0 && low == 0.0 && (high - 0.27753).abs() < 1e-5);
    }

    #[test]
    fn trials_that_are_all_alike_in_a_cluster_count_as_one() {
        let alike: Vec<(f64, f64)> = (0..100).map(|i| (if i % 10 == 0 { 4.0 } else { 0.0 }, 4.0)).collect();
        assert!((independent(&alike) - 99.0).abs() < 1e-9);
        let spread: Vec<(f64, f64)> = (0..100).map(|_| (1.0, 4.0)).collect();
        assert_eq!(independent(&spread), 400.0);
        assert_eq!(independent(&[(0.0, 3.0), (0.0, 2.0)]), 5.0);
    }
}
