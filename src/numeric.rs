//! Numerical helpers: root finding, quadrature, the normal, gamma and Student's t distribution functions.
//!
//! All transcendental functions come from `libm`, so that results are equal on every platform.

use std::f64::consts::{FRAC_2_PI, PI, SQRT_2};

/// The smallest `x` in [low, high] at which the monotone predicate holds, to the last bit or two.
///
/// `holds` must be false up to some point and true from there on; if it never is, this is `high`.
///
/// ```
/// let root = knee::numeric::bisect(0.0, 2.0, |x| x * x >= 2.0);
/// assert!((root - 2f64.sqrt()).abs() < 1e-15);
/// ```
pub fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Like [`bisect`] over [0, ∞): doubles `guess`, which must be positive, until the predicate holds.
pub fn bisect_upwards(guess: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(0.0) {
        return 0.0;
    }
    let mut high = guess;
    while high < f64::MAX / 2.0 && !holds(high) {
        high *= 2.0;
    }
    bisect(0.0, high, holds)
}

/// P(Z ≤ z) for a standard normal Z.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// The z with P(Z ≤ z) = p, for 0 < p < 1.
///
/// The tail expansion of Abramowitz and Stegun (1964, 26.2.23), polished by Halley's method.
///
/// ```
/// let z = knee::numeric::normal_quantile(0.99);
/// assert!((z - 2.3263478740408408).abs() < 1e-14);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -lower_normal_quantile(1.0 - p);
    }
    lower_normal_quantile(p)
}

fn lower_normal_quantile(p: f64) -> f64 {
    let t = libm::sqrt(-2.0 * libm::log(p));
    let numerator = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let denominator = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = numerator / denominator - t;
    for _ in 0..3 {
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI);
        let step = (normal_cdf(z) - p) / density;
        z -= step / (1.0 + 0.5 * z * step);
    }
    z
}

/// The quantile of Student's t with `df` ≥ 1 degrees of freedom, for 0 < p < 1.
///
/// Exact to rounding for up to 200 degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and
/// 26.7.4, inverted by bisection); beyond, within 1e-10 by the expansion 26.7.5.
///
/// ```
/// assert!((knee::numeric::t_quantile(9, 0.975) - 2.2621571628).abs() < 1e-9);
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
/// assert!((knee::numeric::t_two_sided(9, 2.2621571628) - 0.05).abs() < 1e-9);
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

/// P(X ≤ x) for a gamma variable of mean `shape` and scale 1: the regularized lower incomplete
/// gamma function.
///
/// A power series below the mean, Lentz's continued fraction above (Press et al. 2007, 6.2). Both take the longer the
/// larger the shape: from 10⁵ on it is Temme's uniform expansion (1979, "The asymptotic expansion of the incomplete gamma
/// functions"), whose error is below 10⁻¹⁰ there.
///
/// ```
/// let exponential = knee::numeric::gamma_cdf(1.0, 2.0);
/// assert!((exponential - (1.0 - (-2f64).exp())).abs() < 1e-15);
/// ```
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if shape > LARGE_SHAPE {
        return gamma_cdf_of_large(shape, x);
    }
    let density = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 { density * gamma_series(shape, x) } else { 1.0 - density * gamma_fraction(shape, x) }
}

const LARGE_SHAPE: f64 = 1e5;

/// Nearly normal in η, which is about x/shape − 1 near the mean.
fn gamma_cdf_of_large(shape: f64, x: f64) -> f64 {
    // The expansion of Temme's first coefficient; where it would not do, the correction has vanished.
    const C: [f64; 5] = [-1.0 / 3.0, 1.0 / 12.0, -2.0 / 135.0, 1.0 / 864.0, 1.0 / 2835.0];
    let off = x / shape - 1.0;
    let half_square = match off.abs() < 1e-4 {
        true => off * off * (0.5 - off * (1.0 / 3.0 - off / 4.0)),
        false => off - libm::log1p(off),
    };
    let eta = libm::copysign(libm::sqrt(2.0 * half_square), off);
    let correction = C.iter().rev().fold(0.0, |sum, c| sum * eta + c);
    let normal = 0.5 * libm::erfc(-eta * libm::sqrt(shape / 2.0));
    let vanishing = libm::exp(-shape * half_square) / libm::sqrt(2.0 * PI * shape);
    (normal - vanishing * correction).clamp(0.0, 1.0)
}

