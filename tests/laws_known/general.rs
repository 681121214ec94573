//! One station with service times of any law.

use knee::distribution::Law;
use knee::laws::priority::{Class, non_preemptive, preemptive_resume};
use knee::laws::{dps, erlang, kingman, mg1, ps};

use super::agree;

/// W = ρ s / 2(1 − ρ); its law is Erlang's sum (Erlang 1909; Prabhu 1965).
#[test]
fn md1() {
    let wait = |p| mg1::md1_wait_quantile(80.0, 0.01, p);
    agree(&[
        ("mean wait", mg1::wait(80.0, 0.01, 0.0), 0.02),
        ("mean response", mg1::response(80.0, 0.01, 0.0), 0.03),
        ("std of wait", mg1::wait_deviation(80.0, 0.01, 0.0, 1e-6), 0.02309401077),
        ("P50 wait", wait(0.50), 0.01275939873),
        ("P95 wait", wait(0.95), 0.06620324997),
        ("P99 wait", wait(0.99), 0.1035588679),
        ("P99 response", wait(0.99) + 0.01, 0.1135588679),
    ]);
}

/// Half the wait of M/M/4 as an approximation of M/D/4, which is exactly 2.5 % more
/// (Crommelin 1932).
#[test]
fn md4_is_about_half_of_mm4() {
    agree(&[("half of M/M/4", erlang::mmc_wait(340.0, 0.01, 4) / 2.0, 0.005744301847)]);
}

/// Pollaczek (1930) and Khinchine (1932), Takács (1962): mean wait, mean response, std of the wait,
/// for lognormal, hyperexponential and bounded Pareto service times.
#[test]
fn mg1_moments() {
    let phases = vec![(0.9, Law::exponential(0.005).unwrap()), (0.1, Law::exponential(0.055).unwrap())];
    let rows = [
        (70.0, Law::lognormal_cv(0.01, 2.0), [0.05833333333, 0.06833333333, 0.1145643924]),
        (70.0, Law::mixture(phases), [0.07583333333, 0.08583333333, 0.1164790158]),
        (200.0, Law::bounded_pareto(0.001, 1.0, 1.5), [0.02192864891, 0.02483387246, 0.07424870777]),
    ];
    for (rate, law, expected) in rows {
        let law = law.unwrap();
        let (mean, scv, third) = (law.mean(), law.scv(), law.third_moment().unwrap());
        agree(&[
            ("mean wait", mg1::wait(rate, mean, scv), expected[0]),
            ("mean response", mg1::response(rate, mean, scv), expected[1]),
            ("std of wait", mg1::wait_deviation(rate, mean, scv, third), expected[2]),
        ]);
    }
}

/// E\[Xᵏ\] = α Lᵏ (1 − (L/H)^(α−k)) / ((α−k) (1 − (L/H)^α)) (Harchol-Balter 2013, ch. 20).
#[test]
fn bounded_pareto() {
    let law = Law::bounded_pareto(0.001, 1.0, 1.5).unwrap();
    agree(&[
        ("mean", law.mean(), 0.002905223541),
        ("second moment", (1.0 + law.scv()) * law.mean() * law.mean(), 9.187123503e-05),
    ]);
}

/// T = s / (1 − ρ) for any law, and x / (1 − ρ) for a customer that needs x (Kleinrock 1967;
/// Sakata, Noguchi & Oizumi 1971).
#[test]
fn processor_sharing() {
    agree(&[
        ("mean response", ps::response(80.0, 0.01), 0.05),
        ("of 1 ms", ps::conditional_response(80.0, 0.01, 0.001), 0.005),
        ("of 50 ms", ps::conditional_response(80.0, 0.01, 0.050), 0.25),
    ]);
}

/// Last come, first served: E\[W²\] is that of FIFO over 1 − ρ (Kingman 1962; Takagi 1991), and the
/// response with interruption is a busy period, s / (1 − ρ) (Kleinrock 1975).
#[test]
fn lifo() {
    let (mean, fifo) = (mg1::wait(80.0, 0.01, 1.0), mg1::wait_deviation(80.0, 0.01, 1.0, 6e-6));
    let square = (mean * mean + fifo * fifo) / 0.2;
    agree(&[
        ("mean wait", mean, 0.04),
        ("E[W²]", square, 0.02),
        ("std of wait", (square - mean * mean).sqrt(), 0.1356465997),
        ("std of wait under FIFO", fifo, 0.04898979486),
        ("mean response with interruption", ps::response(80.0, 0.01), 0.05),
        ("mean response under FIFO", erlang::mmc_response(80.0, 0.01, 1), 0.05),
    ]);
}

/// Cobham (1954): W(k) = R / (1 − σ(k−1))(1 − σ(k)); Σ ρ W is the same in any order.
#[test]
fn priority() {
    let class = |arrival_rate, service_time, scv| Class { arrival_rate, service_time, scv };
    let response = non_preemptive(&[class(30.0, 0.005, 1.0), class(60.0, 0.01, 0.0)]);
    agree(&[
        ("class 1", response[0], 0.009411764706),
        ("class 2", response[1], 0.02764705882),
        ("all", (response[0] + 2.0 * response[1]) / 3.0, 0.02156862745),
        ("conserved", 0.15 * (response[0] - 0.005) + 0.6 * (response[1] - 0.01), 0.01125),
    ]);
    // White & Christie (1958): interrupted work resumes.
    let response = preemptive_resume(&[class(30.0, 0.005, 1.0), class(60.0, 0.01, 1.0)]);
    agree(&[
        ("class 1 preempts", response[0], 0.005882352941),
        ("class 2 is preempted", response[1], 0.04352941176),
        ("all, preemptive", (response[0] + 2.0 * response[1]) / 3.0, 0.03098039216),
    ]);
}

/// λ (σa² + σs²) / 2(1 − ρ) (Kingman 1962), above the true 0.015321 of E2/U/1.
#[test]
fn kingman_bound() {
    let (gap, service) = (Law::erlang(0.0125, 2).unwrap(), Law::uniform(0.0, 0.02).unwrap());
    agree(&[
        ("bound", kingman::wait_bound(80.0, 0.01, gap.scv(), service.scv()), 0.02229166667),
        ("approximation", kingman::wait_approximation(80.0, 0.01, gap.scv(), service.scv()), 0.01666666667),
    ]);
}

/// T(k) = s(k) + Σ λ(j) g(j) (T(k) + T(j)) / (μ(j) g(j) + μ(k) g(k))
/// (Fayolle, Mitrani & Iasnogorodski 1980).
#[test]
fn discriminatory_processor_sharing() {
    let class = |arrival_rate, service_time, weight| dps::Class { arrival_rate, service_time, weight };
    let response = dps::responses(&[class(30.0, 0.01, 4.0), class(20.0, 0.02, 1.0)]).unwrap();
    agree(&[("class 1", response[0], 0.02043010753), ("class 2", response[1], 0.07634408602)]);
}

/// A lock that is held and then handed over: M/G/1 with the sum of both times
/// (Pollaczek 1930, Khinchine 1932).
#[test]
fn lock_with_hand_off() {
    let hold = Law::lognormal_cv(0.005, 1.0).unwrap();
    let (mean, variance) = (hold.mean() + 0.002, hold.scv() * hold.mean() * hold.mean());
    let scv = variance / (mean * mean);
    agree(&[
        ("mean wait", mg1::wait(100.0, mean, scv), 0.01233333333),
        ("mean response", mg1::response(100.0, mean, scv), 0.01933333333),
    ]);
}
