//! The step `optimistic`: work first, and see at the end whether it counts.

use super::{LockBy, Step};
use crate::syntax::{At, Count, table};

table! {
    /// `optimistic = { on = "row", steps = […] }`: does the steps without a lock, and commits unless another committed
    /// to the same since this attempt began; then it does them again, with fresh draws.
    pub struct Optimistic {
        /// What is written: a lock, or any other name. Those that write the same name conflict.
        pub on: At<String>,
        /// One of it for `"all"`, or one per `"key"`. Default: that of the lock, or else `"all"`.
        pub by: Option<At<LockBy>> = None,
        /// How often at most; then the request fails. Default: without limit.
        pub attempts: Option<At<Count>> = None,
        /// What each attempt does.
        pub steps: Vec<At<Step>>,
    }
}
