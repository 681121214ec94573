//! Preemptive-resume priority: `discipline = "preemptive-priority"` (White & Christie 1958).

use super::Rule;

/// Most urgent first, interrupting less urgent ones.
pub(super) const RULE: Rule = Rule::Ranked { rank: super::priority::rank, preempts: true };
