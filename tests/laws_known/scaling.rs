//! Loads that change, and how many servers they take.

use knee::laws::erlang::erlang_c;
use knee::laws::scaling::{
    constant_swing, exponential_swing, halfin_whitt, overload, poisson_quantile, servers_for_wait, square_root_staffing,
};
use knee::policy::scale::desired;

use super::agree;

/// Square-root staffing: P(wait) ≈ 1 / (1 + β Φ(β)/φ(β)) (Halfin & Whitt 1981).
#[test]
fn staffing() {
    let staffed = [0.5, 1.0, 2.0].map(|beta| square_root_staffing(100.0, beta));
    assert_eq!((staffed, servers_for_wait(100.0, 0.1)), ([105, 110, 120], 115));
    agree(&[
        ("wait at 0.5", erlang_c(100.0, 105), 0.5157074268),
        ("wait at 1", erlang_c(100.0, 110), 0.2370075003),
        ("wait at 2", erlang_c(100.0, 120), 0.03319589535),
        ("limit at 0.5", halfin_whitt(0.5), 0.504538641),
        ("limit at 1", halfin_whitt(1.0), 0.2233612748),
        ("limit at 2", halfin_whitt(2.0), 0.02688136243),
        ("utilization", 100.0 / 115.0, 0.8695652174),
    ]);
}

/// M_t/G/∞ with a sinusoidal rate (Eick, Massey & Whitt 1993).
#[test]
fn sinusoidal_load() {
    let exponential = exponential_swing(50.0, 30.0, 600.0, 60.0);
    let constant = constant_swing(50.0, 30.0, 600.0, 60.0);
    agree(&[
        ("peak", exponential.mean + exponential.amplitude, 4524.119429),
        ("trough", exponential.mean - exponential.amplitude, 1475.880571),
        ("lag", exponential.lag, 53.56984606),
        ("at 0", exponential.at(0.0, 600.0), 2189.140962),
        ("peak, constant service", constant.mean + constant.amplitude, 4770.536958),
        ("lag, constant service", constant.lag, 30.0),
    ]);
    assert_eq!(poisson_quantile(exponential.mean + exponential.amplitude, 0.99), 4681);
}

/// A fluid queue whose capacity comes late.
#[test]
fn step_of_the_load() {
    let spike = overload(900.0, 400.0, 1300.0, 60.0);
    agree(&[
        ("backlog", spike.backlog, 30_000.0),
        ("gone", spike.gone, 135.0),
        ("longest wait", spike.longest, 33.33333333),
        ("of who came at", spike.longest_at, 26.66666667),
        ("mean wait", spike.mean, 16.66666667),
    ]);
    assert_eq!(desired(4, 900.0 / 4.0 / 100.0, 0.7, 0.1), 13);
}

/// Kubernetes' Horizontal Pod Autoscaler: ⌈current · metric / target⌉, tolerance 0.1.
#[test]
fn horizontal_pod_autoscaler() {
    for (current, metric, target, expected) in [
        (4, 200.0, 100.0, 8),
        (4, 50.0, 100.0, 2),
        (4, 90.0, 60.0, 6),
        (10, 105.0, 100.0, 10),
        (10, 111.0, 100.0, 12),
        (3, 70.0, 100.0, 3),
    ] {
        assert_eq!(desired(current, metric, target, 0.1), expected, "{current} {metric} {target}");
    }
}
