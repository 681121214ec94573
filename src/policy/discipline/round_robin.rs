//! Round robin: `discipline = { round-robin = { quantum = "4s" } }` (Kleinrock 1964).
//!
//! An interrupted customer goes to the end of the line, behind arrivals of the same instant.

/// In order of arrival, a quantum at a time.
pub(super) const RULE: super::Rule = super::Rule::Turns;
