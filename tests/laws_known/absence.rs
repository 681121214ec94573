//! A server that is not always there, and clients that come back.

use knee::laws::absence::{Time, breakdowns, cold_start, completion, pauses, set_up, vacations};
use knee::laws::retrial::retrial;
use knee::laws::{erlang, mg1};

use super::agree;

fn exponential(mean: f64) -> Time {
    Time { mean, scv: 1.0 }
}

/// A preemptive class (White & Christie 1958; Avi-Itzhak & Naor 1963).
#[test]
fn stop_the_world() {
    let response = pauses(50.0, exponential(0.01), 0.5, Time { mean: 0.1, scv: 0.0 });
    agree(&[("mean response", response, 0.02807017544), ("without pauses", erlang::mmc_response(50.0, 0.01, 1), 0.02)]);
}

/// M/G/1 and E\[V²\] / 2 E\[V\] (Levy & Yechiali 1975; Fuhrmann & Cooper 1985).
#[test]
fn multiple_vacations() {
    let wait = vacations(60.0, exponential(0.01), exponential(0.02));
    agree(&[("mean wait", wait, 0.035), ("mean response", wait + 0.01, 0.045)]);
}

/// M/G/1 and (2 E\[I\] + λ E\[I²\]) / 2 (1 + λ E\[I\]) (Welch 1964).
#[test]
fn set_up_after_idleness() {
    let wait = set_up(50.0, exponential(0.01), exponential(0.1));
    agree(&[("mean wait", wait, 0.11), ("mean response", wait + 0.01, 0.12)]);
}

/// L = (ρ + λ f / (f + r)²) / (A − ρ) (White & Christie 1958; Mitrany & Avi-Itzhak 1968).
#[test]
fn breakdowns_at_any_time() {
    let broken = breakdowns(50.0, 0.01, 10.0, 0.5);
    agree(&[
        ("mean number", broken.mean_in_system, 3.611528822),
        ("mean response", broken.response, 0.07223057644),
        ("availability", broken.availability, 0.9523809524),
        ("empty", broken.empty, 0.4532509158),
        ("utilization", broken.utilization, 0.525),
    ]);
}

/// M/G/1 with the completion time (Gaver 1962; Avi-Itzhak & Naor 1963).
#[test]
fn breakdowns_while_serving() {
    let service = completion(exponential(0.01), 2.0, exponential(0.1));
    agree(&[
        ("mean completion", service.mean, 0.012),
        ("mean wait", mg1::wait(60.0, service.mean, service.scv), 0.07371428571),
        ("mean response", mg1::response(60.0, service.mean, service.scv), 0.08571428571),
        ("busy or broken", 60.0 * service.mean, 0.72),
    ]);
}

/// e^(−λτ): the gap is longer than an instance is kept.
#[test]
fn keep_alive() {
    let cold = cold_start(0.005, 600.0);
    agree(&[
        ("cold starts", cold, 0.04978706837),
        ("mean added latency", 1.2 * cold, 0.05974448204),
        ("share of time kept", 1.0 - cold, 0.9502129316),
    ]);
}

/// E\[orbit\] = ρ (λ + ρ ν) / (1 − ρ) ν (Falin & Templeton 1997).
#[test]
fn retrials() {
    let queue = retrial(60.0, 0.01, 0.05).unwrap();
    agree(&[
        ("in orbit", queue.orbit, 5.4),
        ("delay before service", queue.delay, 0.09),
        ("mean response", queue.response, 0.1),
        ("refused at first", queue.refused, 0.6),
        ("attempts", queue.attempts, 2.8),
        ("attempts per second", queue.attempt_rate, 168.0),
    ]);
}
