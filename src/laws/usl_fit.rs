//! The universal scalability law, or Amdahl's, fitted to measurements by least squares, and how sure the fit is.
//!
//! Intervals are those of nonlinear regression (Bates and Watts 1988, *Nonlinear Regression Analysis and Its Applications*,
//! section 2.3): the law is taken as linear in its parameters near the fit, so that their covariance is s² (JᵀJ)⁻¹ with the
//! Jacobian J, s² = RSS / (n − p), and intervals are Student's t on n − p degrees of freedom. What is computed from several
//! parameters takes the delta method.

use super::usl::Usl;
use crate::numeric::t_quantile;

/// Which parameters of the law are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// λ, α and β.
    Usl,
    /// λ and α: Amdahl's law, without coherency.
    Amdahl,
}

impl Form {
    /// How many parameters it has, hence how many different sizes it takes.
    pub fn parameters(self) -> usize {
        match self {
            Form::Usl => 3,
            Form::Amdahl => 2,
        }
    }
}

/// A law fitted to points of size and throughput.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The law that comes closest.
    pub law: Usl,
    /// What was fitted.
    pub form: Form,
    /// How many points it was fitted to.
    pub points: usize,
    /// Whether λ, α, β stand at the end of what they may be: α at 0 or 1, β at 0. The points alone would put it beyond.
    pub at_bound: [bool; 3],
    /// Σ (measured − fitted)².
    pub residual_squares: f64,
    /// Σ (measured − mean)².
    pub total_squares: f64,
    /// (JᵀJ)⁻¹; none where the points cannot tell the parameters apart.
    inverse: Option<[[f64; 3]; 3]>,
}

/// Fits a law to (size, throughput) by least squares, with λ > 0, 0 ≤ α ≤ 1 and β ≥ 0.
///
/// None with fewer different sizes than parameters, or unless all sizes are at least 1 and all throughputs positive.
///
/// ```
/// use knee::laws::usl_fit::{Form, fit};
/// // The SPEC SDM91 benchmark (Gunther 2007, ch. 5): α = 0.0277, β = 0.000104, λ = 90.
/// let measured = [(1.0, 64.9), (18.0, 995.9), (36.0, 1652.4), (72.0, 1853.2), (108.0, 1828.9), (144.0, 1775.0), (216.0, 1702.2)];
/// let found = fit(&measured, Form::Usl).unwrap();
/// assert!((found.law.alpha - 0.0277284).abs() < 1e-6 && (found.law.lambda - 89.9952).abs() < 1e-3);
/// assert!((found.law.peak() - 96.5).abs() < 0.1);
/// // As R's nls has them.
/// let errors = found.standard_errors().unwrap();
/// assert!((errors[0] - 14.21).abs() < 0.01 && (errors[1] - 9.122e-3).abs() < 1e-6 && (errors[2] - 1.988e-5).abs() < 1e-8);
/// ```
pub fn fit(points: &[(f64, f64)], form: Form) -> Option<Fit> {
    let is_sound = |(n, x): &(f64, f64)| *n >= 1.0 && *x > 0.0 && n.is_finite() && x.is_finite();
    if different_sizes(points) < form.parameters() || !points.iter().all(is_sound) {
        return None;
    }
    let found = faces(form).filter_map(|face| descend(points, face)).filter(is_allowed);
    let mut found: Vec<Found> = found.collect();
    // The face with fewer parameters wins where the other fits no better than rounding can tell.
    let squares: f64 = points.iter().map(|(_, x)| x * x).sum();
    found.sort_by_key(|one| one.face.count_free());
    let better = |best: Found, next: Found| {
        if next.error < best.error * (1.0 - 1e-9) - 1e-24 * squares { next } else { best }
    };
    let Found { law, face, error } = found.into_iter().reduce(better)?;
    let mean = points.iter().map(|(_, x)| x).sum::<f64>() / points.len() as f64;
    Some(Fit {
        law,
        form,
        points: points.len(),
        at_bound: [false, face.alpha.is_some(), face.beta.is_some() && form == Form::Usl],
        residual_squares: error,
        total_squares: points.iter().map(|(_, x)| (x - mean) * (x - mean)).sum(),
        inverse: inverse(&normal_matrix(points, &law), form.parameters()),
    })
}

