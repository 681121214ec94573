//! Memory, disks and links.

use knee::laws::hierarchy::{Level, access, parallel};
use knee::laws::mg1;
use knee::laws::network::{
    bandwidth_delay, mathis_throughput, mathis_window, segments, slow_start_rounds, transfer_time, window_limit,
};
use knee::laws::repairman::repairman;
use knee::laws::storage::{Disk, Raid, mean_time_to_data_loss, separate_channels, shared_channels};

use super::agree;

/// AMAT = t₁ + m₁ (t₂ + m₂ (t₃ + …)) in nanoseconds (Hennessy & Patterson). The second has the
/// latencies of Dean and Norvig.
#[test]
fn memory_hierarchy() {
    let levels = |levels: &[(f64, f64)]| -> Vec<Level> {
        levels.iter().map(|&(access_time, miss_ratio)| Level { access_time, miss_ratio }).collect()
    };
    let caches = access(&levels(&[(1.0, 0.05), (4.0, 0.3), (15.0, 0.25), (100.0, 0.0)]));
    agree(&[
        ("mean", caches.mean, 1.8),
        ("by L1", caches.served[0], 0.95),
        ("by L2", caches.served[1], 0.035),
        ("by L3", caches.served[2], 0.01125),
        ("by DRAM", caches.served[3], 0.00375),
        ("std", caches.deviation, 7.555461601),
        ("dependent accesses per second", 1e9 / caches.mean, 555555555.6),
    ]);
    let numbers = access(&levels(&[(0.5, 0.03), (7.0, 0.2), (100.0, 0.0001), (150e3, 0.05), (10e6, 0.0)]));
    agree(&[
        ("mean", numbers.mean, 1.7),
        ("by L1", numbers.served[0], 0.97),
        ("by L2", numbers.served[1], 0.024),
        ("by DRAM", numbers.served[2], 0.0059994),
        ("by SSD", numbers.served[3], 5.7e-7),
        ("by disk", numbers.served[4], 3e-8),
        ("std", numbers.deviation, 1761.718448),
        ("dependent accesses per second", 1e9 / numbers.mean, 588235294.1),
    ]);
}

/// Little (1961): accesses in flight / latency, up to bandwidth / line.
#[test]
fn memory_level_parallelism() {
    let memory = parallel(10.0, 80e-9, 64.0, 25.6e9);
    agree(&[
        ("throughput", memory.throughput, 125e6),
        ("bandwidth", memory.bandwidth, 8e9),
        ("in flight to saturate", memory.saturation, 32.0),
    ]);
}

/// Seek, rotation, transfer and controller (Ruemmler & Wilkes 1994), in an M/G/1.
#[test]
fn hard_disk() {
    let disk = Disk { longest_seek: 0.017, rpm: 7200.0, bandwidth: 150e6, controller: 0.0001 };
    let (mean, scv) = (disk.service_time(65536.0), disk.service_scv(65536.0));
    agree(&[
        ("mean rotation", disk.mean_rotation(), 0.004166666667),
        ("mean service", mean, 0.01320357333),
        ("std of service", disk.service_deviation(), 0.005465379252),
        ("random accesses per second", 1.0 / mean, 75.7370732),
        ("utilization", 50.0 * mean, 0.6601786667),
        ("mean wait", mg1::wait(50.0, mean, scv), 0.01502294729),
        ("mean response", mg1::response(50.0, mean, scv), 0.02822652062),
    ]);
}

/// n · iops / (1 − w + w · penalty) (Patterson, Gibson & Katz 1988).
#[test]
fn raid() {
    let throughput = |raid: Raid| raid.throughput(8, 180.0, 0.3);
    agree(&[
        ("RAID 0", throughput(Raid::Raid0), 1440.0),
        ("RAID 10", throughput(Raid::Raid10), 1107.692308),
        ("RAID 5", throughput(Raid::Raid5), 757.8947368),
        ("RAID 6", throughput(Raid::Raid6), 576.0),
    ]);
}

/// One queue for all channels: min(c, D) / s, or M/M/8//32. A queue for each: a balanced closed
/// network (Buzen 1973).
#[test]
fn channels() {
    let separate = separate_channels(8, 100e-6, 32);
    agree(&[
        ("one queue", shared_channels(8, 100e-6, 32), 80000.0),
        ("one queue, as a chain", repairman(32, 1e-15, 100e-6, 8).throughput, 80000.0),
        ("a queue each", separate, 65641.02564),
        ("mean latency", 32.0 / separate, 0.0004875),
    ]);
}

/// An absorbing birth–death chain (Patterson, Gibson & Katz 1988; Gibson 1992), in hours.
#[test]
fn data_loss() {
    let hours = |disks, tolerated| mean_time_to_data_loss(disks, tolerated, 1000.0, 10.0);
    agree(&[("mirror", hours(2, 1), 51500.0), ("RAID 5", hours(5, 1), 5450.0), ("RAID 6", hours(5, 2), 180783.3333)]);
}

/// Bandwidth × delay, window / round trip (RFC 7323), and M/D/1 on transmission times.
#[test]
fn link() {
    let transmission = 1500.0 / 125e6;
    let (rate, wait) = (0.8 / transmission, mg1::wait(0.8 / transmission, transmission, 0.0));
    agree(&[
        ("bandwidth × delay", bandwidth_delay(125e6, 0.1), 12.5e6),
        ("bit/s by the window", 8.0 * window_limit(125e6, 0.1, 65536.0), 5242880.0),
        ("transmission", transmission, 1.2e-5),
        ("packets", rate, 66666.6666667),
        ("mean wait", wait, 2.4e-5),
        ("mean delay with propagation", wait + transmission + 0.05, 0.050036),
    ]);
}

/// Slow start (Cardwell, Savage & Anderson 2000, RFC 6928); MSS / RTT √(3 / 2p) (Mathis et al. 1997).
#[test]
fn tcp() {
    let segments = segments(1_000_000, 1460);
    assert_eq!((segments, slow_start_rounds(segments, 10)), (685, 7));
    let seconds = |handshakes| transfer_time(segments, 10, 0.1, handshakes);
    agree(&[
        ("with its handshake", seconds(1), 0.8),
        ("with TLS 1.3", seconds(2), 0.9),
        ("with TLS 1.2", seconds(3), 1.0),
        ("throughput", mathis_throughput(1460.0, 0.1, 1e-4), 1788127.512),
        ("mean window", mathis_window(1e-4), 122.4744871),
    ]);
}
