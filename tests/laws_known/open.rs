//! Open networks.

use knee::laws::jackson::{Station, open_network};
use knee::laws::{erlang, mg1};

use super::agree;

const fn station(service_time: f64) -> Station {
    Station { service_time, servers: 1 }
}

/// Each stage of a tandem is an M/M/1 (Burke 1956; Jackson 1957).
#[test]
fn tandem() {
    let routing = [vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0], vec![0.0; 3]];
    let visits = open_network(&[80.0, 0.0, 0.0], &routing, &[0.01, 0.008, 0.005].map(station)).unwrap();
    agree(&[
        ("end to end", visits.iter().map(|visit| visit.response).sum(), 0.08055555556),
        ("stage 1", visits[0].response, 0.05),
        ("stage 2", visits[1].response, 0.02222222222),
        ("stage 3", visits[2].response, 0.008333333333),
        ("utilization 1", visits[0].utilization, 0.8),
        ("utilization 2", visits[1].utilization, 0.64),
        ("utilization 3", visits[2].utilization, 0.4),
    ]);
}

/// Constant stages: the total wait is that at the slowest stage alone, wherever it stands
/// (Friedman 1965).
#[test]
fn constant_tandem() {
    let work = 0.006 + 0.01 + 0.008;
    agree(&[
        ("total wait", mg1::wait(80.0, 0.01, 0.0), 0.02),
        ("end to end", mg1::wait(80.0, 0.01, 0.0) + work, 0.044),
        ("P99 end to end", mg1::md1_wait_quantile(80.0, 0.01, 0.99) + work, 0.1275588679),
        ("wait at the first stage", mg1::wait(80.0, 0.006, 0.0), 0.002769230769),
    ]);
}

/// Traffic equations, then M/M/1 at each station (Bolch et al. 2006, ex. 7.4).
#[test]
fn jackson_network() {
    let routing =
        [vec![0.0, 0.5, 0.5, 0.0], vec![1.0, 0.0, 0.0, 0.0], vec![0.6, 0.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 0.0]];
    let stations = [0.04, 0.03, 0.06, 0.05].map(station);
    let visits = open_network(&[0.0, 0.0, 0.0, 4.0], &routing, &stations).unwrap();
    // Throughput, utilization, response of a visit, in system.
    let expected = [
        [20.0, 0.8, 0.2, 4.0],
        [10.0, 0.3, 0.04285714286, 0.4285714286],
        [10.0, 0.6, 0.15, 1.5],
        [4.0, 0.2, 0.0625, 0.25],
    ];
    for (visit, expected) in visits.iter().zip(expected) {
        agree(&[
            ("throughput", visit.arrival_rate, expected[0]),
            ("utilization", visit.utilization, expected[1]),
            ("response", visit.response, expected[2]),
            ("in system", visit.mean_in_system, expected[3]),
        ]);
    }
    let total: f64 = visits.iter().map(|visit| visit.mean_in_system).sum();
    agree(&[("in the network", total, 6.178571429), ("time in the network", total / 4.0, 1.544642857)]);
}

/// Feedback: rate λ / (1 − p), and as many visits (Jackson 1957; Takács 1963).
#[test]
fn feedback() {
    let visit = open_network(&[50.0], &[vec![0.35]], &[station(0.01)]).unwrap()[0];
    agree(&[
        ("visits a second", visit.arrival_rate, 76.92307692),
        ("visits a job", visit.arrival_rate / 50.0, 1.538461538),
        ("utilization", visit.utilization, 0.7692307692),
        ("in system", visit.mean_in_system, 3.333333333),
        ("total time", visit.mean_in_system / 50.0, 0.06666666667),
    ]);
}

/// M/M/∞, then M/M/4, in minutes (Gross & Harris 1998, ex. 4.1).
#[test]
fn bookstore() {
    let rate = 40.0 / 60.0;
    let at_checkout = rate * erlang::mmc_response(rate, 4.0, 4);
    agree(&[
        ("wait", erlang::mmc_wait(rate, 4.0, 4), 1.135254989),
        ("at checkout", at_checkout, 3.423503326),
        ("in store", at_checkout + rate * 45.0, 33.42350333),
    ]);
}

/// Three servers behind a random split, then a database for three in ten, with constant hops
/// (Jackson 1957).
#[test]
fn architecture() {
    let app = erlang::mmc_response(100.0, 0.005, 1);
    let database = erlang::mmc_response(90.0, 0.008, 1);
    let miss = 0.001 + app + 0.001 + database;
    agree(&[("mean", 0.001 + app + 0.3 * (0.001 + database), 0.01987142857), ("mean at a miss", miss, 0.04057142857)]);
}
