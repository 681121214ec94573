//! Shortest job first, without interruption: `discipline = "shortest-job-first"` (Phipps 1956).

use super::{Customer, Rule};

/// Least service time first.
pub(super) const RULE: Rule = Rule::Ranked { rank, preempts: false };

fn rank(customer: &Customer) -> u64 {
    customer.service
}
