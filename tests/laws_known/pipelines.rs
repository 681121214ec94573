//! Stages in a row.

use knee::laws::pipeline::{Stage, blocking, limit, window, window_constant};

use super::agree;

/// The slowest stage (Denning & Buzen 1978).
#[test]
fn bottleneck() {
    let stage = |workers, rate| Stage { workers, rate, outputs: 1.0 };
    let line = limit(&[stage(4.0, 30.0), stage(10.0, 9.0), stage(2.0, 70.0)]).unwrap();
    assert_eq!(line.bottleneck + 1, 2);
    agree(&[
        ("throughput", line.throughput, 90.0),
        ("stage 1", line.utilizations[0], 0.75),
        ("stage 2", line.utilizations[1], 1.0),
        ("stage 3", line.utilizations[2], 0.6428571429),
    ]);
}

/// A birth–death chain; μ (b + 2) / (b + 3) (Hunt 1956; Buzacott 1967).
#[test]
fn blocking_after_service() {
    for (buffer, throughput, blocked) in [(0, 66.66666667, 0.3333333333), (4, 85.71428571, 0.1428571429)] {
        let pair = blocking(100.0, 100.0, buffer);
        agree(&[
            ("throughput", pair.throughput, throughput),
            ("blocked", pair.blocked, blocked),
            ("starved", pair.starved, blocked),
        ]);
    }
}

/// μ N / (N + K − 1) (Spearman, Woodruff & Hopp 1990).
#[test]
fn credits() {
    let throughput = window(5, 10, 200.0);
    agree(&[
        ("throughput", throughput, 142.8571429),
        ("time in the line", 10.0 / throughput, 0.07),
        ("constant times", window_constant(5, 10, 200.0), 200.0),
    ]);
}
