//! Last come, first served, without interruption: `discipline = "lifo"`.
//!
//! The mean wait is that of FIFO; its variance is not (Kingman 1962).

/// Latest arrival first.
pub(super) const RULE: super::Rule = super::Rule::LatestFirst;