/// How many different sizes there are.
pub fn different_sizes(points: &[(f64, f64)]) -> usize {
    let mut sizes: Vec<f64> = points.iter().map(|point| point.0).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    sizes.len()
}

impl Fit {
    /// Points beyond the number of parameters: n − p.
    pub fn degrees_of_freedom(&self) -> usize {
        self.points - self.form.parameters()
    }

    /// s, the standard deviation of the residuals, √(RSS / (n − p)); none without degrees of freedom.
    pub fn residual_error(&self) -> Option<f64> {
        let freedom = self.degrees_of_freedom();
        (freedom > 0).then(|| libm::sqrt(self.residual_squares / freedom as f64))
    }

    /// The share of the variance that the law explains, 1 − RSS / TSS. For a law that is not linear it describes, and tests
    /// nothing (Kvålseth 1985). None where all throughputs are the same.
    pub fn r_squared(&self) -> Option<f64> {
        (self.total_squares > 0.0).then(|| 1.0 - self.residual_squares / self.total_squares)
    }

    /// Standard errors of λ, α, β; 0 for a β that was not fitted. None without degrees of freedom.
    pub fn standard_errors(&self) -> Option<[f64; 3]> {
        let (s, inverse) = (self.residual_error()?, self.inverse?);
        Some([0, 1, 2].map(|index| s * libm::sqrt(inverse[index][index].max(0.0))))
    }

    /// 95 % intervals of λ, α, β, within what they may be. One at its bound has a one-sided interval from there, which 95 %
    /// of such intervals would keep to as well.
    pub fn intervals(&self) -> Option<[[f64; 2]; 3]> {
        let errors = self.standard_errors()?;
        let freedom = self.degrees_of_freedom() as u64;
        let (two_sided, one_sided) = (t_quantile(freedom, 0.975), t_quantile(freedom, 0.95));
        let values = [self.law.lambda, self.law.alpha, self.law.beta];
        let most = [f64::INFINITY, 1.0, f64::INFINITY];
        Some([0, 1, 2].map(|index| {
            let half = errors[index] * if self.at_bound[index] { one_sided } else { two_sided };
            [(values[index] - half).max(0.0), (values[index] + half).min(most[index])]
        }))
    }

    /// The interval of the limit 1/α, by the ends of that of α; infinite above where α may be 0.
    pub fn limit_interval(&self) -> Option<[f64; 2]> {
        let [low, high] = self.intervals()?[1];
        let limit = |alpha: f64| Usl { alpha, ..self.law }.limit();
        (high > 0.0).then(|| [limit(high), limit(low)])
    }

    /// The interval of the peak √((1 − α)/β), by the delta method on its logarithm. None where α may be 1 or β may be 0:
    /// then there may be no peak.
    pub fn peak_interval(&self) -> Option<[f64; 2]> {
        let Usl { alpha, beta, .. } = self.law;
        let [_, within, above] = self.intervals()?;
        let slopes = [0.0, -0.5 / (1.0 - alpha), -0.5 / beta];
        (within[1] < 1.0 && above[0] > 0.0).then(|| self.by_logarithm(self.law.peak(), slopes))?
    }

    /// The interval of the greatest throughput, X at the peak, where the curve is level: so only what λ, α and β do to X there
    /// counts. None where there may be no peak.
    pub fn peak_throughput_interval(&self) -> Option<[f64; 2]> {
        self.peak_interval()?;
        self.curve_interval(self.law.peak())
    }

    /// The interval of the asymptote λ/α, by the delta method on its logarithm; none where α may be 0.
    pub fn asymptote_interval(&self) -> Option<[f64; 2]> {
        let slopes = [1.0 / self.law.lambda, -1.0 / self.law.alpha, 0.0];
        (self.intervals()?[1][0] > 0.0).then(|| self.by_logarithm(self.law.asymptote(), slopes))?
    }

