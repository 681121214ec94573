//! Non-preemptive priority: `discipline = "priority"` (Cobham 1954).

use super::{Customer, Rule};

/// Most urgent first.
pub(super) const RULE: Rule = Rule::Ranked { rank, preempts: false };

/// Priorities in increasing order, as an unsigned number.
pub(super) fn rank(customer: &Customer) -> u64 {
    (i64::from(customer.priority) - i64::from(i32::MIN)) as u64
}

#[cfg(test)]
mod tests {
    use super::{Customer, rank};

    #[test]
    fn smaller_numbers_are_more_urgent() {
        let ranks = [i32::MIN, -1, 0, 1, i32::MAX]
            .map(|priority| rank(&Customer { priority, service: 0, remaining: 0, order: 0 }));
        assert!(ranks.is_sorted());
    }
}
