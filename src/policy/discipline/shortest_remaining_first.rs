//! Shortest remaining processing time: `discipline = "shortest-remaining-first"`
//! (Schrage & Miller 1966); the least mean response time of all disciplines (Schrage 1968).

use super::{Customer, Rule};

/// Least remaining service first, interrupting longer ones.
pub(super) const RULE: Rule = Rule::Ranked { rank, preempts: true };

fn rank(customer: &Customer) -> u64 {
    customer.remaining
}
