//! Closed networks.

use knee::laws::bounds::{asymptotic, balanced_job, knee_population};
use knee::laws::mva::Station::{Queue, Servers};
use knee::laws::mva::mva;
use knee::laws::mva_classes::mva_classes;
use knee::laws::repairman::repairman;

use super::agree;

/// Mean value analysis (Reiser & Lavenberg 1980), asymptotic bounds (Denning & Buzen 1978) and
/// balanced job bounds (Zahorjan et al. 1982): throughput, response, bound from above, knee, bound
/// from below; then the number and the residence time at each station.
struct Network {
    population: u32,
    think_time: f64,
    demands: &'static [f64],
    totals: [f64; 5],
    numbers: &'static [f64],
    residence: &'static [f64],
}

fn check(network: &Network) {
    let (demands, think) = (network.demands, network.think_time);
    let stations: Vec<_> = demands.iter().copied().map(Queue).collect();
    let exact = mva(&stations, think, network.population);
    let wide = asymptotic(demands, think, network.population);
    let narrow = balanced_job(demands, think, network.population);
    agree(&[
        ("throughput", exact.throughput, network.totals[0]),
        ("response", exact.response, network.totals[1]),
        ("N / X − Z", f64::from(network.population) / exact.throughput - think, network.totals[1]),
        ("bound from above", wide.throughput_high, network.totals[2]),
        ("knee", knee_population(demands, think), network.totals[3]),
        ("bound from below", narrow.throughput_low, network.totals[4]),
    ]);
    for (number, expected) in exact.numbers.iter().zip(network.numbers) {
        agree(&[("number", *number, *expected)]);
    }
    for (number, expected) in exact.numbers.iter().zip(network.residence) {
        agree(&[("residence", number / exact.throughput, *expected)]);
    }
}

/// Lazowska, Zahorjan, Graham & Sevcik 1984, ch. 5 and 6.
#[test]
fn lazowska() {
    check(&Network {
        population: 20,
        think_time: 15.0,
        demands: &[0.605, 2.1, 1.35],
        totals: [0.474516328, 27.14818083, 0.4761904762, 9.073809524, 0.3793114983],
        numbers: &[0.4021401033, 10.73843752, 1.74167746],
        residence: &[0.8474736898, 22.63028032, 3.670426826],
    });
    let grows = [
        (1, 0.05247966413, 4.055),
        (2, 0.1030859375, 4.401288376),
        (3, 0.1515164923, 4.799824782),
        (5, 0.2404655362, 5.793000437),
        (10, 0.4002046229, 9.98721761),
    ];
    for (population, throughput, response) in grows {
        let network = mva(&[0.605, 2.1, 1.35].map(Queue), 15.0, population);
        agree(&[("throughput", network.throughput, throughput), ("response", network.response, response)]);
    }
}

/// Jain 1991, ex. 34.2.
#[test]
fn jain() {
    check(&Network {
        population: 20,
        think_time: 4.0,
        demands: &[2.0, 3.0, 1.0],
        totals: [0.3332465122, 56.01563187, 0.3333333333, 3.333333333, 0.3069306931],
        numbers: &[1.990623285, 16.17665112, 0.4997395445],
        residence: &[5.973425713, 48.54259693, 1.499609227],
    });
}

/// The central server of Buzen 1973 in Bolch et al. 2006, ex. 8.3.
#[test]
fn central_server() {
    check(&Network {
        population: 6,
        think_time: 0.0,
        demands: &[0.02, 0.08, 0.08, 0.06],
        totals: [9.919836337, 0.6048486886, 12.5, 3.0, 9.375],
        numbers: &[0.2436152589, 2.261037791, 2.261037791, 1.234309158],
        residence: &[0.02455839498, 0.2279309572, 0.2279309572, 0.1244283793],
    });
}

/// Birth and death with a finite source (Palm 1943); the numbers of PDQ's demo `mm1n`.
#[test]
fn machine_repairman() {
    let shop = repairman(100, 300.0, 0.63, 1);
    agree(&[
        ("throughput", shop.throughput, 0.3324531529),
        ("response", shop.response, 0.7942596863),
        ("utilization", shop.utilization, 0.2094454863),
        ("in system", shop.mean_in_system, 0.2640541369),
        ("idle", 1.0 - shop.utilization, 0.7905545137),
    ]);
}

