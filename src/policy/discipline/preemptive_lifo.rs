//! Preemptive-resume last come, first served: `discipline = "preemptive-lifo"`
//! (BCMP: Baskett, Chandy, Muntz & Palacios 1975).

use super::{Customer, Rule};

/// Latest arrival first, interrupting earlier ones.
pub(super) const RULE: Rule = Rule::Ranked { rank, preempts: true };

fn rank(customer: &Customer) -> u64 {
    u64::MAX - customer.order
}