    /// The interval of the throughput that the law has at a size, not of what would be measured there.
    pub fn curve_interval(&self, n: f64) -> Option<[f64; 2]> {
        let half = self.half_width(self.law.slopes(n))?;
        let value = self.law.throughput(n);
        Some([(value - half).max(0.0), value + half])
    }

    fn by_logarithm(&self, value: f64, slopes: [f64; 3]) -> Option<[f64; 2]> {
        let factor = libm::exp(self.half_width(slopes)?);
        Some([value / factor, value * factor])
    }

    /// Of something that changes by these slopes with λ, α and β.
    fn half_width(&self, slopes: [f64; 3]) -> Option<f64> {
        let (s, inverse) = (self.residual_error()?, self.inverse?);
        let row = |row: &[f64; 3]| row.iter().zip(slopes).map(|(entry, slope)| entry * slope).sum::<f64>();
        let variance: f64 = inverse.iter().zip(slopes).map(|(entries, slope)| slope * row(entries)).sum();
        let t = t_quantile(self.degrees_of_freedom() as u64, 0.975);
        Some(t * s * libm::sqrt(variance.max(0.0)))
    }
}

/// Parameters that are held at a bound: the others are free. The best law within bounds is the best on one of the faces.
#[derive(Debug, Clone, Copy)]
struct Face {
    alpha: Option<f64>,
    beta: Option<f64>,
}

impl Face {
    /// Whether λ, α, β are free.
    fn free(self) -> [bool; 3] {
        [true, self.alpha.is_none(), self.beta.is_none()]
    }

    fn count_free(self) -> usize {
        self.free().iter().filter(|free| **free).count()
    }
}

fn faces(form: Form) -> impl Iterator<Item = Face> {
    let betas: &[Option<f64>] = if form == Form::Usl { &[None, Some(0.0)] } else { &[Some(0.0)] };
    let alphas = [None, Some(0.0), Some(1.0)];
    betas.iter().flat_map(move |&beta| alphas.map(|alpha| Face { alpha, beta }))
}

/// The best law on a face, and the sum of its squared residuals.
#[derive(Debug, Clone, Copy)]
struct Found {
    law: Usl,
    face: Face,
    error: f64,
}

fn is_allowed(found: &Found) -> bool {
    let Usl { lambda, alpha, beta } = found.law;
    lambda > 0.0 && (0.0..=1.0).contains(&alpha) && beta >= 0.0 && found.error.is_finite()
}

/// Levenberg and Marquardt's method on what is free (Marquardt 1963).
fn descend(points: &[(f64, f64)], face: Face) -> Option<Found> {
    let mut law = start(points, face)?;
    let mut left = error(points, &law);
    let mut damping = 1e-3;
    for _ in 0..1000 {
        let next = step(points, &law, face, damping).map(|next| (next, error(points, &next)));
        match next.filter(|(_, error)| *error < left) {
            Some((next, error)) => {
                let gain = left - error;
                (law, left, damping) = (next, error, (damping / 3.0_f64).max(1e-12));
                if gain <= 1e-16 * left {
                    break;
                }
            }
            None if damping > 1e12 => break,
            None => damping *= 4.0,
        }
    }
    Some(Found { law, face, error: left })
}

/// The best of a coarse grid, with the λ that is best for each α and β.
fn start(points: &[(f64, f64)], face: Face) -> Option<Usl> {
    let largest = points.iter().map(|point| point.0).fold(1.0, f64::max);
    let alphas = face.alpha.map_or(vec![1e-4, 1e-3, 0.01, 0.1, 0.5], |alpha| vec![alpha]);
    let scale = |share: f64| share / (largest * largest);
    let betas = face.beta.map_or([1e-3, 0.1, 1.0, 10.0].map(scale).to_vec(), |beta| vec![beta]);
    let laws = alphas.iter().flat_map(|&alpha| betas.iter().map(move |&beta| Usl { lambda: 1.0, alpha, beta }));
    let scaled = laws.map(|law| Usl { lambda: scale_of(points, &law), ..law });
    scaled.min_by(|a, b| error(points, a).total_cmp(&error(points, b)))
}

