use super::super::assert_close;
use super::*;

/// The SPEC SDM91 benchmark on a SPARCcenter 2000, in scripts per hour (Gunther 2007, ch. 5).
const SDM91: [(f64, f64); 7] =
    [(1.0, 64.9), (18.0, 995.9), (36.0, 1652.4), (72.0, 1853.2), (108.0, 1828.9), (144.0, 1775.0), (216.0, 1702.2)];

/// A ray tracer on an Origin 2000 (Gunther 2007, ch. 5): the points alone would make β negative.
const RAYTRACER: [(f64, f64); 11] = [
    (1.0, 20.0),
    (4.0, 78.0),
    (8.0, 130.0),
    (12.0, 170.0),
    (16.0, 190.0),
    (20.0, 200.0),
    (24.0, 210.0),
    (28.0, 230.0),
    (32.0, 260.0),
    (48.0, 280.0),
    (64.0, 310.0),
];

#[test]
fn what_was_generated_is_found_again() {
    let laws = [
        Usl { lambda: 100.0, alpha: 0.05, beta: 0.001 },
        Usl { lambda: 0.7, alpha: 0.2, beta: 0.0 },
        Usl { lambda: 3e6, alpha: 0.0, beta: 1e-5 },
        Usl { lambda: 5.0, alpha: 0.0, beta: 0.0 },
        Usl { lambda: 5.0, alpha: 1.0, beta: 0.01 },
    ];
    for law in laws {
        let points = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0].map(|n| (n, law.throughput(n)));
        let found = fit(&points, Form::Usl).unwrap();
        assert!((found.law.lambda / law.lambda - 1.0).abs() < 1e-6, "{found:?}");
        assert!((found.law.alpha - law.alpha).abs() < 1e-6 && (found.law.beta - law.beta).abs() < 1e-8, "{found:?}");
        assert_eq!(found.at_bound[2], law.beta == 0.0, "{found:?}");
        assert!(found.law.peak() == law.peak() || (found.law.peak() / law.peak() - 1.0).abs() < 1e-3, "{found:?}");
    }
    let amdahl = Usl { lambda: 3.0, alpha: 0.05, beta: 0.0 };
    let points = [1.0, 4.0, 64.0].map(|n| (n, amdahl.throughput(n)));
    assert!((fit(&points, Form::Amdahl).unwrap().law.limit() - 20.0).abs() < 1e-6);
}

/// As `usl(throughput ~ load, specsdm91)` of R's package usl 3.0 prints them, which has nls of R find them.
#[test]
fn errors_agree_with_r() {
    let found = fit(&SDM91, Form::Usl).unwrap();
    let errors = found.standard_errors().unwrap();
    for (error, expected) in errors.into_iter().zip([14.21, 9.122e-3, 1.988e-5]) {
        assert_close(error, expected, 5e-4);
    }
    assert_close(found.residual_error().unwrap(), 82.85, 1e-4);
    assert_close(found.r_squared().unwrap(), 0.9896, 1e-4);
    assert_eq!((found.degrees_of_freedom(), found.at_bound), (4, [false; 3]));
}

/// β is at its bound. The intervals of `confint` in R's package usl 3.0 reach t(0.95, 10) standard errors to each side, and
/// take β as if it could be negative; from them come the errors here.
#[test]
fn a_parameter_at_its_bound_has_an_interval_of_one_side() {
    let found = fit(&RAYTRACER, Form::Usl).unwrap();
    assert_eq!((found.at_bound, found.law.beta), ([false, false, true], 0.0));
    let r = [(17.868380, 25.829306), (0.033677, 0.081864), (-0.000214, 0.000214)];
    let errors = found.standard_errors().unwrap();
    for (error, (low, high)) in errors.into_iter().zip(r) {
        assert_close(error, (high - low) / 2.0 / t_quantile(10, 0.95), 2e-3);
    }
    let [_, alpha, beta] = found.intervals().unwrap();
    assert_eq!(beta[0], 0.0);
    assert_close(beta[1], errors[2] * t_quantile(8, 0.95), 1e-12);
    assert_eq!((found.law.peak(), found.peak_interval()), (f64::INFINITY, None));
    let [low, high] = found.limit_interval().unwrap();
    assert!((low - 1.0 / alpha[1]).abs() < 1e-12 && (high - 1.0 / alpha[0]).abs() < 1e-12);
}

/// Of a thousand fits to the same law with normal noise, about 95 % of the intervals cover the truth.
#[test]
fn intervals_cover_what_they_should() {
    let law = Usl { lambda: 90.0, alpha: 0.03, beta: 1e-4 };
    let mut state = 1u64;
    let mut normal = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        crate::numeric::normal_quantile(((state >> 12) as f64 + 0.5) / (1u64 << 52) as f64)
    };
    let mut covered = [0; 6];
    for _ in 0..1000 {
        let sizes = [1.0, 8.0, 20.0, 40.0, 70.0, 110.0, 160.0, 220.0];
        let points = sizes.map(|n| (n, law.throughput(n) + 20.0 * normal()));
        let found = fit(&points, Form::Usl).unwrap();
        let [lambda, alpha, beta] = found.intervals().unwrap();
        let intervals = [
            (law.lambda, Some(lambda)),
            (law.alpha, Some(alpha)),
            (law.beta, Some(beta)),
            (law.peak(), found.peak_interval()),
            (law.throughput(law.peak()), found.peak_throughput_interval()),
            (law.asymptote(), found.asymptote_interval()),
        ];
        for (count, (truth, interval)) in covered.iter_mut().zip(intervals) {
            *count += usize::from(interval.is_some_and(|[low, high]| low <= truth && truth <= high));
        }
    }
    assert!(covered.iter().all(|count| (930..=970).contains(count)), "{covered:?}");
}

#[test]
fn too_little_is_not_fitted() {
    assert_eq!(fit(&[(1.0, 1.0), (2.0, 2.0)], Form::Usl), None);
    assert_eq!(fit(&[(1.0, 1.0), (2.0, 2.0), (2.0, 2.1)], Form::Usl), None);
    assert_eq!(fit(&[(1.0, 0.0), (2.0, 0.0), (3.0, 0.0)], Form::Usl), None);
    assert_eq!(fit(&[(0.5, 1.0), (2.0, 2.0), (3.0, 2.5)], Form::Usl), None);
    let exact = fit(&[(1.0, 1.0), (2.0, 1.8), (4.0, 3.0)], Form::Usl).unwrap();
    assert_eq!((exact.degrees_of_freedom(), exact.intervals()), (0, None));
}

/// Throughput that falls from the first addition on is all serial and the rest coherency: α does not exceed 1.
#[test]
fn what_falls_from_the_start_is_serial_altogether() {
    let found = fit(&[(1.0, 100.0), (2.0, 80.0), (4.0, 60.0), (8.0, 41.0)], Form::Usl).unwrap();
    assert!(found.at_bound[1] && found.law.alpha == 1.0 && found.law.beta > 0.0, "{found:?}");
    assert_eq!(found.intervals().unwrap()[1][1], 1.0);
    assert_eq!(found.peak_interval(), None);
}
