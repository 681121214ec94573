use super::*;
use crate::rng::stream;

/// One of each family, in milliseconds, with its first three samples.
fn all() -> Vec<(Law, [f64; 3])> {
    let two = vec![(0.9, Law::exponential(1.0).unwrap()), (0.1, Law::constant(100.0).unwrap())];
    let parts = [Law::uniform(0.0, 8.0).unwrap(), Law::exponential(4.0).unwrap(), Law::constant(2.0).unwrap()];
    vec![
        (Law::constant(10.0).unwrap(), [10.0, 10.0, 10.0]),
        (Law::exponential(10.0).unwrap(), [0.3924980709710022, 1.052373220379744, 11.905473878462498]),
        (Law::uniform(5.0, 15.0).unwrap(), [5.535495305718081, 7.622967891590533, 10.04761168586172]),
        (Law::erlang(10.0, 2).unwrap(), [0.7224356456753731, 6.775595817062829, 12.572377097912197]),
        (Law::erlang(10.0, 4).unwrap(), [9.655202488155762, 2.833790219961127, 14.142469839341285]),
        (Law::lognormal_cv(10.0, 2.0).unwrap(), [5.078919577999987, 6.87749200019492, 0.42224373617616534]),
        (Law::lognormal_percentiles(8.0, 60.0).unwrap(), [8.725987219349149, 10.73249236178181, 1.5971117627756697]),
        (Law::hyperexponential(10.0, 3.0).unwrap(), [0.5555099849597707, 0.8687152314333698, 11.438587548199255]),
        (Law::pareto_mean(10.0, 8.0).unwrap(), [8.793034959804679, 8.865863724433611, 10.154044752077702]),
        (Law::pareto_low(10.0, 10.0).unwrap(), [10.039326935340899, 10.105793014343758, 11.264315760962395]),
        (Law::weibull(10.0, 0.5).unwrap(), [0.0077027367857978955, 0.05537446974862165, 7.087015413537644]),
        (Law::gamma(10.0, 0.7).unwrap(), [9.025382927538567, 1.2137942434722533, 15.48872024402753]),
        (Law::gamma(10.0, 2.0).unwrap(), [0.3473721712668032, 0.00868688125417637, 29.622218560946312]),
        (Law::bounded_pareto(1.0, 1000.0, 1.5).unwrap(), [1.0373712826377575, 1.2248294746499058, 1.597524552561909]),
        (Law::mixture(two).unwrap(), [0.1052373220379744, 100.0, 0.34751829178826643]),
        (Law::empirical(vec![3.0, 1.0, 2.0, 2.0]).unwrap(), [1.0, 2.0, 2.0]),
        (Law::sum(&parts).unwrap(), [2.8493455327263626, 6.69637645095464, 14.519459808152485]),
    ]
}

#[test]
fn samples_keep_their_values() {
    for (law, expected) in all() {
        let mut rng = stream(1, 0, "golden");
        let samples = [law.sample(&mut rng), law.sample(&mut rng), law.sample(&mut rng)];
        assert_eq!(samples, expected, "{law:?}");
    }
}

#[test]
fn samples_agree_with_moments_and_quantiles() {
    for (law, _) in all() {
        let mut rng = stream(3, 0, "moments");
        let n = 1_000_000;
        let mut samples: Vec<f64> = (0..n).map(|_| law.sample(&mut rng)).collect();
        let raw = |k: i32| samples.iter().map(|x| x.powi(k)).sum::<f64>() / f64::from(n);
        let moments = [raw(1), raw(2), raw(3), raw(4), raw(6)];
        let error = |k: usize, double: usize| ((moments[double] - moments[k].powi(2)).max(0.0) / f64::from(n)).sqrt();
        let mean = law.mean();
        let expected = [mean, (law.scv() + 1.0) * mean * mean, law.third_moment().unwrap()];
        for (k, double) in [(0, 1), (1, 3), (2, 4)] {
            let tolerance = 4.5 * error(k, double) + 1e-9 * expected[k];
            assert!((moments[k] - expected[k]).abs() < tolerance, "{law:?} moment {}", k + 1);
        }
        samples.sort_by(f64::total_cmp);
        for p in [0.1, 0.5, 0.99] {
            let x = law.quantile(p).unwrap();
            let below = samples.partition_point(|&sample| sample < x) as f64 / f64::from(n);
            let through = samples.partition_point(|&sample| sample <= x) as f64 / f64::from(n);
            assert!(below < p + 0.0025 && through > p - 0.0025, "{law:?} quantile {p}");
        }
    }
}

#[test]
fn quantile_inverts_cdf() {
    for (law, _) in all() {
        for p in [0.001, 0.25, 0.75, 0.999] {
            let x = law.quantile(p).unwrap();
            assert!(law.cdf(x) >= p - 1e-9, "{law:?} {p}");
            assert!(law.cdf(x * (1.0 - 1e-7)) < p + 1e-9, "{law:?} {p}");
        }
        assert_eq!([law.quantile(0.0), law.quantile(1.0), law.quantile(f64::NAN)], [None; 3]);
    }
}

