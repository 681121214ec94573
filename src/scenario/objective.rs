//! `[[objective]]`: what is good enough.

use crate::syntax::{At, table};

table! {
    /// A condition that a good result meets.
    pub struct Objective {
        /// What it means, in words.
        pub name: String,
        /// `NAME.METRIC OP VALUE`, such as `shoppers.latency.p99 < 250ms`.
        pub require: At<String>,
    }
}
