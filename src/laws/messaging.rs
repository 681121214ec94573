//! Queues of messages: deliveries that are repeated, batches, partitions. Rates per second, times in
//! seconds.

use crate::numeric::{bisect, gamma_cdf};

/// The `p` quantile of the delay until a relay that polls every `period` sees an event committed at a
/// random time: it is uniform, with mean period / 2 (Richardson 2018 on the transactional outbox).
pub fn poll_delay_quantile(period: f64, p: f64) -> f64 {
    period * p
}

/// Mean copies of an event beyond the first, if a relay fails after each publication, before it
/// marks the event, with probability `failed`: q / (1 − q), the geometric law.
///
/// ```
/// assert!((knee::laws::messaging::duplicates(0.02) - 0.02040816327).abs() < 1e-11);
/// ```
pub fn duplicates(failed: f64) -> f64 {
    failed / (1.0 - failed)
}

/// P(a message becomes visible again while it is processed), for an exponential processing time:
/// e^(−V/s).
///
/// ```
/// assert!((knee::laws::messaging::redelivery(0.5, 2.0) - 0.01831563889).abs() < 1e-11);
/// ```
pub fn redelivery(service_time: f64, visibility_timeout: f64) -> f64 {
    libm::exp(-visibility_timeout / service_time)
}

/// The share of messages that end among the dead letters, when each delivery fails independently
/// with probability `failed` and there are at most `deliveries`: pⁿ.
pub fn dead_letters(failed: f64, deliveries: u32) -> f64 {
    libm::pow(failed, f64::from(deliveries))
}

/// Mean deliveries of a message, those that fail included: (1 − pⁿ) / (1 − p). By this much the work
/// grows.
///
/// ```
/// assert!((knee::laws::messaging::mean_deliveries(0.3, 4) - 1.417).abs() < 1e-12);
/// ```
pub fn mean_deliveries(failed: f64, most: u32) -> f64 {
    if failed >= 1.0 { f64::from(most) } else { (1.0 - dead_letters(failed, most)) / (1.0 - failed) }
}

/// Batches of a producer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Batches {
    /// Messages in a batch, on average.
    pub size: f64,
    /// Batches per second.
    pub rate: f64,
    /// Mean time of a message until its batch is sent.
    pub wait: f64,
}

/// A batch opens with its first message and is sent at `most` messages, if there is a limit, or
/// `linger` after it opened. Poisson arrivals.
///
/// With N(t) arrivals since the opening the size is 1 + E min(N(T), B − 1), and the messages wait
/// ∫ E\[(1 + N(u)) 1{N(u) < B − 1}\] du together (renewal–reward, Ross 1996); as ∫ P(N(u) = n) du is
/// P(N(T) > n) / λ, both are sums over n < B − 1.
///
/// ```
/// let batches = knee::laws::messaging::linger(1000.0, 0.010, Some(16));
/// assert!((batches.size - 10.89652132).abs() < 1e-8);
/// assert!((batches.wait - 0.005344594214).abs() < 1e-12);
/// ```
pub fn linger(arrival_rate: f64, linger: f64, most: Option<u32>) -> Batches {
    const NEGLIGIBLE: f64 = 1e-30;
    let expected = arrival_rate * linger;
    let (mut size, mut waited) = (1.0 + expected, linger * (1.0 + expected / 2.0));
    if let Some(most) = most {
        // P(N(T) > n), the law of the (n + 1)-th arrival.
        let beyond = |n: u32| gamma_cdf(f64::from(n) + 1.0, expected);
        (size, waited) = (1.0, 0.0);
        for n in 0..most.saturating_sub(1) {
            let more = beyond(n);
            if more < NEGLIGIBLE {
                break;
            }
            size += more;
            waited += f64::from(n + 1) * more / arrival_rate;
        }
    }
    Batches { size, rate: arrival_rate / size, wait: waited / size }
}

/// The steady state of a consumer that takes batches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bulk {
    /// Mean time from arrival until the batch is done.
    pub response: f64,
    /// Mean number that wait for the next batch.
    pub line: f64,
    /// The share of time without a batch.
    pub idle: f64,
    /// Mean messages in a batch.
    pub size: f64,
}

/// M/M\[1,b\]/1 (Bailey 1954; Gross and Harris 1998, ch. 3): a consumer takes all that wait, up to
/// `most`, and is busy an exponential time whatever the size; later arrivals wait for the next batch.
/// None unless the arrivals are fewer than `most` per batch time.
///
/// While it is busy n wait with probability proportional to rⁿ, where r + r² + … + r^b = λ s.
///
/// ```
/// let consumer = knee::laws::messaging::bulk(400.0, 0.020, 10).unwrap();
/// assert!((consumer.response - 0.07814723125).abs() < 1e-11);
/// ```
pub fn bulk(arrival_rate: f64, service_time: f64, most: u32) -> Option<Bulk> {
    let load = arrival_rate * service_time;
    if load >= f64::from(most) {
        return None;
    }
    let root = bisect(0.0, 1.0, |r| (0..most).fold(0.0, |sum, _| r * (1.0 + sum)) >= load);
    // The state in which it is busy and nobody waits is λs times as likely as idleness.
    let idle = 1.0 / (1.0 + load / (1.0 - root));
    let wait = service_time * idle * root / ((1.0 - root) * (1.0 - root));
    Some(Bulk { response: wait + service_time, line: arrival_rate * wait, idle, size: 1.0 - root + load })
}

