//! Laws of service times: their moments and quantiles, and those of their samples.

use knee::distribution::Law;
use knee::rng::stream;

use super::agree;

/// A law and what is known of it.
struct Known {
    law: Law,
    mean: f64,
    variance: f64,
    p99: f64,
}

/// In seconds; the formulas are in any text (Law 2014, ch. 6). P99 of the exponential law is m ln 100, of Pareto's
/// x₁ 100^(1/α), of Weibull's λ (ln 100)^(1/k).
fn known() -> Vec<Known> {
    let of = |law: Result<Law, String>, mean, variance, p99| Known { law: law.expect("a law"), mean, variance, p99 };
    vec![
        of(Law::exponential(0.01), 0.01, 0.0001, 0.046_051_701_86),
        of(Law::lognormal_cv(0.01, 2.0), 0.01, 0.0004, 0.085_554_650_54),
        of(Law::erlang(0.01, 4), 0.01, 2.5e-5, 0.025_112_793_79),
        of(Law::pareto_low(0.02 / 3.0, 3.0), 0.01, 3.333_333_333e-5, 0.030_943_925_56),
        of(Law::weibull(0.01, 0.5), 0.01, 0.0005, 0.106_037_962_2),
        of(Law::uniform(0.005, 0.015), 0.01, 8.333_333_333e-6, 0.0149),
    ]
}

#[test]
fn moments_and_quantiles() {
    for Known { law, mean, variance, p99 } in known() {
        let p99_found = law.quantile(0.99).expect("a quantile");
        agree(&[
            ("mean", law.mean(), mean),
            ("variance", law.scv() * law.mean() * law.mean(), variance),
            ("P99", p99_found, p99),
        ]);
    }
}

/// A million of each: means within four and a half standard errors, as many above P99 as there should be, and one in
/// each of a hundred classes of equal probability as often as chance allows (Pearson 1900: 99 degrees of freedom, whose
/// quantile of 1 − 10⁻⁶ is 181 by Wilson & Hilferty 1931).
#[test]
fn samples() {
    const N: u32 = 1_000_000;
    for (index, Known { law, mean, variance, .. }) in known().into_iter().enumerate() {
        let mut rng = stream(11, 0, &format!("samplers/{index}"));
        let (mut sum, mut classes) = (0.0, [0_u32; 100]);
        for _ in 0..N {
            let x = law.sample(&mut rng);
            sum += x;
            classes[((law.cdf(x) * 100.0) as usize).min(99)] += 1;
        }
        let error = (variance / f64::from(N)).sqrt();
        assert!((sum / f64::from(N) - mean).abs() < 4.5 * error, "{law:?}");
        let expected = f64::from(N) / 100.0;
        let chi_square: f64 = classes.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
        assert!(chi_square < 181.0, "{law:?}: {chi_square}");
    }
}
