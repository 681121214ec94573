//! Who is let in by a token bucket. Rates are per second.

/// The share of Poisson arrivals that find a token in a bucket of `burst` tokens, which come continuously at `refill`.
///
/// What is missing from a full bucket, in tokens, is the work in an M/D/1 queue that turns away whoever finds more than
/// burst − 1 of it (Takács, Introduction to the Theory of Queues, 1962). That is whoever finds `burst` customers, so the share
/// is G / (1 + ρ G) with ρ = arrivals / refill and G the sum of the first `burst` unnormalised probabilities of the
/// chain embedded at departures: Σ_{k<b} \[ρ (k − b + 1)\]^k / k! · e^(−ρ (k − b + 1)).
///
/// ```
/// // One token: a counter that is dead for 1/r after each arrival that it counts.
/// assert!((knee::laws::admission::token_bucket(120.0, 100.0, 1) - 1.0 / 2.2).abs() < 1e-15);
/// ```
pub fn token_bucket(arrival_rate: f64, refill: f64, burst: u32) -> f64 {
    let load = arrival_rate / refill;
    let sum = departures(load, burst as usize).iter().sum::<f64>();
    sum / (1.0 + load * sum)
}

/// Weights of 0, 1, … customers left behind in M/D/1, the first 1: π_{j+1} a_0 = π_j − π_0 a_j − Σ π_i a_{j−i+1}, with
/// a_k the chance of k arrivals in a service.
fn departures(load: f64, states: usize) -> Vec<f64> {
    let mut arrivals = vec![libm::exp(-load)];
    (1..=states).for_each(|k| arrivals.push(arrivals[k - 1] * load / k as f64));
    let mut weights = vec![1.0];
    for j in 0..states - 1 {
        let came: f64 = (1..=j).map(|i| weights[i] * arrivals[j - i + 1]).sum();
        weights.push(((weights[j] - weights[0] * arrivals[j] - came) / arrivals[0]).max(0.0));
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn a_large_bucket_lets_in_what_comes_or_what_is_refilled() {
        assert_close(token_bucket(80.0, 100.0, 200), 1.0, 1e-9);
        assert_close(token_bucket(150.0, 100.0, 100), 100.0 / 150.0, 1e-9);
    }

    #[test]
    fn it_is_the_alternating_sum() {
        let (load, burst) = (0.9, 6);
        let mut factorial = 1.0;
        let mut sum = 0.0;
        for k in 0..burst {
            factorial *= if k == 0 { 1.0 } else { f64::from(k) };
            let x = load * f64::from(k - burst + 1);
            sum += x.powi(k) / factorial * libm::exp(-x);
        }
        assert_close(token_bucket(90.0, 100.0, 6), sum / (1.0 + load * sum), 1e-12);
    }
}