/// The most messages per second from `partitions` of equal load over `consumers`, each of which takes
/// whole partitions, evenly: the one with ⌈P/C⌉ of them is full first, X = μ P / ⌈P/C⌉. Consumers
/// beyond the number of partitions do nothing.
///
/// ```
/// assert_eq!(knee::laws::messaging::partitions(12, 5, 100.0), 400.0);
/// ```
pub fn partitions(partitions: u32, consumers: u32, consumer_rate: f64) -> f64 {
    if consumers == 0 || partitions == 0 {
        return 0.0;
    }
    consumer_rate * f64::from(partitions) / f64::from(partitions.div_ceil(consumers))
}

/// Seconds until `backlog` messages are gone while others arrive: n / (c r − λ), a fluid. Infinite if
/// the consumers are no faster than the arrivals.
pub fn drain_time(backlog: f64, consumers: u32, consumer_rate: f64, arrival_rate: f64) -> f64 {
    if backlog <= 0.0 {
        return 0.0;
    }
    let spare = f64::from(consumers) * consumer_rate - arrival_rate;
    if spare <= 0.0 { f64::INFINITY } else { backlog / spare }
}

/// Consumers that it takes to do so within `time`: ⌈(n / t + λ) / r⌉.
///
/// ```
/// assert_eq!(knee::laws::messaging::consumers_to_drain(1e6, 600.0, 120.0, 1000.0), 23.0);
/// ```
pub fn consumers_to_drain(backlog: f64, time: f64, consumer_rate: f64, arrival_rate: f64) -> f64 {
    libm::ceil((backlog / time + arrival_rate) / consumer_rate)
}

/// Mean and standard deviation of the time until an M/M/1 queue that begins with `jobs` is empty for
/// the first time (Kleinrock 1975, 5.8, as many busy periods): n / (μ − λ) and
/// √(n (μ + λ) / (μ − λ)³). Infinite when overloaded.
///
/// ```
/// let (mean, deviation) = knee::laws::messaging::time_to_empty(50, 60.0, 0.010);
/// assert!((mean - 1.25).abs() < 1e-12);
/// assert!((deviation - 0.3535533906).abs() < 1e-10);
/// ```
pub fn time_to_empty(jobs: u32, arrival_rate: f64, service_time: f64) -> (f64, f64) {
    let (jobs, rate) = (f64::from(jobs), 1.0 / service_time);
    let spare = rate - arrival_rate;
    if spare <= 0.0 {
        return (f64::INFINITY, f64::INFINITY);
    }
    (jobs / spare, libm::sqrt(jobs * (rate + arrival_rate) / spare) / spare)
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang::mmc_response};
    use super::*;

    #[test]
    fn batches_of_one_are_mm1() {
        let single = bulk(80.0, 0.01, 1).unwrap();
        assert_close(single.response, mmc_response(80.0, 0.01, 1), 1e-12);
        assert_close(single.idle, 0.2, 1e-12);
        assert_close(single.size, 1.0, 1e-12);
        assert_eq!(bulk(1000.0, 0.01, 10), None);
        assert_eq!(bulk(0.0, 0.01, 10).map(|lone| (lone.response, lone.idle)), Some((0.01, 1.0)));
    }

    #[test]
    fn a_generous_limit_is_none() {
        let (limited, free) = (linger(1000.0, 0.01, Some(200)), linger(1000.0, 0.01, None));
        assert_close(limited.size, free.size, 1e-12);
        assert_close(limited.wait, free.wait, 1e-12);
        assert_eq!(linger(1000.0, 0.01, Some(1)), Batches { size: 1.0, rate: 1000.0, wait: 0.0 });
    }

    #[test]
    fn more_consumers_than_partitions_do_not_help() {
        assert_eq!(partitions(4, 9, 100.0), partitions(4, 4, 100.0));
        assert_eq!(partitions(4, 0, 100.0), 0.0);
    }

    #[test]
    fn what_grows_never_drains() {
        assert_eq!(drain_time(10.0, 1, 5.0, 5.0), f64::INFINITY);
        assert_eq!(drain_time(0.0, 1, 5.0, 6.0), 0.0);
        assert_eq!(time_to_empty(1, 100.0, 0.01).0, f64::INFINITY);
    }
}