fn gamma_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    let mut k = shape;
    while term > sum * f64::EPSILON {
        k += 1.0;
        term *= x / k;
        sum += term;
    }
    sum
}

fn gamma_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for k in 1..100_000 {
        let a = -f64::from(k) * (f64::from(k) - shape);
        b += 2.0;
        d = 1.0 / nonzero(a * d + b, TINY);
        c = nonzero(b + a / c, TINY);
        fraction *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}

fn nonzero(x: f64, tiny: f64) -> f64 {
    if x.abs() < tiny { tiny } else { x }
}

/// ∫ f over [0, ∞) for a smooth `f` that falls off; `scale`, which must be positive, says roughly
/// where it does.
///
/// Double exponential quadrature (Takahasi and Mori 1974): the trapezoidal rule in t, with
/// x = scale · exp(π/2 sinh t); halves its step until two results agree.
///
/// ```
/// let area = knee::numeric::integrate_upwards(1.0, |x| (-x * x).exp());
/// assert!((area - std::f64::consts::PI.sqrt() / 2.0).abs() < 1e-13);
/// ```
pub fn integrate_upwards(scale: f64, f: impl Fn(f64) -> f64) -> f64 {
    const REACH: i32 = 5;
    let term = |t: f64| {
        let x = scale * libm::exp(PI / 2.0 * libm::sinh(t));
        x * PI / 2.0 * libm::cosh(t) * f(x)
    };
    let mut steps = 4; // a unit of t
    let mut sum: f64 = (-REACH * steps..=REACH * steps).map(|k| term(f64::from(k) / f64::from(steps))).sum();
    let mut integral = sum / f64::from(steps);
    for _ in 0..8 {
        steps *= 2;
        let between = (-REACH * steps..REACH * steps).filter(|k| k % 2 != 0);
        sum += between.map(|k| term(f64::from(k) / f64::from(steps))).sum::<f64>();
        let before = integral;
        integral = sum / f64::from(steps);
        if (integral - before).abs() <= 1e-13 * integral.abs() {
            break;
        }
    }
    integral
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Gamma, Normal, StudentsT};

    #[test]
    fn normal_agrees_with_statrs() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for p in [1e-12, 1e-5, 0.01, 0.3, 0.5, 0.7, 0.975, 0.999_999] {
            let z = normal_quantile(p);
            assert!((z - normal.inverse_cdf(p)).abs() < 1e-9 * z.abs().max(1.0), "{p}");
            assert!((normal_cdf(z) - p).abs() < 1e-15 + 1e-12 * p, "{p}");
        }
    }

    #[test]
    fn student_agrees_with_statrs() {
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
    fn integrals_agree_with_closed_forms() {
        for scale in [0.1, 1.0, 30.0] {
            assert!((integrate_upwards(scale, |x| 1.0 / ((1.0 + x) * (1.0 + x))) - 1.0).abs() < 1e-12, "{scale}");
            assert!((integrate_upwards(scale, |x| 1.0 - gamma_cdf(5.0, x)) - 5.0).abs() < 1e-12, "{scale}");
        }
    }

    #[test]
    fn gamma_of_large_shapes_is_that_of_smaller_ones_and_takes_no_time() {
        // The exponent of the density is about fourteen times the shape, and known to sixteen digits.
        for shape in [1.1e5, 1e6] {
            for sigmas in [-6.0, -3.0, -1.0, -0.1, 0.0, 0.3, 2.0, 5.0] {
                let x = shape + sigmas * libm::sqrt(shape);
                let density = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
                let series = density * gamma_series(shape, x);
                assert!((gamma_cdf(shape, x) - series).abs() < 2e-14 * shape, "{shape} {x}: {series}");
            }
        }
        for shape in [1e9, 1e15, 1e300] {
            assert!((gamma_cdf(shape, shape) - 0.5).abs() < 1e-5, "{shape}");
            assert_eq!([0.5, 2.0].map(|share| gamma_cdf(shape, share * shape)), [0.0, 1.0]);
        }
    }

    #[test]
    fn gamma_agrees_with_statrs() {
        for shape in [0.1, 0.5, 1.0, 4.0, 30.0, 1000.0] {
            let gamma = Gamma::new(shape, 1.0).unwrap();
            for factor in [0.01, 0.5, 0.9, 1.0, 1.1, 2.0, 10.0] {
                let x = shape * factor;
                assert!((gamma_cdf(shape, x) - gamma.cdf(x)).abs() < 1e-10, "{shape} {x}");
            }
        }
    }
}
