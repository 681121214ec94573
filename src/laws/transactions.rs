//! Transactions that meet on the same rows.

/// Throughput of optimistic transactions on one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimistic {
    /// Commits per second.
    pub throughput: f64,
    /// The share of attempts that abort.
    pub aborted: f64,
}

/// Optimistic concurrency control (Kung and Robinson 1981) on one hot row: `clients` try without
/// pause, each attempt takes an exponential time and commits unless another has committed since it
/// began; it begins again either way.
///
/// The number of clients that would still commit is a Markov chain: the next attempt to end is one
/// of the c with c / N and leaves 1, itself; otherwise it aborts and leaves c + 1. Its stationary law
/// is p(c + 1) = p(c) (N − c) / N, that of the birthday problem. One lock instead allows 1 / s.
///
/// ```
/// let hot = knee::laws::transactions::optimistic(8, 0.010);
/// assert!((hot.throughput - 246.53176).abs() < 1e-7);
/// assert!((hot.aborted - 0.6918353).abs() < 1e-10);
/// ```
pub fn optimistic(clients: u32, service_time: f64) -> Optimistic {
    if clients == 0 {
        return Optimistic { throughput: 0.0, aborted: 0.0 };
    }
    let n = f64::from(clients);
    let (mut weight, mut total, mut clean) = (1.0, 0.0, 0.0);
    for c in 1..=clients {
        total += weight;
        clean += f64::from(c) * weight;
        weight *= (n - f64::from(c)) / n;
    }
    let committing = clean / total;
    Optimistic { throughput: committing / service_time, aborted: 1.0 - committing / n }
}

/// P(two transactions have a record in common), each touching `touched` of `records` at random:
/// 1 − C(D − k, k) / C(D, k). About k² / D (Gray, Helland, O'Neil and Shasha 1996).
///
/// ```
/// let conflict = knee::laws::transactions::pair_conflict(10, 10_000);
/// assert!((conflict - 0.00995958227).abs() < 1e-12);
/// ```
pub fn pair_conflict(touched: u64, records: u64) -> f64 {
    if touched > records.saturating_sub(touched) {
        return 1.0;
    }
    let k = touched as f64;
    // Logarithms: the probability may be tiny.
    -libm::expm1((0..touched).map(|i| libm::log1p(-k / (records - i) as f64)).sum())
}

/// P(a transaction conflicts with one of the others, `concurrent` in all): 1 − (1 − p)^(n − 1).
pub fn any_conflict(pair: f64, concurrent: u32) -> f64 {
    super::order::any(pair, concurrent.saturating_sub(1))
}

/// Mean attempts until one goes through, each failing independently with probability `failed`:
/// 1 / (1 − p).
pub fn attempts(failed: f64) -> f64 {
    1.0 / (1.0 - failed)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn alone_nothing_aborts() {
        assert_eq!(optimistic(1, 0.01), Optimistic { throughput: 100.0, aborted: 0.0 });
        assert_eq!(optimistic(0, 0.01).throughput, 0.0);
    }

    /// As in the birthday problem, where the first repetition comes after about √(πN/2).
    #[test]
    fn many_clients_commit_like_the_root_of_their_number() {
        let (few, many) = (optimistic(10_000, 1.0), optimistic(1_000_000, 1.0));
        assert_close(many.throughput / few.throughput, 10.0, 1e-2);
    }

    #[test]
    fn everything_touched_conflicts() {
        assert_eq!(pair_conflict(6, 10), 1.0);
        assert_close(pair_conflict(5, 10), 1.0 - 1.0 / 252.0, 1e-12);
        assert_close(pair_conflict(1, 10), 0.1, 1e-12);
        assert_eq!(any_conflict(0.3, 1), 0.0);
    }
}
