//! The universal scalability law, and Amdahl's as the case without coherency.

/// X(n) = λ·n / (1 + α(n − 1) + β·n(n − 1)) (Gunther 1993; *Guerrilla Capacity Planning*, 2007).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usl {
    /// Throughput of one.
    pub lambda: f64,
    /// Contention: the serial share.
    pub alpha: f64,
    /// Coherency: what each pair costs.
    pub beta: f64,
}

impl Usl {
    /// Throughput at size `n`.
    pub fn throughput(&self, n: f64) -> f64 {
        self.lambda * n / (1.0 + self.alpha * (n - 1.0) + self.beta * n * (n - 1.0))
    }

    /// The size of greatest throughput, √((1 − α)/β); infinite without coherency.
    pub fn peak(&self) -> f64 {
        if self.beta > 0.0 { libm::sqrt((1.0 - self.alpha).max(0.0) / self.beta) } else { f64::INFINITY }
    }

    /// The most that one can be multiplied by, 1/α (Amdahl 1967); infinite without contention.
    pub fn limit(&self) -> f64 {
        if self.alpha > 0.0 { 1.0 / self.alpha } else { f64::INFINITY }
    }

    fn parameters(&self) -> [f64; 3] {
        [self.lambda, self.alpha, self.beta]
    }
}

/// Fits the law to (size, throughput) by least squares; no parameter is negative.
///
/// None with fewer points than parameters, or without a positive throughput.
///
/// ```
/// use knee::laws::usl::fit;
/// // The SPEC SDM91 benchmark (Gunther 2007, ch. 5): α = 0.0277, β = 0.000104, λ = 90.
/// let measured = [(1.0, 64.9), (18.0, 995.9), (36.0, 1652.4), (72.0, 1853.2), (108.0, 1828.9), (144.0, 1775.0), (216.0, 1702.2)];
/// let law = fit(&measured).unwrap();
/// assert!((law.alpha - 0.0277).abs() < 1e-4 && (law.lambda - 89.995).abs() < 0.01);
/// assert!((law.peak() - 96.5).abs() < 0.1);
/// ```
pub fn fit(points: &[(f64, f64)]) -> Option<Usl> {
    fit_with(points, 3)
}

/// Fits Amdahl's law, the one without coherency, by least squares.
///
/// None with fewer than two points, or without a positive throughput.
pub fn fit_amdahl(points: &[(f64, f64)]) -> Option<Usl> {
    fit_with(points, 2)
}

/// Levenberg and Marquardt's method on the first `free` parameters (Marquardt 1963).
fn fit_with(points: &[(f64, f64)], free: usize) -> Option<Usl> {
    let first = points.iter().map(|(n, x)| x / n).fold(0.0, f64::max);
    if points.len() < free || !(first > 0.0 && first.is_finite()) {
        return None;
    }
    let mut law = Usl { lambda: first, alpha: 0.01, beta: if free == 3 { 1e-4 } else { 0.0 } };
    let mut damping = 1e-3;
    for _ in 0..1000 {
        let better = step(points, &law, free, damping).filter(|next| error(points, next) < error(points, &law));
        match better {
            Some(next) => {
                let gain = error(points, &law) - error(points, &next);
                law = next;
                damping = (damping / 3.0).max(1e-12);
                if gain <= 1e-15 * error(points, &law) {
                    break;
                }
            }
            None if damping > 1e12 => break,
            None => damping *= 4.0,
        }
    }
    Some(law)
}

fn error(points: &[(f64, f64)], law: &Usl) -> f64 {
    points.iter().map(|&(n, x)| (law.throughput(n) - x) * (law.throughput(n) - x)).sum()
}

/// One damped step from the normal equations.
fn step(points: &[(f64, f64)], law: &Usl, free: usize, damping: f64) -> Option<Usl> {
    let (mut matrix, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for &(n, x) in points {
        let value = law.throughput(n);
        let share = value * value / (law.lambda * n);
        let slopes = [value / law.lambda, -share * (n - 1.0), -share * n * (n - 1.0)];
        for row in 0..free {
            right[row] += slopes[row] * (x - value);
            (0..free).for_each(|column| matrix[row][column] += slopes[row] * slopes[column]);
        }
    }
    (0..free).for_each(|row| matrix[row][row] *= 1.0 + damping);
    let change = solve(matrix, right, free)?;
    let old = law.parameters();
    let new = |index: usize| (old[index] + change[index]).max(0.0);
    Some(Usl { lambda: new(0).max(1e-300), alpha: new(1), beta: if free == 3 { new(2) } else { 0.0 } })
}

/// Gaussian elimination with pivots on the diagonal, which is positive.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3], size: usize) -> Option<[f64; 3]> {
    for pivot in 0..size {
        if matrix[pivot][pivot] <= 0.0 {
            return None;
        }
        for row in 0..size {
            if row != pivot {
                let factor = matrix[row][pivot] / matrix[pivot][pivot];
                (0..size).for_each(|column| matrix[row][column] -= factor * matrix[pivot][column]);
                right[row] -= factor * right[pivot];
            }
        }
    }
    let mut solution = [0.0; 3];
    (0..size).for_each(|row| solution[row] = right[row] / matrix[row][row]);
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::{Usl, fit, fit_amdahl};

    #[test]
    fn what_was_generated_is_found_again() {
        for law in [Usl { lambda: 100.0, alpha: 0.05, beta: 0.001 }, Usl { lambda: 0.7, alpha: 0.2, beta: 0.0 }] {
            let points: Vec<(f64, f64)> = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0].map(|n| (n, law.throughput(n))).to_vec();
            let found = fit(&points).unwrap();
            assert!((found.lambda / law.lambda - 1.0).abs() < 1e-6, "{found:?}");
            assert!((found.alpha - law.alpha).abs() < 1e-6 && (found.beta - law.beta).abs() < 1e-7, "{found:?}");
        }
        let amdahl = Usl { lambda: 3.0, alpha: 0.05, beta: 0.0 };
        let points: Vec<(f64, f64)> = [1.0, 4.0, 64.0].map(|n| (n, amdahl.throughput(n))).to_vec();
        assert!((fit_amdahl(&points).unwrap().limit() - 20.0).abs() < 1e-6);
    }

    #[test]
    fn too_little_is_not_fitted() {
        assert_eq!(fit(&[(1.0, 1.0), (2.0, 2.0)]), None);
        assert_eq!(fit(&[(1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]), None);
    }
}
