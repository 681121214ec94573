//! Customers who leave when they have waited too long.

use super::birth_death;

/// The steady state of a queue with abandonment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Abandonment {
    /// The share of arrivals that leave before service.
    pub abandoned: f64,
    /// The probability that an arrival finds all servers busy.
    pub waits: f64,
    /// Mean time in the line, over all arrivals, those who leave included.
    pub wait: f64,
    /// Mean number in the line.
    pub line: f64,
    /// Share of the servers' time spent serving.
    pub utilization: f64,
}

/// Erlang A, M/M/n+M (Palm 1957; Garnett, Mandelbaum and Reiman 2002): exponential patience of mean
/// `patience`. Stable at any load.
///
/// ```
/// let centre = knee::laws::impatience::erlang_a(55.0, 1.0, 50, 2.0);
/// assert!((centre.abandoned - 0.1020801946).abs() < 1e-10);
/// assert!((centre.waits - 0.8662337163).abs() < 1e-10);
/// ```
pub fn erlang_a(arrival_rate: f64, service_time: f64, servers: u32, patience: f64) -> Abandonment {
    let leaving = |k: u32| f64::from(k.min(servers)) / service_time + f64::from(k.saturating_sub(servers)) / patience;
    let probabilities = birth_death::stationary((1..).map(|k| arrival_rate / leaving(k)));
    let count = servers as usize;
    let busy = probabilities.iter().enumerate().map(|(k, p)| k.min(count) as f64 * p).sum::<f64>();
    let waiting = probabilities.iter().enumerate().skip(count);
    let line = waiting.clone().map(|(k, p)| (k - count) as f64 * p).sum::<f64>();
    Abandonment {
        abandoned: line / patience / arrival_rate,
        waits: waiting.map(|(_, p)| p).sum(),
        wait: line / arrival_rate,
        line,
        utilization: busy / f64::from(servers),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, erlang};
    use super::*;

    #[test]
    fn endless_patience_is_mmc() {
        let patient = erlang_a(150.0, 0.01, 2, 1e9);
        assert_close(patient.wait, erlang::mmc_wait(150.0, 0.01, 2), 1e-6);
        assert_close(patient.waits, erlang::erlang_c(1.5, 2), 1e-6);
    }

    #[test]
    fn flows_balance() {
        let overloaded = erlang_a(300.0, 0.01, 2, 0.5);
        let served = overloaded.utilization * 2.0 / 0.01;
        assert_close(served + 300.0 * overloaded.abandoned, 300.0, 1e-12);
    }
}
