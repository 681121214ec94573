//! A primary that fails, and a replica that takes its place a known time later: alternating renewal processes and what
//! they give up (Cox 1962, Renewal Theory; Ross, Introduction to Probability Models, on renewal rewards).

/// The long-run share of time for which there is a primary: it is up for `mean_up` on average, in any distribution, and each
/// failure costs `outage`, the time to detect it and to promote a replica; in any unit of time.
///
/// ```
/// let a_month_and_half_a_minute = knee::laws::failover::availability(30.0 * 86_400.0, 10.0 + 20.0);
/// assert!((a_month_and_half_a_minute - 0.99998842606).abs() < 1e-11);
/// ```
pub fn availability(mean_up: f64, outage: f64) -> f64 {
    mean_up / (mean_up + outage)
}

/// The mean number of requests that find no primary in one outage, for arrivals at a constant mean rate.
///
/// ```
/// assert_eq!(knee::laws::failover::failed_requests(50.0, 30.0), 1500.0);
/// ```
pub fn failed_requests(arrival_rate: f64, outage: f64) -> f64 {
    arrival_rate * outage
}

/// The mean time until the last of `missed` heartbeats in a row is missed, for a failure at any moment of a period: half a
/// period until the first, and a period for each of the others.
///
/// ```
/// assert_eq!(knee::laws::failover::mean_detection(2.0, 3), 5.0);
/// ```
pub fn mean_detection(period: f64, missed: u32) -> f64 {
    period * (f64::from(missed) - 0.5)
}