#[test]
fn scaling_changes_the_unit_only() {
    for (law, _) in all() {
        let scaled = law.scaled(1e9);
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{law:?}: {a} {b}");
        close(scaled.mean(), law.mean() * 1e9);
        close(scaled.scv() + 1.0, law.scv() + 1.0);
        close(scaled.quantile(0.9).unwrap(), law.quantile(0.9).unwrap() * 1e9);
        let (mut one, mut other) = (stream(1, 0, "unit"), stream(1, 0, "unit"));
        for _ in 0..100 {
            close(scaled.sample(&mut one), law.sample(&mut other) * 1e9);
        }
    }
}

/// Mean 10 ms each: variance and 99th percentile, computed independently.
#[test]
fn known_values() {
    let cases = [
        (Law::exponential(0.01), 1e-4, 0.046_051_701_86),
        (Law::lognormal_cv(0.01, 2.0), 4e-4, 0.085_554_650_54),
        (Law::erlang(0.01, 4), 2.5e-5, 0.025_112_793_79),
        (Law::pareto_mean(0.01, 3.0), 1e-4 / 3.0, 0.030_943_925_56),
        (Law::weibull(0.01, 0.5), 5e-4, 0.106_037_962_2),
        (Law::uniform(0.005, 0.015), 1e-4 / 12.0, 0.0149),
    ];
    for (law, variance, p99) in cases {
        let law = law.unwrap();
        assert!((law.mean() - 0.01).abs() < 1e-15, "{law:?}");
        assert!((law.scv() * 1e-4 / variance - 1.0).abs() < 1e-12, "{law:?}");
        assert!((law.quantile(0.99).unwrap() / p99 - 1.0).abs() < 1e-9, "{law:?}");
    }
}

#[test]
fn a_heavy_tail_has_no_moments() {
    let heavy = Law::pareto_low(1.0, 1.5).unwrap();
    assert_eq!((heavy.scv(), heavy.third_moment()), (f64::INFINITY, None));
    let mixed = Law::mixture(vec![(0.5, heavy), (0.5, Law::constant(1.0).unwrap())]).unwrap();
    assert_eq!((mixed.scv(), mixed.third_moment()), (f64::INFINITY, None));
}

/// Seek U(0, 17 ms), rotation of 7200 rpm, 64 KiB at 150 MB/s and 0.1 ms for the controller.
#[test]
fn a_disk_is_a_sum() {
    let parts = [Law::uniform(0.0, 0.017), Law::uniform(0.0, 1.0 / 120.0), Law::constant(65_536.0 / 150e6 + 1e-4)];
    let disk = Law::sum(&parts.map(Result::unwrap)).unwrap();
    assert!((disk.mean() - 0.013_203_573_33).abs() < 1e-11);
    assert!((libm::sqrt(disk.scv()) * disk.mean() - 0.005_465_379_252).abs() < 1e-12);
    // Both parts are symmetric: so is the sum, and its third central moment is 0.
    let third = disk.mean().powi(3) * (1.0 + 3.0 * disk.scv());
    assert!((disk.third_moment().unwrap() / third - 1.0).abs() < 1e-12);
    assert!((disk.quantile(0.5).unwrap() - disk.mean()).abs() < 1e-4 * disk.mean());
}

#[test]
fn a_sum_is_said_as_simply_as_it_can_be() {
    let (one, two) = (Law::constant(1.0).unwrap(), Law::exponential(2.0).unwrap());
    assert_eq!(Law::sum(&[one.clone(), one]).unwrap().as_constant(), Some(2.0));
    assert_eq!(Law::sum(&[Law::constant(0.0).unwrap(), two.clone()]).unwrap(), two);
    assert_eq!(Law::sum(&[]).unwrap().as_constant(), Some(0.0));
}

#[test]
fn special_cases_are_recognized() {
    assert!(Law::exponential(1.0).unwrap().is_exponential());
    assert!(Law::erlang(1.0, 1).unwrap().is_exponential());
    assert!(!Law::erlang(1.0, 2).unwrap().is_exponential());
    assert_eq!(Law::constant(3.0).unwrap().as_constant(), Some(3.0));
    assert_eq!(Law::exponential(3.0).unwrap().as_constant(), None);
}

#[test]
fn bad_parameters_are_refused() {
    let nan = f64::NAN;
    let bad = [
        Law::constant(-1.0),
        Law::exponential(0.0),
        Law::exponential(f64::INFINITY),
        Law::uniform(2.0, 1.0),
        Law::uniform(-1.0, 1.0),
        Law::erlang(1.0, 0),
        Law::lognormal_cv(1.0, nan),
        Law::lognormal_percentiles(2.0, 1.0),
        Law::hyperexponential(1.0, 0.5),
        Law::pareto_mean(1.0, 1.0),
        Law::pareto_low(1.0, -1.0),
        Law::weibull(1.0, 0.0),
        Law::gamma(nan, 1.0),
        Law::bounded_pareto(2.0, 1.0, 1.0),
        Law::mixture(vec![]),
        Law::mixture(vec![(0.5, Law::constant(1.0).unwrap())]),
        Law::empirical(vec![]),
        Law::empirical(vec![-1.0]),
    ];
    for law in bad {
        let message = law.unwrap_err();
        assert!(message.len() > 15 && !message.ends_with('.'), "{message}");
    }
}
