//! Policies: plain values with one decision each, one file per policy.

pub mod balance;
pub mod discipline;
pub mod evict;
