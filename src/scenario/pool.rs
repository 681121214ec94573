//! `[pool.NAME]`: a number of equal things, of which `hold` takes one.

use super::Shed;
use crate::syntax::{At, Count, table};

table! {
    /// A pool, of connections for example. First come, first served.
    pub struct Pool {
        /// How many there are.
        pub size: At<Count>,
        /// How many may wait for one; beyond it they are rejected. Default: no limit.
        pub queue: Option<At<u32>> = None,
        /// Which of those who wait are rejected, so that others get one in time.
        pub shed: Option<At<Shed>> = None,
    }
}
