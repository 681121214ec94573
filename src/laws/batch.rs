//! M^X/M/1: batches arrive in a Poisson stream, one exponential server takes customers singly.

/// Mean response time of a customer of M^X/M/1 (Gaver 1959): s (1 + E\[X²\] / E\[X\]) / 2(1 − ρ),
/// with X the size of a batch and ρ = `batch_rate` · E\[X\] · s.
///
/// ```
/// // Batches of exactly 5.
/// let response = knee::laws::batch::response(14.0, 5.0, 25.0, 0.010);
/// assert!((response - 0.1).abs() < 1e-12);
/// ```
pub fn response(batch_rate: f64, mean_size: f64, mean_square_size: f64, service_time: f64) -> f64 {
    let utilization = batch_rate * mean_size * service_time;
    if utilization >= 1.0 {
        return f64::INFINITY;
    }
    service_time * (1.0 + mean_square_size / mean_size) / (2.0 * (1.0 - utilization))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_arrivals_are_mm1() {
        assert!((response(80.0, 1.0, 1.0, 0.01) - 0.05).abs() < 1e-12);
        assert_eq!(response(80.0, 2.0, 4.0, 0.01), f64::INFINITY);
    }
}
