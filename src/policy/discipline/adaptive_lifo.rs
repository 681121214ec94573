//! First come, first served, while the line is short; last come, first served, beyond a threshold:
//! `discipline = { adaptive-lifo = { threshold = 10 } }`.
//!
//! Maurer, Fail at scale, ACM Queue 13 (8), 2015, on HHVM (`ThreadJobLIFOSwitchThreshold`). Under overload the latest are
//! served while they are still waited for, instead of everyone too late.

/// Until a threshold is set, the latest is first whenever several wait.
pub(super) const RULE: super::Rule = super::Rule::LatestBeyond { threshold: 1 };
