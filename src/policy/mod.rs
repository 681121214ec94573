//! Policies: plain values with one decision each, one file per policy.

pub mod admit;
mod args;
pub mod balance;
pub mod discipline;
pub mod evict;
pub mod partition;
pub mod scale;
pub mod shed;
