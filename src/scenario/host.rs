//! `[host.NAME]`: one machine that several components share.

use crate::syntax::{At, table};

table! {
    /// One machine that several components share.
    pub struct Host {
        /// Its kind.
        pub machine: At<String>,
        /// Where it is.
        pub region: Option<At<String>> = None,
        /// The zone with which it is lost.
        pub zone: Option<At<String>> = None,
    }
}
