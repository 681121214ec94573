//! What one replication observed at gates, in ticks.

use super::record::Sample;

/// What happened at the gates of one component, or of one of its operations.
#[derive(Debug, Clone, Default)]
pub struct GateRecord {
    /// Requests turned away.
    pub refused: u64,
    /// Requests let in: how long each waits at the gate, most of them not at all.
    pub wait: Sample,
    /// Integral of the number inside, where the policy looks at it.
    pub inside_area: u128,
    /// Inside when the window ended.
    pub inside_at_end: u32,
    /// Integral of how many may be inside, summed over replicas.
    pub limit_area: u128,
}
