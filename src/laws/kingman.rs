//! GI/G/1 in heavy traffic: any independent interarrival and service times, one server.

/// Kingman's (1962) upper bound on the mean waiting time: λ (σa² + σs²) / 2(1 − ρ), with the
/// variances written as squared coefficients of variation of interarrival and service times.
///
/// ```
/// let bound = knee::laws::kingman::wait_bound(80.0, 0.010, 1.0, 1.0);
/// assert!(bound >= 0.040 && bound < 0.052); // M/M/1 waits 40 ms
/// ```
pub fn wait_bound(arrival_rate: f64, service_time: f64, arrival_scv: f64, service_scv: f64) -> f64 {
    let utilization = arrival_rate * service_time;
    if utilization >= 1.0 {
        return f64::INFINITY;
    }
    let variances = arrival_scv / arrival_rate.powi(2) + service_scv * service_time.powi(2);
    arrival_rate * variances / (2.0 * (1.0 - utilization))
}

/// Kingman's (1961) approximation of the mean waiting time, exact for M/G/1:
/// ρ / (1 − ρ) · (ca² + cs²) / 2 · s.
///
/// ```
/// let wait = knee::laws::kingman::wait_approximation(80.0, 0.010, 1.0, 1.0);
/// assert!((wait - 0.040).abs() < 1e-12);
/// ```
pub fn wait_approximation(arrival_rate: f64, service_time: f64, arrival_scv: f64, service_scv: f64) -> f64 {
    let utilization = arrival_rate * service_time;
    if utilization >= 1.0 {
        return f64::INFINITY;
    }
    utilization / (1.0 - utilization) * (arrival_scv + service_scv) / 2.0 * service_time
}