/// The λ that is best with this α and β, Σ x f / Σ f².
fn scale_of(points: &[(f64, f64)], law: &Usl) -> f64 {
    let (mut products, mut squares) = (0.0, 0.0);
    for &(n, x) in points {
        let value = law.throughput(n);
        products += x * value;
        squares += value * value;
    }
    products / squares
}

/// The sum of the squared residuals; infinite where the law has a pole among the points.
fn error(points: &[(f64, f64)], law: &Usl) -> f64 {
    let residual = |&(n, x): &(f64, f64)| {
        let value = law.throughput(n);
        if value > 0.0 { (value - x) * (value - x) } else { f64::INFINITY }
    };
    points.iter().map(residual).sum()
}

/// One damped step from the normal equations.
fn step(points: &[(f64, f64)], law: &Usl, face: Face, damping: f64) -> Option<Usl> {
    let mut matrix = normal_matrix(points, law);
    let mut right = [0.0; 3];
    for &(n, x) in points {
        let slopes = law.slopes(n);
        (0..3).for_each(|row| right[row] += slopes[row] * (x - law.throughput(n)));
    }
    for (held, _) in face.free().into_iter().enumerate().filter(|(_, free)| !free) {
        (0..3).for_each(|other| (matrix[held][other], matrix[other][held]) = (0.0, 0.0));
        (matrix[held][held], right[held]) = (1.0, 0.0);
    }
    (0..3).for_each(|row| matrix[row][row] *= 1.0 + damping);
    let inverse = inverse(&matrix, 3)?;
    let change = |row: usize| (0..3).map(|column| inverse[row][column] * right[column]).sum::<f64>();
    Some(Usl { lambda: law.lambda + change(0), alpha: law.alpha + change(1), beta: law.beta + change(2) })
}

/// JᵀJ.
fn normal_matrix(points: &[(f64, f64)], law: &Usl) -> [[f64; 3]; 3] {
    let mut matrix = [[0.0; 3]; 3];
    for &(n, _) in points {
        let slopes = law.slopes(n);
        for (row, entries) in matrix.iter_mut().enumerate() {
            entries.iter_mut().zip(slopes).for_each(|(entry, slope)| *entry += slopes[row] * slope);
        }
    }
    matrix
}

/// The inverse of the first `size` rows and columns of a matrix that is positive definite, the rest zero, by Gauss and
/// Jordan's elimination of the matrix scaled to a diagonal of ones; none if it is nearly singular.
fn inverse(matrix: &[[f64; 3]; 3], size: usize) -> Option<[[f64; 3]; 3]> {
    let scale: Vec<f64> = (0..size).map(|index| libm::sqrt(matrix[index][index])).collect();
    if scale.iter().any(|length| !(*length > 0.0 && length.is_finite())) {
        return None;
    }
    let (mut left, mut right) = ([[0.0; 3]; 3], [[0.0; 3]; 3]);
    for row in 0..size {
        (0..size).for_each(|column| left[row][column] = matrix[row][column] / scale[row] / scale[column]);
        right[row][row] = 1.0;
    }
    for pivot in 0..size {
        let divisor = left[pivot][pivot];
        if divisor < 1e-13 {
            return None;
        }
        for column in 0..size {
            (left[pivot][column], right[pivot][column]) =
                (left[pivot][column] / divisor, right[pivot][column] / divisor);
        }
        for row in (0..size).filter(|row| *row != pivot) {
            let factor = left[row][pivot];
            for column in 0..size {
                left[row][column] -= factor * left[pivot][column];
                right[row][column] -= factor * right[pivot][column];
            }
        }
    }
    for row in 0..size {
        (0..size).for_each(|column| right[row][column] /= scale[row] * scale[column]);
    }
    Some(right)
}

#[cfg(test)]
mod tests;
