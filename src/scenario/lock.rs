//! `[lock.NAME]`: what only one may hold at a time.

use crate::syntax::{choice, table};

table! {
    /// A lock; `hold` takes it. First come, first served.
    pub struct Lock {
        /// One lock for `"all"`, or one per `"key"`.
        pub by: LockBy = LockBy::All,
    }
}

choice! {
    /// What is locked.
    #[derive(Copy)]
    pub enum LockBy {
        /// One lock for every request.
        All,
        /// One lock for each key of the workloads.
        Key,
    }
}
