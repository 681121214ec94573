//! A Poisson stream split at random over exponential servers, each with a line of its own.

/// The arrival rates that minimize the mean response time over M/M/1 servers of the given service
/// rates (Buzen and Chen 1974; Tantawi and Towsley 1985): over the fastest servers that are worth
/// using, λ(i) = μ(i) − √μ(i) (Σ μ − λ) / Σ √μ. A server too slow to help gets nothing.
///
/// None when all of them together are not fast enough.
///
/// ```
/// let split = knee::laws::split::optimal(560.0, &[100.0, 200.0, 400.0]).unwrap();
/// assert!((split[0] - 68.284271).abs() < 1e-6);
/// ```
pub fn optimal(arrival_rate: f64, service_rates: &[f64]) -> Option<Vec<f64>> {
    if arrival_rate >= service_rates.iter().sum() {
        return None;
    }
    let mut fastest: Vec<usize> = (0..service_rates.len()).collect();
    fastest.sort_by(|&a, &b| service_rates[b].total_cmp(&service_rates[a]));
    let mut split = vec![0.0; service_rates.len()];
    while let Some(&slowest) = fastest.last() {
        let spare = fastest.iter().map(|&i| service_rates[i]).sum::<f64>() - arrival_rate;
        let roots: f64 = fastest.iter().map(|&i| libm::sqrt(service_rates[i])).sum();
        let share = |i: usize| service_rates[i] - libm::sqrt(service_rates[i]) * spare / roots;
        if share(slowest) >= 0.0 {
            fastest.iter().for_each(|&i| split[i] = share(i));
            break;
        }
        fastest.pop();
    }
    Some(split)
}

/// Mean response time over all requests when each M/M/1 server gets its part of the stream:
/// Σ λ(i) / (μ(i) − λ(i)) / Σ λ(i). Infinite when one of them is overloaded.
///
/// ```
/// let response = knee::laws::split::response(&[80.0, 160.0], &[100.0, 200.0]);
/// assert!((response - 8.0 / 240.0).abs() < 1e-12);
/// ```
pub fn response(split: &[f64], service_rates: &[f64]) -> f64 {
    if split.iter().zip(service_rates).any(|(arrivals, service)| arrivals >= service) {
        return f64::INFINITY;
    }
    let present: f64 = split.iter().zip(service_rates).map(|(arrivals, service)| arrivals / (service - arrivals)).sum();
    present / split.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn nothing_nearby_is_better() {
        let rates = [100.0, 200.0, 400.0];
        let split = optimal(560.0, &rates).unwrap();
        let best = response(&split, &rates);
        assert_close(split.iter().sum(), 560.0, 1e-12);
        for (from, to) in [(0, 1), (1, 2), (2, 0)] {
            let mut other = split.clone();
            other[from] -= 1.0;
            other[to] += 1.0;
            assert!(response(&other, &rates) > best);
        }
    }

    #[test]
    fn slow_servers_are_left_out() {
        assert_eq!(optimal(10.0, &[1.0, 400.0]).unwrap(), [0.0, 10.0]);
        assert_eq!(optimal(500.0, &[100.0, 400.0]), None);
        assert_eq!(response(&[100.0], &[100.0]), f64::INFINITY);
    }
}
