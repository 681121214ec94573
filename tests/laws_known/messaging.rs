//! Messages.

use knee::laws::messaging::{
    bulk, consumers_to_drain, dead_letters, drain_time, duplicates, linger, mean_deliveries, partitions,
    poll_delay_quantile, redelivery, time_to_empty,
};

use super::agree;

/// Delays uniform over a poll, deliveries geometric (Richardson 2018), e^(−V/s).
#[test]
fn outbox() {
    agree(&[
        ("median and mean delay", poll_delay_quantile(1.0, 0.5), 0.5),
        ("P99 delay", poll_delay_quantile(1.0, 0.99), 0.99),
        ("deliveries", 1.0 + duplicates(0.02), 1.020408163),
        ("duplicates", duplicates(0.02), 0.02040816327),
        ("past the visibility timeout", redelivery(0.5, 2.0), 0.01831563889),
    ]);
}

/// pⁿ and (1 − pⁿ) / (1 − p).
#[test]
fn dead_letter_queue() {
    agree(&[("dead letters", dead_letters(0.3, 4), 0.0081), ("deliveries", mean_deliveries(0.3, 4), 1.417)]);
}

/// 1 + E min(N(T), B − 1) messages, by renewal–reward (Ross 1996).
#[test]
fn producer_batches() {
    let (limited, free) = (linger(1000.0, 0.01, Some(16)), linger(1000.0, 0.01, None));
    agree(&[
        ("size", limited.size, 10.89652132),
        ("wait", limited.wait, 0.005344594214),
        ("batches", limited.rate, 91.77240797),
        ("size without limit", free.size, 11.0),
        ("wait without limit", free.wait, 0.005454545455),
    ]);
}

/// M/M[1,b]/1 (Bailey 1954; Gross & Harris 1998).
#[test]
fn bulk_service() {
    let consumer = bulk(400.0, 0.02, 10).unwrap();
    agree(&[
        ("mean response", consumer.response, 0.07814723125),
        ("mean line", consumer.line, 23.2588925),
        ("idle", consumer.idle, 0.005101384207),
        ("size", consumer.size, 8.041020334),
    ]);
    assert!(bulk(500.0, 0.02, 10).is_none());
}

/// μ P / ⌈P/C⌉, and μ over the greatest share.
#[test]
fn partitions_over_consumers() {
    agree(&[
        ("equal", partitions(12, 5, 100.0), 400.0),
        ("skewed", knee::laws::hashing::hot_shard_limit(&[5.0 / 8.0, 0.125, 0.125, 0.125], 100.0), 160.0),
    ]);
}

/// n / (c r − λ), a fluid; n / (μ − λ) and n (μ + λ) / (μ − λ)³ (Kleinrock 1975).
#[test]
fn backlog() {
    let (mean, deviation) = time_to_empty(50, 60.0, 0.01);
    agree(&[
        ("time to drain", drain_time(1e6, 10, 120.0, 1000.0), 5000.0),
        ("consumers for ten minutes", consumers_to_drain(1e6, 600.0, 120.0, 1000.0), 23.0),
        ("mean time to empty", mean, 1.25),
        ("std of it", deviation, 0.3535533906),
    ]);
}
