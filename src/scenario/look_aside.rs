//! The step `look-aside`: the caller looks into a cache, and on a miss finds and puts in the answer itself.

use super::Step;
use crate::syntax::{At, table};

table! {
    /// `look-aside = { cache = "sessions", miss = [steps] }`
    pub struct LookAside {
        /// The cache.
        pub cache: At<String>,
        /// What is done on a miss; what it finds is then put into the cache.
        pub miss: Vec<At<Step>>,
    }
}