/// A mutex is a repairman, too: threads work outside, then hold it (Palm 1943). With constant times
/// threads never meet: N / (D + Z).
#[test]
fn mutex() {
    let shop = repairman(8, 0.0009, 0.0001, 1);
    let bounds = asymptotic(&[0.0001], 0.0009, 8);
    agree(&[
        ("throughput", shop.throughput, 7108.419029),
        ("utilization", shop.utilization, 0.7108419029),
        ("wait and hold", shop.response, 0.0002254260571),
        ("wait", shop.response - 0.0001, 0.0001254260571),
        ("at the lock", shop.mean_in_system, 1.602422874),
        ("with constant times", bounds.throughput_high, 8000.0),
        ("asymptote", asymptotic(&[0.0001], 0.0009, 1000).throughput_high, 10000.0),
        ("knee", knee_population(&[0.0001], 0.0009), 10.0),
    ]);
}

/// Two classes of one customer each (Lazowska et al. 1984, p. 138).
#[test]
fn two_classes() {
    let network = mva_classes(&[vec![1.0, 3.0], vec![2.0, 4.0]], &[0.0, 0.0], &[1, 1]);
    let (a, b) = (network.throughput[0], network.throughput[1]);
    agree(&[
        ("A: throughput", a, 0.1578947368),
        ("A: response", network.response[0], 6.333333333),
        ("B: throughput", b, 0.1052631579),
        ("B: response", network.response[1], 9.5),
        ("CPU: utilization", a + 2.0 * b, 0.3684210526),
        ("disk: utilization", 3.0 * a + 4.0 * b, 0.8947368421),
        ("CPU: number", network.numbers[0], 0.4736842105),
        ("disk: number", network.numbers[1], 1.526315789),
    ]);
}

/// Interactive users and batch jobs at one CPU (Schwetman 1982).
#[test]
fn interactive_and_batch() {
    let network = mva_classes(&[vec![0.025], vec![0.5]], &[1.0, 15.0], &[15, 5]);
    let (interactive, batch) = (network.throughput[0], network.throughput[1]);
    agree(&[
        ("interactive: throughput", interactive, 14.32311512),
        ("interactive: response", network.response[0], 0.04725821719),
        ("batch: throughput", batch, 0.3137994303),
        ("batch: response", network.response[1], 0.933744668),
        ("utilization", 0.025 * interactive + 0.5 * batch, 0.514977593),
        ("number", network.numbers[0], 0.9698934299),
    ]);
}

/// Three tiers of an e-business site (Gunther 2011, ch. 12): clients, throughput, response.
#[test]
fn three_tiers() {
    let rows = [
        (1, 24.37835202, 0.01302),
        (2, 45.94923136, 0.01552629937),
        (4, 78.29120834, 0.02309130495),
        (7, 98.76324818, 0.04287656723),
        (10, 101.8508787, 0.07018275626),
        (20, 102.0408158, 0.1680000011),
    ];
    let demands = [0.0098, 0.0025, 0.00072];
    for (clients, throughput, response) in rows {
        let network = mva(&demands.map(Queue), 0.028, clients);
        agree(&[("throughput", network.throughput, throughput), ("response", network.response, response)]);
    }
    agree(&[("most", asymptotic(&demands, 0.028, 1000).throughput_high, 102.0408163)]);
}

/// Processor sharing with lognormal demands is as with exponential ones
/// (Baskett, Chandy, Muntz & Palacios 1975).
#[test]
fn bcmp() {
    let network = mva(&[0.1, 0.06].map(Queue), 1.0, 12);
    agree(&[
        ("throughput", network.throughput, 8.355059238),
        ("response", network.response, 0.4362555259),
        ("CPU", 0.1 * network.throughput, 0.8355059238),
        ("disk", 0.06 * network.throughput, 0.5013035543),
    ]);
}

/// A pool of four workers in the network: rates that depend on the load (Reiser 1981; Buzen 1973).
#[test]
fn architecture() {
    let network = mva(&[Queue(0.008), Servers(0.045, 4), Queue(0.25 * 0.06)], 1.0, 60);
    let residence = |station: usize| network.numbers[station] / network.throughput;
    // For a bound, the pool is a queue of a quarter of its demand and a delay of the rest (Seidmann 1987).
    let bound = asymptotic(&[0.008, 0.045 / 4.0, 0.015], 1.0 + 0.75 * 0.045, 60);
    agree(&[
        ("throughput", network.throughput, 53.24373857),
        ("response", network.response, 0.1268930697),
        ("web: residence", residence(0), 0.01369125504),
        ("web: utilization", 0.008 * network.throughput, 0.4259499086),
        ("app: residence", residence(1), 0.05179052638),
        ("app: utilization", 0.045 / 4.0 * network.throughput, 0.5989920589),
        ("database: residence", residence(2), 0.0614112883),
        ("database: utilization", 0.015 * network.throughput, 0.7986560785),
        ("bound from above", bound.throughput_high, 56.17977528),
    ]);
}
